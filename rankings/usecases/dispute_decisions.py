"""Deciding a dispute or an appeal: by another person than those who made the finding."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.canonical import canonical
from rankings.errors import Conflict, Invalid, NotAllowed, Problem
from rankings.models import Dispute, Finding, SecondOpinion, SeriousFinding
from rankings.usecases import (
    audit_reading,
    conflicts,
    cycles,
    disputed,
    disputes,
    journal,
    messages,
    self_assessments,
    staff,
    wording,
)
from rankings.usecases.answers import Questions
from rankings.usecases.disputed import AnyFinding
from rankings.usecases.disputes import CHANGED, DECIDERS, STANDS, WITHDRAWN, Listed
from rankings.usecases.incoming import Given, Wrong

LEAST_REASON, MAX_REASON = 20, 1_000
OUTCOMES = {"finding": (STANDS, CHANGED), "serious": (STANDS, WITHDRAWN)}
# The remedies.
NO_OUTCOME = "must be one of the outcomes"
NO_FOUND = "must be an answer that the rubric knows"
SAME_FOUND = "must differ from what was found: else the finding stands"
# The sentences.
NOT_A_DECIDER = "Only a lead auditor or the secretariat decides disputes."
OWN = "You made or judged this finding: somebody else decides the dispute."
DECIDED_BEFORE = "You decided the dispute of this finding: somebody else decides the appeal."
DECIDED = "This has been decided."
AUDIT_OPEN = "The audit has been opened again: decide when it is closed."
GONE = "The finding has been taken away."
FINDING_CHANGED = "The finding has changed since you opened the page. Look at it again."


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a finding and why; `found` only where it is changed.

    `seen` names the finding that was on the page.
    """

    outcome: str
    found: str
    reason: str
    seen: str


def token(row: AnyFinding | None) -> str:
    """Names what a finding says."""
    found = row.found if isinstance(row, Finding) else None
    said = {"found": found, "reason": row.reason} if row else {}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def why_not(session: Session, one: Listed, act: journal.Act) -> str | None:
    """Why a person does not decide this; None where nothing stands against it."""
    dispute = one.dispute
    if dispute.outcome is not None:
        return DECIDED
    row = disputed.row_of(session, dispute)
    if row is None:
        return GONE
    audit = disputed.audit_of(session, row)
    if audit is not None and audit.closed_at is None:
        return AUDIT_OPEN
    if act.who in _makers(session, row):
        return OWN
    if _decided_before(session, one, act.account):
        return DECIDED_BEFORE
    today = self_assessments.day(session, one.cycle, act.now)
    whose = (dispute.association, act.account or UUID(int=0), dispute.agency)
    return conflicts.WHY if conflicts.ties(session, *whose, today) else None


def refuse_blind(session: Session, one: Listed, account: UUID) -> None:
    """Conflict for whoever still has to judge a finding of the same audit blindly."""
    audit = disputed.audit_of(session, disputed.row_of(session, one.dispute))
    if audit is not None:
        audit_reading.refuse_blind(session, audit, account)


def decide(session: Session, one: Listed, said: Decision, act: journal.Act) -> None:
    """Decide a dispute, once: from now on the finding counts again, as it was or changed.

    Invalid names what is wrong; NotAllowed for whoever has no role for it, Conflict where
    `why_not` says so and where the finding is not the one that was seen.
    """
    reason = _check(one, said)
    if not staff.has(session, one.dispute.association, act.account, *DECIDERS):
        raise NotAllowed(NOT_A_DECIDER)
    held = Listed(_lock(session, one.dispute), one.agency, one.cycle)
    row, dispute = _row(session, held, said.seen, act), held.dispute
    dispute.found_before = row.found if isinstance(row, Finding) else None
    today = self_assessments.day(session, one.cycle, act.now)
    if isinstance(row, Finding):
        _apply(session, held, row, Decision(said.outcome, said.found, reason, said.seen), act)
    elif said.outcome == WITHDRAWN:
        row.withdrawn_on = today
    row.decided_on = today
    dispute.found_after = row.found if isinstance(row, Finding) else None
    dispute.outcome, dispute.reason = said.outcome, reason
    dispute.decided_by, dispute.decided_at = act.account, act.now
    session.add_all([row, dispute])
    session.flush()
    _note(session, held, act)


