"""The calendar: which cycles come by which rule, and what is due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine

from rankings import db
from rankings.errors import Conflict, Invalid
from rankings.models import Agency, CalendarRule
from rankings.usecases import (
    associations,
    calendar,
    calendar_rules,
    cycles,
    public_holidays,
    self_assessments,
)
from rankings.usecases.calendar import STEPS
from rankings.usecases.calendar_rules import DEFAULTS, GivenRule
from rankings.usecases.recurrence import opening
from tests.usecases import driven, world
from tests.usecases.driven import DURING, SET, days, entries, given, remedies, ruled

A_MINUTE = timedelta(minutes=1)
# 23:59 on the day before in Yangon.
CLOSES = datetime(2027, 3, 2, 17, 29, tzinfo=UTC)
NOTHING = calendar_rules.token(None)


@pytest.fixture
def alpha(engine: Engine) -> Engine:
    with db.transaction(engine) as session:
        driven.association(session)
    return engine


@pytest.fixture
def running(engine: Engine) -> Engine:
    """A cycle that has opened by its calendar."""
    with db.transaction(engine) as session:
        driven.open_first(session)
    return engine


def test_a_rule_plans_the_next_cycle_with_every_step(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        made = ruled(session)
    with db.reading(alpha) as session:
        assert (made.slug, made.name, made.period) == ("2027", "2027", 0)
        assert made.as_of == date(2027, 6, 30)
        assert days(session) == {
            "opens": "01-01 09:00",
            "reminder_14": "02-16 09:00",
            "reminder_7": "02-23 09:00",
            "reminder_2": "02-28 09:00",
            "closes": "03-02 23:59",
            "audits_end": "06-30 23:59",
            "candidate": "07-07 09:00",
            "hearing_opens": "07-10 09:00",
            "hearing_ends": "07-24 09:00",
            "approval": "08-03 09:00",
            "publication": "08-10 09:00",
            "next_cycle": "10-28 09:00",
        }
        assert list(days(session)) == list(STEPS)
        assert calendar.at(session, made.id, "alpha", "opens") == datetime(
            2027, 1, 1, 2, 30, tzinfo=UTC
        )
        assert calendar.at(session, UUID(int=9), "alpha", "opens") is None
        assert calendar.at(session, made.id, "beta", "opens") is None


@pytest.mark.parametrize("every", DEFAULTS)
def test_what_is_proposed_fits_any_opening_without_holidays(every: str) -> None:
    found = calendar_rules.checked(given(every), 10, ["worked 1.0.0"])
    assert found.days == DEFAULTS[every]
    rule = driven_rule(every)
    for number in range(365 * 4):
        opens = date(2024, 1, 1) + timedelta(days=number)
        dated = calendar_rules.dated(rule, opens, lambda day: day + timedelta(days=15))
        moments = [dated[step] for step in STEPS]
        assert moments == sorted(moments)
        assert dated["next_cycle"][0] < opening(every, opens, 1)


def driven_rule(every: str) -> CalendarRule:
    return CalendarRule(
        association="alpha",
        every=every,
        first_opens_on=date(2027, 1, 1),
        time_of_day="09:00",
        days=dict(DEFAULTS[every]),
        rubric_code="worked",
        rubric_version="1.0.0",
        changed_at=SET,
    )


def test_holidays_make_a_hearing_longer_and_the_approval_waits(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        for day in range(12, 31):
            held = f"2027-07-{day}"
            public_holidays.add(session, "alpha", held, "a feast", world.act(SET))
        ruled(session)
    with db.reading(alpha) as session:
        found = days(session)
    assert found["hearing_ends"] == "08-14 09:00"
    assert (found["approval"], found["publication"]) == ("08-15 09:00", "08-16 09:00")


@pytest.mark.parametrize(
    ("more", "place", "remedy"),
    [
        ({"every": "month"}, "every", "is not one of the choices"),
        ({"first_opens_on": "1.1.2027"}, "first_opens_on", "must be a day such as 2026-01-31"),
        ({"time_of_day": "24:00"}, "time_of_day", calendar_rules.NO_CLOCK),
        ({"time_of_day": "9:00"}, "time_of_day", calendar_rules.NO_CLOCK),
        ({"rubric": "worked 2.0.0"}, "rubric", calendar_rules.NO_RUBRIC),
        ({"rubric": "\0"}, "rubric", calendar_rules.NO_RUBRIC),
        ({"closes": 14}, "closes", calendar_rules.NO_TIME_TO_ANSWER),
        ({"closes": 0}, "closes", "must be a whole number in the range"),
        ({"audits_end": 59}, "audits_end", calendar_rules.TOO_EARLY),
        ({"candidate": 180}, "candidate", calendar_rules.TOO_EARLY),
        ({"hearing_opens": 187}, "hearing_opens", calendar_rules.TOO_EARLY),
        ({"approval": 205}, "approval", calendar_rules.NO_TIME_TO_HEAR),
        ({"publication": 214}, "publication", calendar_rules.TOO_EARLY),
        ({"next_cycle": 365}, "next_cycle", calendar_rules.TOO_LATE),
    ],
)
def test_a_rule_that_does_not_hold_together_is_refused(
    more: dict[str, str | int], place: str, remedy: str
) -> None:
    typed = {key: value for key, value in more.items() if isinstance(value, str)}
    later = {key: value for key, value in more.items() if isinstance(value, int)}
    rule = replace(given(**later), **typed)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        calendar_rules.checked(rule, 10, ["worked 1.0.0"])
    assert remedies(refused) == {place: remedy}


def test_a_rule_without_anything_names_each_field() -> None:
    with pytest.raises(Invalid) as refused:
        calendar_rules.checked(GivenRule("", "", "", ""), 10, [])
    known = {"every", "first_opens_on", "time_of_day", "rubric", *calendar_rules.CHOSEN}
    assert remedies(refused).keys() == known


def test_a_first_opening_in_the_past_is_refused_and_nothing_kept(alpha: Engine) -> None:
    for opens in ("2026-11-01", "2026-10-31"):
        with pytest.raises(Invalid) as refused, db.transaction(alpha) as session:
            ruled(session, given(opens=opens))
        assert remedies(refused) == {"first_opens_on": calendar.NOT_AHEAD}
    with pytest.raises(Invalid), db.transaction(alpha) as session:
        ruled(session, replace(given(), rubric="\0"))
    with db.reading(alpha) as session:
        assert calendar.plans(session, "alpha") == []
        assert calendar.rule_of(session, "alpha") is None


def test_the_same_rule_again_changes_nothing(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        first = ruled(session).id
        assert not calendar.set_rule(session, "alpha", given(), "old", world.act(SET))
        assert [one.id for one in calendar.plans(session, "alpha")] == [first]
        assert entries(session, "set the calendar's rule") == 1


def test_of_two_who_set_the_rule_at_once_the_second_is_told(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        ruled(session)
    with pytest.raises(Conflict, match="Somebody else"), db.transaction(alpha) as session:
        calendar.set_rule(session, "alpha", given(closes=50), NOTHING, world.act(SET))


def test_the_next_cycle_is_planned_once(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        assert calendar.plan_next(session, "alpha", world.act(SET)) is None
        first = ruled(session)
        for _again in range(3):
            assert calendar.plan_next(session, "alpha", world.act(SET)) is first
        driven.open_it(session, first, DURING)
        made = [calendar.plan_next(session, "alpha", world.act(DURING)) for _ in range(3)]
        assert {one.slug for one in made if one} == {"2028"}
        assert len(calendar.plans(session, "alpha")) == 2


@pytest.mark.parametrize(
    ("every", "opens", "slugs"),
    [
        ("year", "2027-03-31", ["2027", "2028", "2029"]),
        ("half_year", "2027-01-31", ["2027-h1", "2027-h2", "2028-h1"]),
        ("quarter", "2026-11-30", ["2026-q4", "2027-q1", "2027-q2"]),
    ],
)
def test_cycles_are_called_by_their_period(
    alpha: Engine, every: str, opens: str, slugs: list[str]
) -> None:
    with db.transaction(alpha) as session:
        found = [ruled(session, given(every, opens))]
        for _next in range(2):
            driven.open_it(session, found[-1], DURING)
            coming = calendar.plan_next(session, "alpha", world.act(DURING))
            assert coming
            found.append(coming)
        assert [one.slug for one in found] == slugs


def test_a_name_that_a_cycle_has_gets_a_number(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        cycle = cycles.Plan(UUID(int=1), "2027", "2027", date(2027, 6, 30), ("worked", "1.0.0"))
        cycles.open_cycle(session, "alpha", cycle, world.act(SET))
        assert ruled(session).slug == "2027-2"


def test_a_changed_rule_plans_what_has_not_opened_anew(running: Engine) -> None:
    with db.transaction(running) as session:
        calendar.plan_next(session, "alpha", world.act(DURING))
        ruled(session, given(closes=50), DURING)
        assert days(session, "2028")["closes"] == "02-20 23:59"
        # The cycle that is open stays as it was announced.
        assert days(session)["closes"] == "03-02 23:59"
        ruled(session, given("quarter", "2027-04-01"), DURING)
        assert [(one.slug, one.period) for one in calendar.plans(session, "alpha")] == [
            ("2027-q2", 0),
            ("2027", -1),
        ]
        assert entries(session, "withdrew a planned cycle") == 2


def test_what_is_due_comes_oldest_first_and_to_the_minute(running: Engine) -> None:
    with db.reading(running) as session:
        whose, closes = (
            associations.find(session, "alpha"),
            datetime(2027, 3, 2, 17, 29, tzinfo=UTC),
        )
        before = calendar.due(session, whose, closes - A_MINUTE)
        assert [one.key for one in before] == [
            *("2027 opens", "2027 reminder_14", "2027 reminder_7", "2027 reminder_2")
        ]
        after = calendar.due(session, whose, closes)
        assert (after[-1].step, after[-1].at) == ("closes", closes)


def test_a_self_assessment_closes_by_the_calendar_and_audits_go_on(running: Engine) -> None:
    with db.reading(running) as session:
        cycle = cycles.find(session, "alpha", "2027")
        agency = Agency(id=UUID(int=1), code_signed_on=date(2020, 1, 1))  # type: ignore[call-arg]

        def why(now: datetime) -> str | None:
            return self_assessments.why_closed(session, cycle, agency, now)

        assert why(CLOSES - A_MINUTE) is None
        assert why(CLOSES) == "closed"
        assert cycle.as_of == date(2027, 6, 30)
