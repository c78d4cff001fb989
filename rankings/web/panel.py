"""The panel of a cycle: who sits on it, and for whom nobody does yet."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Conflict, Invalid
from rankings.models import Account
from rankings.usecases import associations, cycles, memberships, panel, staff
from rankings.web import act, reading, transaction
from rankings.web.account_parts import go
from rankings.web.desk import OF_CYCLE
from rankings.web.verification_forms import SeatForm
from rankings.web.verification_words import seat_word

pages = Blueprint("panel", __name__)

PANEL = f"{OF_CYCLE}panel"


@pages.get(PANEL)
def show(association: str, cycle: str) -> str:
    """The seats, taken and empty."""
    with reading() as session:
        return _page(session, (association, cycle), SeatForm())


@pages.post(PANEL)
def give(association: str, cycle: str) -> ResponseReturnValue:
    """Give somebody a seat."""
    form = SeatForm()

    def work(session: Session) -> ResponseReturnValue | None:
        held = cycles.find(session, association, cycle)
        form.offer(_people(session, association))
        if not form.validate():
            return _page(session, (association, cycle), form), 422
        panel.give(session, held, form.account.key, form.seat.data or "", act())
        return None

    try:
        refused = transaction(work)
    except (Invalid, Conflict) as refusal:
        return _again((association, cycle), form, form.refuse(refusal, "account"))
    return refused or go(".show", association=association, cycle=cycle)


@pages.post(f"{PANEL}/<uuid:seat>/end")
def end(association: str, cycle: str, seat: UUID) -> ResponseReturnValue:
    """Free a seat."""

    def work(session: Session) -> None:
        panel.take_away(session, cycles.find(session, association, cycle), seat, act())

    transaction(work)
    return go(".show", association=association, cycle=cycle)


def _again(place: tuple[str, str], form: SeatForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, place, form), status


def _page(session: Session, place: tuple[str, str], form: SeatForm) -> str:
    association, slug = place
    cycle = cycles.find(session, association, slug)
    form.offer(_people(session, association))
    seats = panel.of(session, cycle)
    return render_template(
        "audits/panel.html",
        association=associations.find(session, association),
        cycle=cycle,
        kinds=[(kind, [one for one in seats if one.seat == kind]) for kind in panel.SEATS],
        people=staff.names(session, {one.account for one in seats}),
        form=form,
        seat_word=seat_word,
    )


def _people(session: Session, association: str) -> list[Account]:
    """Everybody who can sit on a panel: no one who acts for an agency."""
    tied = {one.account.id for one in memberships.people(session, association) if one.agency}
    return [one for one in staff.people(session, association) if one.id not in tied]
