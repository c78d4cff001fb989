"""The clock of the schedule: asks what is due, and does each of it once, whoever else does too.

A job is a value. What is due is asked anew at every tick, so a missed run heals itself; that a run
is done stands in one row with a unique key, written in the transaction that does it; and only the
holder of the lease may commit.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import TypeVar

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from rankings import db, journaling, runs
from rankings.models import Association
from rankings.runs import Due, Job
from rankings.usecases import leases
from rankings.usecases.journal import NO_ASSOCIATION, SCHEDULE, Act
from rankings.usecases.leases import Deposed
from rankings.usecases.occurrences import ASKING, Run

T = TypeVar("T")
# A difference between the two clocks of the host that is no drift.
JUMP = timedelta(minutes=1)

log = logging.getLogger(__name__)


# What follows the runs of a tick and has transactions of its own, with the number of the holder.
Chore = Callable[[Engine, datetime, int], object]


@dataclass
class Schedule:
    """One process that runs the schedule while it holds the lease."""

    engine: Engine
    data: Path
    jobs: Sequence[Job]
    chores: Sequence[Chore] = ()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    steady: Callable[[], float] = time.monotonic
    life: timedelta = leases.LIFE
    beat: timedelta = leases.BEAT
    holder: str = field(
        default_factory=lambda: f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(3)}"
    )
    fence: int | None = None
    stopping: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "schedule")
        self._beaten = self.steady()
        self._clocks = (self.clock(), self.steady())

    def tick(self) -> int:
        """Do what is due, the oldest first; how many runs were tried, 0 without the lease."""
        try:
            return self._tick()
        except Deposed:
            log.warning("%s is no longer the holder of the lease", self.holder)
            self.fence = None
        except SQLAlchemyError:
            log.exception("the database did not serve the schedule")
        return 0

    def stop(self) -> None:
        """Finish the run at hand and give the lease back."""
        self.stopping.set()
        self._worker.shutdown()
        if self.fence is not None:
            try:
                db.run(self.engine, partial(leases.give_back, fence=self.fence))
            except SQLAlchemyError:
                log.exception("the lease could not be given back: it ends by itself")
            self.fence = None

    def _tick(self) -> int:
        if not self._holds():
            return 0
        self._look_at_clock()
        tried = 0
        for job, association, due in self._due():
            if self.stopping.is_set():
                return tried
            self._run(job, association, due)
            tried += 1
        for chore in self.chores:
            self._chore(chore)
        return tried

    def _holds(self) -> bool:
        """Whether this process has the lease: it is renewed, or taken where it is free."""
        mine = self.fence
        if mine is not None and db.run(self.engine, lambda s: leases.beat(s, mine, self.life)):
            self._beaten = self.steady()
            return True
        if mine is not None:
            log.warning("%s is no longer the holder of the lease", self.holder)
            self.fence = None
        with db.reading(self.engine) as session:
            if not leases.is_free(session, self.life):
                return False
        self.fence = db.run(self.engine, lambda s: leases.take(s, self.holder, self.life))
        self._beaten = self.steady()
        if self.fence is not None:
            log.info("%s holds the lease, number %s", self.holder, self.fence)
        return self.fence is not None

    def _due(self) -> list[tuple[Job, str, Due]]:
        """What is due and not settled, of all associations, the oldest first."""
        with db.reading(self.engine) as session:
            everyone = session.exec(select(Association.id)).all()
        asked = [(job, whose, due) for whose in everyone for job, due in self._of(whose)]
        return sorted(asked, key=lambda one: (one[2].at, one[1], one[0].name, one[2].key))

    def _of(self, association: str) -> Iterator[tuple[Job, Due]]:
        """What is due in an association; a job that cannot say it does not stop the others."""
        for job in self.jobs:
            now = self.clock()
            asked = self._apart(partial(runs.unsettled, self.engine, job, association, now))
            error = asked.exception()
            if error is None:
                yield from asked.result()
            else:
                self._failed(Run(association, job.name, ASKING, now, self._number), error, now)

    def _run(self, job: Job, association: str, due: Due) -> None:
        now = self.clock()
        run = Run(association, job.name, due.key, due.at, self._number)
        act = Act(SCHEDULE, now)
        done = self._apart(
            partial(runs.perform, self.engine, self.data, job, run, act, self.life)
        ).exception()
        if isinstance(done, Deposed):
            raise done
        if done is not None:
            self._failed(run, done, now)

    def _failed(self, run: Run, error: BaseException, now: datetime) -> None:
        runs.fail(self.engine, self.data, run, error, now, self.life)

    def _chore(self, chore: Chore) -> None:
        error = self._apart(partial(chore, self.engine, self.clock(), self._number)).exception()
        if error is not None:
            log.error("a chore of the schedule failed", exc_info=error)

    def _apart(self, work: Callable[[], T]) -> Future[T]:
        """Does the work in another thread and renews the lease meanwhile; its error is a value."""
        future = self._worker.submit(work)
        while True:
            left = self._beaten + self.beat.total_seconds() - self.steady()
            if wait([future], timeout=max(0.0, left)).done:
                return future
            self._renew()

    def _renew(self) -> None:
        """On SQLite the work at hand keeps everybody waiting, also whoever wants the lease."""
        self._beaten = self.steady()
        try:
            db.run(self.engine, lambda s: leases.beat(s, self._number, self.life))
        except SQLAlchemyError as error:
            log.info("the lease could not be renewed: %s", type(error).__name__)

    @property
    def _number(self) -> int:
        return self.fence or 0

    def _look_at_clock(self) -> None:
        """Note where the wall clock moved against the steady one since the last look."""
        (wall, steady), self._clocks = self._clocks, (self.clock(), self.steady())
        now, then = self._clocks
        moved = now - wall - timedelta(seconds=then - steady)
        if abs(moved) > JUMP:
            said = {"seconds": round(moved.total_seconds())}
            about = ("noticed that the clock moved", SCHEDULE, said)
            journaling.note(self.engine, self.data, NO_ASSOCIATION, Act(SCHEDULE, now), *about)


def keep_ticking(schedule: Schedule, stop: Event) -> None:
    """A tick at every beat until told to stop; the run at hand is finished, the lease given back.

    APScheduler waits for a moment of the wall clock: where that was put back, the next tick is
    set anew.
    """
    every = schedule.beat
    ticker = BackgroundScheduler(timezone=UTC)
    usual = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    first = {"seconds": every.total_seconds(), "next_run_time": datetime.now(UTC)}
    ticking = ticker.add_job(schedule.tick, "interval", **first, **usual)
    ticker.start()
    while not stop.wait(every.total_seconds()):
        now = datetime.now(UTC)
        if ticking.next_run_time > now + 2 * every:
            ticking.modify(next_run_time=now)
    schedule.stopping.set()
    ticker.shutdown()
    schedule.stop()
