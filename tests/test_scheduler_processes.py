"""Several processes run one schedule while they are stopped and killed: each effect is there once.

The whole numbers (8 processes, 200 runs, 50 stops longer than the lease, 50 kills) in a full run.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import Engine

from rankings import db
from rankings.usecases import leases
from tests.schedules import effects, prepare

ROOT = Path(__file__).resolve().parents[1]
FULL = "RANKINGS_TEST_FULL" in os.environ
PROCESSES, RUNS, STOPS, KILLS = (8, 200, 50, 50) if FULL else (3, 20, 2, 2)
LIFE = 1.0
# Between two disturbances; something is due all the time.
PAUSE = (0.4, 1.2)
APART = (STOPS + KILLS) * sum(PAUSE) / 2 / RUNS
PATIENCE = 60


@dataclass
class Crowd:
    """The processes; those that are stopped wake up when their time has come."""

    command: list[str]
    log: Path
    random: Random = field(default_factory=lambda: Random(9))
    alive: list[subprocess.Popen[bytes]] = field(default_factory=list)
    asleep: dict[int, float] = field(default_factory=dict)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.alive.append(subprocess.Popen(self.command, cwd=ROOT, stderr=log))

    def stop(self, holder: str) -> bool:
        """Stop a process that is awake for longer than the lease lives."""
        chosen = self._choose(holder)
        if chosen is None:
            return False
        chosen.send_signal(signal.SIGSTOP)
        self.asleep[chosen.pid] = time.monotonic() + self.random.uniform(1.2, 2) * LIFE
        return True

    def kill(self, holder: str) -> bool:
        """Kill a process, awake or not, and start another one."""
        chosen = self._choose(holder)
        if chosen is None:
            return False
        chosen.kill()
        chosen.wait()
        self.alive.remove(chosen)
        self.start()
        return True

    def wake(self) -> None:
        for one in self.alive:
            if self.asleep.get(one.pid, math.inf) < time.monotonic():
                del self.asleep[one.pid]
                one.send_signal(signal.SIGCONT)

    def _choose(self, holder: str) -> subprocess.Popen[bytes] | None:
        """The holder of the lease in every second case, else anyone, but never the last awake."""
        awake = [one for one in self.alive if one.pid not in self.asleep]
        if len(awake) < 2:
            return None
        holds = [one for one in awake if str(one.pid) == holder]
        return self.random.choice(holds if holds and self.random.random() < 0.5 else awake)


@contextmanager
def crowd(engine: Engine, folder: Path) -> Iterator[Crowd]:
    url, start = engine.url.render_as_string(hide_password=False), datetime.now(UTC).isoformat()
    sent = [url, str(folder / "data"), start, str(RUNS), str(APART), str(LIFE)]
    found = Crowd([sys.executable, "-m", "tests.schedule_process", *sent], folder / "log")
    for _ in range(PROCESSES):
        found.start()
    try:
        yield found
    finally:
        for one in found.alive:
            one.kill()
            one.wait()


def holder(engine: Engine) -> str:
    with db.reading(engine) as session:
        found = leases.holding(session)
    return found.holder if found else ""


def disturb(engine: Engine, found: Crowd) -> None:
    """All stops and kills, in a random order, from the moment on at which one holds the lease."""
    while not holder(engine):
        time.sleep(0.05)
    left = [found.stop] * STOPS + [found.kill] * KILLS
    found.random.shuffle(left)
    while left:
        time.sleep(found.random.uniform(*PAUSE))
        found.wake()
        if left[-1](holder(engine)):
            left.pop()


def wait_for_all(engine: Engine, found: Crowd) -> None:
    """Until everything is done, or nothing was for a minute; who slept wakes up meanwhile."""
    many, deadline = 0, time.monotonic() + PATIENCE
    while found.asleep or (many < RUNS and time.monotonic() < deadline):
        time.sleep(0.05)
        found.wake()
        if (now := sum(effects(engine).values())) != many:
            many, deadline = now, time.monotonic() + PATIENCE


def test_each_effect_is_there_once_whatever_is_stopped_or_killed(
    engine: Engine, tmp_path: Path
) -> None:
    prepare(engine)
    with crowd(engine, tmp_path) as found:
        disturb(engine, found)
        wait_for_all(engine, found)
    said = found.log.read_text("utf-8")
    assert effects(engine) == {str(number): 1 for number in range(RUNS)}, said[-2000:]
    if FULL:
        assert "no longer the holder" in said
