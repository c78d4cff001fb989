"""Asking for a new rating after an edition, and the association's decision about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import HiddenField, StringField, TextAreaField

from rankings.errors import Conflict, Invalid
from rankings.models import AssessmentCycle
from rankings.usecases import agencies, associations, progress, rating_requests, typed
from rankings.usecases.rating_requests import Decision
from rankings.web import act, now, reading, transaction
from rankings.web.access import may
from rankings.web.desk import here
from rankings.web.languages import say as _
from rankings.web.words import Words

pages = Blueprint("rating_requests", __name__)

OF_AGENCY = "/<association>/staff/agencies/<agency>/rating-request"


class RequestForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What an agency sends, and what the association answers."""

    reason = TextAreaField()
    edition = HiddenField()
    outcome = StringField()
    because = TextAreaField()

    def said(self, name: str) -> str:
        """What was typed into a field."""
        return self[name].data or ""


@pages.get(OF_AGENCY)
def show(association: str, agency: str) -> str:
    """What the agency has asked, what was decided, and the form to ask."""
    return _page((association, agency), RequestForm(formdata=None), {})


@pages.post(OF_AGENCY)
def ask(association: str, agency: str) -> ResponseReturnValue:
    """Ask for a new rating, with a reason."""
    form = RequestForm()

    def work(session: Session) -> None:
        rating_requests.ask(session, association, agency, form.said("reason"), act())

    return _done((association, agency), form, work)


@pages.post(f"{OF_AGENCY}/decide")
def decide(association: str, agency: str) -> ResponseReturnValue:
    """Grant or refuse it, with a reason."""
    form = RequestForm()
    decision = Decision(form.said("edition"), form.said("outcome"), form.said("because"))

    def work(session: Session) -> None:
        rating_requests.decide(session, association, agency, decision, act())

    return _done((association, agency), form, work)


@pages.get("/<association>/staff/rating-requests")
def index(association: str) -> str:
    """The requests that wait for a decision."""
    with reading() as session:
        whose = associations.find(session, association)
        lines = rating_requests.waiting(session, association)
    return render_template(
        "rating_requests/index.html",
        association=whose,
        lines=lines,
        names={one.agency.id: Words.name(whose.country, one.agency.names) for one in lines},
    )


def _done(
    place: tuple[str, str], form: RequestForm, work: Callable[[Session], None]
) -> ResponseReturnValue:
    try:
        transaction(work)
    except Invalid as refusal:
        return _page(place, form, {one.place: _wrong(one.remedy) for one in refusal.problems}), 422
    except Conflict as conflict:
        said = reasons().get(str(conflict))
        if said is None:
            raise
        return _page(place, form, {"": said}), 409
    return redirect(here(".show"), 303)


def _page(place: tuple[str, str], form: RequestForm, errors: Mapping[str, str]) -> str:
    with reading() as session:
        whose = associations.find(session, place[0])
        agency = agencies.find(session, *place)
        lines = rating_requests.of_agency(session, agency)
        newest = rating_requests.newest(session, place[0])
        known = progress.cycles_of(session, place[0])
    asked = {one.edition.id for one in lines}
    listed = newest is not None and agency.licensed_on <= newest.as_of
    today = associations.day(whose, now())
    return render_template(
        "rating_requests/show.html",
        association=whose,
        agency=agency,
        name=Words.name(whose.country, agency.names),
        lines=lines,
        newest=newest,
        can_ask=newest is not None and listed and newest.id not in asked,
        cycle=_open(known, today),
        decides=may("rating_requests.decide"),
        asks=may("rating_requests.ask"),
        form=form,
        errors=errors,
        longest=rating_requests.LONGEST,
    )


def _open(known: Sequence[AssessmentCycle], today: date) -> AssessmentCycle | None:
    """The cycle in which an audit can be assigned: of the open ones that ends first."""
    return min(
        (one for one in known if one.as_of >= today), key=lambda one: one.as_of, default=None
    )


def _wrong(remedy: str) -> str:
    return {
        typed.MISSING: _("Fill this in."),
        typed.TOO_LONG: _("Write at most %(most)d characters.", most=rating_requests.LONGEST),
        typed.NO_CHOICE: _("Choose one of the answers."),
    }[remedy]


def reasons() -> Mapping[str, str]:
    """What the use case says no with, in the language of the page."""
    return {
        rating_requests.NO_EDITION: _("Nothing has been published yet."),
        rating_requests.NOT_LISTED: _("The newest edition does not list this agency."),
        rating_requests.ASKED: _(
            "The agency has asked about this edition already. It can ask once for each edition."
        ),
        rating_requests.DECIDED: _("This request has been decided already."),
    }
