"""Working days: weekends and public holidays do not count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.usecases import associations, public_holidays, working_days
from rankings.usecases.calendar_rules import longest
from rankings.usecases.working_days import USUAL, counted
from tests.usecases import driven, world

FRIDAY = date(2027, 4, 2)
ACT = world.act(driven.SET)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days, st.integers(0, 60), st.sets(days, max_size=20))
def test_so_many_working_days_lie_between(first: date, many: int, holidays: set[date]) -> None:
    last = counted(first, many, USUAL, holidays)
    between = [first + timedelta(days=one) for one in range(1, (last - first).days + 1)]
    working = [day for day in between if day.weekday() < 5 and day not in holidays]
    assert len(working) == many
    assert last == (working[-1] if working else first)


@given(days, st.integers(0, 60))
def test_without_holidays_they_take_at_most_so_many_days(first: date, many: int) -> None:
    last = counted(first, many, USUAL, ())
    assert (last - first).days <= longest(many)
    assert (counted(FRIDAY, many, USUAL, ()) - FRIDAY).days == longest(many)


@pytest.mark.parametrize("country", ["VN", "KH", "MM", "JP"])
def test_saturday_and_sunday_and_the_holidays_are_free(engine: Engine, country: str) -> None:
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", country, "Asia/Bangkok", ACT)
        associations.add(session, "beta", "Beta", country, "Asia/Bangkok", ACT)
        assert working_days.after(session, "alpha", FRIDAY, 1) == date(2027, 4, 5)
        public_holidays.add(session, "alpha", "2027-04-05", "A feast", ACT)
        assert working_days.after(session, "alpha", FRIDAY, 1) == date(2027, 4, 6)
        assert working_days.after(session, "alpha", FRIDAY, 0) == FRIDAY
        assert working_days.after(session, "beta", FRIDAY, 1) == date(2027, 4, 5)
        with pytest.raises(NotFound):
            working_days.after(session, "gamma", FRIDAY, 1)


def test_a_holiday_is_added_once_and_removed_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        driven.association(session)
        assert public_holidays.add(session, "alpha", "2027-04-17", " Thingyan ", ACT)
        assert not public_holidays.add(session, "alpha", "2027-04-17", "Thingyan", ACT)
        with pytest.raises(Conflict, match="another holiday"):
            public_holidays.add(session, "alpha", "2027-04-17", "New Year", ACT)
        assert public_holidays.add(session, "alpha", "2027-01-04", "Independence", ACT)
        held = public_holidays.of(session, "alpha")
        assert [one.name for one in held] == ["Independence", "Thingyan"]
        assert public_holidays.remove(session, "alpha", "2027-04-17", ACT)
        assert not public_holidays.remove(session, "alpha", "2027-04-17", ACT)
        for day, name in (("", ""), ("17.4.2027", "\0"), ("2027-13-01", "x" * 101)):
            with pytest.raises(Invalid) as refused:
                public_holidays.add(session, "alpha", day, name, ACT)
            assert {one.place for one in refused.value.problems} == {"day", "name"}
