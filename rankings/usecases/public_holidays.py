"""Public holidays: days on which an association does not work, beside its weekends."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from rankings.errors import Conflict
from rankings.models import PublicHoliday
from rankings.usecases import associations, journal
from rankings.usecases.typed import Typed

LONGEST_NAME = 100
TAKEN = "On this day there is another holiday already."


def of(session: Session, association: str) -> list[PublicHoliday]:
    """All of them, the oldest first."""
    found = select(PublicHoliday).where(PublicHoliday.association == association)
    return list(session.exec(found.order_by(col(PublicHoliday.day))))


def add(session: Session, association: str, day: str, name: str, act: journal.Act) -> bool:
    """Add a holiday; whether anything changed.

    Invalid names what cannot be taken; Conflict where the day has another one already.
    """
    associations.find(session, association)
    on, called = _typed(day, name)
    known = session.get(PublicHoliday, (association, on))
    if known is not None:
        if known.name == called:
            return False
        raise Conflict(TAKEN)
    session.add(PublicHoliday(association=association, day=on, name=called))
    session.flush()
    details = {"name": called}
    journal.record(session, association, act, "added a public holiday", on.isoformat(), details)
    return True


def remove(session: Session, association: str, day: str, act: journal.Act) -> bool:
    """Take a holiday away; whether there was one. Invalid where the day cannot be read."""
    typed = Typed()
    on = typed.day("which", day)
    typed.done()
    known = session.get(PublicHoliday, (association, on))
    if known is None:
        return False
    details = {"name": known.name}
    session.delete(known)
    session.flush()
    journal.record(session, association, act, "removed a public holiday", on.isoformat(), details)
    return True


def _typed(day: str, name: str) -> tuple[date, str]:
    typed = Typed()
    on, called = typed.day("day", day), typed.text("name", name, LONGEST_NAME)
    typed.done()
    return on, called or ""
