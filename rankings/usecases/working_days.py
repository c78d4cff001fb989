"""Working days of an association: neither its weekend nor one of its public holidays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlmodel import Session, col, select

from rankings.models import PublicHoliday
from rankings.usecases import associations

SATURDAY, SUNDAY = 5, 6
USUAL = frozenset({SATURDAY, SUNDAY})
# A country that rests on other days has a line of its own.
WEEKENDS: Mapping[str, frozenset[int]] = {"VN": USUAL, "KH": USUAL, "MM": USUAL}


def after(session: Session, association: str, day: date, many: int) -> date:
    """The last of so many working days after a day; the day itself where there are none."""
    weekend = WEEKENDS.get(associations.find(session, association).country, USUAL)
    known = select(col(PublicHoliday.day)).where(
        PublicHoliday.association == association, col(PublicHoliday.day) > day
    )
    return counted(day, many, weekend, set(session.exec(known)))


def counted(day: date, many: int, weekend: Collection[int], holidays: Collection[date]) -> date:
    """The same, of days that are known; a weekend is a set of days of the week, Monday 0."""
    while many > 0:
        day += timedelta(days=1)
        many -= day.weekday() not in weekend and day not in holidays
    return day
