"""A refusal becomes a page with its status; anything else is a bug and stays one."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Unavailable
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
    app.register_error_handler(HTTPException, _failed)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    status = STATUS.get(type(refusal), 400)
    body = _page(status)
    return (*body, {"Retry-After": "10"}) if status == 503 else body


def _failed(error: HTTPException) -> ResponseReturnValue:
    return _page(error.code or 500) if (error.code or 500) >= 400 else error.get_response()


def _page(status: int) -> tuple[str, int]:
    titles = {
        403: _("You may not see this page."),
        404: _("There is no such page."),
        409: _("This cannot be done now."),
        503: _("This page cannot be shown now. Try again in a minute."),
    }
    title = titles.get(status, _("Something went wrong."))
    return render_template("refusal.html", title=title), status
