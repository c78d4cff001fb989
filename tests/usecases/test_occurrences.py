"""Due runs: which wait, how long, when they are given up, and who may take the lease."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, NotFound
from rankings.models import JournalEntry, Occurrence
from rankings.usecases import leases, occurrences
from rankings.usecases.journal import Act
from rankings.usecases.leases import Deposed
from rankings.usecases.occurrences import LONGEST_PAUSE, TRIES, Run
from tests import factories
from tests.keys import THEN

ACT = Act("schedule", THEN)
LIFE = timedelta(seconds=60)
RUN = Run("alpha", "count", "2026-01-02", THEN)


@pytest.fixture
def alpha(engine: Engine) -> Engine:
    with db.transaction(engine) as session:
        factories.association(session)
        factories.association(session, "beta")
    return engine


def test_pauses_grow_to_an_hour() -> None:
    minutes = [occurrences.pause(tries) // timedelta(minutes=1) for tries in range(1, 10)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_run_is_settled_while_it_waits_and_once_it_is_over(alpha: Engine) -> None:
    with db.transaction(alpha) as session:

        def settled(now: timedelta, whose: str = "alpha") -> bool:
            found = occurrences.settled(session, whose, RUN.job, [RUN.key], THEN + now)
            return found == {RUN.key}

        assert not settled(timedelta())
        occurrences.failed(session, RUN, "No.", ACT)
        assert settled(timedelta(seconds=59))
        assert not settled(timedelta(seconds=60))
        # The clock ran ahead when the next try was set.
        assert not settled(-LONGEST_PAUSE)
        for _ in range(TRIES - 1):
            occurrences.failed(session, RUN, "No.", ACT)
        assert settled(timedelta(days=1000))
        occurrences.again(session, "alpha", RUN.job, RUN.key, ACT)
        assert not settled(timedelta())
        occurrences.done(session, RUN, "Yes.", THEN)
        assert settled(timedelta(days=1000))
        assert not settled(timedelta(days=1000), "beta")


def test_giving_up_is_noted_once(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        for _ in range(TRIES):
            row = occurrences.failed(session, RUN, "x" * 1000, ACT)
        assert (row.state, len(row.told)) == ("given_up", 500)
        entries = session.exec(select(JournalEntry)).all()
    assert [(one.action, one.about) for one in entries] == [
        ("gave up a job", "count 2026-01-02"),
    ]


def test_only_what_failed_can_be_tried_again(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        with pytest.raises(NotFound):
            occurrences.again(session, "alpha", RUN.job, RUN.key, ACT)
        occurrences.done(session, RUN, "Yes.", THEN)
        with pytest.raises(Conflict, match=occurrences.IS_DONE):
            occurrences.again(session, "alpha", RUN.job, RUN.key, ACT)
        with pytest.raises(NotFound):
            occurrences.again(session, "beta", RUN.job, RUN.key, ACT)


def test_a_later_run_closes_earlier_failures_of_its_job_only(alpha: Engine) -> None:
    later = Run("alpha", RUN.job, "2026-01-03", THEN + timedelta(days=1))
    others = [Run("alpha", "other", RUN.key, THEN), Run("beta", RUN.job, RUN.key, THEN)]
    with db.transaction(alpha) as session:
        for run in (RUN, *others):
            occurrences.failed(session, run, "No.", ACT)
        occurrences.overtaken(session, later, THEN)
        session.flush()
        left = session.exec(select(Occurrence).where(Occurrence.state == "failed")).all()
    assert {(one.association, one.job) for one in left} == {("alpha", "other"), ("beta", "count")}


def test_each_holder_of_the_lease_has_a_higher_number(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        assert leases.holding(session) is None
        assert leases.is_free(session, LIFE)
        assert leases.take(session, "one", LIFE) == 1
        assert not leases.is_free(session, LIFE)
        assert leases.take(session, "two", LIFE) is None
        assert leases.beat(session, 1, LIFE)
        leases.give_back(session, 1)
        assert leases.take(session, "two", LIFE) == 2
        assert not leases.beat(session, 1, LIFE)
        leases.give_back(session, 1)
        held = leases.holding(session)
    assert held is not None
    assert (held.holder, held.is_held) == ("two", True)
    assert held.since <= held.until - LIFE


def test_an_old_number_opens_no_transaction_and_closes_none(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        leases.take(session, "one", timedelta())
        leases.take(session, "two", LIFE)
        leases.enter(session, 2, LIFE)
        leases.finish(session, 2, LIFE)
        for step in (leases.enter, leases.finish):
            with pytest.raises(Deposed):
                step(session, 1, LIFE)
