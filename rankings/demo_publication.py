"""From the files of a past round to its edition: the hearing, and the two who stood for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db, demo_people, publishing
from rankings.models import AssessmentCycle, Candidate, RankingEdition
from rankings.publishing import Order
from rankings.settings import Settings
from rankings.usecases import accounts, approvals, associations, candidates, cycles, hearings
from rankings.usecases.journal import Act

# Before the publication: the hearing opens, one prepares, another one approves.
HEARING, PREPARED, APPROVED = timedelta(weeks=3), timedelta(hours=2), timedelta(hours=1)
Step = Callable[[Session, AssessmentCycle, Candidate, str, datetime, Act], None]
STEPS: tuple[tuple[Step, str, timedelta], ...] = (
    (approvals.prepare, "secretariat", PREPARED),
    (approvals.approve, "lead_auditor", APPROVED),
)


def publish(
    engine: Engine, settings: Settings, order: Order, act: Act, reason: str | None = None
) -> RankingEdition:
    """Hear everybody by letter, score, approve and publish; a correction with its reason."""
    heard = replace(act, now=act.now - HEARING)
    publishing.open_hearing(engine, settings, order, reason, heard)
    with db.transaction(engine) as session:
        write_letters(session, order, heard)
    publishing.score(engine, settings, order, replace(act, now=act.now - 2 * PREPARED))
    with db.transaction(engine) as session:
        approve(session, order, act)
    return publishing.publish(engine, settings, order, act)


def write_letters(session: Session, order: Order, act: Act, but: int = 0) -> None:
    """Agencies without accounts are told by letter, on the very day, but for the last few."""
    cycle = cycles.find(session, order.association, order.cycle)
    hearing = hearings.find_newest(session, cycle)
    day = associations.day(associations.find(session, order.association), act.now)
    untold = [
        agency
        for notice, agency in hearings.notices(session, hearing)
        if notice.is_due and notice.served_on is None
    ]
    for agency in untold[: len(untold) - but]:
        hearings.serve_by_letter(session, cycle, hearing, agency, day, act)


def approve(session: Session, order: Order, act: Act) -> None:
    """One prepares the candidate, another one approves it."""
    for step, name, before in STEPS:
        _stand_for(session, order, step, name, replace(act, now=act.now - before))


def prepare(session: Session, order: Order, act: Act) -> None:
    """One prepares the candidate; its approval waits."""
    _stand_for(session, order, approvals.prepare, STEPS[0][1], act)


def _stand_for(session: Session, order: Order, step: Step, name: str, act: Act) -> None:
    cycle = cycles.find(session, order.association, order.cycle)
    found = candidates.find(session, cycle)
    who = accounts.named(session, demo_people.email(name)).id
    step(session, cycle, found, found.digest, act.now, replace(act, who=str(who)))
