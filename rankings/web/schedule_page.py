"""The schedule's page: whether it runs, what comes next, what failed, what ran last."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Invalid, Problem
from rankings.jobs import all_jobs
from rankings.models import Association
from rankings.usecases import associations, leases, occurrences
from rankings.web import act, now, reading, settings, transaction
from rankings.web.schedule_words import run_word

pages = Blueprint("schedule", __name__)

NEXT, LAST = 5, 20


@pages.get("/<association>/staff/schedule/")
def show(association: str) -> str:
    """All of it, by the association's own clock."""
    with reading() as session:
        whose = associations.find(session, association)
        return render_template(
            "schedule/show.html",
            association=whose,
            lease=leases.holding(session),
            life=leases.LIFE,
            coming=_coming(session, whose),
            failures=occurrences.failures(session, association),
            ran=occurrences.newest(session, association, LAST),
            run_word=run_word,
        )


@pages.post("/<association>/staff/schedule/again")
def again(association: str) -> ResponseReturnValue:
    """Let a run that failed be tried again at once."""
    job, key = (request.form.get(name, "") for name in ("job", "key"))
    if not (job and key):
        raise Invalid([Problem("job", job, "is missing, or its key")])
    transaction(lambda session: occurrences.again(session, association, job, key, act()))
    return redirect(url_for("schedule.show", association=association), 303)


def _coming(session: Session, whose: Association) -> list[tuple[datetime, list[str]]]:
    """The next times at which anything runs, and what does."""
    moment, found = now(), dict[datetime, list[str]]()
    for job in all_jobs(settings()):
        for due in job.coming(session, whose, moment):
            found.setdefault(due.at, []).append(run_word(job.name, due.key))
    return sorted(found.items())[:NEXT]
