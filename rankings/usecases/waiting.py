"""What waits for a person at the desk today; only what the person can do something about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from rankings.models import Agency, AgencyLink, AssessmentCycle, Audit, ComplaintCase
from rankings.usecases import case_deadlines, second_opinions
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


def _count(session: Session, table: Any, *where: Any) -> int:
    return session.exec(select(func.count()).select_from(table).where(*where)).one()
