"""A step of a cycle is moved: what goes with it, what is refused, what no longer moves."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import RankingEdition
from rankings.usecases import calendar, calendar_moves, calendar_steps, cycles
from rankings.usecases.calendar import STEPS
from tests.usecases import driven, world
from tests.usecases.driven import DURING, SET, days, entries, moving, plan, remedies, ruled


@pytest.fixture
def running(engine: Engine) -> Engine:
    """A cycle that has opened by its calendar."""
    with db.transaction(engine) as session:
        driven.open_first(session)
    return engine


def move(engine: Engine, step: str, day: str, now: datetime = DURING, **more: str) -> bool:
    def work(session: Session) -> bool:
        wanted = moving(session, plan(session), step, day, **more)
        return calendar.move(session, "alpha", "2027", wanted, world.act(now))

    return db.run(engine, work)


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


def test_the_cut_off_day_moves_only_while_the_cycle_is_not_open(engine: Engine) -> None:
    with db.transaction(engine) as session:
        driven.association(session)
        ruled(session)
    assert move(engine, "audits_end", "2027-06-25", SET)
    with db.transaction(engine) as session:
        assert plan(session).as_of == date(2027, 6, 25)
        driven.run(session, DURING)
        assert cycles.find(session, "alpha", "2027").as_of == date(2027, 6, 25)
    with pytest.raises(Conflict, match="cut-off day"):
        move(engine, "audits_end", "2027-06-26")


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


def test_an_end_stays_where_it_is_after_its_moment_whether_anything_ran_or_not(
    running: Engine,
) -> None:
    over = datetime(2027, 7, 24, 2, 30, tzinfo=UTC)
    for step in ("closes", "audits_end", "hearing_ends"):
        with pytest.raises(Conflict, match="has run"):
            move(running, step, "2027-07-30", over)
    with db.reading(running) as session:
        row = calendar.steps(session, "alpha", plan(session).id)["hearing_ends"]
        found = [calendar_steps.state(row, over, None, now) for now in (SET, over)]
    assert found == ["coming", "over"]


def test_a_publication_has_run_once_an_edition_is_there(running: Engine) -> None:
    """It is done by a job of its own and not as a step."""
    late = datetime(2027, 8, 11, tzinfo=UTC)
    assert move(running, "publication", "2027-08-13", late)
    with db.transaction(running) as session:
        cycle = plan(session).id
        for number, reason in ((1, None), (2, "a correction")):
            edition = RankingEdition(
                association="alpha",
                id=UUID(int=number),
                cycle=cycle,
                number=number,
                published_at=late.replace(day=14 + number),
                as_of=date(2027, 6, 30),
                reason=reason,
                digest=str(number) * 64,
            )
            session.add(edition)
    with pytest.raises(Conflict, match="has run"):
        move(running, "publication", "2027-09-13", late)
    with db.reading(running) as session:
        found = calendar_steps.ran(session, "alpha")["2027 publication"]
        assert calendar_steps.ran(session, "beta") == {}
    assert (found.state, found.ended_at) == ("done", late.replace(day=15))
