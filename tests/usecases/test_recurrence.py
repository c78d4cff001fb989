"""Days by a rule and instants of wall clocks: in 24 zones, through gaps and overlaps."""

import os
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.usecases.recurrence import MONTHS, instant, nights, opening
from tests.usecases.driven import ZONES

FULL = "RANKINGS_TEST_FULL" in os.environ
EXAMPLES = 2_000 if FULL else 100
# Ten years around the day that Apia skipped, with gaps at midnight in Brazil and Lebanon.
FIRST, YEARS = date(2007, 12, 31), 10
CLOCKS = ("00:00", "00:30", "02:00", "02:30", "03:15", "23:59")
SKIPPED = date(2011, 12, 30)
APIA = ZoneInfo("Pacific/Apia")

zones = st.sampled_from(ZONES).map(ZoneInfo)
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
days = st.dates(date(1950, 1, 1), date(2100, 12, 31))
# From 1995 to 2037.
moments = st.integers(0, 22_000_000).map(
    lambda minutes: datetime(1995, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clock shows."""
    return moment.astimezone(zone).replace(tzinfo=None)


def shown(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def test_there_are_24_zones_with_every_kind_of_clock() -> None:
    assert len(set(ZONES)) == 24
    summer = datetime(2012, 1, 15, tzinfo=UTC)
    offsets = {str(summer.astimezone(ZoneInfo(one)).utcoffset()) for one in ZONES}
    assert {"6:30:00", "5:45:00", "11:00:00", "13:45:00", "14:00:00"} <= offsets


@pytest.mark.parametrize("every", MONTHS)
@pytest.mark.parametrize("clock", CLOCKS if FULL else CLOCKS[::2])
def test_a_rule_runs_once_in_each_period_of_ten_years(every: str, clock: str) -> None:
    many = YEARS * 12 // MONTHS[every]
    wanted = [opening(every, FIRST - timedelta(days=1), period) for period in range(many)]
    assert len({(one.year, (one.month - 1) // MONTHS[every]) for one in wanted}) == many
    for name in ZONES:
        zone = ZoneInfo(name)
        runs = [instant(day, clock, zone) for day in wanted]
        assert all(one < other for one, other in pairwise(runs)), name
        for day, at in zip(wanted, runs, strict=True):
            assert right(at, shown(day, clock), zone), (name, day)


@pytest.mark.parametrize("clock", CLOCKS if FULL else CLOCKS[1::3])
def test_every_day_of_ten_years_has_one_night(clock: str) -> None:
    last = date(FIRST.year + YEARS, 12, 31)
    for name in ZONES:
        zone = ZoneInfo(name)
        runs = list(nights(FIRST, clock, zone, instant(last, "23:59", zone)))
        assert all(one[1] < other[1] for one, other in pairwise(runs)), name
        lived = [day for day in every_day(FIRST, last) if (name, day) != (APIA.key, SKIPPED)]
        assert [day for day, _at in runs] == lived
        assert [wall(at, zone).date() for _day, at in runs] == lived


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=many) for many in range((last - first).days + 1)]


def right(at: datetime, wanted: datetime, zone: ZoneInfo) -> bool:
    """The clock shows it for the first time, or it was left out and this is the moment after."""
    a_minute = timedelta(minutes=1)
    if wall(at, zone) == wanted:
        earlier = (at - timedelta(minutes=many) for many in range(1, 181))
        return wanted not in {wall(one, zone) for one in earlier}
    return wall(at - a_minute, zone) < wanted < wall(at, zone)


@given(days, clocks, zones)
@settings(max_examples=EXAMPLES, deadline=None)
def test_an_instant_shows_its_time_or_is_the_first_after_a_gap(
    day: date, clock: str, zone: ZoneInfo
) -> None:
    at = instant(day, clock, zone)
    wanted, a_second = shown(day, clock), timedelta(seconds=1)
    if wall(at, zone) != wanted:
        assert wall(at - a_second, zone) < wanted < wall(at, zone)


@given(moments, zones)
@settings(max_examples=EXAMPLES, deadline=None)
def test_of_a_time_that_comes_twice_the_first_one_counts(moment: datetime, zone: ZoneInfo) -> None:
    local = wall(moment, zone)
    assert instant(local.date(), f"{local:%H:%M}", zone) <= moment


@given(st.sampled_from(list(MONTHS)), days, st.integers(0, 400))
@settings(max_examples=EXAMPLES)
def test_an_opening_never_drifts(every: str, first: date, period: int) -> None:
    day = opening(every, first, period)
    months = (day.year - first.year) * 12 + day.month - first.month
    assert months == period * MONTHS[every]
    is_last = (day + timedelta(days=1)).day == 1
    assert day.day == first.day or (day.day < first.day and is_last)


def test_the_31st_comes_back_after_a_shorter_month() -> None:
    found = [opening("quarter", date(2026, 8, 31), period) for period in range(5)]
    assert [f"{one:%m-%d}" for one in found] == ["08-31", "11-30", "02-28", "05-31", "08-31"]


def test_a_leap_day_comes_back() -> None:
    found = [opening("year", date(2024, 2, 29), period) for period in (1, 4)]
    assert found == [date(2025, 2, 28), date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("day", "clock", "zone", "utc"),
    [
        ((2026, 1, 1), "09:00", "Asia/Yangon", (2026, 1, 1, 2, 30)),
        ((2026, 1, 1), "09:00", "Asia/Kathmandu", (2026, 1, 1, 3, 15)),
        # Half an hour is left out, and comes twice.
        ((2026, 10, 4), "02:15", "Australia/Lord_Howe", (2026, 10, 3, 15, 30)),
        ((2026, 4, 5), "01:45", "Australia/Lord_Howe", (2026, 4, 4, 14, 45)),
        ((2026, 3, 29), "01:30", "Europe/London", (2026, 3, 29, 1, 0)),
        ((2026, 10, 25), "01:30", "Europe/London", (2026, 10, 25, 0, 30)),
        # A whole day is left out.
        ((2011, 12, 30), "09:00", "Pacific/Apia", (2011, 12, 30, 10, 0)),
        # Midnight is left out.
        ((2017, 10, 15), "00:00", "America/Sao_Paulo", (2017, 10, 15, 3, 0)),
    ],
)
def test_known_instants(
    day: tuple[int, int, int], clock: str, zone: str, utc: tuple[int, int, int, int, int]
) -> None:
    assert instant(date(*day), clock, ZoneInfo(zone)) == datetime(*utc, tzinfo=UTC)


def test_the_day_that_apia_skipped_has_no_night_but_a_step_on_it_comes() -> None:
    until = datetime(2012, 1, 2, tzinfo=UTC)
    found = [day.day for day, _at in nights(date(2011, 12, 28), "02:00", APIA, until)]
    assert found == [28, 29, 31, 1, 2]
    assert wall(instant(SKIPPED, "09:00", APIA), APIA) == shown(date(2011, 12, 31), "00:00")
