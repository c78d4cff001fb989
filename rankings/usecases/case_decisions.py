"""Deciding a case by the rules, and merging one that tells the same as another."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import Complaint, ComplaintCase
from rankings.usecases import case_rules, cases, conflicts, journal
from rankings.usecases.case_hearing import NOT_CLASSIFIED
from rankings.usecases.case_rules import MERGED, Decision, Facts

ITSELF = "A case is not merged into itself."
NOT_YOURS = "Both cases must be given to the same person, who has read both."
SAME, ANOTHER = "same_worker", "another_worker"
WHO = (SAME, ANOTHER)


def facts(session: Session, case: ComplaintCase, today: date) -> Facts:
    """What is known of a case when it is decided."""
    line = cases.line(session, case)
    return Facts(
        today=today,
        notified_on=case.notified_on,
        answer_due_on=case.answer_due_on,
        answered_on=case.answered_on,
        is_withdrawn=case.is_withdrawn,
        has_second=line is not None and _has_second(session, line),
        may_count=line.may_count if line else None,
    )


def _has_second(session: Session, line: Complaint) -> bool:
    """Whether somebody else's complaint of the same kind was found true on a verified ground."""
    other = select(Complaint.number).where(
        Complaint.association == line.association,
        Complaint.agency == line.agency,
        Complaint.category == line.category,
        Complaint.number != line.number,
        col(Complaint.outcome).in_((case_rules.SUBSTANTIATED, case_rules.REMEDIED)),
        col(Complaint.ground).in_(case_rules.VERIFIED),
    )
    return session.exec(other).first() is not None


def decide(
    session: Session, association: str, case: UUID, decision: Decision, act: journal.Act
) -> None:
    """Decide a case; Invalid names the rules that stand against it.

    A case that is about no agency of the register can be rejected or withdrawn without a line;
    Conflict for any other outcome of such a case, and where a case is decided already.
    """
    held = cases.find_open(session, association, case)
    today = cases.today(session, association, act)
    known = facts(session, held, today)
    wrong = case_rules.problems(decision, known)
    if wrong:
        raise Invalid(wrong)
    line = cases.line(session, held)
    if line is None and decision.outcome not in (case_rules.REJECTED, case_rules.WITHDRAWN):
        raise Conflict(NOT_CLASSIFIED)
    if line is not None:
        if act.account is not None:
            conflicts.refuse(session, association, act.account, line.agency, today)
        line.outcome, line.decided_on, line.agency_heard = decision.outcome, today, known.is_heard
        line.ground = decision.ground or None
        session.add(line)
    held.status = "decided" if line else "closed"
    held.is_withdrawn = held.is_withdrawn or _is_confirmed(decision)
    held.decided_by, held.closed_on = act.account, today
    session.add(held)
    session.flush()
    told = {"outcome": decision.outcome, "ground": decision.ground, "reason": decision.rejection}
    journal.record(session, association, act, "decided a complaint", str(case), told)


def _is_confirmed(decision: Decision) -> bool:
    return decision.outcome == case_rules.WITHDRAWN and decision.called_back


def merge(
    session: Session, association: str, case: UUID, into: UUID, who: str, act: journal.Act
) -> None:
    """Let a case go on in another one, which its officer has, too; both stay readable.

    Where another worker tells the same, the workers of the merged case are added. Its own line
    never counts. Conflict where a case is decided, the same, or somebody else's.
    """
    held = cases.find_open(session, association, case)
    if who not in WHO:
        raise Invalid([Problem("who", who[:100], case_rules.CHOOSE)])
    if case == into:
        raise Conflict(ITSELF)
    other = cases.find_open(session, association, into)
    if held.officer is None or held.officer != other.officer or act.account != held.officer:
        raise Conflict(NOT_YOURS)
    _add_workers(session, held, other, who)
    today = cases.today(session, association, act)
    line = cases.line(session, held)
    if line is not None:
        line.outcome, line.decided_on, line.ground = MERGED, today, None
        session.add(line)
    for one in (held, *cases.merged(session, held)):
        one.merged_into = into
        session.add(one)
    held.status, held.closed_on, held.decided_by = "closed", today, act.account
    session.add(held)
    session.flush()
    told = {"into": str(into), "who": who}
    journal.record(session, association, act, "merged a complaint", str(case), told)


def _add_workers(session: Session, held: ComplaintCase, other: ComplaintCase, who: str) -> None:
    """The workers of both stand behind the one that goes on."""
    if who != ANOTHER:
        return
    line, theirs = cases.line(session, held), cases.line(session, other)
    if theirs is None:
        raise Conflict(NOT_CLASSIFIED)
    theirs.workers_affected += line.workers_affected if line else 1
    session.add(theirs)
