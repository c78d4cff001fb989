"""Who audits which agency in a cycle, by when, and how far each audit is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import Agency, AssessmentCycle, Audit, Finding
from rankings.usecases import agencies, conflicts, journal, second_opinions, self_assessments, staff
from rankings.usecases.joins import same

KINDS = ("document", "audit")
# Why an open audit is given to somebody else; no words about a person are kept.
REASONS = ("conflict", "absence", "workload", "rotation", "other")
NOT_BEGUN, BEGUN, CLOSED = "not_begun", "begun", "closed"
OPINIONS, DIFFERENCES = "opinions_open", "differences_open"
# The remedies.
NO_KIND = f"must be one of {', '.join(KINDS)}"
NO_REASON = f"must be one of {', '.join(REASONS)}"
NO_AUDITOR = "must be somebody with the role auditor or lead_auditor"
NO_DAY = "must be from today to the cut-off day of the cycle"
OVER = "The cut-off day of this cycle has passed: nothing more is audited in it."
TAKEN = "This agency has an audit of this kind in the cycle already."
AUDIT_CLOSED = "This audit is closed: it stays with who made it."
CHANGED = "Somebody else has given this audit to another auditor in the meantime."


@dataclass(frozen=True, slots=True)
class Plan:
    """An audit to come; `agency` is a public code, `evidence` one of `document` and `audit`."""

    agency: str
    evidence: str
    auditor: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class Change:
    """To whom an open audit goes, by when, why; `seen` is the auditor that it was taken from."""

    auditor: UUID
    due_on: date
    reason: str
    seen: str


@dataclass(frozen=True, slots=True)
class Line:
    """An audit in the list; `state` is one of the five above, `is_tied` a conflict of interest."""

    audit: Audit
    agency: Agency
    auditor: str
    state: str
    is_tied: bool
    is_late: bool


def assign(session: Session, cycle: AssessmentCycle, plan: Plan, act: journal.Act) -> Audit:
    """Give an auditor an agency to check; the same plan again changes nothing.

    Invalid names what cannot be taken. Conflict for a person with a tie to the agency, where the
    agency has such an audit already, and after the cut-off day.
    """
    agency = agencies.find(session, cycle.association, plan.agency)
    if plan.evidence not in KINDS:
        raise Invalid([Problem("evidence", plan.evidence[:100], NO_KIND)])
    _check(session, cycle, agency.id, plan, act)
    held = _of(session, cycle, agency.id, plan.evidence)
    if held is not None:
        if (held.auditor, held.due_on) == (plan.auditor, plan.due_on):
            return held
        raise Conflict(TAKEN)
    made = Audit(
        association=cycle.association,
        id=UUID(bytes=act.draw(16), version=4),
        cycle=cycle.id,
        agency=agency.id,
        evidence=plan.evidence,
        auditor=plan.auditor,
        assigned_by=act.account or plan.auditor,
        assigned_at=act.now,
        due_on=plan.due_on,
    )
    session.add(made)
    session.flush()
    told = {"auditor": str(plan.auditor), "due_on": plan.due_on.isoformat()}
    about = f"{cycle.slug} {agency.code} {plan.evidence}"
    journal.record(session, cycle.association, act, "assigned an audit", about, told)
    return made


def reassign(
    session: Session, cycle: AssessmentCycle, audit: Audit, change: Change, act: journal.Act
) -> None:
    """Give an open audit to somebody else, or another day to who has it.

    Conflict for a person with a tie, where the audit is closed, after the cut-off day, and where
    somebody else was faster; Invalid names what cannot be taken.
    """
    if (audit.auditor, audit.due_on) == (change.auditor, change.due_on):
        return
    if audit.closed_at is not None:
        raise Conflict(AUDIT_CLOSED)
    if str(audit.auditor) != change.seen:
        raise Conflict(CHANGED)
    if change.reason not in REASONS:
        raise Invalid([Problem("reason", change.reason[:100], NO_REASON)])
    _check(session, cycle, audit.agency, change, act)
    told = {"was": str(audit.auditor), "becomes": str(change.auditor), "reason": change.reason}
    told["due_on"] = change.due_on.isoformat()
    audit.auditor, audit.due_on = change.auditor, change.due_on
    audit.assigned_by, audit.assigned_at = act.account or change.auditor, act.now
    session.add(audit)
    session.flush()
    agency = session.get_one(Agency, {"association": audit.association, "id": audit.agency})
    about = f"{cycle.slug} {agency.code} {audit.evidence}"
    journal.record(session, cycle.association, act, "reassigned an audit", about, told)


def _check(
    session: Session,
    cycle: AssessmentCycle,
    agency: UUID,
    wanted: Plan | Change,
    act: journal.Act,
) -> None:
    today = self_assessments.day(session, cycle, act.now)
    if today > cycle.as_of:
        raise Conflict(OVER)
    problems = []
    if wanted.auditor not in {one.id for one in auditors(session, cycle.association)}:
        problems.append(Problem("auditor", str(wanted.auditor), NO_AUDITOR))
    if not today <= wanted.due_on <= cycle.as_of:
        problems.append(Problem("due_on", wanted.due_on.isoformat(), NO_DAY))
    if problems:
        raise Invalid(problems)
    conflicts.refuse(session, cycle.association, wanted.auditor, agency, today)


def auditors(session: Session, association: str) -> list[Any]:
    """The accounts that can be given an audit, by name."""
    return list(staff.people(session, association, staff.AUDITOR, staff.LEAD))


def _of(session: Session, cycle: AssessmentCycle, agency: UUID, evidence: str) -> Audit | None:
    found = select(Audit).where(
        Audit.association == cycle.association,
        Audit.cycle == cycle.id,
        Audit.agency == agency,
        Audit.evidence == evidence,
    )
    return session.exec(found).first()


@dataclass(slots=True)
class _Facts:
    """What is known of all audits of a cycle at once."""

    findings: Mapping[UUID, int]
    opinions: Mapping[UUID, list[second_opinions.Pair]]
    names: Mapping[UUID, str]
    tied: dict[UUID, Collection[UUID]] = field(default_factory=dict)


def lines(
    session: Session, cycle: AssessmentCycle, today: date, auditor: UUID | None = None
) -> list[Line]:
    """The audits of a cycle, of one auditor or of all, by agency and kind."""
    found = (
        select(Audit, Agency)
        .join(Agency, same(Audit, Agency, "agency"))
        .where(Audit.association == cycle.association, Audit.cycle == cycle.id)
    )
    if auditor is not None:
        found = found.where(Audit.auditor == auditor)
    pairs = session.exec(found.order_by(Agency.code, col(Audit.evidence).desc())).all()
    facts = _facts(session, cycle, today, [audit for audit, _agency in pairs])
    return [_line(audit, agency, facts, today) for audit, agency in pairs]


def _facts(
    session: Session, cycle: AssessmentCycle, today: date, audits: Iterable[Audit]
) -> _Facts:
    counted = select(Finding.audit, func.count()).where(
        Finding.association == cycle.association, Finding.cycle == cycle.id
    )
    people = {one.auditor for one in audits}
    opinions: dict[UUID, list[second_opinions.Pair]] = {}
    for pair in second_opinions.pairs(session, cycle):
        opinions.setdefault(pair.opinion.audit, []).append(pair)
    return _Facts(
        findings={
            key: many for key, many in session.exec(counted.group_by(col(Finding.audit))) if key
        },
        opinions=opinions,
        names=staff.names(session, people),
        tied={one: conflicts.tied(session, cycle.association, one, today) for one in people},
    )


def _line(audit: Audit, agency: Agency, facts: _Facts, today: date) -> Line:
    is_open = audit.closed_at is None
    return Line(
        audit=audit,
        agency=agency,
        auditor=facts.names[audit.auditor],
        state=_state(audit, facts),
        is_tied=is_open and audit.agency in facts.tied[audit.auditor],
        is_late=is_open and audit.due_on < today,
    )


def _state(audit: Audit, facts: _Facts) -> str:
    if audit.closed_at is None:
        return BEGUN if audit.visited_on or facts.findings.get(audit.id) else NOT_BEGUN
    opinions = facts.opinions.get(audit.id, [])
    if any(one.is_waiting for one in opinions):
        return OPINIONS
    return DIFFERENCES if any(one.is_open for one in opinions) else CLOSED
