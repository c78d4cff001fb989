"""From the files of a past round to its edition: the hearing, and the two who stood for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db, demo_people, publishing
from rankings.models import RankingEdition
from rankings.publishing import Order
from rankings.settings import Settings
from rankings.usecases import accounts, approvals, associations, candidates, cycles, hearings
from rankings.usecases.journal import Act

# Before the publication: the hearing opens, one prepares, another one approves.
HEARING, PREPARED, APPROVED = timedelta(weeks=3), timedelta(hours=2), timedelta(hours=1)
STEPS = (
    (approvals.prepare, "secretariat", PREPARED),
    (approvals.approve, "lead_auditor", APPROVED),
)


def publish(engine: Engine, settings: Settings, order: Order, act: Act) -> RankingEdition:
    """Hear everybody by letter, score, approve and publish a round."""
    heard = replace(act, now=act.now - HEARING)
    publishing.open_hearing(engine, settings, order, None, heard)
    with db.transaction(engine) as session:
        write_letters(session, order, heard)
    publishing.score(engine, settings, order, replace(act, now=act.now - 2 * PREPARED))
    with db.transaction(engine) as session:
        approve(session, order, act)
    return publishing.publish(engine, settings, order, act)


def write_letters(session: Session, order: Order, act: Act) -> None:
    """Agencies without accounts are told by letter, on the very day."""
    cycle = cycles.find(session, order.association, order.cycle)
    hearing = hearings.find_newest(session, cycle)
    day = associations.day(associations.find(session, order.association), act.now)
    for notice, agency in hearings.notices(session, hearing):
        if notice.served_on is None:
            hearings.serve_by_letter(session, cycle, hearing, agency, day, act)


def approve(session: Session, order: Order, act: Act) -> None:
    """One prepares the candidate, another one approves it."""
    cycle = cycles.find(session, order.association, order.cycle)
    found = candidates.find(session, cycle)
    for step, name, before in STEPS:
        who, then = accounts.named(session, demo_people.email(name)).id, act.now - before
        step(session, cycle, found, found.digest, then, Act(str(who), then, act.draw))
