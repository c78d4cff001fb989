"""Links between agencies: signs, proposals, and the decision of a second person."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Invalid
from rankings.usecases import agencies, agency_links, link_suggestions
from rankings.usecases.agency_links import Proposal
from rankings.web import act, reading, registry_words, transaction
from rankings.web.access import person
from rankings.web.registry import ONE, named, today
from rankings.web.registry_forms import DecisionForm, LinkForm

pages = Blueprint("agency_links", __name__)

LINKS = "/<association>/staff/agency-links"


@pages.get(LINKS)
def every(association: str) -> str:
    """What waits for a decision, what looks like a link, and what was decided."""
    with reading() as session:
        return _every(session, association, DecisionForm(formdata=None))


@pages.post(f"{LINKS}/<uuid:proposal>/decide")
def decide(association: str, proposal: UUID) -> ResponseReturnValue:
    """Approve or refuse what was proposed."""
    form = DecisionForm()

    def work(session: Session) -> None:
        agency_links.decide(session, association, proposal, **form.sent(), act=act())

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _every_again(association, form)
    return redirect(url_for(".every", association=association), 303)


def _every_again(association: str, form: DecisionForm) -> ResponseReturnValue:
    with reading() as session:
        return _every(session, association, form), 422


def _every(session: Session, association: str, form: DecisionForm) -> str:
    whose, day = today(session, association)
    links = agency_links.listing(session, association)
    return render_template(
        "registry/links.html",
        association=whose,
        waiting=[one for one in links if one.link.is_approved is None],
        decided=[one for one in links if one.link.is_approved is not None],
        suggestions=link_suggestions.suggestions(session, association, day),
        names=named(whose, agencies.every(session, association)),
        me=person().account,
        form=form,
        words=registry_words,
    )


@pages.get(f"{ONE}link")
def show(association: str, agency: str) -> str:
    """The form to propose that an agency follows another one."""
    asked = request.args.get("predecessor", "")
    with reading() as session:
        return _page(session, association, agency, LinkForm(predecessor=asked))


@pages.post(f"{ONE}link")
def propose(association: str, agency: str) -> ResponseReturnValue:
    """Propose a link; a second person decides."""
    form = LinkForm()

    def work(session: Session) -> None:
        agency_links.propose(session, association, agency, Proposal(**form.sent()), act())

    try:
        transaction(work)
    except Invalid as refusal:
        form.say(refusal)
        return _again(association, agency, form)
    return redirect(url_for(".every", association=association), 303)


def _again(association: str, agency: str, form: LinkForm) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, association, agency, form), 422


def _page(session: Session, association: str, code: str, form: LinkForm) -> str:
    whose, _day = today(session, association)
    agency = agencies.find(session, association, code)
    known = agencies.every(session, association)
    names = named(whose, known)
    others = [(one.code, f"{one.code} {names[one.code][0]}") for one in known if one is not agency]
    form.offer(predecessor=others, kind=registry_words.kinds().items())
    return render_template(
        "registry/link.html", association=whose, agency=agency, names=names, form=form
    )
