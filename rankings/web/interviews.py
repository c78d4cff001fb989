"""Interviews with workers: drawn from a deployment list, asked, entered, corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from rankings.adapters import interview_list, interview_workbook
from rankings.adapters.evidence_names import safe
from rankings.adapters.import_rows import TypedRows
from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.usecases import (
    associations,
    interview_draws,
    interview_entry,
    interviews,
    self_assessments,
)
from rankings.usecases.incoming import Given, Intake
from rankings.usecases.interview_draws import Wish
from rankings.usecases.interview_entry import Clash, Entry
from rankings.web import act, downloads, interview_page, reading, transaction
from rankings.web.case_words import country
from rankings.web.desk import here
from rankings.web.interview_page import PAGE, Sent, desk, reasons, sentence, state_word
from rankings.web.languages import language
from rankings.web.languages import say as _

pages = Blueprint("interviews", __name__)
MOST_SHOWN = 50

Place = tuple[str, str, str]


class DrawForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Who gave the list, how many are to be drawn, and the list where it is pasted."""

    source = StringField()
    many = StringField()
    numbers = TextAreaField()
    seen = HiddenField()


class EntryForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """An interview without its answers; no field holds words."""

    number = StringField()
    worker = StringField()
    interviewed_on = StringField()
    agreed = BooleanField()
    alone = BooleanField()
    by_agency = BooleanField()
    seen = HiddenField()


@pages.get(f"{PAGE}/")
def show(association: str, cycle: str, agency: str) -> str:
    """Whom to call, who has been asked, and how many; what they said is not shown here."""
    return _show((association, cycle, agency))


def _show(place: Place, sent: Wish | None = None, pasted: str = "", **refused: Any) -> str:
    held = _desk(place)
    return render_template(
        "interviews/show.html",
        desk=held,
        state_word=state_word,
        country_word=country,
        sent=sent or Wish("", str(held.usual), held.seen),
        pasted=pasted,
        **({"errors": {}, "problems": (), "why": ""} | refused),
    )


@pages.post(f"{PAGE}/")
def draw(association: str, cycle: str, agency: str) -> ResponseReturnValue:
    """Draw workers from a list that is read and forgotten."""
    form, place = DrawForm(), (association, cycle, agency)
    wish = Wish(form.source.data or "", form.many.data or "", form.seen.data or "")
    pasted = form.numbers.data or ""
    try:
        listed = _listed(pasted)
    except Invalid as invalid:
        return _show(place, wish, pasted, problems=invalid.problems[:MOST_SHOWN]), 422

    def work(session: Session) -> None:
        held, whose = self_assessments.find(session, *place)
        interview_draws.draw(session, held, whose, listed, wish, act())

    try:
        transaction(work)
    except Invalid as invalid:
        errors = {one.place: sentence(one) for one in invalid.problems}
        return _show(place, wish, pasted, errors=errors), 422
    except Conflict as conflict:
        return _drawn_meanwhile(place, wish, pasted, conflict)
    return redirect(here(".show"), 303)


def _drawn_meanwhile(
    place: Place, wish: Wish, pasted: str, conflict: Conflict
) -> ResponseReturnValue:
    """The page as it is now; whoever reads it may draw again."""
    if str(conflict) not in (interview_draws.DRAWN_MEANWHILE, interview_draws.NOBODY_LEFT):
        raise conflict
    seen = _desk(place).seen
    return _show(place, replace(wish, seen=seen), pasted, why=reasons()[str(conflict)]), 409


def _desk(place: Place) -> interview_page.Desk:
    with reading() as session:
        return desk(session, *place)


def _listed(pasted: str) -> list[interview_draws.Worker]:
    """The lines of the file that was sent, else of the text; Invalid names what is wrong."""
    file = request.files.get("list")
    if file and file.filename:
        with TemporaryDirectory(prefix="list-") as folder:
            kept = Path(folder, safe(file.filename))
            file.save(kept)
            rows = interview_list.read(kept)
    else:
        rows = interview_list.pasted(pasted)
    return _workers(rows)


def _workers(rows: TypedRows) -> list[interview_draws.Worker]:
    intake = Intake()
    found = interview_draws.workers([Given(row.values, row.place) for row in rows.rows], intake)
    problems = [*rows.problems, *intake.problems]
    if problems:
        raise Invalid(problems)
    if not found:
        raise Invalid([Problem("list", "", _("Choose a file or paste the numbers."))])
    return found


