"""The proof of the clock: however it jumps, each step and each night runs once, in order."""

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.usecases import associations, calendar
from rankings.usecases.calendar import STEPS
from rankings.usecases.recurrence import MONTHS, nights
from tests.usecases import driven
from tests.usecases.driven import SET, given, ruled

FULL = "RANKINGS_TEST_FULL" in os.environ
SAMPLE = [("quarter", "Australia/Lord_Howe"), ("year", driven.ZONE)]
CLOCKS = [*zip(cycle(MONTHS), driven.ZONES), *SAMPLE] if FULL else SAMPLE
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
    dice, first = Random(f"{every} {zone}"), date(2027, 1, 1)
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
