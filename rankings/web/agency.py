"""An agency's self-assessment in the browser: tasks, questions, check, submit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Invalid
from rankings.usecases import evidence, self_assessments
from rankings.usecases.self_assessments import Change, Clash
from rankings.web import act, question_page, reading, transaction
from rankings.web.desk import SELF_ASSESSMENT, Desk, desk, here, refuse_closed
from rankings.web.forms import AnswerForm, SubmitForm
from rankings.web.languages import say as _
from rankings.web.question_page import Shown

pages = Blueprint("agency", __name__)
QUESTION = f"{SELF_ASSESSMENT}/questions/<indicator>"


@pages.get(f"{SELF_ASSESSMENT}/")
def tasks(association: str, cycle: str, agency: str) -> str:
    """The articles, how far each is, and what to do next."""
    with reading() as session:
        held = desk(session, association, cycle, agency)
        names = self_assessments.names(session, held.answers)
        submitted = self_assessments.of(session, held.cycle, held.agency.id)
    dated = {one.answered_at: one for one in held.answers.values() if one.answered_at}
    last = dated[max(dated)] if dated else None
    return render_template(
        "agency/tasks.html", desk=held, last=last, names=names, submitted=submitted
    )


@pages.get(QUESTION)
def question(association: str, cycle: str, agency: str, indicator: str) -> str:
    """One question with its answer, the evidence for it, and the answer of the last cycle."""
    with reading() as session:
        held = desk(session, association, cycle, agency)
        return _question(session, held, indicator)


def _question(
    session: Session,
    held: Desk,
    indicator: str,
    sent: Shown | None = None,
    clash: Clash | None = None,
) -> str:
    asked, files = held.question(indicator), held.files.get(indicator, [])
    given = self_assessments.names(session, held.answers)
    before, after = question_page.around(held.order, indicator)
    return render_template(
        "agency/question.html",
        desk=held,
        question=asked,
        shown=sent or question_page.shown(held.answers.get(indicator)),
        answer=held.answers.get(indicator),
        names=given | evidence.names(session, files),
        last=self_assessments.before(session, held.cycle, held.agency.id).get(indicator),
        files=files,
        before=before,
        after=after,
        clash=clash,
    )


@pages.post(QUESTION)
def save_answer(association: str, cycle: str, agency: str, indicator: str) -> ResponseReturnValue:
    """Save an answer; where somebody else was faster both versions are shown and none is lost."""
    form = AnswerForm()
    change = Change(indicator, form.answer.data or "", form.note.data or "", form.seen.data or "")

    def work(session: Session) -> str:
        place = self_assessments.find(session, association, cycle, agency)
        self_assessments.save_answers(session, *place, [change], act())
        saved = self_assessments.answers(session, place[0], place[1].id).get(indicator)
        return self_assessments.token(saved)

    try:
        seen = transaction(work)
    except Clash as clash:
        return _again((association, cycle, agency), change, clash=clash), 409
    except Invalid as invalid:
        return _again((association, cycle, agency), change, invalid=invalid), 422
    if request.accept_mimetypes.best == "application/json":
        return jsonify(seen=seen, status=_("Saved"))
    return redirect(_next((association, cycle, agency), indicator), 303)


def _again(
    place: tuple[str, str, str],
    change: Change,
    clash: Clash | None = None,
    invalid: Invalid | None = None,
) -> str:
    """The question with what was sent, and why it was not saved."""
    with reading() as session:
        held = desk(session, *place)
        asked = held.question(change.indicator)
        seen = self_assessments.token(clash.theirs) if clash else change.seen
        sent = Shown(change.value, change.note, seen)
        for problem in invalid.problems if invalid else ():
            column = problem.place.rpartition(" ")[2]
            sent.errors |= dict(question_page.errors(column, asked))
        return _question(session, held, change.indicator, sent, clash)


def _next(place: tuple[str, str, str], indicator: str) -> str:
    """Where saving leads: to the next question, or back to the tasks."""
    if request.form.get("then") != "next":
        return here(".tasks")
    with reading() as session:
        after = question_page.around(desk(session, *place).order, indicator)[1]
    return here(".question", indicator=after) if after else here(".check")


@pages.get(f"{SELF_ASSESSMENT}/check")
def check(association: str, cycle: str, agency: str) -> str:
    """All answers before they are submitted: what is missing first, then what is weak."""
    return _check(association, cycle, agency, {})


def _check(association: str, cycle: str, agency: str, errors: Mapping[str, Any]) -> str:
    with reading() as session:
        held = desk(session, association, cycle, agency)
    asked = list(held.questions.asked.values())
    given = held.answers
    missing = [one.id for one in asked if one.id not in given]
    weak = [one.id for one in asked if question_page.weak(one, given.get(one.id))]
    rest = [one.id for one in asked if one.id in given and one.id not in weak]
    return render_template(
        "agency/check.html", desk=held, missing=missing, weak=weak, rest=rest, errors=errors
    )


@pages.post(f"{SELF_ASSESSMENT}/check")
def submit(association: str, cycle: str, agency: str) -> ResponseReturnValue:
    """Submit for good; only a signatory may."""
    form = SubmitForm()
    refuse_closed((association, cycle, agency))
    if not form.validate():
        return _check(association, cycle, agency, form.errors), 422

    def work(session: Session) -> None:
        place = self_assessments.find(session, association, cycle, agency)
        self_assessments.submit(session, *place, act())

    transaction(work)
    return redirect(here(".tasks"), 303)
