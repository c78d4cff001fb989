"""What an agency may know of complaints about it: summaries without names, and its answer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session

from rankings.errors import Invalid
from rankings.usecases import associations, case_deadlines, case_hearing, case_redaction
from rankings.web import act, case_problems, case_vault, case_words, now, reading, transaction
from rankings.web.case_forms import AnswerForm
from rankings.web.words import Words

pages = Blueprint("agency_cases", __name__)

OF_AGENCY = "/<association>/staff/agencies/<agency>/complaints/"


@pages.get(OF_AGENCY)
def show(association: str, agency: str) -> str:
    """The summaries that were released until today, and until when to answer."""
    return _page(association, agency, None, AnswerForm(formdata=None), {})


@pages.post(f"{OF_AGENCY}<uuid:case>/answer")
def answer(association: str, agency: str, case: UUID) -> ResponseReturnValue:
    """Answer one of them, once; the answer is sealed at once."""
    form = AnswerForm()

    def work(session: Session) -> None:
        by = act()
        whose = case_hearing.agency(session, association, agency)
        month = f"{associations.day(associations.find(session, association), by.now):%Y-%m}"
        deposit = case_vault.depositing(by, month)
        case_hearing.answer(session, whose, case, form.text.data or "", deposit, by)

    try:
        transaction(work)
    except Invalid as invalid:
        errors = case_problems.by_field(invalid)
        return _page(association, agency, case, form, errors), 422
    return redirect(url_for("agency_cases.show", association=association, agency=agency), 303)


def _page(
    association: str, agency: str, case: UUID | None, form: FlaskForm, errors: dict[str, str]
) -> str:
    with reading() as session:
        whose = associations.find(session, association)
        held = case_hearing.agency(session, association, agency)
        today = associations.day(whose, now())
        found = case_hearing.visible(session, held, today)
        name = Words.name(whose.country, held.names)
    return render_template(
        "agency_cases/show.html",
        whose=whose,
        agency=held,
        name=name,
        found=found,
        today=today,
        open=case_deadlines.OPEN,
        busy=case,
        form=form,
        errors=errors,
        words=case_words,
        longest=case_redaction.LONGEST_ANSWER,
    )
