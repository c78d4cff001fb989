"""The journal as people read it: the newest entries first, with names where they still exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, desc, func, select

from rankings.models import Account, JournalEntry, JournalSeal
from rankings.usecases import journal

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A sealed entry; `name` is empty where no person acted or the account is gone."""

    seal: JournalSeal
    entry: JournalEntry
    name: str


def page(session: Session, association: str, number: int) -> tuple[Sequence[Line], int]:
    """The entries of a page, from 1 on, and how many pages there are."""
    many = session.exec(
        select(func.count()).select_from(JournalSeal).where(JournalSeal.association == association)
    ).one()
    found = session.exec(
        select(JournalSeal, JournalEntry)
        .join(JournalEntry, col(JournalEntry.id) == JournalSeal.entry)
        .where(JournalSeal.association == association, JournalEntry.association == association)
        .order_by(desc(JournalSeal.number))
        .offset((number - 1) * ON_A_PAGE)
        .limit(ON_A_PAGE)
    ).all()
    names = _names(session, {entry.who for _, entry in found})
    lines = [Line(seal, entry, names.get(entry.who, "")) for seal, entry in found]
    return lines, max(1, -(-many // ON_A_PAGE))


def _names(session: Session, who: set[str]) -> dict[str, str]:
    people = [UUID(one) for one in who - journal.NO_PERSON]
    found = session.exec(select(Account).where(col(Account.id).in_(people)))
    return {str(one.id): one.name for one in found}
