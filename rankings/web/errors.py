"""A refusal becomes a page with its status; anything else is a bug and stays one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from rankings import journaling
from rankings.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Unavailable
from rankings.usecases import (
    audit_closing,
    audit_findings,
    conflicts,
    corrective_actions,
    journal,
    self_assessments,
)
from rankings.web import (
    act,
    calendar_page,
    case_problems,
    hearing_words,
    interview_page,
    messages,
    method_words,
    publication_words,
    registry_words,
    schedule_words,
    settings,
    verification_words,
)
from rankings.web.access import roles
from rankings.web.languages import say as _

STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 422,
    Unavailable: 503,
}


def register(app: Flask) -> None:
    """Answer refusals and HTTP errors with pages in the reader's language."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(OperationalError, _without_database)
    app.register_error_handler(CSRFError, _without_token)
    app.register_error_handler(HTTPException, _failed)
    app.after_request(_noted)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    status = next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 400)
    body = _page(status, _reasons(str(get_locale())).get(str(refusal), ""))
    return (*body, {"Retry-After": "10"}) if status == 503 else body


def _without_database(error: OperationalError) -> ResponseReturnValue:
    """The database does not answer, or too many wrote at once; nothing is half-done."""
    current_app.logger.error("the database did not serve a request", exc_info=error)
    return _refused(Unavailable())


def _without_token(error: CSRFError) -> ResponseReturnValue:
    """Refused; a form of our own that grew too old can be sent again by whoever reads the page."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return _page(400)
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return render_template("signed_out.html", fields=fields, too_old=True), 400


def _failed(error: HTTPException) -> ResponseReturnValue:
    return _page(error.code or 500) if (error.code or 500) >= 400 else error.get_response()


def _page(status: int, why: str = "") -> tuple[str, int]:
    titles = {
        403: _("You may not see this page."),
        404: _("There is no such page."),
        409: _("This cannot be done now."),
        413: _("This is too large to be sent."),
        503: _("This page cannot be shown now. Try again in a minute."),
    }
    title = titles.get(status, _("Something went wrong."))
    return render_template("refusal.html", title=title, why=why), status


# A catalogue never changes, and nearly every refusal needs one of these sentences or none.
@cache
def _reasons(_language: str) -> Mapping[str, str]:
    """The reasons of use cases in the language of the page."""
    why = self_assessments.WHY
    return {
        why["submitted"]: _("This self-assessment has been submitted. It can no longer change."),
        why["closed"]: _("The last day of this cycle has passed. Nothing can change any more."),
        why["not_taking_part"]: _("The agency had not signed the code when the cycle opened."),
        self_assessments.NOTHING_ANSWERED: _("Nothing has been answered yet."),
        **verification_words.reasons(),
        **_reasons_of_audits(),
        **registry_words.reasons(),
        **interview_page.reasons(),
        **case_problems.reasons(),
        **calendar_page.reasons(),
        **hearing_words.reasons(),
        **messages.reasons(),
        **method_words.reasons(),
        **publication_words.reasons(),
        **schedule_words.reasons(),
    }


def _reasons_of_audits() -> dict[str, str]:
    return {
        conflicts.WHY: _("This person is tied to the agency, or to one close to it."),
        audit_findings.WHY["audit_closed"]: _("This audit is closed. It can no longer change."),
        audit_findings.IMPORTED: _("A file of the association holds a finding here already."),
        audit_findings.GIVEN_TWICE: _(
            "Somebody else gave a second opinion on this finding. A lead auditor settles it."
        ),
        audit_findings.BLIND: _(
            "You have been asked for a second opinion on this audit. Give it before you look here."
        ),
        audit_closing.NOT_CLOSED: _("This audit is open already."),
        corrective_actions.CLOSED: _("This corrective action is closed."),
    }


def _noted(response: Response) -> Response:
    """What was refused leaves an entry: to change anything, or to a person who is signed in."""
    if request.blueprint == "help":
        # It would tell when somebody asked for help.
        return response
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    if response.status_code < 400 or not (changes or g.get("person")) or g.get("journalled"):
        return response
    place = request.view_args or {}
    named = [str(place[name]) for name in ("cycle", "agency", "indicator") if name in place]
    # The address itself may hold a token.
    what = {"page": request.endpoint or "-", "status": response.status_code}
    journaling.note(
        current_app.extensions["engine"],
        settings().data,
        place["association"] if roles() else journal.NO_ASSOCIATION,
        act(),
        "was refused",
        " ".join([request.method, request.endpoint or "-", *named]),
        what,
    )
    return response
