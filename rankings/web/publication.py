"""From the score to the publication: candidate, gates, movers, and the two who stand for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import HiddenField, StringField, TextAreaField

from rankings import publishing
from rankings.errors import Conflict, NotAllowed
from rankings.models import AssessmentCycle, Candidate
from rankings.usecases import (
    approvals,
    associations,
    candidates,
    cycles,
    editions,
    gates,
    hearings,
    movers,
    staff,
)
from rankings.web import act, now, publication_words, reading, settings, transaction
from rankings.web.access import person
from rankings.web.account_forms import wrong
from rankings.web.account_parts import go
from rankings.web.candidate_views import before, draft, fingerprint
from rankings.web.desk import OF_CYCLE
from rankings.web.languages import say as _
from rankings.web.words import Words

pages = Blueprint("publication", __name__)

PUBLICATION = f"{OF_CYCLE}publication/"
LONGEST_REASON = 500


class StepForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Which candidate was on the page; sent back, why."""

    seen = HiddenField()
    because = TextAreaField()


class HearingForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why there is a correction."""

    confirmed = StringField()
    reason = TextAreaField()


@dataclass(frozen=True)
class Found:
    """What stands of a candidate on the page."""

    candidate: Candidate
    gates: list[gates.Gate]
    movers: list[movers.Mover]
    people: dict[str, Any]

    @property
    def is_blocked(self) -> bool:
        """Whether a gate is red."""
        return any(one.state == gates.RED for one in self.gates)


@pages.get(PUBLICATION)
def show(association: str, cycle: str) -> str:
    """How far the next edition is, and what is to be done."""
    return _page(association, cycle)


@pages.get(f"{PUBLICATION}compare")
def compare(association: str, cycle: str) -> str:
    """Every agency that moves, before and after."""
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        found = _found(session, held)
        return render_template(
            "publication/compare.html",
            association=whose,
            cycle=held,
            movers=found.movers if found else [],
            words=Words(cycles.code_of(held)),
            said=publication_words,
        )


@pages.post(f"{PUBLICATION}score")
def score(association: str, cycle: str) -> ResponseReturnValue:
    """Score the candidate anew."""

    def work(session: Session) -> None:
        held = cycles.find(session, association, cycle)
        publishing.scored(session, settings(), held, act())

    return _done(work, association, cycle)


@pages.post(f"{PUBLICATION}hearing")
def open_hearing(association: str, cycle: str) -> ResponseReturnValue:
    """Open the hearing before the next edition; a correction says why."""
    form = HearingForm()
    reason = (form.reason.data or "").strip()
    if not form.confirmed.data:
        wrong(form, "confirmed", _("Confirm that everything is entered."))
    elif len(reason) > LONGEST_REASON:
        most = LONGEST_REASON
        wrong(form, "reason", _("Write at most %(most)d characters.", most=most))
    if form.errors:
        return _page(association, cycle, hearing_form=form), 422

    def work(session: Session) -> None:
        held = cycles.find(session, association, cycle)
        publishing.hearing_opened(session, settings(), held, reason or None, act())
        publishing.scored(session, settings(), held, act())

    return _done(work, association, cycle)


@pages.post(f"{PUBLICATION}prepare")
def prepare(association: str, cycle: str) -> ResponseReturnValue:
    """Stand for the candidate and ask for its approval; a red gate keeps it back."""

    def step(session: Session, held: AssessmentCycle, found: Candidate, seen: str) -> None:
        view = draft(session, held, found)
        if gates.red(session, held, found, view, act()):
            raise Conflict(editions.BLOCKED_SHORT)
        approvals.prepare(session, held, found, seen, person().proved_at, act())

    return _step(association, cycle, step)


@pages.post(f"{PUBLICATION}approve")
def approve(association: str, cycle: str) -> ResponseReturnValue:
    """Approve what somebody else prepared; with no planned time to wait for it is published."""

    def step(session: Session, held: AssessmentCycle, found: Candidate, seen: str) -> None:
        approvals.approve(session, held, found, seen, person().proved_at, act())

    return _step(association, cycle, step)


@pages.post(f"{PUBLICATION}send-back")
def send_back(association: str, cycle: str) -> ResponseReturnValue:
    """Refuse what somebody prepared, with a reason."""
    form = StepForm()
    because = (form.because.data or "").strip()
    if not 1 <= len(because) <= LONGEST_REASON:
        most = LONGEST_REASON
        wrong(form, "because", _("Say why, in at most %(most)d characters.", most=most))
        return _page(association, cycle, form=form), 422

    def work(session: Session) -> None:
        held = cycles.find(session, association, cycle)
        approvals.send_back(session, held, candidates.find(session, held), because, act())

    return _done(work, association, cycle)


def _step(
    association: str,
    cycle: str,
    step: Callable[[Session, AssessmentCycle, Candidate, str], None],
) -> ResponseReturnValue:
    form = StepForm()
    if not form.seen.data:
        wrong(form, "seen", _("Look at the candidate first."))
        return _page(association, cycle, form=form), 422

    def work(session: Session) -> None:
        held = cycles.find(session, association, cycle)
        step(session, held, candidates.find(session, held), form.seen.data or "")

    try:
        return _done(work, association, cycle)
    except NotAllowed as refusal:
        if str(refusal) != approvals.NOT_PROVED:
            raise
        back = url_for(".show", association=association, cycle=cycle)
        return redirect(url_for("proof.ask", next=back), 303)


def _done(work: Callable[[Session], None], association: str, cycle: str) -> ResponseReturnValue:
    transaction(work)
    return go(".show", association=association, cycle=cycle)


def _page(
    association: str,
    cycle: str,
    form: StepForm | None = None,
    hearing_form: HearingForm | None = None,
) -> str:
    with reading() as session:
        whose = associations.find(session, association)
        held = cycles.find(session, association, cycle)
        number = candidates.next_number(session, held)
        hearing = hearings.of(session, held, number)
        today = associations.day(whose, now())
        found = _found(session, held)
        return render_template(
            "publication/show.html",
            association=whose,
            cycle=held,
            number=number,
            hearing=hearing,
            progress=hearings.progress(session, hearing, today) if hearing else None,
            found=found,
            former=candidates.former(session, held)[:5],
            planned=editions.planned_at(session, held),
            published=editions.newest_of(session, held),
            is_over=held.as_of < today,
            names=_names(session, found),
            words=Words(cycles.code_of(held)),
            said=publication_words,
            fingerprint=fingerprint(association),
            form=form or StepForm(formdata=None),
            hearing_form=hearing_form or HearingForm(formdata=None),
            me=person(),
            next=request.path,
        )


def _found(session: Session, cycle: AssessmentCycle) -> Found | None:
    candidate = candidates.current(session, cycle)
    if candidate is None:
        return None
    view = draft(session, cycle, candidate)
    return Found(
        candidate,
        gates.of(session, cycle, candidate, view, act()),
        movers.movers(before(session, cycle, candidate.number), view),
        dict(approvals.given(session, candidate)),
    )


def _names(session: Session, found: Found | None) -> dict[Any, str]:
    people = {one.account for one in found.people.values()} if found else set()
    return staff.names(session, people)
