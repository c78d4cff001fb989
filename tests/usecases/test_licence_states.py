"""States of licences: added and reversed, never deleted."""

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Agency
from rankings.scoring.source import read
from rankings.usecases import agencies, licence_states, licences, notices, records
from rankings.usecases.licence_states import REVERSED, TAKEN, NewState, Reversal
from tests.usecases import register, world

RUBRIC = read(world.source()).rubric
START = date(2026, 1, 1)
DAYS = st.integers(0, 12).map(lambda n: START + timedelta(days=n))


def new(**more: str) -> NewState:
    usual = {"state": "suspended", "since": "2026-03-01", "reason": "fees", "source": "letter 1"}
    return NewState(**(usual | more))


def reversal(**more: str) -> Reversal:
    usual = {"which": "2026-03-01", "reversed_on": "2026-06-01", "because": "lifted"}
    return Reversal(**(usual | more))


def on(session: Session, day: date) -> str | None:
    return agencies.one(session, "alpha", world.CODE, day).licence["state"]


def test_a_state_holds_from_its_day_on_until_it_is_reversed(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        assert licence_states.add(session, "alpha", world.CODE, new(), world.act())
        assert licence_states.reverse(session, "alpha", world.CODE, reversal(), world.act())
        days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1)]
        assert [on(session, day) for day in days] == ["valid", "suspended", "suspended", "valid"]
        assert len(agencies.one(session, "alpha", world.CODE, START).states) == 2
        told = register.entries(session)
    assert (told["added a licence state"], told["reversed a licence state"]) == (1, 1)


def test_the_edition_and_the_notice_follow(engine: Engine) -> None:
    said = {}
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)

        def told() -> tuple[object, object]:
            notices.issue(session, "alpha", lambda notice: said.update(notice) or b"", world.act())
            (listed,) = records.listed(session, cycle, RUBRIC, {})
            return listed.identity["licence"]["state"], said["licences"][world.CODE]["state"]

        assert told() == ("valid", "valid")
        licence_states.add(session, "alpha", world.CODE, new(), world.act())
        assert told() == ("suspended", "suspended")
        # Lifted after the cut-off day: the cycle keeps it.
        lifted = reversal(reversed_on="2026-07-01")
        licence_states.reverse(session, "alpha", world.CODE, lifted, world.act())
        assert told() == ("suspended", "valid")


def test_the_same_again_changes_nothing_and_another_one_is_refused(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        for add in (True, False):
            assert licence_states.add(session, "alpha", world.CODE, new(), world.act()) is add
        with pytest.raises(Conflict, match=TAKEN):
            licence_states.add(session, "alpha", world.CODE, new(state="revoked"), world.act())
        for first in (True, False):
            done = licence_states.reverse(session, "alpha", world.CODE, reversal(), world.act())
            assert done is first
        other = reversal(because="by mistake")
        with pytest.raises(Conflict, match=REVERSED):
            licence_states.reverse(session, "alpha", world.CODE, other, world.act())


def test_a_mistake_is_undone_from_its_first_day_on(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        licence_states.add(session, "alpha", world.CODE, new(), world.act())
        undone = reversal(reversed_on="2026-03-01")
        licence_states.reverse(session, "alpha", world.CODE, undone, world.act())
        assert on(session, date(2026, 3, 1)) == "valid"


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"state": "gone"}, "state"),
        ({"since": "1.3.2026"}, "since"),
        ({"since": "2026-02-30"}, "since"),
        ({"since": "9999-01-01"}, "since"),
        ({"reason": " \u200e\0"}, "reason"),
        ({"source": "x" * 301}, "source"),
    ],
)
def test_what_cannot_be_a_state_is_named(engine: Engine, wrong: dict[str, str], place: str) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        with pytest.raises(Invalid) as refusal:
            licence_states.add(session, "alpha", world.CODE, new(**wrong), world.act())
    assert list(register.faults(refusal.value)) == [place]


def test_what_cannot_be_a_reversal_is_named(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        licence_states.add(session, "alpha", world.CODE, new(), world.act())
        for day in ("2026-02-28", "2026-07-02", ""):
            again = reversal(reversed_on=day)
            with pytest.raises(Invalid) as refusal:
                licence_states.reverse(session, "alpha", world.CODE, again, world.act())
            assert list(register.faults(refusal.value)) == ["reversed_on"]
        with pytest.raises(NotFound):
            licence_states.reverse(
                session, "alpha", world.CODE, reversal(which="2026-03-02"), world.act()
            )
        with pytest.raises(NotFound):
            licence_states.add(session, "alpha", register.code(2), new(), world.act())


AGENCY = Agency(
    association="alpha",
    id=UUID(int=1),
    code=world.CODE,
    licensing_authority="DOLAB",
    licence_number="L-1",
    names={},
    names_as_given={},
    licensed_on=date(2015, 5, 1),
    added_at=world.NOW,
)
STATES = st.dictionaries(
    DAYS, st.tuples(st.sampled_from(licences.STATES), st.none() | DAYS), max_size=6
)


@given(STATES, DAYS)
def test_a_reversed_state_is_as_if_it_had_never_been(
    drawn: dict[date, tuple[str, date | None]], day: date
) -> None:
    rows = [
        SimpleNamespace(since=since, state=state, reversed_on=gone)
        for since, (state, gone) in sorted(drawn.items())
    ]
    left = [one for one in rows if one.reversed_on is None or one.reversed_on > day]
    found = licences.licence(AGENCY, rows, day)
    assert found == licences.licence(AGENCY, left, day)
    begun = [one for one in left if one.since <= day]
    assert found["state"] == (begun[-1].state if begun else "valid")


@given(STATES, DAYS)
def test_a_reversal_in_the_future_changes_nothing_yet(
    drawn: dict[date, tuple[str, date | None]], day: date
) -> None:
    kept = [
        SimpleNamespace(since=since, state=state, reversed_on=None)
        for since, (state, _) in sorted(drawn.items())
    ]
    later = [
        SimpleNamespace(since=one.since, state=one.state, reversed_on=day + timedelta(days=1))
        for one in kept
    ]
    assert licences.licence(AGENCY, kept, day) == licences.licence(AGENCY, later, day)
