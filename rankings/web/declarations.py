"""Declarations of ties: everybody's own, and for the secretariat all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Invalid
from rankings.models import Account, Association
from rankings.usecases import agencies, associations, declarations, memberships, staff
from rankings.usecases.declarations import Tie
from rankings.web import act, now, reading, transaction
from rankings.web.access import person, roles
from rankings.web.account_parts import go
from rankings.web.verification_forms import DeclareForm, EndForm
from rankings.web.verification_words import tie_word
from rankings.web.words import Words

pages = Blueprint("declarations", __name__)

DECLARATIONS = "/<association>/staff/declarations"


@pages.get(DECLARATIONS)
def show(association: str) -> str:
    """The ties, what has to be given to somebody else because of them, and a form for a new one."""
    form = DeclareForm(account=str(person().account))
    with reading() as session:
        return _page(session, association, form)


@pages.post(DECLARATIONS)
def declare(association: str) -> ResponseReturnValue:
    """Declare a tie; only the secretariat declares for somebody else."""
    form = DeclareForm()

    def work(session: Session) -> ResponseReturnValue | None:
        _offer(session, association, form)
        if not form.validate():
            return _page(session, association, form), 422
        said = (form.account.key, form.agency.data, form.kind.data, form.statement.data or "")
        declarations.declare(session, association, Tie(*said, form.since.day), act())
        return None

    try:
        refused = transaction(work)
    except Invalid as invalid:
        return _again(association, form, form.refuse(invalid, "statement"))
    return refused or go(".show", association=association)


@pages.post(f"{DECLARATIONS}/<uuid:declaration>/end")
def end(association: str, declaration: UUID) -> ResponseReturnValue:
    """Say on which day a tie ends; it stays in the list."""
    form = EndForm()

    def work(session: Session) -> None:
        declarations.end(session, association, declaration, form.until.day, act())

    status = 422
    if form.validate():
        try:
            transaction(work)
            return go(".show", association=association)
        except Invalid as invalid:
            status = form.refuse(invalid, "until")
    blank = DeclareForm(formdata=None, account=str(person().account))
    return _again(association, blank, status, ending=(declaration, form))


def _again(association: str, form: DeclareForm, status: int, **more: Any) -> ResponseReturnValue:
    """The page with what was sent and why it was not taken."""
    with reading() as session:
        return _page(session, association, form, **more), status


def _page(
    session: Session,
    association: str,
    form: DeclareForm,
    ending: tuple[UUID, EndForm] | None = None,
) -> str:
    whose = _offer(session, association, form)
    own = None if _sees_all() else person().account
    listed = declarations.listed(session, association, own)
    today = associations.day(whose, now())
    known = {one.id: one for one in agencies.every(session, association)}
    people = {one.account for one in listed} | {person().account}
    people |= {one.id for one in _people(session, association)}
    return render_template(
        "declarations/show.html",
        association=whose,
        listed=listed,
        given_up=[
            held
            for one in sorted(people)
            for held in declarations.to_give_up(session, association, one, today)
        ],
        known=known,
        names={key: Words.name(whose.country, one.names) for key, one in known.items()},
        people=staff.names(session, people),
        me=person().account,
        sees_all=_sees_all(),
        form=form,
        ending=ending,
        today=today,
        tie_word=tie_word,
    )


def _offer(session: Session, association: str, form: DeclareForm) -> Association:
    """Fill the lists of the form."""
    whose = associations.find(session, association)
    people = _people(session, association)
    form.offer(whose.country, people, agencies.every(session, association))
    return whose


def _people(session: Session, association: str) -> list[Account]:
    """For whom the person may declare ties."""
    found = staff.people(session, association)
    return [one for one in found if _sees_all() or one.id == person().account]


def _sees_all() -> bool:
    return memberships.SECRETARIAT in roles()
