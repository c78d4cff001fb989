"""Which agencies take part in a cycle: those that had signed the code when it opened."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from rankings.models import Agency, AssessmentCycle, Membership, SelfAssessment
from rankings.usecases import cycles
from rankings.usecases.memberships import AGENCY_ROLES


def agencies(session: Session, cycle: AssessmentCycle) -> list[UUID]:
    """The keys of agencies that take part, by public code."""
    signed = select(Agency.id).where(
        Agency.association == cycle.association,
        col(Agency.code_signed_on) <= cycles.opened_on(session, cycle),
    )
    return list(session.exec(signed.order_by(Agency.code)))


def not_submitted(session: Session, cycle: AssessmentCycle) -> list[UUID]:
    """Those of them whose self-assessment is not submitted yet."""
    submitted = select(SelfAssessment.agency).where(
        SelfAssessment.association == cycle.association,
        SelfAssessment.cycle == cycle.id,
        col(SelfAssessment.submitted_on).is_not(None),
    )
    done = set(session.exec(submitted))
    return [one for one in agencies(session, cycle) if one not in done]


def with_people(session: Session, association: str) -> list[UUID]:
    """The keys of agencies for which somebody acts here, by public code."""
    acting = select(Membership.agency).where(
        Membership.association == association, col(Membership.role).in_(AGENCY_ROLES)
    )
    whose = select(Agency.id).where(Agency.association == association, col(Agency.id).in_(acting))
    return list(session.exec(whose.order_by(Agency.code)))
