"""What waits for a person at the desk today; only what the person can do something about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from rankings.models import (
    Agency,
    AgencyLink,
    AssessmentCycle,
    Audit,
    ComplaintCase,
    Dispute,
    HearingNotice,
    Reply,
)
from rankings.usecases import approvals as publication_approvals
from rankings.usecases import candidates, case_deadlines, hearings, second_opinions
from rankings.usecases import disputes as decided_disputes
from rankings.usecases.joins import same


def audits(
    session: Session, association: str, account: UUID, today: date, but: Collection[UUID]
) -> list[tuple[Audit, Agency]]:
    """The person's audits that are not closed, in cycles that are not over, the first due first.

    Without those in `but`, which the person must give to somebody else.
    """
    found = (
        select(Audit, Agency)
        .join(Agency, same(Audit, Agency, "agency"))
        .join(AssessmentCycle, same(Audit, AssessmentCycle, "cycle"))
        .where(
            Audit.association == association,
            Audit.auditor == account,
            col(Audit.closed_at).is_(None),
            AssessmentCycle.as_of >= today,
            col(Audit.id).not_in(but),
        )
        .order_by(col(Audit.due_on), Agency.code, Audit.evidence)
    )
    return [(audit, agency) for audit, agency in session.exec(found)]


def opinions(
    session: Session, association: str, account: UUID, but: Collection[UUID]
) -> list[second_opinions.Pair]:
    """The second opinions that the person was asked for and has not given."""
    found = second_opinions.listed(session, association, account)
    return [one for one in found if one.is_waiting and one.opinion.id not in but]


def cases(session: Session, association: str, account: UUID | None) -> int:
    """How many open complaints an officer has, or nobody has."""
    return _count(
        session,
        ComplaintCase,
        ComplaintCase.association == association,
        ComplaintCase.officer == account,
        col(ComplaintCase.status).in_(case_deadlines.OPEN),
        col(ComplaintCase.merged_into).is_(None),
    )


def links(session: Session, association: str, account: UUID) -> int:
    """How many links between agencies wait for a decision by anybody but their proposer."""
    return _count(
        session,
        AgencyLink,
        AgencyLink.association == association,
        col(AgencyLink.is_approved).is_(None),
        AgencyLink.proposed_by != account,
    )


def replies(session: Session, association: str) -> int:
    """How many replies nobody has moderated."""
    return _count(session, Reply, Reply.association == association, Reply.state == "waiting")


def disputes(session: Session, association: str) -> int:
    """How many disputes and appeals nobody has decided."""
    undecided = col(Dispute.outcome).is_(None)
    return _count(session, Dispute, Dispute.association == association, undecided)


def approvals(session: Session, association: str, account: UUID) -> list[AssessmentCycle]:
    """The cycles with a candidate that somebody else has prepared and nobody approved."""
    found = []
    for cycle in _cycles(session, association):
        candidate = candidates.current(session, cycle)
        given = publication_approvals.given(session, candidate) if candidate else {}
        people = {one.account for one in given.values()}
        if list(given) == [publication_approvals.PREPARED] and account not in people:
            found.append(cycle)
    return found


def corrections(session: Session, association: str) -> list[AssessmentCycle]:
    """The cycles whose edition a decision has made wrong, where nobody has begun a correction."""
    return [
        cycle
        for cycle in _cycles(session, association)
        if decided_disputes.corrections_due(session, cycle)
        and hearings.of(session, cycle, candidates.next_number(session, cycle)) is None
    ]


def unserved(session: Session, association: str) -> list[AssessmentCycle]:
    """The cycles in whose hearing some agencies have not been told yet."""
    untold = select(HearingNotice.cycle).where(
        HearingNotice.association == association,
        col(HearingNotice.is_due),
        col(HearingNotice.served_on).is_(None),
    )
    keys = set(session.exec(untold))
    return [one for one in _cycles(session, association) if one.id in keys]


def _cycles(session: Session, association: str) -> list[AssessmentCycle]:
    found = select(AssessmentCycle).where(AssessmentCycle.association == association)
    return list(session.exec(found.order_by(col(AssessmentCycle.as_of))))


def _count(session: Session, table: Any, *where: Any) -> int:
    return session.exec(select(func.count()).select_from(table).where(*where)).one()
