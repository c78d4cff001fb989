"""What runs by itself between the score and the publication: steps, nights, and the publication."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session, select

from rankings import publishing
from rankings.errors import NotFound
from rankings.jobs_nightly import Tonight
from rankings.jobs_steps import Occasion
from rankings.models import AssessmentCycle, Association, Candidate
from rankings.runs import Due, Job
from rankings.settings import Settings
from rankings.usecases import (
    approvals,
    calendar,
    candidates,
    cycles,
    disputes,
    editions,
    gates,
    hearings,
    journal_chain,
    messages,
    working_days,
)
from rankings.usecases.journal import SCHEDULE, Act
from rankings.usecases.journal_chain import EMPTY

# Working days before its end on which an agency is reminded of a hearing.
REMINDED = 2
# So long before the planned publication the secretariat hears every night of what blocks.
AHEAD = timedelta(days=7)


def candidate(the: Occasion) -> str:
    """The cycle is scored for the first time."""
    found = publishing.scored(the.session, the.settings, the.cycle, the.act).candidate
    return f"Scored: {found.digest[:12]}."


def hearing_opens(the: Occasion) -> str:
    """Every agency is told, unless somebody opened the hearing already."""
    if hearings.of(the.session, the.cycle, 1) is not None:
        return "The hearing was opened already."
    due = publishing.hearing_opened(the.session, the.settings, the.cycle, None, the.act)
    publishing.scored(the.session, the.settings, the.cycle, the.act)
    return f"Agencies to be told: {due}."


def approval(the: Occasion) -> str:
    """The secretariat is told where nobody has prepared the candidate yet."""
    found = candidates.current(the.session, the.cycle)
    if found is not None and approvals.PREPARED in approvals.given(the.session, found):
        return "The candidate is prepared."
    told = messages.to_role(
        the.session,
        the.association.id,
        "secretariat",
        the.name,
        "approval_asked",
        {"cycle": the.plan.slug},
        the.act,
    )
    return f"Nobody has prepared the candidate; people told: {told}."


STEPS = {"candidate": candidate, "hearing_opens": hearing_opens, "approval": approval}


def candidates_anew(the: Tonight) -> str:
    """Every candidate that is not published is scored again; what changed makes it void."""
    changed = 0
    for cycle in _unpublished(the.session, the.association.id):
        changed += publishing.scored(the.session, the.settings, cycle, the.act).is_new
    return f"Candidates that changed: {changed}."


def disputes_overdue(the: Tonight) -> str:
    """Disputes past their day are escalated, once."""
    many = disputes.escalate(the.session, the.association.id, the.today, the.act)
    return f"Disputes escalated: {many}."


def hearings_running(the: Tonight) -> str:
    """Newcomers are served; agencies whose time ends in two working days are reminded."""
    served = reminded = 0
    whose = the.association.id
    last = working_days.after(the.session, whose, the.today, REMINDED)
    for cycle in _heard(the.session, whose):
        served += hearings.serve_newcomers(the.session, cycle, the.act)
        hearing = hearings.find_newest(the.session, cycle)
        for notice, agency in hearings.notices(the.session, hearing):
            if notice.ends_on is None or not the.today <= notice.ends_on <= last:
                continue
            values = {"cycle": cycle.slug, "until": notice.ends_on.isoformat()}
            occasion = f"hearing ending {cycle.slug} {hearing.number}"
            to = (whose, agency.id, occasion, "hearing_ending", values, the.act)
            reminded += messages.to_agency(the.session, *to)
    return f"Agencies served: {served}. People reminded: {reminded}."


def gates_red(the: Tonight) -> str:
    """In the last week before the planned publication the secretariat hears what blocks."""
    told = 0
    for cycle in _unpublished(the.session, the.association.id):
        planned = editions.planned_at(the.session, cycle)
        if planned is None or the.act.now < planned - AHEAD:
            continue
        red = _red(the.settings, the.session, cycle, the.act)
        if red:
            values = {"cycle": cycle.slug, "count": str(len(red))}
            occasion = f"gates {cycle.slug} {the.key}"
            to = (the.association.id, "secretariat", occasion, "gates_red", values, the.act)
            told += messages.to_role(the.session, *to)
    return f"People told: {told}."


NIGHTS = {
    "candidates_anew": candidates_anew,
    "disputes_overdue": disputes_overdue,
    "hearings_running": hearings_running,
    "gates_red": gates_red,
}


def publication(settings: Settings) -> Job:
    """The publication of whatever two persons stand for, at its planned minute."""
    return Job("publication", partial(approved, settings), partial(publish, settings), planned)


def approved(
    settings: Settings, session: Session, association: Association, now: datetime
) -> Iterator[Due]:
    """Approved candidates whose planned time has come; what a gate keeps back is asked anew."""
    for cycle in _unpublished(session, association.id):
        found = candidates.find(session, cycle)
        if not approvals.is_approved(session, found):
            continue
        at = editions.planned_at(session, cycle) or _approved_at(session, found)
        if at <= now and not _red(settings, session, cycle, Act(SCHEDULE, now)):
            yield Due(_key(cycle, found), at)


def planned(session: Session, association: Association, now: datetime) -> Iterator[Due]:
    """The publications that lie ahead, approved or not."""
    for plan in calendar.plans(session, association.id):
        at = calendar.at(session, plan.id, association.id, "publication")
        if at is not None and at > now:
            yield Due(plan.slug, at)


def publish(
    settings: Settings, session: Session, association: Association, due: Due, act: Act
) -> str:
    """Publish, unless the candidate has changed since it was approved."""
    slug = due.key.partition(" ")[0]
    cycle = cycles.find(session, association.id, slug)
    head = journal_chain.head(session, association.id)
    kept = None if head == EMPTY else head
    edition = publishing.published(session, settings, cycle, kept, act)
    if edition is None:
        return "The candidate had changed since it was approved: it is void."
    return f"Edition {edition.number} is published: {edition.digest}."


def _red(
    settings: Settings, session: Session, cycle: AssessmentCycle, act: Act
) -> list[gates.Gate]:
    """What keeps a cycle's candidate back."""
    found = candidates.find(session, cycle)
    every = publishing.all_gates(session, settings, cycle, found, act)
    return [one for one in every if one.state == gates.RED]


def _key(cycle: AssessmentCycle, found: Candidate) -> str:
    return f"{cycle.slug} {found.number} {found.digest[:16]}"


def _approved_at(session: Session, found: Candidate) -> datetime:
    return max(one.given_at for one in approvals.given(session, found).values())


def _all(session: Session, association: str) -> Iterator[AssessmentCycle]:
    found = select(AssessmentCycle).where(AssessmentCycle.association == association)
    yield from session.exec(found.order_by(AssessmentCycle.slug)).all()


def _unpublished(session: Session, association: str) -> Iterator[AssessmentCycle]:
    """The cycles that have a candidate."""
    for cycle in _all(session, association):
        try:
            candidates.find(session, cycle)
        except NotFound:
            continue
        yield cycle


def _heard(session: Session, association: str) -> Iterator[AssessmentCycle]:
    """The cycles whose newest hearing is before an edition that is still to come."""
    for cycle in _all(session, association):
        hearing = hearings.newest(session, cycle)
        if hearing is not None and hearing.number == candidates.next_number(session, cycle):
            yield cycle
