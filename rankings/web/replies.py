"""Replies of agencies before they are printed: the secretariat prints or refuses, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import HiddenField, StringField, TextAreaField

from rankings.errors import Invalid
from rankings.usecases import associations, replies, self_assessments
from rankings.web import act, hearing_words, reading, transaction
from rankings.web.account_parts import go
from rankings.web.desk import OF_AGENCY
from rankings.web.languages import NAMES
from rankings.web.words import Words

pages = Blueprint("replies", __name__)


class VerdictForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Whether a reply is printed, why not, and the token of the reply that was read."""

    choice = StringField()
    because = TextAreaField()
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent and not taken about an agency's reply, and what is wrong with it."""

    agency: UUID | None = None
    cycle: UUID | None = None
    sent: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@pages.get("/<association>/staff/replies/")
def index(association: str) -> str:
    """The replies to editions that are still to come, what nobody has read first."""
    return _page(association, Refused())


def _page(association: str, refused: Refused) -> str:
    with reading() as session:
        whose = associations.find(session, association)
        found = replies.listed(session, association)
    return render_template(
        "replies/index.html",
        association=whose,
        found=found,
        names={one.agency.id: Words.name(whose.country, one.agency.names) for one in found},
        languages_known=NAMES,
        token=replies.token,
        most=replies.MAX_BECAUSE,
        reply_state=hearing_words.reply_state,
        refused=refused,
    )


@pages.post(f"{OF_AGENCY}reply")
def moderate(association: str, cycle: str, agency: str) -> ResponseReturnValue:
    """Print a reply, or refuse it with a public reason."""
    form = VerdictForm()
    sent = {name: form[name].data or "" for name in ("choice", "because", "seen")}

    def work(session: Session) -> None:
        whose = self_assessments.find(session, association, cycle, agency)
        replies.moderate(session, *whose, replies.Verdict(**sent), act())

    try:
        transaction(work)
    except Invalid as invalid:
        with_errors = _refused((association, cycle, agency), sent, invalid)
        return _page(association, with_errors), 422
    return go(".index", association=association)


def _refused(place: tuple[str, str, str], sent: Mapping[str, str], invalid: Invalid) -> Refused:
    with reading() as session:
        cycle, agency = self_assessments.find(session, *place)
    return Refused(agency.id, cycle.id, sent, hearing_words.errors(invalid.problems))
