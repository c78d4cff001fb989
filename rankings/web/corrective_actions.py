"""Corrective actions of an agency: demanded, reported done, closed; and those that are late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import HiddenField, StringField, TextAreaField

from rankings.errors import Conflict, Invalid, Problem
from rankings.usecases import (
    associations,
    audit_reading,
    corrective_actions,
    cycles,
    self_assessments,
)
from rankings.usecases.answers import Questions
from rankings.usecases.corrective_actions import Demand, Held
from rankings.web import act, now, reading, transaction
from rankings.web.access import person
from rankings.web.desk import OF_AGENCY, OF_CYCLE, here
from rankings.web.languages import say as _
from rankings.web.words import Words

pages = Blueprint("corrective_actions", __name__)

OF = f"{OF_AGENCY}corrective-actions/"
ONE = f"{OF}<uuid:action>/"
Place = tuple[str, str, str]


class ActionForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What the forms of a corrective action send; each of them a part of it."""

    indicator = StringField()
    demand = TextAreaField()
    due_on = StringField()
    report = TextAreaField()
    because = TextAreaField()
    reason = StringField()
    seen = HiddenField()

    def said(self, name: str) -> str:
        """What was typed into a field."""
        return self[name].data or ""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent and not taken: which form of which action, its fields, what is wrong."""

    form: str = ""
    action: UUID | None = None
    sent: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False

    def holds(self, form: str, action: UUID | None = None) -> bool:
        """Whether it is this form."""
        return (self.form, self.action) == (form, action)

    def value(self, form: str, action: UUID | None, name: str, usual: str = "") -> str:
        """What stands in a field of a form."""
        return self.sent.get(name, "") if self.holds(form, action) else usual

    def error(self, form: str, action: UUID | None, name: str) -> str:
        """What is wrong with a field of a form."""
        return self.errors.get(name, "") if self.holds(form, action) else ""


@pages.get(OF)
def show(association: str, cycle: str, agency: str) -> str:
    """What the agency has to put right, and how far it is."""
    return _page((association, cycle, agency), Refused())


def _page(place: Place, refused: Refused) -> str:
    with reading() as session:
        cycle, agency = self_assessments.find(session, *place)
        audit_reading.refuse_blind_about(session, cycle, agency.id, person().account)
        whose = associations.find(session, place[0])
        actions = corrective_actions.of(session, cycle, agency.id)
        names = corrective_actions.names(session, actions)
    today = associations.day(whose, now())
    code = cycles.code_of(cycle)
    return render_template(
        "corrective_actions/show.html",
        cycle=cycle,
        agency=agency,
        name=Words.name(whose.country, agency.names),
        actions=actions,
        names=names,
        states={one.id: corrective_actions.state(one, today) for one in actions},
        late={one.id for one in actions if corrective_actions.is_late(one, today)},
        token=corrective_actions.token,
        words=Words(code),
        asked=Questions(code).asked,
        about=request.args.get("about", ""),
        days=(today, today + corrective_actions.LONGEST),
        refused=refused,
    )


@pages.post(OF)
def demand(association: str, cycle: str, agency: str) -> ResponseReturnValue:
    """Demand that something is put right by a day."""
    form = ActionForm()

    def work(session: Session) -> None:
        place = self_assessments.find(session, association, cycle, agency)
        wanted = Demand(form.said("indicator"), form.said("demand"), _day(form))
        corrective_actions.demand(session, *place, wanted, act())

    return _done((association, cycle, agency), work, Refused("demand", None, _sent(form)))


@pages.post(f"{ONE}report")
def report(association: str, cycle: str, agency: str, action: UUID) -> ResponseReturnValue:
    """The agency says that it is done, and how."""
    form = ActionForm()

    def work(session: Session) -> None:
        held = _held(session, (association, cycle, agency), action)
        said, seen = form.said("report"), form.said("seen")
        corrective_actions.report(session, held, said, seen, act())

    return _done((association, cycle, agency), work, Refused("report", action, _sent(form)))


@pages.post(f"{ONE}close")
def close(association: str, cycle: str, agency: str, action: UUID) -> ResponseReturnValue:
    """Nothing is left to do, with a sentence why."""
    form = ActionForm()

    def work(session: Session) -> None:
        held = _held(session, (association, cycle, agency), action)
        because, seen = form.said("because"), form.said("seen")
        corrective_actions.close(session, held, because, seen, act())

    return _done((association, cycle, agency), work, Refused("close", action, _sent(form)))


@pages.post(f"{ONE}extend")
def extend(association: str, cycle: str, agency: str, action: UUID) -> ResponseReturnValue:
    """Give more time, with a reason."""
    form = ActionForm()

    def work(session: Session) -> None:
        held = _held(session, (association, cycle, agency), action)
        until = (_day(form), form.said("reason"))
        corrective_actions.extend(session, held, until, form.said("seen"), act())

    return _done((association, cycle, agency), work, Refused("extend", action, _sent(form)))


@pages.get(f"{OF_CYCLE}corrective-actions")
def late(association: str, cycle: str) -> str:
    """All that is not closed in a cycle, what is late first."""
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        found = corrective_actions.of_cycle(session, held)
    today = associations.day(whose, now())
    return render_template(
        "corrective_actions/late.html",
        association=whose,
        cycle=held,
        lines=[pair for pair in found if pair[0].closed_on is None],
        closed=sum(pair[0].closed_on is not None for pair in found),
        states={one.id: corrective_actions.state(one, today) for one, _agency in found},
        late={one.id: (today - one.due_on).days for one, _agency in found if one.due_on < today},
        names={one.id: Words.name(whose.country, one.names) for _action, one in found},
        words=Words(cycles.code_of(held)),
    )


def _held(session: Session, place: Place, action: UUID) -> Held:
    cycle, agency = self_assessments.find(session, *place)
    return cycle, agency, corrective_actions.find(session, cycle, agency, action)


def _sent(form: ActionForm) -> dict[str, str]:
    return {name: form.said(name) for name in form.data if name != "csrf_token"}


def _day(form: ActionForm) -> date:
    """The day that was typed; Invalid where it is none."""
    try:
        return date.fromisoformat(form.said("due_on"))
    except ValueError:
        raise Invalid([Problem("due_on", form.said("due_on"), "must be a day")]) from None


def _done(place: Place, work: Callable[[Session], None], refused: Refused) -> ResponseReturnValue:
    """Back to the page once it is done; the same page with what was sent where it is not."""
    try:
        transaction(work)
    except Invalid as invalid:
        words = {one.place: _wrong(one.place, refused.form) for one in invalid.problems}
        return _page(place, replace(refused, errors=words)), 422
    except Conflict as conflict:
        if str(conflict) != corrective_actions.CHANGED:
            raise
        return _page(place, replace(refused, is_changed=True)), 409
    return redirect(here(".show"), 303)


def _wrong(place: str, form: str) -> str:
    """What is wrong with a field, in the words of the page."""
    if place == "due_on":
        if form == "extend":
            return _("Choose a later day, within two years.")
        return _("Choose a day from today on, within two years.")
    if place == "indicator":
        return _("Choose a question.")
    is_short = place == "reason"
    most = corrective_actions.MAX_REASON if is_short else corrective_actions.MAX_TEXT
    return _("Write 1 to %(most)d characters.", most=most)
