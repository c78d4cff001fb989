"""One of several processes that run the same schedule until somebody ends it.

Started with the address of the database, the folder of local data, the moment at which the first
run is due, the number of runs, the seconds between two of them, and the seconds a lease lives.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlmodel import Session

from rankings import db
from rankings.models import Association
from rankings.runs import Due, Job
from rankings.scheduler import Schedule
from rankings.usecases.journal import Act
from tests.schedules import effect

LONGEST_RUN = 0.25


def due(
    runs: list[Due], session: Session, association: Association, now: datetime
) -> Iterable[Due]:
    return [one for one in runs if one.at <= now]


def work(session: Session, association: Association, due: Due, act: Act) -> str:
    """The effect, and time enough before and after it to be stopped or killed."""
    time.sleep(random.uniform(0, LONGEST_RUN / 2))
    effect(session, due.key)
    time.sleep(random.uniform(0, LONGEST_RUN / 2))
    return "done"


def main(url: str, data: str, start: str, many: str, apart: str, life: str) -> None:
    logging.basicConfig(level=logging.WARNING)
    first, step = datetime.fromisoformat(start), timedelta(seconds=float(apart))
    runs = [Due(str(number), first + number * step) for number in range(int(many))]
    span = timedelta(seconds=float(life))
    schedule = Schedule(
        db.connect(url),
        Path(data),
        [Job("counted", partial(due, runs), work)],
        life=span,
        beat=span / 4,
        holder=str(os.getpid()),
    )
    while True:
        schedule.tick()
        time.sleep(span.total_seconds() / 8)


if __name__ == "__main__":
    main(*sys.argv[1:])
