"""Blind second opinions: the list, asking somebody, giving one, and settling a difference."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import Conflict, Invalid
from rankings.scoring.rules import Indicator, Level
from rankings.usecases import associations, cycles, second_opinions, settlements, staff
from rankings.usecases.second_opinions import Pair
from rankings.usecases.settlements import Settlement
from rankings.web import act, reading, transaction
from rankings.web.access import person, roles
from rankings.web.account_parts import go
from rankings.web.audit_page import of_auditors
from rankings.web.desk import desk
from rankings.web.question_page import Question, question
from rankings.web.verification_forms import AskForm, OpinionForm, SettleForm
from rankings.web.verification_words import evidence_word, opinion_state, reasons
from rankings.web.words import Words

pages = Blueprint("opinions", __name__)

OPINIONS = "/<association>/staff/second-opinions/"
OPINION = f"{OPINIONS}<uuid:opinion>/"
SEE_ALL = {staff.LEAD, "secretariat"}


@pages.get(OPINIONS)
def index(association: str) -> str:
    """What was drawn: all of it, or what an auditor was asked."""
    with reading() as session:
        sees_all = bool(roles() & SEE_ALL)
        own = None if sees_all else person().account
        found = second_opinions.listed(session, association, own)
        return render_template(
            "second_opinions/index.html",
            **_shared(session, association, found),
            sees_all=sees_all,
            opinion_state=opinion_state,
            me=person().account,
        )


@pages.get(f"{OPINIONS}differences")
def differences(association: str) -> str:
    """The findings on which two auditors differ."""
    with reading() as session:
        found = settlements.differences(session, association)
        return render_template(
            "second_opinions/differences.html",
            **_shared(session, association, found),
            opinion_state=opinion_state,
        )


@pages.get(OPINION)
def show(association: str, opinion: UUID) -> str:
    """The question, the claim and the evidence; nothing of the first finding."""
    return _opinion((association, opinion), OpinionForm())


@pages.post(OPINION)
def give(association: str, opinion: UUID) -> ResponseReturnValue:
    """Give the second opinion, once."""
    form = OpinionForm()

    def work(session: Session) -> None:
        pair = second_opinions.find(session, association, opinion)
        said = (form.found.data or "", form.reason.data or "")
        second_opinions.give(session, pair, *said, act())

    try:
        transaction(work)
    except Invalid as invalid:
        status = form.refuse(invalid, "found")
        return _opinion((association, opinion), form), status
    return go(".show", association=association, opinion=opinion)


def _opinion(place: tuple[str, UUID], form: OpinionForm) -> str:
    with reading() as session:
        pair = second_opinions.find(session, *place)
        held = desk(session, place[0], pair.cycle.slug, pair.agency.code)
        is_submitted = held.why_closed == "submitted"
    code = pair.opinion.indicator
    return render_template(
        "second_opinions/show.html",
        # Not the pair itself: the page could tell what it must not know.
        opinion=pair.opinion,
        evidence=pair.audit.evidence,
        visited_on=pair.audit.visited_on,
        desk=held,
        question=asked(held.words, pair),
        meanings=_meanings(held.words, held.indicator(code)),
        is_submitted=is_submitted,
        claim=held.answers.get(code) if is_submitted else None,
        files=held.files.get(code, []),
        evidence_word=evidence_word,
        form=form,
    )


def _meanings(words: Words, indicator: Indicator) -> dict[str, str]:
    """What each option means in full."""
    options = indicator.rule.options if isinstance(indicator.rule, Level) else ()
    path = ("indicators", indicator.id, "options")
    return {one.id: words.of(*path, one.id, "reason") for one in options}


@pages.get(f"{OPINION}ask")
def ask(association: str, opinion: UUID) -> str:
    """A form to ask somebody for a second opinion."""
    with reading() as session:
        return _ask(session, (association, opinion), None)


@pages.post(f"{OPINION}ask")
def assign(association: str, opinion: UUID) -> ResponseReturnValue:
    """Ask somebody for a second opinion."""
    form, place = AskForm(), (association, opinion)

    def work(session: Session) -> ResponseReturnValue | None:
        pair = second_opinions.find(session, association, opinion)
        form.auditor.offer(second_opinions.candidates(session, pair, act()))
        if not form.validate():
            return _ask(session, place, form), 422
        seen = form.seen.data or ""
        second_opinions.assign(session, pair, form.auditor.key, seen, act())
        return None

    try:
        refused = transaction(work)
    except (Invalid, Conflict) as refusal:
        return _ask_again(place, form, form.refuse(refusal, "auditor"))
    return refused or go(".index", association=association)


def _ask_again(place: tuple[str, UUID], form: AskForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        opinion = second_opinions.find(session, *place).opinion
        form.seen.data = str(opinion.auditor or "")
        return _ask(session, place, form), status


def _ask(session: Session, place: tuple[str, UUID], form: AskForm | None) -> str:
    pair = second_opinions.find(session, *place)
    asked_now = str(pair.opinion.auditor or "")
    form = form or AskForm(formdata=None, auditor=asked_now, seen=asked_now)
    form.auditor.offer(second_opinions.candidates(session, pair, act()))
    return render_template(
        "second_opinions/ask.html", **_shared(session, place[0], [pair]), pair=pair, form=form
    )


@pages.get(f"{OPINION}difference")
def difference(association: str, opinion: UUID) -> str:
    """Both findings side by side, once both were made."""
    return _difference((association, opinion), None)


@pages.post(f"{OPINION}difference")
def settle(association: str, opinion: UUID) -> ResponseReturnValue:
    """Keep the first finding or take the second one."""
    form = SettleForm()

    def work(session: Session) -> None:
        pair = second_opinions.find(session, association, opinion)
        said = (form.choice.data or "", form.because.data or "", form.seen.data or "")
        settlements.settle(session, pair, Settlement(*said), act())

    try:
        transaction(work)
    except Invalid as invalid:
        status = form.refuse(invalid, "choice")
        return _difference((association, opinion), form), status
    return go(".differences", association=association)


def _difference(place: tuple[str, UUID], form: SettleForm | None) -> str:
    with reading() as session:
        pair = second_opinions.find(session, *place)
        why_not = settlements.why_not(session, pair, act())
        shared = _shared(session, place[0], [pair])
    form = form or SettleForm(formdata=None, seen=settlements.token(pair.finding))
    return render_template(
        "second_opinions/difference.html",
        **shared,
        pair=pair,
        question=shared["asked"][pair.opinion.id],
        form=form,
        why_not=reasons()[why_not] if why_not else "",
    )


def asked(words: Words, pair: Pair) -> Question:
    """The question that was drawn, in words."""
    known = {one.id: one for one in words.rubric.indicators}
    return of_auditors(question(words, known[pair.opinion.indicator]))


def _shared(session: Session, association: str, pairs: list[Pair]) -> dict[str, Any]:
    """What lists and pages say of second opinions: agencies, people and questions by name."""
    whose = associations.find(session, association)
    words = {one.cycle.id: Words(cycles.code_of(one.cycle)) for one in pairs}
    people = {key for one in pairs for key in (one.opinion.auditor, one.opinion.settled_by) if key}
    people |= {one.audit.auditor for one in pairs}
    return {
        "association": whose,
        "pairs": pairs,
        "agencies": {one.opinion.id: Words.name(whose.country, one.agency.names) for one in pairs},
        "asked": {one.opinion.id: asked(words[one.cycle.id], one) for one in pairs},
        "people": staff.names(session, people),
        "evidence_word": evidence_word,
    }
