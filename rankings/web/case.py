"""One case: what is sealed in it is shown for a reason, once; the work on it is done beside.

Each answer that shows contents is one entry of the journal. Forms answer with the frame, so that
nothing of a complaint stands on a page that nobody asked for.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session

from rankings.errors import Invalid, Problem
from rankings.models import ComplaintCase
from rankings.usecases import (
    associations,
    case_classification,
    case_deadlines,
    case_decisions,
    case_hearing,
    case_redaction,
    case_rules,
    case_talk,
    cases,
    journal,
)
from rankings.web import (
    act,
    case_agencies,
    case_alike,
    case_forms,
    case_problems,
    case_vault,
    case_words,
    now,
    reading,
    transaction,
)
from rankings.web.cases import DESK, short

pages = Blueprint("case", __name__)

CASE = f"{DESK}<uuid:case>/"
# Browsers keep it and open nothing of it by themselves.
KEPT_AS = "application/octet-stream"
Work = Callable[[Session, journal.Act], object]


@pages.get(CASE)
def show(association: str, case: UUID) -> str:
    """The frame: how far the case is and what can be done; nothing of what stands in it."""
    with reading() as session:
        return _page(session, association, case)


@pages.post(f"{CASE}read")
def read(association: str, case: UUID) -> ResponseReturnValue:
    """What stands in the case, for a reason; one entry in the journal."""
    form, now_acting = case_forms.ReadForm(), act()

    def work(session: Session) -> str:
        held = cases.note_reading(session, association, case, form.reason.data or "", now_acting)
        together = [held, *cases.merged(session, held)]
        found = [(one, case_vault.contents(session, one)) for one in together]
        return _page(session, association, case, contents=found)

    try:
        return transaction(work)
    except Invalid as invalid:
        return _again(association, case, "read", form, invalid)


@pages.post(f"{CASE}paper")
def paper(association: str, case: UUID) -> ResponseReturnValue:
    """A paper that the worker sent, to be kept on one's own machine; one entry in the journal."""
    wanted = case_alike.key(request.form.get("paper"))
    if wanted is None:
        wrong = Invalid([Problem("paper", "", case_rules.CHOOSE)])
        return _again(association, case, "read", case_forms.ReadForm(formdata=None), wrong)

    def work(session: Session) -> tuple[bytes, str]:
        held = cases.note_paper(session, association, case, wanted, act())
        return case_vault.paper(session, held, wanted)

    body, name = transaction(work)
    return send_file(io.BytesIO(body), KEPT_AS, as_attachment=True, download_name=name)


@pages.post(f"{CASE}classify")
def classify(association: str, case: UUID) -> ResponseReturnValue:
    """Write the line of the register, or change it."""
    form = case_forms.ClassifyForm()

    def work(session: Session, by: journal.Act) -> None:
        code = case_agencies.code(session, association, form.agency.data or "")
        case_classification.classify(session, association, case, form.given(code), by)

    return _work(association, case, "classify", form, work)


@pages.post(f"{CASE}ask")
def ask(association: str, case: UUID) -> ResponseReturnValue:
    """Ask the worker."""
    form = case_forms.AskForm()

    def work(session: Session, by: journal.Act) -> None:
        seal = case_vault.sealing(cases.find(session, association, case))
        case_talk.ask(session, association, case, form.question.data or "", seal, by)

    return _work(association, case, "ask", form, work)


@pages.post(f"{CASE}note")
def note(association: str, case: UUID) -> ResponseReturnValue:
    """Keep a note."""
    form = case_forms.NoteForm()

    def work(session: Session, by: journal.Act) -> None:
        seal = case_vault.sealing(cases.find(session, association, case))
        case_talk.note(session, association, case, form.note.data or "", seal, by)

    return _work(association, case, "note", form, work)


@pages.post(f"{CASE}release")
def release(association: str, case: UUID) -> ResponseReturnValue:
    """Release a summary for the agency."""
    form = case_forms.ReleaseForm()

    def work(session: Session, by: journal.Act) -> None:
        case_hearing.release(session, association, case, form.summary.data or "", by)

    return _work(association, case, "release", form, work)


@pages.post(f"{CASE}decide")
def decide(association: str, case: UUID) -> ResponseReturnValue:
    """Decide by the rules."""
    form = case_forms.DecideForm()

    def work(session: Session, by: journal.Act) -> None:
        case_decisions.decide(session, association, case, form.given(), by)

    return _work(association, case, "decide", form, work)


