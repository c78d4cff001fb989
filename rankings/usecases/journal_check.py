"""Checking a journal: its chain computed again, held against heads that others have kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel, and_

from rankings.models import JournalDetail, JournalEntry, JournalSeal
from rankings.usecases import journal
from rankings.usecases.journal_chain import EMPTY, ENTRY, Head, link

MAX_FAULTS = 50
# So many rows are held in memory at once.
AT_ONCE = 1_000
# What values raise that nobody but another program can have written.
UNREADABLE = (SQLAlchemyError, AttributeError, TypeError, ValueError)

# The columns by name.
ENTRIES, SEALS, DETAILS = (
    SQLModel.metadata.tables[name].c for name in ("journal_entry", "journal_seal", "journal_detail")
)
DETAIL = (DETAILS.salt, DETAILS.details)
OF_ENTRY = and_(DETAILS.association == ENTRIES.association, DETAILS.entry == ENTRIES.id)


@dataclass(frozen=True, slots=True)
class Witness:
    """A head that was kept outside of the chain; `where` tells people which."""

    where: str
    head: Head


@dataclass(slots=True)
class Report:
    """What was found in one journal: `faults` in words, `found` where heads of it are kept."""

    association: str
    head: Head = EMPTY
    entries: int = 0
    waiting: int = 0
    erased: int = 0
    found: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    is_whole: bool = True

    def blame(self, fault: str) -> None:
        """One more fault, of which only the first MAX_FAULTS are kept."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(fault)


def names(session: Session) -> set[str]:
    """The associations that have a journal, or anything that looks like a part of one."""
    found = [sqlalchemy.select(one.association).distinct() for one in (ENTRIES, SEALS, DETAILS)]
    return {str(name) for name in session.execute(sqlalchemy.union(*found)).scalars()}


def check(session: Session, association: str, witnesses: Iterable[Witness]) -> Report:
    """The report of one journal; it needs no more memory for a long one than for a short one."""
    report, known = Report(association), list(witnesses)
    try:
        _chain(session, report, known)
        _waiting(session, report)
    except UNREADABLE as error:
        report.is_whole = False
        report.blame(f"after number {report.head.number}: cannot be read: {_first_line(error)}")
    try:
        _strays(session, report)
    except UNREADABLE as error:
        report.blame(f"details cannot be read: {_first_line(error)}")
    _cut_off(report, known)
    return report


def _chain(session: Session, report: Report, witnesses: Iterable[Witness]) -> None:
    kept: dict[int, list[Witness]] = {}
    for one in witnesses:
        kept.setdefault(one.head.number, []).append(one)
    for row in _links(session, report.association):
        _follows(report, row)
        _is_untouched(report, row)
        report.entries += 1
        report.head = Head(row.number, row.hash)
        for one in kept.get(row.number, ()):
            _agrees(report, one)


def _follows(report: Report, row: Any) -> None:
    """Whether the link comes right after the one before."""
    last, number = report.head, row.number
    if number > last.number + 1:
        report.blame(f"{_numbers(last.number + 1, number - 1)} missing")
    elif number < 1:
        report.blame(f"number {number}: there is no such number")
    elif row.previous != last.hash:
        report.blame(f"number {number}: does not follow the entry before it")


def _is_untouched(report: Report, row: Any) -> None:
    """Whether entry, link and details are what they were when they were sealed."""
    number = row.number
    if row.id is None:
        report.blame(f"number {number}: the entry was removed")
        return
    if link(report.association, Head(number - 1, row.previous), row).hash != row.hash:
        report.blame(f"number {number}: was changed")
    if row.salt is None:
        report.erased += 1
    elif not _has_its_details(row):
        report.blame(f"number {number}: the details were changed")


def _agrees(report: Report, witness: Witness) -> None:
    if witness.head == report.head:
        report.found.append(witness.where)
    else:
        number = witness.head.number
        report.blame(
            f"number {number}: {witness.where} has another hash: the journal was computed anew"
        )


def _waiting(session: Session, report: Report) -> None:
    """Entries that no seal covers yet; their details are checked all the same."""
    for row in _unsealed(session, report.association):
        report.waiting += 1
        if row.salt is not None and not _has_its_details(row):
            report.blame(f"entry {row.id}, not sealed yet: the details were changed")


def _strays(session: Session, report: Report) -> None:
    """Details whose entry is gone."""
    found = sqlalchemy.select(sqlalchemy.func.count()).select_from(JournalDetail)
    mine = DETAILS.association == report.association
    many = session.execute(found.where(mine, ~sqlalchemy.exists().where(OF_ENTRY))).scalar_one()
    if many:
        report.blame(f"details of {many} entries that are not there")


def _cut_off(report: Report, witnesses: Iterable[Witness]) -> None:
    for one in witnesses:
        if report.is_whole and one.head.number > report.head.number:
            report.blame(
                f"{_numbers(report.head.number + 1, one.head.number)} missing: "
                f"{one.where} tells of them, so the end was cut off"
            )


def _has_its_details(row: Any) -> bool:
    return bool(journal.digest(row.salt, row.details) == row.digest)


def _links(session: Session, association: str) -> Iterator[Any]:
    """Every link with its entry and details, as far as they are there."""
    of_seal = and_(ENTRIES.association == SEALS.association, ENTRIES.id == SEALS.entry)
    whole = (
        sqlalchemy.select(SEALS.number, SEALS.previous, SEALS.hash, *ENTRY, *DETAIL)
        .select_from(JournalSeal)
        .outerjoin(JournalEntry, of_seal)
        .outerjoin(JournalDetail, OF_ENTRY)
    )
    return _streamed(session, whole.where(SEALS.association == association).order_by(SEALS.number))


def _unsealed(session: Session, association: str) -> Iterator[Any]:
    sealed = and_(SEALS.association == ENTRIES.association, SEALS.entry == ENTRIES.id)
    whole = (
        sqlalchemy.select(*ENTRY, *DETAIL)
        .select_from(JournalEntry)
        .outerjoin(JournalDetail, OF_ENTRY)
    )
    mine = ENTRIES.association == association
    return _streamed(session, whole.where(mine, ~sqlalchemy.exists().where(sealed)))


def _streamed(session: Session, rows: Any) -> Iterator[Any]:
    yield from session.execute(rows, execution_options={"yield_per": AT_ONCE})


def _numbers(first: int, last: int) -> str:
    return f"number {first} is" if first == last else f"numbers {first} to {last} are"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
