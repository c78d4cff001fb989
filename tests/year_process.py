"""The schedule as a process that kills itself in the middle of a run, before anything is kept.

Started with the address of the database, the folders of data, keys and evidence, the moment that
its clock shows, and the key of the step in which it dies.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from rankings import db, jobs
from rankings.models import Association
from rankings.runs import Due, Job
from rankings.scheduler import Schedule
from rankings.settings import Settings
from rankings.usecases.journal import Act
from tests.year import BEAT, LIFE


def deadly(job: Job, key: str) -> Job:
    """The same job, but one of its runs ends the process as soon as all its rows are written."""

    def work(session: Session, association: Association, due: Due, act: Act) -> str:
        told = job.work(session, association, due, act)
        session.flush()
        if due.key == key:
            os.kill(os.getpid(), signal.SIGKILL)
        return told

    return replace(job, work=work)


def main(url: str, data: str, keys: str, evidence: str, now: str, key: str) -> None:
    settings = Settings("secret", url, Path(data), Path(keys), "http://x", Path(evidence))
    moment = datetime.fromisoformat(now)
    every = [deadly(job, key) for job in jobs.all_jobs(settings)]
    engine = db.connect(url)
    Schedule(engine, settings.data, every, clock=lambda: moment, life=LIFE, beat=BEAT).tick()


if __name__ == "__main__":
    main(*sys.argv[1:])
