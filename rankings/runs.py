"""A job is a value; a run of it is done and noted in one transaction, or neither."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db, journaling
from rankings.errors import Refusal
from rankings.models import Association
from rankings.usecases import leases, messages, occurrences
from rankings.usecases.journal import SCHEDULE, Act
from rankings.usecases.occurrences import ASKING, DONE, GIVEN_UP, Run

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """One run of a job: its key within the job, and since when it is due."""

    key: str
    at: datetime


def nothing(session: Session, association: Association, now: datetime) -> Iterable[Due]:
    """No run at all."""
    return ()


Ask = Callable[[Session, Association, datetime], Iterable[Due]]
Work = Callable[[Session, Association, Due, Act], str]


@dataclass(frozen=True, slots=True)
class Job:
    """What runs by itself.

    `due` says what should have run by now, also what has; `work` does one run inside of one
    transaction, perhaps several times until that is kept, and returns what to note; `coming` says
    which runs follow, for people to read.
    """

    name: str
    due: Ask
    work: Work
    coming: Ask = nothing


def perform(
    engine: Engine,
    data: Path,
    job: Job,
    run: Run,
    act: Act,
    life: timedelta | None = None,
    *,
    patient: bool = True,
) -> str | None:
    """Do one run and note it, or neither; None where it was done already, or waits after a failure.

    With `life` only the holder of the lease may; Deposed where that is another one. Who is not
    `patient` does not wait after a failure.
    """

    def work(session: Session) -> str | None:
        if life is not None:
            leases.enter(session, run.fence, life)
        known = occurrences.find(session, run)
        if known is not None and (
            known.state == occurrences.DONE or (patient and not occurrences.waits(known, act.now))
        ):
            return None
        association = session.get_one(Association, run.association)
        told = job.work(session, association, Due(run.key, run.due_at), act)
        occurrences.done(session, run, told, act.now)
        if life is not None:
            leases.finish(session, run.fence, life)
        return told

    return journaling.run(engine, data, work)


def fail(
    engine: Engine, data: Path, run: Run, error: BaseException, now: datetime, life: timedelta
) -> None:
    """Note that a run failed; when it is given up the secretariat is told."""
    log.error("%s: %s failed", run.association, run.about, exc_info=error)
    act = Act(SCHEDULE, now)

    def work(session: Session) -> None:
        leases.enter(session, run.fence, life)
        row = occurrences.failed(session, run, sentence(error), act)
        if row.state == GIVEN_UP:
            occasion, values = f"gave up {run.about}", {"job": run.about}
            to = (run.association, "secretariat", occasion, "job_failed", values)
            messages.to_role(session, *to, act)
        leases.finish(session, run.fence, life)

    journaling.run(engine, data, work)


def sentence(error: BaseException) -> str:
    """Why a run failed, for people; what is in an unforeseen error stays in the log."""
    if isinstance(error, Refusal):
        return str(error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}. The log has the rest."
    return f"{type(error).__name__}. The log has the rest."


def unsettled(engine: Engine, job: Job, association: str, now: datetime) -> list[tuple[Job, Due]]:
    """What a job says is due, without what is done, given up or waits after a failure."""
    with db.reading(engine) as session:
        in_vain = occurrences.find(session, Run(association, job.name, ASKING, now))
        if in_vain is not None and in_vain.state != DONE and not occurrences.waits(in_vain, now):
            return []
        whose = session.get_one(Association, association)
        due = list(job.due(session, whose, now))
        settled = occurrences.settled(session, association, job.name, [d.key for d in due], now)
        found = [(job, one) for one in due if one.key not in settled]
        if in_vain is not None and in_vain.state != DONE:
            found.append((replace(job, work=_heard), Due(ASKING, in_vain.due_at)))
        return found


def _heard(session: Session, association: Association, due: Due, act: Act) -> str:
    return "It could be asked again."
