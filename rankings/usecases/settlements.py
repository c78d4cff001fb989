"""Differences between a finding and its blind second opinion, settled by a third person."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from rankings.canonical import canonical
from rankings.errors import Conflict, Invalid, NotAllowed, Problem
from rankings.models import Finding
from rankings.usecases import conflicts, journal, self_assessments, staff
from rankings.usecases.second_opinions import Pair, about, listed

KEEP, TAKE = "first", "second"
MAX_BECAUSE = 500
# The remedies.
NO_CHOICE = f"must be one of {KEEP}, {TAKE}"
NO_BECAUSE = f"must be 1 to {MAX_BECAUSE} characters"
NOT_A_LEAD = "Only a lead auditor settles differences."
OWN = "You made one of the two findings: another lead auditor settles this."
NOT_OPEN = "Nothing is left to settle here."
AUDIT_OPEN = "This audit has been opened again: settle when it is closed."
CHANGED = "The first finding has changed since you opened the page. Look at it again."


@dataclass(frozen=True, slots=True)
class Settlement:
    """Which of both findings holds (`first` or `second`) and why; `seen` names the first one."""

    choice: str
    because: str
    seen: str


def token(finding: Finding | None) -> str:
    """Names what the first finding says."""
    said = {"found": finding.found, "reason": finding.reason} if finding else {}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def differences(session: Session, association: str) -> list[Pair]:
    """The findings on which both auditors differ: what is open first, then what is settled."""
    found = [one for one in listed(session, association) if one.differs or one.opinion.settled_at]
    return sorted(found, key=lambda one: not one.is_open)


def why_not(session: Session, pair: Pair, act: journal.Act) -> str | None:
    """Why a person does not settle a difference; None where nothing stands against it."""
    if not pair.is_open or pair.is_waiting or pair.finding is None:
        return NOT_OPEN
    if pair.audit.closed_at is None:
        return AUDIT_OPEN
    made = {str(pair.audit.auditor), pair.finding.auditor, str(pair.opinion.auditor)}
    if act.who in made:
        return OWN
    today = self_assessments.day(session, pair.cycle, act.now)
    whose = (pair.audit.association, act.account or UUID(int=0), pair.audit.agency)
    return conflicts.WHY if conflicts.ties(session, *whose, today) else None


def settle(session: Session, pair: Pair, said: Settlement, act: journal.Act) -> None:
    """Keep the first finding or take the second one in its place.

    Invalid names what is wrong; NotAllowed for whoever is no lead auditor, Conflict where `why_not`
    says so and where the first finding is not the one that was seen.
    """
    because = (
        unicodedata.normalize("NFC", said.because).replace("\r\n", "\n").replace("\0", "").strip()
    )
    _check(said.choice, because)
    if not staff.has(session, pair.audit.association, act.account, staff.LEAD):
        raise NotAllowed(NOT_A_LEAD)
    reason = why_not(session, pair, act)
    if reason:
        raise Conflict(reason)
    if token(pair.finding) != said.seen:
        raise Conflict(CHANGED)
    told = {"holds": said.choice, "was": pair.finding.found if pair.finding else None}
    if said.choice == TAKE:
        _take(session, pair, act)
    opinion = pair.opinion
    opinion.settled_by, opinion.settled_at = act.account, act.now
    opinion.settled_because = because
    session.add(opinion)
    session.flush()
    told["becomes"] = opinion.found if said.choice == TAKE else told["was"]
    whose = pair.audit.association
    journal.record(session, whose, act, "settled a difference", about(pair), told)


def _take(session: Session, pair: Pair, act: journal.Act) -> None:
    """The second opinion becomes the finding, of the same day: it is about the same visit."""
    finding, opinion = pair.finding, pair.opinion
    if finding is None or opinion.found is None:
        raise Conflict(NOT_OPEN)
    finding.found, finding.reason = opinion.found, opinion.reason
    finding.auditor, finding.found_at = str(opinion.auditor), act.now
    session.add(finding)


def _check(choice: str, because: str) -> None:
    problems = []
    if choice not in (KEEP, TAKE):
        problems.append(Problem("choice", choice[:100], NO_CHOICE))
    if not 1 <= len(because) <= MAX_BECAUSE:
        problems.append(Problem("because", because[:20], NO_BECAUSE))
    if problems:
        raise Invalid(problems)
