"""An audit's way: who may work on it, the day of the visit, closed, and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import AssessmentCycle, Audit
from rankings.usecases import conflicts, cycles, journal, second_opinions, self_assessments
from rankings.usecases.answers import Questions
from rankings.usecases.audit_reading import (
    WHY,
    agency_of,
    claims,
    cycle_of,
    needs_reason,
    of,
    refuse_blind,
    why_closed,
)

MAX_WHY_OPEN = 200
# How each kind of audit can have been made.
METHODS: Mapping[str, tuple[str, ...]] = {
    "document": ("documents", "video"),
    "audit": ("visit_announced", "visit_unannounced", "video"),
}
NOT_CLOSED = "This audit is open already."
VISIT_CHANGED = "Somebody else has changed the day or the method in the meantime."
# What an audit lacks before it can be closed; an indicator's id where a finding needs a reason.
VISIT, FINDINGS = "visit", "findings"


def hold(session: Session, audit: Audit, act: journal.Act) -> tuple[Audit, AssessmentCycle, date]:
    """The audit for a person without a tie to its agency; nobody else changes it until the commit.

    With its cycle and today's date by the association's clock. Conflict where there is a tie.
    """
    held = session.exec(
        select(Audit)
        .where(Audit.association == audit.association, Audit.id == audit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    cycle = cycle_of(session, held)
    today = self_assessments.day(session, cycle, act.now)
    if act.account is not None:
        conflicts.refuse(session, held.association, act.account, held.agency, today)
        refuse_blind(session, held, act.account)
    return held, cycle, today


def hold_open(
    session: Session, audit: Audit, act: journal.Act
) -> tuple[Audit, AssessmentCycle, date]:
    """As `hold`; Conflict where the audit is closed or the cut-off day has passed as well."""
    held, cycle, today = hold(session, audit, act)
    reason = why_closed(session, held, cycle, act.now)
    if reason:
        raise Conflict(WHY[reason])
    return held, cycle, today


def visit_token(audit: Audit) -> str:
    """Names the day and the method that stand there; whoever saves them sends it back."""
    return f"{audit.visited_on or ''} {audit.method or ''}"


def set_visit(
    session: Session,
    audit: Audit,
    visited_on: date,
    method: str,
    act: journal.Act,
    seen: str | None = None,
) -> None:
    """Say when and how it was checked: on a day of the cycle that is not after today.

    Invalid names what is wrong. Where `seen` is given, Conflict if something else stands there.
    """
    held, cycle, today = hold_open(session, audit, act)
    _check_visit(session, cycle, held, (visited_on, method, today))
    if (held.visited_on, held.method) == (visited_on, method):
        return
    if seen is not None and seen != visit_token(held):
        raise Conflict(VISIT_CHANGED)
    told = {"was": visit_token(held)}
    held.visited_on, held.method = visited_on, method
    session.add(held)
    session.flush()
    told |= {"becomes": visit_token(held)}
    _note(session, held, cycle, act, "said when an audit was made", told)


def _check_visit(
    session: Session, cycle: AssessmentCycle, audit: Audit, said: tuple[date, str, date]
) -> None:
    visited_on, method, today = said
    first, last = cycles.opened_on(session, cycle), min(cycle.as_of, today)
    problems = []
    if not first <= visited_on <= last:
        remedy = f"must be from {first} to {last}"
        problems.append(Problem("visited_on", visited_on.isoformat(), remedy))
    if method not in METHODS[audit.evidence]:
        remedy = f"must be one of {', '.join(METHODS[audit.evidence])}"
        problems.append(Problem("method", method, remedy))
    if problems:
        raise Invalid(problems)


def missing(session: Session, audit: Audit) -> list[str]:
    """What must be done before an audit can be closed; empty if nothing.

    `visit`, `findings` (there is none), or the indicator of a finding without a needed reason:
    the agency may have submitted after the finding was made.
    """
    found, said = of(session, audit), claims(session, audit)
    questions = Questions(cycles.code_of(cycle_of(session, audit)))
    silent = [
        code
        for code, one in sorted(found.items())
        if not one.reason and needs_reason(questions, code, one.found, said.get(code))
    ]
    has_visit = audit.visited_on is not None and audit.method is not None
    return [*([] if has_visit else [VISIT]), *([] if found else [FINDINGS]), *silent]


def close(session: Session, audit: Audit, act: journal.Act) -> None:
    """Close an audit: its findings count from now on, a tenth of them is drawn to be made again.

    Invalid names by `missing` what has to be done first. Also possible after the cut-off day.
    """
    held, cycle, _today = hold(session, audit, act)
    if held.closed_at is not None:
        raise Conflict(WHY["audit_closed"])
    lacking = missing(session, held)
    if lacking or held.visited_on is None:
        raise Invalid(
            [Problem(one, "", "is needed before the audit can be closed") for one in lacking]
        )
    findings = of(session, held)
    for one in findings.values():
        one.found_on = held.visited_on
    held.closed_at = act.now
    session.add_all([held, *findings.values()])
    session.flush()
    told = {"findings": len(findings), "visited_on": held.visited_on.isoformat()}
    _note(session, held, cycle, act, "closed an audit", told)
    second_opinions.draw(session, held, sorted(findings), act)


def reopen(session: Session, audit: Audit, reason: str, act: journal.Act) -> None:
    """Open a closed audit again; until it is closed once more its findings count for nothing.

    The reason, 1 to 200 characters that name no person, stands in the journal.
    """
    held, cycle, today = hold(session, audit, act)
    said = reason.strip()
    if not 1 <= len(said) <= MAX_WHY_OPEN:
        remedy = f"must have 1 to {MAX_WHY_OPEN} characters"
        raise Invalid([Problem("reason", said[:20], remedy)])
    if held.closed_at is None:
        raise Conflict(NOT_CLOSED)
    if today > cycle.as_of:
        raise Conflict(WHY["cycle_closed"])
    held.closed_at = None
    session.add(held)
    session.flush()
    _note(session, held, cycle, act, "opened an audit again", {"reason": said})


def _note(
    session: Session,
    audit: Audit,
    cycle: AssessmentCycle,
    act: journal.Act,
    action: str,
    told: Mapping[str, object],
) -> None:
    about = f"{cycle.slug} {agency_of(session, audit).code} {audit.evidence}"
    journal.record(session, audit.association, act, action, about, told)
