"""What is known of an audit: its findings, the agency's claims, and what was found before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, desc, or_, select

from rankings.canonical import canonical
from rankings.errors import Conflict, NotFound
from rankings.models import (
    Account,
    Agency,
    Answer,
    AssessmentCycle,
    Audit,
    Finding,
    SecondOpinion,
)
from rankings.scoring.record import NOT_APPLICABLE
from rankings.usecases import answers, self_assessments
from rankings.usecases.answers import Questions

WHY = {
    "audit_closed": "This audit is closed. Its findings can no longer change.",
    "cycle_closed": "The cut-off day of this cycle has passed.",
}
BLIND = "You have been asked for a second opinion on this audit: give it before you look here."


def find(
    session: Session, association: str, audit_id: object
) -> tuple[Audit, AssessmentCycle, Agency]:
    """An audit of an association with its cycle and agency; NotFound where it has none such."""
    audit = session.get(Audit, {"association": association, "id": audit_id})
    if audit is None:
        raise NotFound("There is no such audit.")
    return audit, cycle_of(session, audit), agency_of(session, audit)


def cycle_of(session: Session, audit: Audit) -> AssessmentCycle:
    """The cycle of an audit."""
    return session.get_one(AssessmentCycle, {"association": audit.association, "id": audit.cycle})


def agency_of(session: Session, audit: Audit) -> Agency:
    """The agency of an audit."""
    return session.get_one(Agency, {"association": audit.association, "id": audit.agency})


def of(session: Session, audit: Audit) -> dict[str, Finding]:
    """The audit's findings by indicator."""
    found = select(Finding).where(*_here(audit), Finding.audit == audit.id)
    return {one.indicator: one for one in session.exec(found)}


def imported(session: Session, audit: Audit) -> dict[str, Finding]:
    """Findings of the same kind that came in a file; the audit does not overwrite them."""
    found = select(Finding).where(
        *_here(audit), Finding.evidence == audit.evidence, col(Finding.audit).is_(None)
    )
    return {one.indicator: one for one in session.exec(found)}


def last(session: Session, cycle: AssessmentCycle, agency: Agency) -> dict[str, Finding]:
    """The newest counted finding of an earlier cycle, by indicator, by the same code of conduct."""
    found = session.exec(
        select(Finding)
        .join(
            AssessmentCycle,
            (col(AssessmentCycle.association) == Finding.association)
            & (col(AssessmentCycle.id) == Finding.cycle),
        )
        .outerjoin(
            Audit,
            (col(Audit.association) == Finding.association) & (col(Audit.id) == Finding.audit),
        )
        .where(
            Finding.association == cycle.association,
            Finding.agency == agency.id,
            AssessmentCycle.rubric_code == cycle.rubric_code,
            AssessmentCycle.as_of < cycle.as_of,
            or_(col(Finding.audit).is_(None), col(Audit.closed_at).is_not(None)),
        )
        .order_by(col(Finding.found_on), desc(Finding.evidence))
    )
    return {one.indicator: one for one in found}


def claims(session: Session, audit: Audit) -> dict[str, Answer]:
    """What the agency says by indicator; nothing while its self-assessment is a draft."""
    cycle = cycle_of(session, audit)
    held = self_assessments.of(session, cycle, audit.agency)
    if held is None or held.submitted_on is None:
        return {}
    return self_assessments.answers(session, cycle, audit.agency)


def token(finding: Finding | None) -> str:
    """Names what a finding says; whoever saves sends back the token of what was on the page."""
    said = {"found": finding.found, "reason": finding.reason} if finding else {}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def names(session: Session, findings: Iterable[Finding]) -> dict[str, str]:
    """The names of people by what stands in `auditor`; files call auditors as they like."""
    people = {account_of(one) for one in findings if one.audit} - {None}
    held = session.exec(select(Account).where(col(Account.id).in_(people)))
    return {str(one.id): one.name for one in held}


def account_of(finding: Finding) -> UUID | None:
    """The account that made a finding; None for one from a file or the command line."""
    try:
        return UUID(finding.auditor)
    except ValueError:
        return None


def why_closed(session: Session, audit: Audit, cycle: AssessmentCycle, now: datetime) -> str | None:
    """Why findings cannot change (any more): `audit_closed` or `cycle_closed`; None if they can."""
    if audit.closed_at is not None:
        return "audit_closed"
    return "cycle_closed" if self_assessments.day(session, cycle, now) > cycle.as_of else None


def needs_reason(questions: Questions, indicator: str, found: str, claim: Answer | None) -> bool:
    """Whether a finding must say why: it differs from the claim, or leaves the question out."""
    if found == NOT_APPLICABLE:
        return True
    asked = questions.asked.get(indicator)
    if claim is None or asked is None:
        return False
    return answers.value(asked, claim.value) != answers.value(asked, found)


def _here(audit: Audit) -> tuple[Any, Any, Any]:
    return (
        col(Finding.association) == audit.association,
        col(Finding.cycle) == audit.cycle,
        col(Finding.agency) == audit.agency,
    )


def refuse_blind(session: Session, audit: Audit, account: UUID) -> None:
    """Conflict for whoever has to judge a finding of the audit without seeing the first one."""
    owed = select(SecondOpinion.id).where(
        SecondOpinion.association == audit.association,
        SecondOpinion.audit == audit.id,
        SecondOpinion.auditor == account,
        col(SecondOpinion.given_at).is_(None),
    )
    if account != audit.auditor and session.exec(owed).first() is not None:
        raise Conflict(BLIND)


def refuse_blind_about(
    session: Session, cycle: AssessmentCycle, agency: UUID, account: UUID
) -> None:
    """Conflict for whoever still has to judge blindly a finding about an agency in a cycle."""
    audits = select(Audit).where(
        Audit.association == cycle.association, Audit.cycle == cycle.id, Audit.agency == agency
    )
    for audit in session.exec(audits):
        refuse_blind(session, audit, account)
