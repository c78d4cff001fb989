"""The chain of a journal: each entry's hash covers the hash of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy
from sqlmodel import Session, col, select

from rankings.canonical import canonical, digest
from rankings.models import JournalEntry, JournalSeal
from rankings.usecases import journal

# The hash before the first one.
NOTHING = "0" * 64
# As many entries join the chain in one transaction.
AT_ONCE = 5_000
# A transaction is shorter and clocks of hosts differ by less, so no later entry is older.
LATE = timedelta(days=1)

ENTRY: tuple[Any, ...] = (
    *(JournalEntry.id, JournalEntry.at, JournalEntry.who),
    *(JournalEntry.action, JournalEntry.about, JournalEntry.digest),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain: how many entries it has, and the hash that covers them all."""

    number: int
    hash: str

    def values(self) -> dict[str, Any]:
        """As plain values, for files and manifests."""
        return {"number": self.number, "hash": self.hash}


EMPTY = Head(0, NOTHING)


def link(association: str, previous: Head, entry: Any) -> Head:
    """The head once an entry (a row of `ENTRY`) has followed the previous one."""
    number = previous.number + 1
    covered = {
        "association": association,
        "number": number,
        "entry": str(entry.id),
        "at": instant(entry.at),
        "who": entry.who,
        "action": entry.action,
        "about": entry.about,
        "digest": entry.digest,
        "previous": previous.hash,
    }
    return Head(number, digest(canonical(covered)))


def instant(moment: datetime) -> str:
    """A moment as the hash covers it: UTC, always with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def head(session: Session, association: str) -> Head:
    """The last link of an association's chain; EMPTY where it has none."""
    row = session.exec(
        select(JournalSeal.number, JournalSeal.hash)
        .where(JournalSeal.association == association)
        .order_by(col(JournalSeal.number).desc())
        .limit(1)
    ).first()
    return Head(*row) if row else EMPTY


def holds(session: Session, association: str, known: Head) -> bool:
    """Whether the chain has this very link."""
    row = session.get(JournalSeal, (association, known.number))
    return known == EMPTY or (row is not None and row.hash == known.hash)


def extend(session: Session, association: str, *, thorough: bool) -> int:
    """Chain entries that wait, in the order of time and key: how many, at most AT_ONCE.

    Only one may do so at a time. Unless thorough, only entries are looked for that are not older
    than the last chained one by more than LATE.
    """
    last = head(session, association)
    links = []
    for row in session.execute(_waiting(session, association, last, thorough)):
        previous, last = last, link(association, last, row)
        links.append(
            {
                "association": association,
                "number": last.number,
                "entry": row.id,
                "previous": previous.hash,
                "hash": last.hash,
            }
        )
    if links:
        session.execute(sqlalchemy.insert(JournalSeal), links)
    return len(links)


def _waiting(session: Session, association: str, last: Head, thorough: bool) -> Any:
    is_sealed = sqlalchemy.exists().where(
        col(JournalSeal.association) == association, col(JournalSeal.entry) == JournalEntry.id
    )
    found = sqlalchemy.select(*ENTRY).where(col(JournalEntry.association) == association)
    if last != EMPTY and not thorough:
        since = _moment(session, association, last.number) - LATE
        found = found.where(col(JournalEntry.id) >= journal.key(since))
    ordered = found.where(~is_sealed).order_by(col(JournalEntry.at), col(JournalEntry.id))
    return ordered.limit(AT_ONCE)


def _moment(session: Session, association: str, number: int) -> datetime:
    """When the entry of this number was written; the beginning of time if it was removed."""
    found = session.exec(
        select(JournalEntry.at)
        .join(JournalSeal, col(JournalSeal.entry) == JournalEntry.id)
        .where(
            JournalSeal.association == association,
            JournalSeal.number == number,
            JournalEntry.association == association,
        )
    ).first()
    return found or datetime(1971, 1, 1, tzinfo=UTC)
