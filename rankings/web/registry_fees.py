"""What an agency charges: stated by itself or by the secretariat, beside the legal limit."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Invalid
from rankings.models import Agency
from rankings.usecases import agencies, fee_schedules
from rankings.usecases.fee_schedules import Statement
from rankings.web import act, reading, registry_words, transaction
from rankings.web.access import may
from rankings.web.desk import here
from rankings.web.registry import ONE, caps, named, today
from rankings.web.registry_forms import FeeForm

pages = Blueprint("fees", __name__)


@pages.get(f"{ONE}fees")
def show(association: str, agency: str) -> str:
    """The fees with the limit beside each, and the form to state one."""
    with reading() as session:
        return _page(session, association, agency, FeeForm())


@pages.post(f"{ONE}fees")
def state(association: str, agency: str) -> ResponseReturnValue:
    """State a fee from a day on."""
    form = FeeForm()
    sent = form.sent()
    document = sent.pop("document")
    statement = Statement(**sent, document=document if _for_association() else None)

    def work(session: Session) -> None:
        fee_schedules.state(session, association, agency, statement, act())

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _again(association, agency, form)
    return redirect(here(".show"), 303)


def _again(association: str, agency: str, form: FeeForm) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, association, agency, form), 422


def _for_association() -> bool:
    """Whether the person speaks for the association, which says where it read a fee."""
    return may("registry.licence")


def _page(session: Session, association: str, code: str, form: FeeForm) -> str:
    whose, day = today(session, association)
    known = caps(session, association)
    agency = agencies.find(session, association, code)
    form.offer(destination=registry_words.countries(), programme=_programmes(session, agency))
    return render_template(
        "registry/fees.html",
        association=whose,
        agency=agency,
        names=named(whose, [agency]),
        fees=fee_schedules.of(session, agency, whose.country, known, day),
        form=form,
        is_ours=_for_association(),
        words=registry_words,
    )


def _programmes(session: Session, agency: Agency) -> list[tuple[str, str]]:
    known = fee_schedules.programmes(session, agency)
    return registry_words.programmes(known)
