"""The audit screen: what the agency says and what is found, question by question."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import HiddenField, StringField, TextAreaField

from rankings.errors import Conflict, Invalid, Problem
from rankings.usecases import audit_closing, audit_findings
from rankings.usecases.audit_findings import Change, Clash
from rankings.web import act, question_page, reading, transaction
from rankings.web.audit_page import (
    AuditDesk,
    ShownFinding,
    audit_desk,
    kind_word,
    method_word,
    refused_finding,
    shown_finding,
)
from rankings.web.languages import say as _
from rankings.web.moments import long_day

pages = Blueprint("audit", __name__)

AUDIT = "/<association>/staff/audits/<uuid:audit>"
QUESTION = f"{AUDIT}/questions/<indicator>"


class FindingForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """One finding, its reason, and the token of the finding it replaces."""

    found = StringField()
    reason = TextAreaField()
    seen = HiddenField()


class VisitForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """When and how it was checked, and what stood there before."""

    visited_on = StringField()
    method = StringField()
    seen = HiddenField()


class ReopenForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why a closed audit has to be changed."""

    reason = TextAreaField()


@pages.get(f"{AUDIT}/")
def show(association: str, audit: UUID) -> str:
    """How far the audit is, what to do next, and what it lacks before it can be closed."""
    return _show((association, audit))


def _show(place: tuple[str, UUID], **refused: Any) -> str:
    """The page of the audit, with what was sent and refused, if anything."""
    with reading() as session:
        held = audit_desk(session, *place)
    stored = {
        "visited_on": str(held.audit.visited_on or ""),
        "method": held.audit.method or "",
        "seen": audit_closing.visit_token(held.audit),
    }
    return render_template(
        "audit/show.html",
        desk=held,
        methods=audit_closing.METHODS[held.audit.evidence],
        kind_word=kind_word,
        method_word=method_word,
        lacking=_lacking(held),
        saved=request.args.get("saved", ""),
        **({"sent": stored, "errors": {}, "clash": False, "reason": ""} | refused),
    )


def _lacking(held: AuditDesk) -> list[tuple[str, str]]:
    """What must be done before the audit can be closed: a sentence, and where to do it."""
    known = {
        audit_closing.VISIT: (_("Say when and how it was checked."), "#visited_on"),
        audit_closing.FINDINGS: (_("There is no finding yet."), "#questions"),
    }
    return [known[one] if one in known else _silent(held, one) for one in held.missing]


def _silent(held: AuditDesk, code: str) -> tuple[str, str]:
    text = _("Say why: %(question)s", question=held.question(code).text)
    return text, held.address("audit.question", indicator=code)


@pages.post(f"{AUDIT}/visit")
def visit(association: str, audit: UUID) -> ResponseReturnValue:
    """Say when and how it was checked."""
    form, place = VisitForm(), (association, audit)
    sent = {name: form[name].data or "" for name in ("visited_on", "method", "seen")}

    def work(session: Session) -> None:
        held, _cycle, _agency = audit_findings.find(session, association, audit)
        day = _day(sent["visited_on"])
        audit_findings.set_visit(session, held, day, sent["method"], act(), sent["seen"])

    try:
        transaction(work)
    except Invalid as invalid:
        return _show(place, sent=sent, errors=_visit_errors(place, invalid)), 422
    except Conflict as conflict:
        if str(conflict) != audit_closing.VISIT_CHANGED:
            raise
        return _show(place, sent=sent | {"seen": _visit_seen(place)}, clash=True), 409
    return redirect(_at("audit.show", place, saved="visit"), 303)


def _visit_seen(place: tuple[str, UUID]) -> str:
    with reading() as session:
        return audit_closing.visit_token(audit_findings.find(session, *place)[0])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid([Problem("visited_on", text, "must be a day")]) from None


