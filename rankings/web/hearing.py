"""An agency is heard: its receipt before it is published, its reply, its disputes and appeals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField

from rankings.adapters.evidence_store import Store
from rankings.errors import Invalid, NotFound
from rankings.models import Dispute
from rankings.usecases import dispute_filing, disputed, disputes, replies, self_assessments
from rankings.usecases.replies import Clash
from rankings.web import act, evidence, hearing_page, hearing_words, reading, settings, transaction
from rankings.web.desk import OF_AGENCY, here
from rankings.web.languages import NAMES

pages = Blueprint("hearing", __name__)
OF = f"{OF_AGENCY}hearing"
FINDING = f"{OF}/findings/<subject>"
DISPUTE = f"{OF}/disputes/<uuid:dispute>"
Place = tuple[str, str, str]


class ReplyForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The agency's own words, their language, and the token of the reply that they replace."""

    text = TextAreaField()
    language = StringField()
    seen = HiddenField()


class DisputeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why a finding is wrong; its files come beside it."""

    statement = TextAreaField()


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent and not taken, what is wrong with it, and who was faster."""

    sent: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, str]] = field(default_factory=list)
    clash: Clash | None = None


@pages.url_value_preprocessor
def _limit(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything of the request's body is read."""
    if endpoint == f"{pages.name}.file":
        request.max_content_length = evidence.MAX_REQUEST
        request.max_form_parts = evidence.MAX_PARTS


@pages.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A short page that says what to do; nothing of what was sent is kept."""
    back = here("hearing.finding", subject=(request.view_args or {}).get("subject", ""))
    return render_template("agency/evidence_too_large.html", back=back), 413


@pages.get(OF)
def show(association: str, cycle: str, agency: str) -> str:
    """Until when what can be answered, the rating to come, the reply, findings and disputes."""
    return _page((association, cycle, agency), Refused())


def _page(place: Place, refused: Refused) -> str:
    with reading() as session:
        held = hearing_page.heard(session, *place)
        notice = None if held.stage.is_appeal or not held.is_told else held.stage.notice
        compared = hearing_page.sides(held, notice) if notice else None
        return render_template(
            "hearing/show.html",
            held=held,
            words=held.words,
            compared=compared,
            may_reply=notice is not None,
            reply_token=replies.token(held.reply),
            why_closed=hearing_words.reasons().get(held.stage.why_closed or "", ""),
            languages_known=NAMES,
            limits=(replies.MAX_TEXT, replies.MAX_BECAUSE),
            refused=refused,
            **_said(),
        )


def _said() -> dict[str, Any]:
    """What the templates of this part say by themselves."""
    return {
        "about": hearing_page.about,
        "found_word": hearing_page.found_word,
        "answer_word": hearing_page.answer_word,
        "how_found": hearing_words.how_found,
        "dispute_state": hearing_words.dispute_state,
        "reply_state": hearing_words.reply_state,
    }


@pages.post(OF)
def reply(association: str, cycle: str, agency: str) -> ResponseReturnValue:
    """Write the agency's reply or change it; where somebody was faster nothing is lost."""
    form, place = ReplyForm(), (association, cycle, agency)
    sent = {"text": form.text.data or "", "language": form.language.data or ""}
    said = replies.Words(sent["text"], sent["language"], form.seen.data or "")

    def work(session: Session) -> None:
        whose = self_assessments.find(session, *place)
        replies.write(session, *whose, said, act())

    try:
        transaction(work)
    except Invalid as invalid:
        return _page(place, Refused(sent, hearing_words.errors(invalid.problems))), 422
    except Clash as clash:
        return _page(place, Refused(sent, clash=clash)), 409
    return redirect(f"{here('.show')}#reply", 303)


@pages.get(f"{OF}/receipt")
def receipt(association: str, cycle: str, agency: str) -> str:
    """The very receipt that would be published; NotFound where the agency was not told."""
    with reading() as session:
        held = hearing_page.heard(session, association, cycle, agency)
    notice = held.stage.notice
    if notice is None or not held.is_told:
        raise NotFound("There is no receipt to show.")
    page = hearing_page.receipt(held, notice)
    return render_template("hearing/receipt.html", held=held, words=held.words, page=page)


@pages.get(FINDING)
def finding(association: str, cycle: str, agency: str, subject: str) -> str:
    """One finding, and the form to dispute it."""
    return _finding((association, cycle, agency), subject, Refused())


def _finding(place: Place, subject: str, refused: Refused) -> str:
    with reading() as session:
        held = hearing_page.heard(session, *place)
        one = disputed.find(list(held.found), subject)
        claims = self_assessments.answers(session, held.cycle, held.agency.id)
    return render_template(
        "hearing/finding.html",
        held=held,
        words=held.words,
        one=one,
        claim=claims.get(one.subject) if one.evidence else None,
        most=(dispute_filing.MAX_STATEMENT, dispute_filing.MAX_FILES),
        why_closed=hearing_words.reasons().get(held.stage.why_closed or "", ""),
        refused=refused,
        **_said(),
    )


@pages.post(FINDING)
def file(association: str, cycle: str, agency: str, subject: str) -> ResponseReturnValue:
    """Dispute a finding, with files; none of them is kept where one cannot be taken.

    A file lies in the store before the database knows of it; what fails later is swept away.
    """
    form, place = DisputeForm(), (association, cycle, agency)
    statement = form.statement.data or ""
    given = [one for one in request.files.getlist(evidence.FIELD) if one.filename]
    taken, wrong = evidence.checked(given) if given else ([], [])
    sent = {"statement": statement}
    if wrong:
        return _finding(place, subject, Refused(sent, files=wrong)), 422
    store = Store(settings().evidence)
    for one in taken:
        store.put(one.stored)

    def work(session: Session) -> Dispute:
        whose = self_assessments.find(session, *place)
        files = [evidence.handed(one) for one in taken]
        return dispute_filing.file(session, whose, subject, statement, files, act())

    try:
        made = transaction(work)
    except Invalid as invalid:
        errors = hearing_words.errors(invalid.problems)
        return _finding(place, subject, Refused(sent, errors)), 422
    return redirect(here(".dispute", dispute=made.id), 303)


@pages.get(DISPUTE)
def dispute(association: str, cycle: str, agency: str, dispute: UUID) -> str:
    """One dispute of the agency: what it said, by when it is decided, how it was decided."""
    with reading() as session:
        held = hearing_page.heard(session, association, cycle, agency)
        one = _own(held.disputes, dispute)
        files = disputes.files(session, one)
    return render_template(
        "hearing/dispute.html", held=held, words=held.words, one=one, files=files, **_said()
    )


@pages.get(f"{DISPUTE}/files/<uuid:file>")
def download(association: str, cycle: str, agency: str, dispute: UUID, file: UUID) -> Response:
    """A file that the agency handed in."""
    with reading() as session:
        whose = self_assessments.find(session, association, cycle, agency)
        mine = disputes.of_agency(session, whose[0], whose[1].id)
        found = disputes.find_file(session, _own(mine, dispute), file)
    return evidence.kept(found.name, found.media_type, found.size, found.stored_sha256)


def _own(mine: Sequence[Dispute], dispute: UUID) -> Dispute:
    for one in mine:
        if one.id == dispute:
            return one
    raise NotFound("There is no such dispute.")
