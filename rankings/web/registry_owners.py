"""The owners of an agency: added and ended by the secretariat."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Invalid
from rankings.usecases import agencies, owners
from rankings.usecases.owners import NewOwner
from rankings.web import act, reading, transaction
from rankings.web.desk import here
from rankings.web.registry import ONE, named, today
from rankings.web.registry_forms import EndForm, OwnerForm

pages = Blueprint("owners", __name__)


@pages.get(f"{ONE}owners")
def show(association: str, agency: str) -> str:
    """All owners, with the forms to add one and to end an ownership."""
    with reading() as session:
        return _page(session, association, agency, OwnerForm(), EndForm())


@pages.post(f"{ONE}owners")
def add(association: str, agency: str) -> ResponseReturnValue:
    """Add an owner."""
    form = OwnerForm()

    def work(session: Session) -> None:
        owners.add(session, association, agency, NewOwner(**form.sent()), act())

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _again(association, agency, form, EndForm(formdata=None))
    return redirect(here(".show"), 303)


@pages.post(f"{ONE}owners/end")
def end(association: str, agency: str) -> ResponseReturnValue:
    """Note the last day of an ownership."""
    form = EndForm()

    def work(session: Session) -> None:
        owners.end(session, association, agency, **form.sent(), act=act())

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _again(association, agency, OwnerForm(formdata=None), form)
    return redirect(here(".show"), 303)


def _again(
    association: str, agency: str, adding: OwnerForm, ending: EndForm
) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, association, agency, adding, ending), 422


def _page(session: Session, association: str, code: str, adding: OwnerForm, ending: EndForm) -> str:
    whose, day = today(session, association)
    held = agencies.one(session, association, code, day)
    left = [one for one in held.owners if one.until is None]
    ending.offer(owner=[(str(one.id), f"{one.name}, {one.since}") for one in left])
    return render_template(
        "registry/owners.html",
        association=whose,
        held=held,
        names=named(whose, [held.agency]),
        owners={one.id: agencies.is_owner(one, day) for one in held.owners},
        adding=adding,
        ending=ending,
        left=left,
    )