def _row(session: Session, one: Listed, seen: str, act: journal.Act) -> AnyFinding:
    """The finding for a person who may decide, if it is the one that was seen."""
    why = why_not(session, one, act)
    if why:
        raise Conflict(why)
    refuse_blind(session, one, act.account or UUID(int=0))
    row = disputed.row_of(session, one.dispute, lock=True)
    if row is None:
        raise Conflict(GONE)
    if token(row) != seen:
        raise Conflict(FINDING_CHANGED)
    return row


def _check(one: Listed, said: Decision) -> str:
    """The reason as it is stored; Invalid names all that is wrong."""
    reason = wording.cleaned(said.reason)
    problems = wording.faults("reason", reason, LEAST_REASON, MAX_REASON)
    if said.outcome not in OUTCOMES[one.dispute.kind]:
        problems.append(Problem("outcome", said.outcome[:20], NO_OUTCOME))
    elif said.outcome == CHANGED and _answer(one, said.found) is None:
        problems.append(Problem("found", said.found[:20], NO_FOUND))
    if problems:
        raise Invalid(problems)
    return reason


def _answer(one: Listed, found: str) -> str | None:
    """What is found now as it is stored; None where the rubric knows no such answer."""
    given = Given({"indicator": one.dispute.subject, "found": found.strip()}, lambda name: name)
    try:
        return Questions(cycles.code_of(one.cycle)).answer(given, "found")
    except Wrong:
        return None


def _apply(session: Session, one: Listed, row: Finding, said: Decision, act: journal.Act) -> None:
    """What was found becomes what was decided; a second opinion that differs is settled by it."""
    if said.outcome != CHANGED:
        return
    found = _answer(one, said.found)
    if found is None or found == row.found:
        raise Invalid([Problem("found", said.found[:20], SAME_FOUND)])
    row.found, row.reason = found, said.reason
    opinion = _opinion(session, row)
    if opinion is not None and opinion.settled_at is None and opinion.found != found:
        opinion.settled_by, opinion.settled_at = act.account, act.now
        opinion.settled_because = said.reason[:500]
        session.add(opinion)


def _opinion(session: Session, row: AnyFinding) -> SecondOpinion | None:
    """The second opinion on a finding, if one was given."""
    if not isinstance(row, Finding) or row.audit is None:
        return None
    return session.exec(
        select(SecondOpinion).where(
            SecondOpinion.association == row.association,
            SecondOpinion.audit == row.audit,
            SecondOpinion.indicator == row.indicator,
            col(SecondOpinion.given_at).is_not(None),
        )
    ).first()


def _makers(session: Session, row: Finding | SeriousFinding) -> set[str]:
    """The accounts that made a finding, found it again, or settled what it is."""
    audit, opinion = disputed.audit_of(session, row), _opinion(session, row)
    found = {row.auditor}
    if audit is not None:
        found.add(str(audit.auditor))
    if opinion is not None:
        found |= {str(opinion.auditor), str(opinion.settled_by)}
    return found


def _decided_before(session: Session, one: Listed, account: UUID | None) -> bool:
    """Whether a person decided an earlier dispute of the same finding."""
    mine = one.dispute
    earlier = disputes.of_agency(session, one.cycle, mine.agency)
    keys = ("kind", "subject", "evidence", "found_on")
    return any(
        other.decided_by == account
        and all(getattr(other, key) == getattr(mine, key) for key in keys)
        for other in earlier
        if other.decided_by is not None
    )


def _lock(session: Session, dispute: Dispute) -> Dispute:
    """The dispute, which nobody else decides until the commit."""
    return session.exec(
        select(Dispute)
        .where(Dispute.association == dispute.association, Dispute.id == dispute.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _note(session: Session, one: Listed, act: journal.Act) -> None:
    dispute = one.dispute
    told = {
        "outcome": dispute.outcome,
        "was": dispute.found_before,
        "becomes": dispute.found_after,
    }
    whose = dispute.association
    journal.record(session, whose, act, "decided a dispute", disputes.about(one), told)
    values = {
        "cycle": one.cycle.slug,
        "agency": one.agency.code,
        "subject": dispute.subject,
        "dispute": str(dispute.id),
    }
    occasion = f"dispute_decided {dispute.id}"
    messages.to_agency(session, whose, dispute.agency, occasion, "dispute_decided", values, act)
