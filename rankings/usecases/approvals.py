"""Two persons for every publication: one prepares the candidate, another one approves it.

Both prove who they are anew, and both stand for the digest of the very candidate.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from rankings.errors import Conflict, NotAllowed
from rankings.models import Account, Approval, AssessmentCycle, Candidate
from rankings.usecases import candidates, journal, memberships, messages

PREPARED, APPROVED = "prepared", "approved"
# Who may do each step.
MAY = {
    PREPARED: frozenset({memberships.SECRETARIAT}),
    APPROVED: frozenset({memberships.SECRETARIAT, "lead_auditor"}),
}
FRESH = timedelta(minutes=10)
# The sentences.
NOT_PROVED = "Prove who you are again: the last time is more than ten minutes ago."
NOT_YOU = "Your role does not include this."
SAME_PERSON = "Whoever prepared a candidate does not approve it."
PREPARED_ALREADY = "Somebody has prepared this candidate already."
APPROVED_ALREADY = "This candidate has been approved already."
NOT_PREPARED = "Nobody has prepared this candidate yet."
NOT_APPROVED = "This candidate is not approved by two persons who may do that now."
CHANGED = "The candidate has changed since you saw it: look at it again."
VOID = "This candidate does not stand any more."


def prepare(
    session: Session,
    cycle: AssessmentCycle,
    candidate: Candidate,
    seen: str,
    proved_at: datetime | None,
    act: journal.Act,
) -> None:
    """Stand for a candidate and ask for its approval; `seen` is the digest on the page.

    NotAllowed for whoever has no right to, or has not proved both factors in the last ten
    minutes; Conflict where it is prepared, void or another one than was seen.
    """
    _check(session, candidate, PREPARED, seen, proved_at, act)
    if PREPARED in given(session, candidate):
        raise Conflict(PREPARED_ALREADY)
    _add(session, cycle, candidate, PREPARED, proved_at, act)
    values = {"cycle": cycle.slug, "number": str(candidate.number)}
    for role in sorted(MAY[APPROVED]):
        occasion = f"approval {candidate.digest}"
        messages.to_role(session, cycle.association, role, occasion, "approval_asked", values, act)


def approve(
    session: Session,
    cycle: AssessmentCycle,
    candidate: Candidate,
    seen: str,
    proved_at: datetime | None,
    act: journal.Act,
) -> None:
    """Approve what another person prepared; refused like `prepare`, and for the same person."""
    _check(session, candidate, APPROVED, seen, proved_at, act)
    before = given(session, candidate)
    if PREPARED not in before:
        raise Conflict(NOT_PREPARED)
    if APPROVED in before:
        raise Conflict(APPROVED_ALREADY)
    if before[PREPARED].account == act.account:
        raise NotAllowed(SAME_PERSON)
    _add(session, cycle, candidate, APPROVED, proved_at, act)


def send_back(
    session: Session,
    cycle: AssessmentCycle,
    candidate: Candidate,
    because: str,
    act: journal.Act,
) -> None:
    """Refuse a prepared candidate with a reason; it is void, and the preparer is told."""
    if not may(session, candidate.association, APPROVED, act.account):
        raise NotAllowed(NOT_YOU)
    before = given(session, candidate)
    if PREPARED not in before:
        raise Conflict(NOT_PREPARED)
    candidates.send_back(session, cycle, candidate, because, act)


def given(session: Session, candidate: Candidate) -> dict[str, Approval]:
    """Who stands for a candidate, by step."""
    found = select(Approval).where(
        Approval.association == candidate.association, Approval.candidate == candidate.id
    )
    return {one.step: one for one in session.exec(found)}


def standing(session: Session, candidate: Candidate) -> list[Approval]:
    """The approvals by which a candidate may be published; Conflict where they do not suffice.

    Whoever has lost the role in between stands for nothing any more.
    """
    held = given(session, candidate)
    both = [held[step] for step in (PREPARED, APPROVED) if step in held]
    people = {one.account for one in both if _stands(session, candidate, one)}
    if len(people) < len(MAY) or candidate.void_since is not None:
        raise Conflict(NOT_APPROVED)
    return both


def is_approved(session: Session, candidate: Candidate) -> bool:
    """Whether two persons stand for a candidate now."""
    try:
        standing(session, candidate)
    except Conflict:
        return False
    return True


def _stands(session: Session, candidate: Candidate, one: Approval) -> bool:
    is_able = may(session, candidate.association, one.step, one.account)
    return is_able and one.digest == candidate.digest


def may(session: Session, association: str, step: str, account: UUID | None) -> bool:
    """Whether somebody may do a step now."""
    return bool(_roles(session, association, account) & MAY[step])


def refuse_unless(
    session: Session, association: str, step: str, proved_at: datetime | None, act: journal.Act
) -> UUID:
    """The account of whoever may do a step now; NotAllowed for everybody else.

    The role is needed, and both factors proved in the last ten minutes.
    """
    if act.account is None or not may(session, association, step, act.account):
        raise NotAllowed(NOT_YOU)
    if proved_at is None or not timedelta(0) <= act.now - proved_at <= FRESH:
        raise NotAllowed(NOT_PROVED)
    return act.account


def _check(
    session: Session,
    candidate: Candidate,
    step: str,
    seen: str,
    proved_at: datetime | None,
    act: journal.Act,
) -> None:
    refuse_unless(session, candidate.association, step, proved_at, act)
    if candidate.void_since is not None:
        raise Conflict(VOID)
    if seen != candidate.digest:
        raise Conflict(CHANGED)


def _roles(session: Session, association: str, account: UUID | None) -> set[str]:
    whom = session.get(Account, account) if account else None
    if whom is None or whom.disabled_at is not None:
        return set()
    return {one.role for one in memberships.of(session, association, whom.id)}


def _add(
    session: Session,
    cycle: AssessmentCycle,
    candidate: Candidate,
    step: str,
    proved_at: datetime | None,
    act: journal.Act,
) -> None:
    if act.account is None or proved_at is None:
        raise NotAllowed(NOT_YOU)
    session.add(
        Approval(
            association=candidate.association,
            candidate=candidate.id,
            step=step,
            account=act.account,
            digest=candidate.digest,
            proved_at=proved_at,
            given_at=act.now,
        )
    )
    session.flush()
    about, told = f"{cycle.slug} {candidate.number}", {"digest": candidate.digest}
    journal.record(session, candidate.association, act, f"{step} a candidate", about, told)
