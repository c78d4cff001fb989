"""Sealing the journal, and noting what was refused: database and head file meet here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from rankings import db, journal_heads
from rankings.errors import Invalid
from rankings.usecases import journal, journal_chain
from rankings.usecases.journal import Act
from rankings.usecases.journal_chain import AT_ONCE, EMPTY, Head

T = TypeVar("T")
# What neither a change nor an answer may fail by once its own work is done.
FAILED = (SQLAlchemyError, OSError)

log = logging.getLogger(__name__)


def seal(engine: Engine, data: Path, association: str, *, thorough: bool = False) -> Head | None:
    """Chain the entries that wait and keep the head outside of the database, in `data`.

    None where the association has no entry. What a process that was killed has left is taken up;
    entries dated more than a day before the last chained one only if thorough.
    """
    with journal_heads.alone(data):
        kept = _kept(data, association)
        while True:
            with db.sealing(engine, association) as session:
                many = journal_chain.extend(session, association, thorough=thorough)
                head = journal_chain.head(session, association)
                is_ours = kept is not None and journal_chain.holds(session, association, kept)
            if many < AT_ONCE:
                break
        _keep(data, association, head, kept if is_ours else None)
    return None if head == EMPTY else head


def run(engine: Engine, data: Path, work: Callable[[Session], T]) -> T:
    """Does the work as `db.run` does, and seals what it has added to any journal.

    What was done is kept, also where sealing fails: the next seal takes it up.
    """
    touched: set[str] = set()

    def noting(session: Session) -> T:
        value = work(session)
        touched.update(session.info.get(journal.TOUCHED, ()))
        return value

    value = db.run(engine, noting)
    try:
        for association in sorted(touched):
            seal(engine, data, association)
    except FAILED:
        log.exception("done, but not sealed yet: %s", ", ".join(sorted(touched)))
    return value


def note(
    engine: Engine,
    data: Path,
    association: str,
    act: Act,
    action: str,
    about: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note a refusal or failure in a transaction of its own, and seal.

    Who was refused is answered also when the database does not: then the log has the entry.
    """

    def work(session: Session) -> None:
        journal.record(session, association, act, action, about, details)

    try:
        run(engine, data, work)
    except FAILED:
        log.exception("not in the journal: %s %s %s", act.who, action, about)


def _kept(data: Path, association: str) -> Head | None:
    """The head in the file; None where the file cannot be read, which stays as it is."""
    try:
        return journal_heads.read(data, association)
    except Invalid:
        log.exception("the head file of journal %r is damaged", association)
        return None


def _keep(data: Path, association: str, head: Head, kept: Head | None) -> None:
    """Write the head, unless the chain no longer holds the kept one: that one is the proof."""
    if kept is None:
        log.error("journal %r does not hold the head in its file: verify it", association)
    elif kept.number < head.number:
        try:
            journal_heads.write(data, association, head)
        except OSError:
            # The entries are sealed; the next seal writes the head.
            log.exception("the head of journal %r could not be kept", association)
