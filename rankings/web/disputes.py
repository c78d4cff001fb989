"""Disputes and appeals as those who decide see them: the list, one of them, and its decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField

from rankings.errors import Conflict, Invalid
from rankings.models import Finding
from rankings.scoring.source import Code
from rankings.usecases import (
    associations,
    audit_reading,
    cycles,
    dispute_decisions,
    disputed,
    disputes,
    evidence,
    self_assessments,
    staff,
)
from rankings.usecases.answers import Questions
from rankings.usecases.dispute_decisions import OUTCOMES, Decision
from rankings.usecases.disputes import Listed
from rankings.web import act, hearing_page, hearing_words, now, reading, transaction
from rankings.web.access import person
from rankings.web.account_parts import go
from rankings.web.evidence import kept
from rankings.web.question_page import Question, question
from rankings.web.words import Words

pages = Blueprint("disputes", __name__)
DISPUTES = "/<association>/staff/disputes/"
DISPUTE = f"{DISPUTES}<uuid:dispute>/"


class DecisionForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What becomes of a finding, and why."""

    outcome = StringField()
    found = StringField()
    reason = TextAreaField()
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent and not taken, and what is wrong with it."""

    sent: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@pages.get(DISPUTES)
def index(association: str) -> str:
    """All disputes and appeals, what is overdue first."""
    with reading() as session:
        whose = associations.find(session, association)
        today = associations.day(whose, now())
        found = [
            one
            for one in disputes.listed(session, association, today)
            if not _is_hidden(session, one)
        ]
        codes = {one.cycle.id: cycles.code_of(one.cycle) for one in found}
    return render_template(
        "disputes/index.html",
        association=whose,
        found=found,
        today=today,
        words={key: Words(code) for key, code in codes.items()},
        names={one.agency.id: Words.name(whose.country, one.agency.names) for one in found},
        **_said(),
    )


def _is_hidden(session: Session, one: Listed) -> bool:
    """Whether the person still has to judge a finding of the same audit blindly."""
    try:
        dispute_decisions.refuse_blind(session, one, person().account)
    except Conflict:
        return True
    return False


@pages.get(DISPUTE)
def show(association: str, dispute: UUID) -> str:
    """Claim, finding, evidence and statement beside each other, and the form to decide."""
    return _page((association, dispute), Refused())


def _page(place: tuple[str, UUID], refused: Refused) -> str:
    with reading() as session:
        one = disputes.find(session, *place)
        dispute_decisions.refuse_blind(session, one, person().account)
        whose = associations.find(session, place[0])
        row = disputed.row_of(session, one.dispute)
        why_not = dispute_decisions.why_not(session, one, act())
        code = cycles.code_of(one.cycle)
        said = self_assessments.answers(session, one.cycle, one.agency.id)
        given = evidence.of(session, one.cycle, one.agency.id)
        people = (one.dispute.filed_by, one.dispute.decided_by)
        names = staff.names(session, {key for key in people if key})
        makers = audit_reading.names(session, [row] if isinstance(row, Finding) else [])
        files = disputes.files(session, one.dispute)
    subject = one.dispute.subject if one.dispute.kind == disputed.FINDING else ""
    return render_template(
        "disputes/show.html",
        association=whose,
        one=one,
        row=row,
        today=associations.day(whose, now()),
        words=Words(code),
        code=code,
        name=Words.name(whose.country, one.agency.names),
        claim=said.get(subject),
        claim_files=given.get(subject, []),
        files=files,
        names=names,
        makers=makers,
        question=_question(code, subject),
        why_not=hearing_words.reasons().get(why_not or "", why_not or ""),
        outcomes=OUTCOMES[one.dispute.kind],
        seen=dispute_decisions.token(row),
        limits=(dispute_decisions.LEAST_REASON, dispute_decisions.MAX_REASON),
        refused=refused,
        **_said(),
    )


def _said() -> dict[str, Any]:
    """What the templates say by themselves."""
    return {
        "about": hearing_page.about,
        "answer_word": hearing_page.answer_word,
        "how_found": hearing_words.how_found,
        "outcome_word": hearing_words.outcome_word,
        "dispute_state": hearing_words.dispute_state,
    }


def _question(code: Code, subject: str) -> Question | None:
    """The question whose answers can be chosen instead; None for a serious finding."""
    asked = Questions(code).asked.get(subject)
    return question(Words(code), asked) if asked else None


@pages.post(DISPUTE)
def decide(association: str, dispute: UUID) -> ResponseReturnValue:
    """Decide it, once."""
    form, place = DecisionForm(), (association, dispute)
    sent = {name: form[name].data or "" for name in ("outcome", "found", "reason", "seen")}

    def work(session: Session) -> None:
        one = disputes.find(session, *place)
        dispute_decisions.decide(session, one, Decision(**sent), act())

    try:
        transaction(work)
    except Invalid as invalid:
        return _page(place, Refused(sent, hearing_words.errors(invalid.problems))), 422
    return go(".show", association=association, dispute=dispute)


@pages.get(f"{DISPUTE}files/<uuid:file>")
def download(association: str, dispute: UUID, file: UUID) -> Response:
    """A file that the agency handed in, for those who decide."""
    with reading() as session:
        one = disputes.find(session, association, dispute)
        dispute_decisions.refuse_blind(session, one, person().account)
        found = disputes.find_file(session, one.dispute, file)
    return kept(found.name, found.media_type, found.size, found.stored_sha256)