@pages.get(f"{PAGE}/new")
def new(association: str, cycle: str, agency: str) -> str:
    """The questionnaire of one worker: of the number in the address, else of a number typed in."""
    number = request.args.get("worker", "")[:40]
    with reading() as session:
        held = desk(session, association, cycle, agency)
        state = next(
            (
                line.state
                for draw in held.draws
                for line in held.lines(draw)
                if line.number == number
            ),
            "",
        )
    return _form(held, Sent(number=number, worker=state))


def _form(held: interview_page.Desk, sent: Sent, **more: Any) -> str:
    return render_template(
        "interviews/entry.html",
        desk=held,
        sent=sent,
        states=interview_draws.STATES,
        state_word=state_word,
        **({"why": "", "stored": None, "may_change": True, "clash": False} | more),
    )


def _entry(items: Sequence[str], form: EntryForm, number: str | None = None) -> Entry:
    """What was typed; `number` where the address names it."""
    return Entry(
        number=(form.number.data or "") if number is None else number,
        worker=form.worker.data or "",
        interviewed_on=form.interviewed_on.data or "",
        answers={item: request.form.get(f"answer-{item}", "") for item in items},
        agreed=bool(form.agreed.data),
        alone=bool(form.alone.data),
        by_agency=bool(form.by_agency.data),
        seen=form.seen.data or "",
    )


@pages.post(f"{PAGE}/new")
def enter(association: str, cycle: str, agency: str) -> ResponseReturnValue:
    """Keep an interview."""
    place = (association, cycle, agency)
    held = _desk(place)
    entry = _entry(tuple(held.items), EntryForm())

    def work(session: Session) -> None:
        interview_entry.enter(session, *self_assessments.find(session, *place), entry, act())

    try:
        transaction(work)
    except Invalid as invalid:
        return _form(held, interview_page.refused(entry, invalid.problems)), 422
    except interview_entry.Taken as taken:
        return _form(held, interview_page.refused(entry, ()), why=reasons()[str(taken)]), 409
    return redirect(here(".show"), 303)


@pages.get(f"{PAGE}/workers/<path:worker>")
def entered(association: str, cycle: str, agency: str, worker: str) -> ResponseReturnValue:
    """An interview; its answers only for whoever entered it and for a lead auditor."""
    with reading() as session:
        held = desk(session, association, cycle, agency)
        try:
            one = interview_entry.find(session, held.cycle, held.agency, worker)
        except NotFound:
            return redirect(here(".new", worker=worker), 303)
        may_read = interview_entry.may_read(session, one, act().account)
    sent = interview_page.stored(held, one) if may_read else Sent(number=held.short(one.number))
    may_change = one.entered_by == act().account and not held.why_closed
    return _form(held, sent, stored=one, may_read=may_read, may_change=may_change)


@pages.post(f"{PAGE}/workers/<path:worker>")
def correct(association: str, cycle: str, agency: str, worker: str) -> ResponseReturnValue:
    """Correct an interview of one's own."""
    place = (association, cycle, agency)
    held = _desk(place)
    entry = _entry(tuple(held.items), EntryForm(), worker)
    try:
        transaction(lambda session: _correct(session, place, entry))
    except Invalid as invalid:
        return _corrected(held, interview_page.refused(entry, invalid.problems)), 422
    except Clash as clash:
        # It was changed in another window of the same person.
        seen = interview_entry.token(clash.theirs)
        sent = interview_page.refused(replace(entry, seen=seen), ())
        return _corrected(held, sent, clash=clash.theirs), 409
    return redirect(here(".show"), 303)


def _correct(session: Session, place: Place, entry: Entry) -> None:
    interview_entry.correct(session, *self_assessments.find(session, *place), entry, act())


def _corrected(held: interview_page.Desk, sent: Sent, **more: Any) -> str:
    with reading() as session:
        one = interview_entry.find(session, held.cycle, held.agency, sent.number)
    return _form(held, sent, stored=one, may_read=True, **more)


@pages.get(f"{PAGE}/workbook.xlsx")
def workbook(association: str, cycle: str, agency: str) -> Response:
    """The questionnaire of everybody who was drawn and not asked yet, in the page's language."""
    with reading() as session:
        held = desk(session, association, cycle, agency)
        whose = associations.find(session, association)
    heading = downloads.heading(whose, held.cycle, held.agency, held.name[0])
    waiting = [
        (f"{agency}/{line.number}", line.state)
        for draw in held.draws
        for line in held.lines(draw)
        if line.held is None
    ]
    items = interviews.items(held.words.rubric)
    body = interview_workbook.write(held.words.labels, language(), heading, items, waiting)
    return downloads.workbook(body, association, cycle, agency, "interviews")
