"""The published editions as the staff sees them, and taking one back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, desc, select

from rankings import publishing
from rankings.errors import Invalid, NotAllowed
from rankings.models import AssessmentCycle, RankingEdition, Withdrawal
from rankings.usecases import approvals, associations, staff, withdrawals
from rankings.usecases.joins import same
from rankings.web import act, reading, settings, transaction
from rankings.web.access import person
from rankings.web.account_forms import wrong
from rankings.web.account_parts import go
from rankings.web.languages import say as _
from rankings.web.publication import StepForm

pages = Blueprint("editions", __name__)

EDITIONS = "/<association>/staff/editions/"
EDITION = f"{EDITIONS}<uuid:edition>/"


@pages.get(EDITIONS)
def show(association: str) -> str:
    """Every edition, the newest first, and what became of it."""
    return _page(association)


@pages.post(f"{EDITION}withdraw")
def withdraw(association: str, edition: UUID) -> ResponseReturnValue:
    """Ask for the withdrawal of an edition, with its public reason."""
    form = StepForm()

    def work(session: Session) -> None:
        held = withdrawals.find_edition(session, association, edition)
        withdrawals.ask(session, held, form.because.data or "", person().proved_at, act())

    try:
        return _step(association, work)
    except Invalid:
        least, most = withdrawals.LEAST, withdrawals.MOST
        told = _("Say why, in %(least)d to %(most)d characters.", least=least, most=most)
        wrong(form, "because", told)
        return _page(association, form, edition), 422


@pages.post(f"{EDITION}approve-withdrawal")
def approve(association: str, edition: UUID) -> ResponseReturnValue:
    """Withdraw what somebody else asked for; a new notice says so to everybody."""

    def work(session: Session) -> None:
        held = withdrawals.find_edition(session, association, edition)
        withdrawals.approve(session, held, person().proved_at, act())
        publishing.notice_issued(session, settings(), association, act())

    return _step(association, work)


@pages.post(f"{EDITION}refuse-withdrawal")
def refuse(association: str, edition: UUID) -> ResponseReturnValue:
    """Leave the edition as it is."""

    def work(session: Session) -> None:
        held = withdrawals.find_edition(session, association, edition)
        withdrawals.refuse(session, held, act())

    return _step(association, work)


def _step(association: str, work: Callable[[Session], None]) -> ResponseReturnValue:
    try:
        transaction(work)
    except NotAllowed as refusal:
        if str(refusal) != approvals.NOT_PROVED:
            raise
        back = url_for(".show", association=association)
        return redirect(url_for("proof.ask", next=back), 303)
    return go(".show", association=association)


def _page(association: str, form: StepForm | None = None, whose: UUID | None = None) -> str:
    with reading() as session:
        found = session.exec(
            select(RankingEdition, AssessmentCycle)
            .join(AssessmentCycle, same(RankingEdition, AssessmentCycle, "cycle"))
            .where(RankingEdition.association == association)
            .order_by(desc(RankingEdition.published_at), desc(RankingEdition.number))
        ).all()
        asked = session.exec(select(Withdrawal).where(Withdrawal.association == association)).all()
        people = {one.asked_by for one in asked} | {one.approved_by for one in asked} - {None}
        return render_template(
            "publication/editions.html",
            association=associations.find(session, association),
            editions=found,
            withdrawals={one.edition: one for one in asked},
            names=staff.names(session, {one for one in people if one is not None}),
            form=form or StepForm(formdata=None),
            whose=whose,
            me=person(),
            here=request.path,
        )