def _visit_errors(place: tuple[str, UUID], invalid: Invalid) -> dict[str, str]:
    with reading() as session:
        first, last = (long_day(day) for day in audit_desk(session, *place).days)
    words = {
        "visited_on": _("Choose a day from %(first)s to %(last)s.", first=first, last=last),
        "method": _("Choose how it was checked."),
    }
    return {one.place: words[one.place] for one in invalid.problems}


@pages.get(QUESTION)
def question(association: str, audit: UUID, indicator: str) -> str:
    """One question: what the agency says beside what is found."""
    return _question((association, audit), indicator)


def _question(
    place: tuple[str, UUID],
    indicator: str,
    sent: ShownFinding | None = None,
    clash: Clash | None = None,
) -> str:
    with reading() as session:
        held = audit_desk(session, *place)
    asked = held.question(indicator)
    before, after = question_page.around(held.order, indicator)
    saved = request.args.get("saved", "")
    return render_template(
        "audit/question.html",
        desk=held,
        question=asked,
        shown=sent or shown_finding(held.findings.get(indicator)),
        finding=held.findings.get(indicator) or held.imported.get(indicator),
        kind_word=kind_word,
        before=before,
        after=after,
        place=held.order.index(indicator) + 1,
        clash=clash,
        saved=held.question(saved).text if saved in held.order else "",
    )


@pages.post(QUESTION)
def save(association: str, audit: UUID, indicator: str) -> ResponseReturnValue:
    """Save a finding; where somebody else was faster both versions are shown and none is lost."""
    form, place = FindingForm(), (association, audit)
    change = Change(indicator, *(form[name].data or "" for name in ("found", "reason", "seen")))

    def work(session: Session) -> int:
        held, _cycle, _agency = audit_findings.find(session, association, audit)
        return audit_findings.save(session, held, [change], act())

    try:
        transaction(work)
    except Clash as clash:
        seen = audit_findings.token(clash.theirs)
        sent = ShownFinding(change.found, change.reason, seen)
        return _question(place, indicator, sent, clash), 409
    except Invalid as invalid:
        return _question(place, indicator, _refused(place, change, invalid)), 422
    return redirect(_next(place, indicator), 303)


def _refused(place: tuple[str, UUID], change: Change, invalid: Invalid) -> ShownFinding:
    with reading() as session:
        asked = audit_desk(session, *place).question(change.indicator)
    return refused_finding(change, asked, invalid)


def _next(place: tuple[str, UUID], indicator: str) -> str:
    """Where saving leads: to the next question without a finding, or back to the audit."""
    with reading() as session:
        waiting = audit_desk(session, *place).waiting(indicator)
    if waiting is None or request.form.get("then") != "next":
        return _at("audit.show", place, saved=indicator)
    return _at("audit.question", place, indicator=waiting, saved=indicator)


@pages.post(f"{AUDIT}/close")
def close(association: str, audit: UUID) -> ResponseReturnValue:
    """Close the audit: its findings count, a tenth of them is drawn to be made again."""
    place = (association, audit)

    def work(session: Session) -> None:
        held, _cycle, _agency = audit_findings.find(session, association, audit)
        audit_findings.close(session, held, act())

    try:
        transaction(work)
    except Invalid:
        return _show(place, errors={"closing": ""}), 422
    return redirect(_at("audit.show", place), 303)


@pages.post(f"{AUDIT}/reopen")
def reopen(association: str, audit: UUID) -> ResponseReturnValue:
    """Open a closed audit again; only a lead auditor may."""
    place, reason = (association, audit), ReopenForm().reason.data or ""

    def work(session: Session) -> None:
        held, _cycle, _agency = audit_findings.find(session, association, audit)
        audit_findings.reopen(session, held, reason, act())

    try:
        transaction(work)
    except Invalid:
        wrong = _("Write 1 to %(most)d characters.", most=audit_closing.MAX_WHY_OPEN)
        return _show(place, errors={"reopen": wrong}, reason=reason), 422
    return redirect(_at("audit.show", place), 303)


def _at(endpoint: str, place: tuple[str, UUID], **more: Any) -> str:
    return url_for(endpoint, association=place[0], audit=place[1], **more)
