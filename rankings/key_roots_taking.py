"""Taking a new root of keys on a host: checked against everything that was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from rankings import journaling, publishing
from rankings.adapters import key_files, key_roots, key_trust, signature
from rankings.adapters.key_roots import Root, Signed
from rankings.adapters.key_trust import Trust
from rankings.errors import Conflict, Invalid, NotFound, Problem, Refusal
from rankings.models import RankingEdition
from rankings.settings import Settings
from rankings.usecases import associations, editions, journal, notices
from rankings.usecases.journal import Act


@dataclass(frozen=True, slots=True)
class Taken:
    """A root that this host trusts from now on, and the notice that was issued with its key."""

    root: Root
    notice: int | None


def take(engine: Engine, settings: Settings, body: bytes, act: Act) -> Taken:
    """Trust a root from now on; Invalid or Conflict where it is not the next good one.

    The newest one can be taken again: what was cut short is finished then.
    """
    signed = key_roots.read(body)
    association = signed.root.association
    known = key_files.roots(settings.keys, association)
    before = known[: signed.root.number - 1]
    if len(known) > signed.root.number:
        raise Conflict(f"Root {known[-1].number} is taken already; an older one is not.")
    key_roots.check(signed, before[-1] if before else None)
    trust = key_trust.of_roots((*before, signed.root))

    def work(session: Session) -> bool:
        whose = associations.find(session, association)
        _check_here(settings.keys, signed.root, associations.day(whose, act.now))
        _check_first(settings.keys, signed.root, before)
        faults = list(_unreadable(session, association, trust))
        if faults:
            raise Invalid(faults)
        said = {"fingerprint": signed.root.fingerprint}
        journal.record(session, association, act, "took a root", str(signed.root.number), said)
        key_files.keep_root(settings.keys, signed)
        return association in notices.newest(session)

    has_notice = journaling.run(engine, settings.data, work)
    number = _notice(engine, settings, signed, act) if has_notice else None
    return Taken(signed.root, number)


def _check_here(folder: Path, root: Root, today: date) -> None:
    """A host that signs takes a root only when it may sign with the last key of it."""
    key = root.editions[-1]
    if key_files.privates(folder, root.association) and not key.is_valid(today):
        raise Conflict(
            f"The last key of this root may not sign today, {today}, but from {key.first}"
            f"{f' to {key.last}' if key.last else ''}: take the root on such a day."
        )


def _check_first(folder: Path, root: Root, before: tuple[Root, ...]) -> None:
    """The first root holds the key that is used already: nobody else's root is taken for it."""
    if before:
        return
    used = key_roots.public_hex(signature.public(folder, root.association))
    if used not in {one.public for one in root.editions}:
        raise Invalid([Problem("keys", "", "does not hold the key that this host uses")])


def _unreadable(session: Session, association: str, trust: Trust) -> Iterator[Problem]:
    """Editions that could not be read any more: a key would have ended before it signed them."""
    listed = session.exec(
        select(RankingEdition.digest)
        .where(RankingEdition.association == association)
        .order_by(col(RankingEdition.published_at))
    ).all()
    with TemporaryDirectory() as folder:
        file = Path(folder, "edition.zip")
        for sha256 in listed:
            file.write_bytes(editions.bundle(session, association, sha256))
            try:
                trust.open(file).close()
            except Refusal as refusal:
                yield Problem("keys", sha256[:12], f"this edition would be refused: {refusal}")


def _notice(engine: Engine, settings: Settings, signed: Signed, act: Act) -> int | None:
    """A notice by the key in use; None on a host that does not sign."""
    try:
        return publishing.issue_notice(engine, settings, signed.root.association, act)
    except NotFound:
        return None
