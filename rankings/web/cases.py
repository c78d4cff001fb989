"""The desk of complaints: the queue without names or texts, and who works on what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Invalid, Problem
from rankings.models import Complaint, ComplaintCase
from rankings.usecases import (
    associations,
    case_deadlines,
    case_reports,
    case_rules,
    case_suggestions,
    cases,
    staff,
)
from rankings.web import act, case_problems, case_vault, case_words, now, reading, transaction
from rankings.web.access import person

pages = Blueprint("cases", __name__)

DESK = "/<association>/staff/complaints/"


@dataclass(frozen=True)
class Line:
    """One line of the queue."""

    case: ComplaintCase
    weeks: int
    late: list[str]
    officer: str
    outcome: str
    is_mine: bool
    is_burst: bool
    is_alike: bool

    @property
    def short(self) -> str:
        """What people call the case."""
        return short(self.case.id)


def short(case: UUID) -> str:
    """The first eight signs of a case's key."""
    return case.hex[:8]


@pages.get(DESK)
def queue(association: str) -> str:
    """What waits, the overdue first; who may read what stands in it is told by its line."""
    return _queue(association, {})


def _queue(association: str, errors: dict[str, str]) -> str:
    with reading() as session:
        whose = associations.find(session, association)
        today = associations.day(whose, now())
        held = case_deadlines.overdue_first(cases.queue(session, association), today)
        found = _lines(session, association, held, today)
        officers = staff.people(session, association, cases.OFFICER)
        is_open = case_vault.is_open(session, association)
    return render_template(
        "cases/queue.html",
        whose=whose,
        open=[one for one in found if one.case.status in case_deadlines.OPEN],
        done=[one for one in found if one.case.status not in case_deadlines.OPEN],
        officers=officers,
        is_open=is_open,
        errors=errors,
        words=case_words,
        reopenings=case_rules.REOPENINGS,
    )


def _lines(
    session: Session, association: str, held: Sequence[ComplaintCase], today: date
) -> list[Line]:
    bursts, alike = _flags(session, held)
    known = cases.lines(session, association, held)
    names = staff.names(session, {one.officer for one in held if one.officer})
    return [
        Line(
            case=one,
            weeks=case_deadlines.weeks(one.received_month, today),
            late=case_deadlines.overdue(one, today),
            officer=names.get(one.officer, "") if one.officer else "",
            outcome=_outcome(one, known.get(one.id)),
            is_mine=one.officer == person().account,
            is_burst=one.id in bursts,
            is_alike=one.id in alike,
        )
        for one in held
    ]


def _outcome(case: ComplaintCase, line: Complaint | None) -> str:
    if case.merged_into:
        return case_rules.MERGED
    return line.outcome if line else ""


def _flags(session: Session, held: Sequence[ComplaintCase]) -> tuple[set[UUID], set[UUID]]:
    """What the machine noticed, of cases that are open; nothing where the key is not here."""
    found = case_reports.reports(session, held, case_vault.opener())
    waiting = case_reports.open_ones(held)
    loud = case_suggestions.bursts(found) & waiting
    compared = [one for one in found if one.case in waiting]
    pairs = case_suggestions.pairs(compared)
    return loud, {case for pair in pairs for case in (pair.one, pair.other)}


@pages.post(f"{DESK}take")
def take(association: str) -> ResponseReturnValue:
    """Whoever is signed in works on a case that nobody has."""
    case = _uuid(request.form.get("case"))
    if case is None:
        return _again(association, "case")
    transaction(lambda session: cases.take(session, association, case, act()))
    return redirect(url_for("case.show", association=association, case=case), 303)


@pages.post(f"{DESK}assign")
def assign(association: str) -> ResponseReturnValue:
    """Give a case to an officer."""
    case, officer = _uuid(request.form.get("case")), _uuid(request.form.get("officer"))
    if case is None or officer is None:
        return _again(association, "officer")
    try:
        transaction(lambda session: cases.assign(session, association, case, officer, act()))
    except Invalid as invalid:
        return _queue(association, case_problems.by_field(invalid)), 422
    return redirect(url_for("cases.queue", association=association), 303)


@pages.post(f"{DESK}<uuid:case>/reopen")
def reopen(association: str, case: UUID) -> ResponseReturnValue:
    """Open a decided case again."""
    reason = request.form.get("reopening", "")
    try:
        transaction(lambda session: cases.reopen(session, association, case, reason, act()))
    except Invalid as invalid:
        return _queue(association, case_problems.by_field(invalid)), 422
    return redirect(url_for("cases.queue", association=association), 303)


def _again(association: str, field: str) -> ResponseReturnValue:
    wrong = Invalid([Problem(field, "", case_rules.CHOOSE)])
    return _queue(association, case_problems.by_field(wrong)), 422


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
