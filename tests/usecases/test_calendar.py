"""The calendar: which cycles come by which rule, what is due, what may be moved and what not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Agency, CalendarRule, CyclePlan, JournalEntry
from rankings.usecases import (
    associations,
    calendar,
    calendar_moves,
    calendar_rules,
    calendar_steps,
    cycles,
    public_holidays,
    self_assessments,
)
from rankings.usecases.calendar import STEPS
from rankings.usecases.calendar_rules import DEFAULTS, GivenRule
from rankings.usecases.recurrence import nights, opening
from tests.usecases import driven, world
from tests.usecases.driven import SET, given, moving, ruled

# While the first cycle is open.
DURING = datetime(2027, 2, 1, 3, tzinfo=UTC)
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
def running(alpha: Engine) -> Engine:
    """A cycle that has opened by its calendar."""
    with db.transaction(alpha) as session:
        ruled(session)
        assert driven.run(session, DURING) == ["2027 opens"]
    return alpha


def plan(session: Session, slug: str = "2027") -> CyclePlan:
    return calendar_steps.find(session, "alpha", slug)


def days(session: Session, slug: str = "2027") -> dict[str, str]:
    found = calendar.steps(session, "alpha", plan(session, slug).id)
    return {step: f"{one.on_day:%m-%d} {one.time_of_day}" for step, one in found.items()}


def move(engine: Engine, step: str, day: str, now: datetime = DURING, **more: str) -> bool:
    def work(session: Session) -> bool:
        wanted = moving(session, plan(session), step, day, **more)
        return calendar.move(session, "alpha", "2027", wanted, world.act(now))

    return db.run(engine, work)


def remedies(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {one.place: one.remedy for one in refused.value.problems}


def entries(session: Session, action: str) -> int:
    return len(session.exec(select(JournalEntry).where(JournalEntry.action == action)).all())


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


def test_a_move_is_kept_with_its_reason_and_journalled(running: Engine) -> None:
    assert move(running, "publication", "2027-08-12")
    assert not move(running, "publication", "2027-08-12", seen="old")
    with db.reading(running) as session:
        held = calendar.steps(session, "alpha", plan(session).id)["publication"]
        assert (held.on_day, held.moved_because) == (date(2027, 8, 12), "a feast")
        assert entries(session, "moved a step of a cycle") == 1


def test_reminders_that_have_not_run_follow_the_closing(running: Engine) -> None:
    with db.transaction(running) as session:
        driven.run(session, datetime(2027, 2, 17, tzinfo=UTC))
    assert move(running, "closes", "2027-03-20", datetime(2027, 2, 17, tzinfo=UTC))
    with db.reading(running) as session:
        found = days(session)
    assert found["reminder_14"] == "02-16 09:00"
    assert (found["reminder_7"], found["reminder_2"]) == ("03-13 09:00", "03-18 09:00")


def test_a_reminder_whose_time_is_over_is_left_out(running: Engine) -> None:
    assert move(running, "closes", "2027-02-06")
    with db.reading(running) as session:
        assert [one for one in days(session) if one.startswith("reminder")] == ["reminder_2"]
    assert move(running, "closes", "2027-03-06")
    with db.reading(running) as session:
        assert list(days(session)) == list(STEPS)
        assert days(session)["reminder_14"] == "02-20 09:00"


def test_the_end_of_a_hearing_follows_its_opening(running: Engine) -> None:
    assert move(running, "hearing_opens", "2027-07-12")
    with db.reading(running) as session:
        assert days(session)["hearing_ends"] == "07-27 09:00"
    assert move(running, "hearing_ends", "2027-07-30")
    assert move(running, "hearing_opens", "2027-07-10")
    with db.reading(running) as session:
        assert days(session)["hearing_ends"] == "07-30 09:00"


def test_the_cut_off_day_moves_only_while_the_cycle_is_not_open(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        ruled(session)
    assert move(alpha, "audits_end", "2027-06-25", SET)
    with db.transaction(alpha) as session:
        assert plan(session).as_of == date(2027, 6, 25)
        driven.run(session, DURING)
        assert cycles.find(session, "alpha", "2027").as_of == date(2027, 6, 25)
    with pytest.raises(Conflict, match="cut-off day"):
        move(alpha, "audits_end", "2027-06-26")


OUT_OF_ORDER = [
    ("closes", "2027-01-31", calendar_moves.NOT_AHEAD),
    ("closes", "2027-02-02", calendar_moves.TOO_SOON),
    ("closes", "2027-07-01", calendar_moves.AFTER_ITS_TURN),
    ("candidate", "2027-06-30", calendar_moves.BEFORE_ITS_TURN),
    ("candidate", "2027-07-11", calendar_moves.AFTER_ITS_TURN),
    ("hearing_opens", "2027-07-25", calendar_moves.AFTER_ITS_TURN),
    ("hearing_ends", "2027-07-23", calendar_moves.TOO_SHORT),
    ("approval", "2027-08-10", calendar_moves.AFTER_ITS_TURN),
    ("publication", "2027-08-03", calendar_moves.BEFORE_ITS_TURN),
    ("next_cycle", "2027-08-10", calendar_moves.BEFORE_ITS_TURN),
    ("publication", "", "must not be empty"),
]


def test_a_move_out_of_order_is_refused(running: Engine) -> None:
    with db.reading(running) as session:
        before = days(session)
    for step, day, remedy in OUT_OF_ORDER:
        with pytest.raises(Invalid) as refused:
            move(running, step, day)
        assert remedies(refused) == {"day": remedy}, (step, day)
    with db.reading(running) as session:
        assert days(session) == before


def test_a_move_needs_a_reason_and_a_time(running: Engine) -> None:
    with pytest.raises(Invalid) as refused:
        move(running, "publication", "2027-08-12", reason=" ", time_of_day="noon")
    assert remedies(refused).keys() == {"reason", "time_of_day"}


def test_nothing_that_has_run_moves(running: Engine) -> None:
    with pytest.raises(Conflict, match="has run"):
        move(running, "opens", "2027-02-10")
    with pytest.raises(Conflict, match="follows"):
        move(running, "reminder_7", "2027-02-24")
    with pytest.raises(Conflict, match="Somebody else"):
        move(running, "publication", "2027-08-12", seen="old")


def test_a_step_that_is_none_and_another_association_are_not_there(running: Engine) -> None:
    with db.reading(running) as session:
        wanted = moving(session, plan(session), "closes", "2027-03-10")
    calls: list[tuple[str, str, calendar.Move]] = [
        ("alpha", "2027", replace(wanted, step="tea")),
        ("alpha", "2031", wanted),
        ("beta", "2027", wanted),
    ]
    for whose, slug, one in calls:
        with pytest.raises(NotFound), db.transaction(running) as session:
            calendar.move(session, whose, slug, one, world.act(DURING))


CLOCKS = [("quarter", "Australia/Lord_Howe"), ("year", driven.ZONE)]
JUMPS: tuple[Callable[[Random], timedelta], ...] = (
    lambda dice: timedelta(hours=dice.choice((-1, 1))),
    lambda dice: timedelta(days=dice.choice((-1, 1))),
    lambda dice: timedelta(days=dice.choice((-365, 365))),
)


@pytest.mark.parametrize(("every", "zone"), CLOCKS)
def test_a_clock_that_jumps_runs_nothing_twice_and_leaves_nothing_out(
    engine: Engine, every: str, zone: str
) -> None:
    """50 jumps of an hour, a day or a year, for good or bad, while steps and nights run."""
    dice, first = Random(every), date(2027, 1, 1)
    jumping, now, latest, ran = set(dice.sample(range(100), 50)), SET, SET, list[str]()
    with db.transaction(engine) as session:
        driven.association(session, zone)
        ruled(session, given(every))
    for tick in range(100):
        now += timedelta(days=dice.uniform(0, 9))
        if tick in jumping:
            now += dice.choice(JUMPS)(dice)
        latest = max(latest, now)
        with db.transaction(engine) as session:
            ran += driven.run(session, now) + driven.run_nights(session, first, now)
    with db.transaction(engine) as session:
        while more := driven.run(session, latest):
            ran += more
        ran += driven.run_nights(session, first, latest)
    assert len(ran) == len(set(ran))
    with db.reading(engine) as session:
        whole(session, ran, first, latest)


def whole(session: Session, ran: list[str], first: date, latest: datetime) -> None:
    """Every step and every night until the latest moment, periods without a gap, in order."""
    known, whose = calendar.plans(session, "alpha"), associations.find(session, "alpha")
    assert [one.period for one in known] == list(reversed(range(len(known))))
    due = [one.key for one in calendar.due(session, whose, latest)]
    zone = ZoneInfo(whose.time_zone)
    nightly = [day.isoformat() for day, _ in nights(first, "02:00", zone, latest)]
    assert sorted(ran) == sorted([*due, *nightly])
    for one in known:
        steps = [key.split()[1] for key in ran if key.startswith(f"{one.slug} ")]
        assert steps == list(STEPS)[: len(steps)]
