"""The due runs of jobs: a row each, so that none is done twice and failed ones are tried again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, desc, or_, select

from rankings.errors import Conflict, NotFound
from rankings.models import Occurrence
from rankings.usecases import journal

DONE, FAILED, GIVEN_UP = "done", "failed", "given_up"
# Under this key stands that a job could not say what is due; that is never given up.
ASKING = "what is due"
TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# Of a sentence that says why.
LONGEST = 500
IS_DONE = "This run is done. There is nothing to try again."


@dataclass(frozen=True, slots=True)
class Run:
    """One due run; `fence` is the number of the holder of the lease, 0 without one."""

    association: str
    job: str
    key: str
    due_at: datetime
    fence: int = 0

    @property
    def about(self) -> str:
        """Names the run in the journal."""
        return f"{self.job} {self.key}"


def find(session: Session, run: Run) -> Occurrence | None:
    """What is known of a run; None where it was never tried."""
    return session.get(Occurrence, (run.association, run.job, run.key))


def waits(known: Occurrence | None, now: datetime) -> bool:
    """Whether a due run should be tried now.

    A next try that is further away than the longest pause was set by a clock that ran ahead.
    """
    if known is None:
        return True
    if known.state != FAILED:
        return False
    next_try = known.next_try_at or now
    return next_try <= now or next_try > now + LONGEST_PAUSE


def settled(
    session: Session, association: str, job: str, keys: Collection[str], now: datetime
) -> set[str]:
    """Those of a job's runs that need not be tried now."""
    found = session.exec(
        select(Occurrence).where(
            Occurrence.association == association,
            Occurrence.job == job,
            col(Occurrence.key).in_(keys),
        )
    )
    return {one.key for one in found if not waits(one, now)}


def done(session: Session, run: Run, told: str, now: datetime) -> None:
    """Note that a run is done, and what it told."""
    row = _row(session, run, now)
    row.state, row.next_try_at, row.told = DONE, None, told[:LONGEST]
    session.add(row)
    session.flush()


def failed(session: Session, run: Run, told: str, act: journal.Act) -> Occurrence:
    """Note that a run failed, and why; it is tried again after a pause, `TRIES` times in all.

    That it was given up stands in the journal as well.
    """
    row = _row(session, run, act.now)
    row.told = told[:LONGEST]
    if row.tries < TRIES or run.key == ASKING:
        row.state, row.next_try_at = FAILED, act.now + pause(row.tries)
    else:
        row.state, row.next_try_at = GIVEN_UP, None
        said = {"tries": row.tries, "why": row.told}
        journal.record(session, run.association, act, "gave up a job", run.about, said)
    session.add(row)
    session.flush()
    return row


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: 1, 2, 4 … minutes, an hour at most."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(tries, TRIES) - 1))


def overtaken(session: Session, run: Run, now: datetime) -> None:
    """Close the job's earlier failures: this later run did what they should have done."""
    for one in session.exec(
        select(Occurrence).where(
            Occurrence.association == run.association,
            Occurrence.job == run.job,
            Occurrence.due_at < run.due_at,
            Occurrence.state != DONE,
        )
    ):
        one.state, one.next_try_at, one.ended_at = DONE, None, now
        one.told = f"A later run did it: {run.key}."
        session.add(one)


def again(session: Session, association: str, job: str, key: str, act: journal.Act) -> None:
    """Let a run that failed or was given up be tried at once, with all its tries.

    NotFound where there is no such run, Conflict where it is done; nothing changes where it is
    about to be tried anyway.
    """
    # Text with NUL never gets to the database.
    found = None if "\0" in job + key else session.get(Occurrence, (association, job, key))
    if found is None:
        raise NotFound("There is no such run.")
    if found.state == DONE:
        raise Conflict(IS_DONE)
    if found.tries == 0:
        return
    found.state, found.tries, found.next_try_at = FAILED, 0, act.now
    session.add(found)
    session.flush()
    journal.record(session, association, act, "asked to try a job again", f"{job} {key}")


def newest(session: Session, association: str, many: int) -> Sequence[Occurrence]:
    """The runs that were tried last, the newest first."""
    return session.exec(
        select(Occurrence)
        .where(Occurrence.association == association)
        .order_by(desc(Occurrence.ended_at), Occurrence.job, Occurrence.key)
        .limit(many)
    ).all()


def failures(session: Session, association: str) -> Sequence[Occurrence]:
    """The runs that are not done although they were tried, the oldest first."""
    return session.exec(
        select(Occurrence)
        .where(
            Occurrence.association == association,
            or_(Occurrence.state == FAILED, Occurrence.state == GIVEN_UP),
        )
        .order_by(col(Occurrence.due_at), col(Occurrence.job), col(Occurrence.key))
    ).all()


def _row(session: Session, run: Run, now: datetime) -> Occurrence:
    row = find(session, run) or Occurrence(
        association=run.association,
        job=run.job,
        key=run.key,
        due_at=run.due_at,
        state=FAILED,
        tries=0,
        fence=run.fence,
        ended_at=now,
    )
    row.tries, row.fence, row.ended_at = row.tries + 1, run.fence, now
    return row
