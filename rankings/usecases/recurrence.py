"""When something recurs: days by a rule, and the instants of a wall clock, whatever it does."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = {"year": 12, "half_year": 6, "quarter": 3}
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)


def instant(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the zone's clock shows the day and a time such as `09:00`.

    Where the clock leaves it out, the first moment after the gap; where it shows it twice, the
    first time.
    """
    wall = datetime.combine(day, time.fromisoformat(clock), zone)
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first <= second else _change(second, first, zone)


def opening(every: str, first: date, period: int) -> date:
    """The day of a period, 0 the first; `every` is `year`, `half_year` or `quarter`.

    It is counted from the first day, so that the 31st comes back after a shorter month.
    """
    year, month = divmod(first.year * 12 + first.month - 1 + period * MONTHS[every], 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def nights(
    first: date, clock: str, zone: ZoneInfo, until: datetime
) -> Iterator[tuple[date, datetime]]:
    """Every day from the first on whose time has come, with its moment.

    A day that the zone left out (Apia, 30 December 2011) had no night.
    """
    day = first
    while (at := instant(day, clock, zone)) <= until:
        if at.astimezone(zone).date() == day:
            yield day, at
        day += A_DAY


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the zone's offset changed, between two moments of which it is one."""
    old = before.astimezone(zone).utcoffset()
    while after - before > A_SECOND:
        middle = before + (after - before) // A_SECOND // 2 * A_SECOND
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
