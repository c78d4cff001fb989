"""The register: the list of agencies, all about one, and the states of its licence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, partial

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings import publishing
from rankings.adapters import fee_caps, notice, signature
from rankings.errors import Invalid, NotFound
from rankings.models import Agency, Association, Deployment
from rankings.scoring.fees import FeeCap
from rankings.usecases import (
    agencies,
    agency_links,
    associations,
    fee_cap_tables,
    fee_schedules,
    licence_states,
    notices,
)
from rankings.usecases.agencies import Held
from rankings.usecases.licence_states import NewState, Reversal
from rankings.web import act, now, reading, registry_words, settings, transaction
from rankings.web.access import may
from rankings.web.desk import here
from rankings.web.registry_forms import ReverseForm, StateForm
from rankings.web.words import Words

pages = Blueprint("registry", __name__)

EVERY = "/<association>/staff/agencies/"
ONE = f"{EVERY}<agency>/"
LONGEST_SEARCH = 200


@cache
def shipped_caps() -> tuple[FeeCap, ...]:
    """The legal fee caps that this version knows."""
    return fee_caps.load(publishing.FEE_CAPS)


def caps(session: Session, association: str) -> tuple[FeeCap, ...]:
    """The legal fee caps that the association goes by."""
    return fee_cap_tables.in_force(session, association, shipped_caps())


def today(session: Session, association: str) -> tuple[Association, date]:
    """The association, and the day by its own clock."""
    whose = associations.find(session, association)
    return whose, associations.day(whose, now())


def named(whose: Association, known: Iterable[Agency]) -> dict[str, tuple[str, str]]:
    """Names of agencies and their languages, by code."""
    return {one.code: Words.name(whose.country, one.names) for one in known}


@pages.get(EVERY, endpoint="agencies")
def listing(association: str) -> str:
    """All agencies, or those in which a text is found."""
    wanted = request.args.get("q", "")[:LONGEST_SEARCH]
    with reading() as session:
        whose, day = today(session, association)
        lines = agencies.listing(session, association, wanted, day)
    return render_template(
        "registry/agencies.html",
        association=whose,
        lines=lines,
        wanted=wanted,
        names=named(whose, (one.agency for one in lines)),
        words=registry_words,
    )


@pages.get(ONE, endpoint="agency")
def one(association: str, agency: str) -> str:
    """Everything that stands in the register about an agency."""
    with reading() as session:
        whose, day = today(session, association)
        held = agencies.one(session, association, agency, day)
        links = agency_links.listing(session, association, held.agency.id)
        known = caps(session, association)
        fees = fee_schedules.of(session, held.agency, whose.country, known, day)
    # A proposal is for those who work on it.
    shown = [one for one in links if one.link.is_approved or may("agency_links.every")]
    both = [end for one in shown for end in (one.agency, one.predecessor)]
    return render_template(
        "registry/agency.html",
        association=whose,
        held=held,
        links=shown,
        fees=fees,
        years=_years(held.deployments),
        missing=agencies.missing_quarters(one.quarter for one in held.deployments),
        names=named(whose, [held.agency, *both]),
        owners={one.id: agencies.is_owner(one, day) for one in held.owners},
        words=registry_words,
    )


def _years(deployments: Iterable[Deployment]) -> list[tuple[str, int, list[Deployment]]]:
    """Deployments by year, the newest first, with the workers of each year."""
    found: dict[str, list[Deployment]] = {}
    for one in deployments:
        found.setdefault(one.quarter[:4], []).insert(0, one)
    return [(year, sum(one.workers for one in rows), rows) for year, rows in found.items()][::-1]


@pages.get(f"{ONE}licence")
def licence(association: str, agency: str) -> str:
    """All states of a licence, with the forms to add one and to reverse one."""
    with reading() as session:
        return _licence(session, association, agency, StateForm(), ReverseForm())


@pages.post(f"{ONE}licence")
def add_state(association: str, agency: str) -> ResponseReturnValue:
    """Add a state; with it the public notice is issued anew where that can be done here."""
    form, sign = StateForm(), _signer(association)

    def work(session: Session) -> bool:
        new = NewState(**form.sent())
        changed = licence_states.add(session, association, agency, new, act())
        return changed and _issue(session, association, sign)

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _again(association, agency, form, ReverseForm(formdata=None))
    return redirect(here(".licence"), 303)


@pages.post(f"{ONE}licence/reverse")
def reverse_state(association: str, agency: str) -> ResponseReturnValue:
    """Reverse a state; with it the public notice is issued anew where that can be done here."""
    form, sign = ReverseForm(), _signer(association)

    def work(session: Session) -> bool:
        reversal = Reversal(**form.sent())
        changed = licence_states.reverse(session, association, agency, reversal, act())
        return changed and _issue(session, association, sign)

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _again(association, agency, StateForm(formdata=None), form)
    return redirect(here(".licence"), 303)


def _again(
    association: str, agency: str, adding: StateForm, reversing: ReverseForm
) -> ResponseReturnValue:
    with reading() as session:
        return _licence(session, association, agency, adding, reversing), 422


def _licence(
    session: Session, association: str, code: str, adding: StateForm, reversing: ReverseForm
) -> str:
    whose, day = today(session, association)
    held = agencies.one(session, association, code, day)
    words = registry_words.states()
    adding.offer(state=words.items())
    reversing.offer(which=_open_states(held))
    return render_template(
        "registry/licence.html",
        association=whose,
        held=held,
        names=named(whose, [held.agency]),
        adding=adding,
        reversing=reversing,
        is_public=bool(notices.newest(session).get(association)),
        can_sign=_signer(association) is not None,
        words=registry_words,
    )


def _open_states(held: Held) -> list[tuple[str, str]]:
    words = registry_words.states()
    left = [one for one in held.states if one.reversed_on is None]
    return [(one.since.isoformat(), f"{one.since} {words[one.state]}") for one in left]


def _signer(association: str) -> notices.Sign | None:
    """Signs notices where this host has the association's key."""
    try:
        return partial(notice.sign, signature.private(settings().keys, association))
    except NotFound:
        return None


def _issue(session: Session, association: str, sign: notices.Sign | None) -> bool:
    """A new notice, if the association is public already and it can be signed here."""
    if sign is None or association not in notices.newest(session):
        return False
    notices.issue(session, association, sign, act())
    return True