@pages.post(f"{CASE}merge")
def merge(association: str, case: UUID) -> ResponseReturnValue:
    """Let the case go on in another one."""
    form = case_forms.MergeForm()

    def work(session: Session, by: journal.Act) -> None:
        into = case_alike.key(form.into.data)
        if into is None:
            raise Invalid([Problem("into", (form.into.data or "")[:100], case_rules.CHOOSE)])
        case_decisions.merge(session, association, case, into, form.who.data or "", by)

    return _work(association, case, "merge", form, work)


def _work(
    association: str, case: UUID, name: str, form: FlaskForm, work: Work
) -> ResponseReturnValue:
    """Do it and answer with the frame; with what is wrong and all that was typed, if it cannot."""
    try:
        transaction(lambda session: work(session, act()))
    except Invalid as invalid:
        return _again(association, case, name, form, invalid)
    return redirect(url_for("case.show", association=association, case=case), 303)


def _again(
    association: str, case: UUID, name: str, form: FlaskForm, invalid: Invalid
) -> ResponseReturnValue:
    errors = case_problems.by_field(invalid)
    with reading() as session:
        return _page(session, association, case, sent=(name, form), errors=errors), 422


def _page(
    session: Session,
    association: str,
    case: UUID,
    sent: tuple[str, FlaskForm] | None = None,
    errors: dict[str, str] | None = None,
    contents: object = None,
) -> str:
    held = cases.find(session, association, case)
    today = associations.day(associations.find(session, association), now())
    line = cases.line(session, held)
    is_here = case_vault.is_here(held)
    forms = _forms(session, held)
    if sent:
        forms[sent[0]] = sent[1]
    return render_template(
        "cases/show.html",
        case=held,
        line=line,
        agency=case_agencies.shown(session, association, line.agency) if line else None,
        agencies=case_agencies.every(session, association),
        weeks=case_deadlines.weeks(held.received_month, today),
        late=case_deadlines.overdue(held, today),
        facts=case_decisions.facts(session, held, today),
        sharing=case_hearing.sharing(session, line) if line else 0,
        visible_on=case_deadlines.next_month(today),
        alike=case_alike.alike(session, held) if is_here else [],
        is_open=held.status in case_deadlines.OPEN,
        is_here=is_here,
        forms=forms,
        busy=sent[0] if sent else "",
        errors=errors or {},
        contents=contents,
        **_lists(session, association),
    )


def _lists(session: Session, association: str) -> dict[str, Any]:
    """What can be chosen, and the words for it."""
    return {
        "words": case_words,
        "choices": case_words.choices,
        "short": short,
        "readings": cases.READINGS,
        "categories": case_classification.CATEGORIES,
        "indicators": case_classification.FORCED_LABOUR,
        "severities": case_classification.severities(session, association),
        "may_count": ("", *case_classification.MAY_COUNT),
        "countries": case_words.countries(),
        "currencies": case_words.currencies(),
        "outcomes": case_rules.OUTCOMES,
        "grounds": case_rules.GROUNDS,
        "rejections": case_rules.REJECTIONS,
        "longest_summary": case_redaction.LONGEST_SUMMARY,
    }


def _forms(session: Session, held: ComplaintCase) -> dict[str, FlaskForm]:
    """The forms as they stand, whatever a browser sent."""
    return {
        "read": case_forms.ReadForm(formdata=None),
        "classify": case_forms.ClassifyForm(formdata=None, data=_classified(session, held)),
        "ask": case_forms.AskForm(formdata=None),
        "note": case_forms.NoteForm(formdata=None),
        "release": case_forms.ReleaseForm(formdata=None, data={"summary": held.summary or ""}),
        "decide": case_forms.DecideForm(formdata=None),
        "merge": case_forms.MergeForm(formdata=None),
    }


def _classified(session: Session, held: ComplaintCase) -> dict[str, Any]:
    """The line of a case as its form shows it."""
    line = cases.line(session, held)
    if line is None:
        return {"workers": "1", "may_tell_agency": held.may_tell_agency}
    amounts = {
        name: case_classification.typed(getattr(line, name), line.currency)
        for name in ("claimed", "recovered")
    }
    return {
        **amounts,
        "agency": cases.agency(session, held.association, line.agency).code,
        "category": line.category,
        "severity": line.severity,
        "workers": str(line.workers_affected),
        "forced_labour": line.forced_labour or [],
        "currency": line.currency or "",
        "destination": line.destination or "",
        "may_count": line.may_count or "",
        "may_tell_agency": held.may_tell_agency,
    }
