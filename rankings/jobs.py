"""Everything that runs by itself, in one table; docs/schedule.md is the manual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from rankings import jobs_nightly, jobs_publication, jobs_steps
from rankings.jobs_nightly import Tonight
from rankings.jobs_steps import Occasion
from rankings.models import Association
from rankings.runs import Due, Job
from rankings.settings import Settings
from rankings.usecases import calendar, calendar_steps, occurrences
from rankings.usecases.journal import Act
from rankings.usecases.occurrences import Run

STEPS = {**jobs_steps.EFFECTS, **jobs_publication.STEPS}
NIGHTS = {**jobs_nightly.EFFECTS, **jobs_publication.NIGHTS}


def all_jobs(settings: Settings) -> tuple[Job, ...]:
    """The steps of cycles, and what is done every night."""
    steps = Job(calendar_steps.JOB, steps_due, partial(do_step, settings), steps_coming)
    nightly = (
        Job(name, night_due, partial(do_night, settings, name), night_coming) for name in NIGHTS
    )
    return (steps, jobs_publication.publication(settings), *nightly)


def steps_due(session: Session, association: Association, now: datetime) -> Iterator[Due]:
    """The steps of the calendar whose moment has come and that have an effect."""
    for one in calendar.due(session, association, now):
        if one.step in STEPS:
            yield Due(one.key, one.at)


def steps_coming(session: Session, association: Association, now: datetime) -> Iterator[Due]:
    """The steps that lie ahead, of all planned cycles."""
    zone = ZoneInfo(association.time_zone)
    for plan in calendar.plans(session, association.id):
        for step, dated in calendar.steps(session, association.id, plan.id).items():
            at = calendar_steps.moment(dated, zone)
            if at > now and step in STEPS:
                yield Due(calendar_steps.key(plan, step), at)


def do_step(
    settings: Settings, session: Session, association: Association, due: Due, act: Act
) -> str:
    """The effect of a step."""
    slug, _, step = due.key.rpartition(" ")
    plan = calendar_steps.find(session, association.id, slug)
    occasion = Occasion(session, settings, association, plan, step, due.at, act)
    return STEPS[step](occasion)


def night_due(session: Session, association: Association, now: datetime) -> list[Due]:
    """The last night; those before it need not be made up for."""
    return [Due(day.isoformat(), at) for day, at in jobs_nightly.nights(association, now)][-1:]


def night_coming(session: Session, association: Association, now: datetime) -> list[Due]:
    """The next night."""
    day, at = jobs_nightly.next_night(association, now.astimezone(UTC))
    return [Due(day.isoformat(), at)]


def do_night(
    settings: Settings, name: str, session: Session, association: Association, due: Due, act: Act
) -> str:
    """What is done every night under a name; it makes up for the nights in which it failed."""
    occurrences.overtaken(session, Run(association.id, name, due.key, due.at), act.now)
    return NIGHTS[name](Tonight(session, settings, association, due.key, act))
