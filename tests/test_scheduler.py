"""The schedule: each due run once, in order, whoever else tries and whatever fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlmodel import select, update

from rankings import db
from rankings.errors import Conflict
from rankings.models import JournalDetail, JournalEntry, Lease, Occurrence
from rankings.runs import Due
from rankings.scheduler import Schedule
from rankings.usecases import leases, occurrences
from rankings.usecases.journal import SCHEDULE, Act
from rankings.usecases.occurrences import ASKING, DONE, FAILED, GIVEN_UP, TRIES
from tests.schedules import LIFE, NOW, Listed, Wall, effects, prepare, schedule

SECRET = "a password that an error tells"


def known(engine: Engine) -> dict[str, Occurrence]:
    with db.reading(engine) as session:
        return {one.key: one for one in session.exec(select(Occurrence))}


def let_it_expire(engine: Engine) -> None:
    """As if a minute had passed for the database."""
    with db.transaction(engine) as session:
        session.exec(update(Lease).where(Lease.name == leases.SCHEDULE).values(expires_at=1))  # type: ignore[arg-type]


def journal(engine: Engine) -> list[tuple[str, str, str]]:
    with db.reading(engine) as session:
        found = session.exec(select(JournalEntry).where(JournalEntry.who == SCHEDULE))
        return [(one.association, one.action, one.about) for one in found]


def test_what_is_due_is_done_once_the_oldest_first(engine: Engine, tmp_path: Path) -> None:
    prepare(engine, "alpha", "beta")
    clock, seen = Wall(), list[str]()
    at = {"new": NOW, "old": NOW - timedelta(days=2), "later": NOW + timedelta(hours=1)}
    listed = Listed(at=at, before=lambda due: seen.append(due.key))
    one = schedule(engine, tmp_path, clock, listed)
    assert one.tick() == 4
    assert seen == ["old", "old", "new", "new"]
    assert one.tick() == 0
    clock.wait(hours=1)
    assert one.tick() == 2
    assert set(effects(engine).values()) == {1}
    assert len(effects(engine)) == 6
    row = known(engine)["old"]
    assert (row.state, row.tries, row.told, row.fence) == (DONE, 1, "did old", 1)
    one.stop()


def test_what_was_missed_while_nothing_ran_is_done_by_the_next_one(
    engine: Engine, tmp_path: Path
) -> None:
    prepare(engine)
    clock = Wall()
    listed = Listed(at={"a": NOW, "b": NOW + timedelta(days=30)})
    first = schedule(engine, tmp_path, clock, listed)
    first.tick()
    first.stop()
    clock.wait(days=40)
    second = schedule(engine, tmp_path, clock, listed)
    assert second.tick() == 1
    assert second.fence == 2
    second.stop()
    assert sum(effects(engine).values()) == 2


def test_only_the_holder_of_the_lease_runs_anything(engine: Engine, tmp_path: Path) -> None:
    prepare(engine)
    clock, listed = Wall(), Listed(at={"a": NOW})
    one, two = (schedule(engine, tmp_path, clock, listed, name=name) for name in ("one", "two"))
    assert (one.tick(), two.tick()) == (1, 0)
    assert (one.fence, two.fence) == (1, None)
    one.stop()
    listed.at["b"] = NOW
    assert two.tick() == 1
    assert two.fence == 2
    two.stop()


def test_who_was_away_longer_than_the_lease_gets_nothing_done(
    engine: Engine, tmp_path: Path
) -> None:
    """The other took the lease after the old holder had listed what is due."""
    prepare(engine)
    clock, listed = Wall(), Listed(at={"a": NOW, "b": NOW})
    one, two = (schedule(engine, tmp_path, clock, listed, name=name) for name in ("one", "two"))

    def overtaken() -> list[object]:
        found = list_due()
        let_it_expire(engine)
        assert two._holds()
        return list(found)

    list_due, one._due = one._due, overtaken  # type: ignore[method-assign,assignment]
    assert one.tick() == 0
    assert one.fence is None
    assert effects(engine) == {}
    assert two.tick() == 2
    assert set(effects(engine).values()) == {1}
    one.stop()
    two.stop()


def test_a_stale_holder_cannot_commit_what_it_has_begun(postgresql: Engine, tmp_path: Path) -> None:
    """The lease changes hands in the middle of the work; SQLite has no such moment."""
    prepare(postgresql)
    clock, listed = Wall(), Listed(at={"a": NOW})
    rival = Listed(at={"a": NOW})
    two = schedule(postgresql, tmp_path, clock, rival, name="two")

    def overtaken(due: Due) -> None:
        listed.before = lambda due: None
        let_it_expire(postgresql)
        assert two.tick() == 1

    listed.before = overtaken
    one = schedule(postgresql, tmp_path, clock, listed)
    assert one.tick() == 0
    assert one.fence is None
    assert effects(postgresql) == {"alpha listed a": 1}
    assert known(postgresql)["a"].fence == 2
    one.stop()
    two.stop()


def test_a_failure_leaves_nothing_and_is_tried_again_after_longer_and_longer_pauses(
    engine: Engine, tmp_path: Path
) -> None:
    prepare(engine)
    clock = Wall()

    def refuse(due: Due) -> None:
        raise Conflict("The cycle is not open yet.")

    listed = Listed(at={"a": NOW}, before=refuse)
    one = schedule(engine, tmp_path, clock, listed)
    for minutes in (1, 2, 4, 8, 16, 32, 60):
        assert one.tick() == 1
        row = known(engine)["a"]
        assert (row.state, row.told) == (FAILED, "The cycle is not open yet.")
        assert row.next_try_at == clock.now + timedelta(minutes=minutes)
        clock.wait(minutes=minutes, seconds=-1)
        assert one.tick() == 0
        clock.wait(seconds=1)
    assert one.tick() == 1
    row = known(engine)["a"]
    assert (row.state, row.tries, row.next_try_at) == (GIVEN_UP, TRIES, None)
    clock.wait(days=1)
    assert one.tick() == 0
    assert effects(engine) == {}
    assert journal(engine) == [("alpha", "gave up a job", "listed a")]
    with db.transaction(engine) as session:
        occurrences.again(session, "alpha", "listed", "a", Act("operator", clock.now))
    listed.before = lambda due: None
    assert one.tick() == 1
    assert (known(engine)["a"].state, effects(engine)) == (DONE, {"alpha listed a": 1})
    one.stop()


def test_one_failing_job_stops_no_other(engine: Engine, tmp_path: Path) -> None:
    prepare(engine)

    def fail(due: Due) -> None:
        raise KeyError(SECRET)

    bad, good = Listed("bad", {"a": NOW}, fail), Listed("good", {"a": NOW, "b": NOW})
    one = schedule(engine, tmp_path, Wall(), bad, good)
    assert one.tick() == 3
    assert effects(engine) == {"alpha good a": 1, "alpha good b": 1}
    with db.reading(engine) as session:
        (row,) = occurrences.failures(session, "alpha")
        said = [one.details for one in session.exec(select(JournalDetail))]
    assert row.told == "KeyError. The log has the rest."
    assert SECRET not in str(said)
    one.stop()


def test_a_job_that_cannot_say_what_is_due_shows_as_a_failure_until_it_can(
    engine: Engine, tmp_path: Path
) -> None:
    prepare(engine)
    clock, good, bad = Wall(), Listed("good", {"a": NOW}), Listed("bad", {"a": NOW})
    times, bad.at = bad.at, None  # type: ignore[assignment]
    one = schedule(engine, tmp_path, clock, bad, good)
    for _ in range(TRIES + 1):
        one.tick()
        clock.wait(hours=1)
    assert effects(engine) == {"alpha good a": 1}
    row = known(engine)[ASKING]
    assert (row.job, row.state, row.tries) == ("bad", FAILED, TRIES + 1)
    bad.at = times
    one.tick()
    assert effects(engine) == {"alpha good a": 1, "alpha bad a": 1}
    assert known(engine)[ASKING].state == DONE
    assert one.tick() == 0
    one.stop()


def test_a_clock_that_jumps_leads_to_no_double_and_no_lost_run(
    engine: Engine, tmp_path: Path
) -> None:
    prepare(engine)
    random, clock, seconds = Random(50), Wall(), [0.0]
    listed = Listed(at={f"{day}": NOW + timedelta(days=day) for day in range(-400, 400, 20)})
    one = schedule(engine, tmp_path, clock, listed)
    one.steady = lambda: seconds[0]
    one._clocks = (clock.now, 0.0)
    jumps = 0
    for _ in range(50):
        seconds[0] += 15
        by = random.choice((timedelta(hours=1), timedelta(days=1), timedelta(days=365)))
        clock.now += timedelta(seconds=15) + random.choice((-1, 1)) * by
        jumps += 1
        one.tick()
    clock.now = NOW + timedelta(days=400)
    seconds[0] += 15
    one.tick()
    assert len(effects(engine)) == 40
    assert set(effects(engine).values()) == {1}
    moved = [entry for entry in journal(engine) if entry[1] == "noticed that the clock moved"]
    assert moved == [("", "noticed that the clock moved", "schedule")] * (jumps + 1)
    one.stop()


def test_a_failure_noted_by_a_clock_that_ran_ahead_is_tried_again_now(
    engine: Engine, tmp_path: Path
) -> None:
    prepare(engine)
    clock = Wall(NOW + timedelta(days=365))
    failing: list[Callable[[Due], None]] = [lambda due: 1 / 0]  # type: ignore[list-item]
    listed = Listed(at={"a": NOW}, before=lambda due: failing[0](due))
    one = schedule(engine, tmp_path, clock, listed)
    one.tick()
    clock.now, failing[0] = NOW, lambda due: None
    one.tick()
    assert effects(engine) == {"alpha listed a": 1}
    one.stop()


def test_a_lease_from_a_clock_that_ran_ahead_is_free(engine: Engine, tmp_path: Path) -> None:
    prepare(engine)
    one = schedule(engine, tmp_path, Wall())
    one.tick()
    with db.transaction(engine) as session:
        held = session.get_one(Lease, leases.SCHEDULE)
        held.expires_at += 3 * int(LIFE.total_seconds() * 1000)
        session.add(held)
    two = schedule(engine, tmp_path, Wall(), name="two")
    two.tick()
    assert two.fence == 2
    with db.reading(engine) as session:
        held_by = leases.holding(session)
    assert held_by is not None
    assert (held_by.holder, held_by.is_held) == ("two", True)
    one.stop()
    two.stop()


def test_the_lease_is_renewed_while_a_long_run_goes_on(postgresql: Engine, tmp_path: Path) -> None:
    prepare(postgresql)
    ends: set[int] = set()

    def look(due: Due) -> None:
        deadline = time.monotonic() + 10
        while len(ends) < 3 and time.monotonic() < deadline:
            with db.reading(postgresql) as session:
                ends.add(session.get_one(Lease, leases.SCHEDULE).expires_at)

    one = Schedule(postgresql, tmp_path, [Listed(at={"a": NOW}, before=look).job], clock=Wall())
    one.beat = timedelta(milliseconds=20)
    assert one.tick() == 1
    assert len(ends) == 3
    assert effects(postgresql) == {"alpha listed a": 1}
    one.stop()
