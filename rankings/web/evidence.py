"""Evidence files of an answer: handed in, looked at, taken away, downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestedRangeNotSatisfiable, RequestEntityTooLarge
from werkzeug.wrappers import Response

from rankings.adapters.evidence import Accepted, accept
from rankings.adapters.evidence_kinds import BY_ENDING, MAX_BYTES, Unfit
from rankings.adapters.evidence_store import Store
from rankings.usecases import evidence, self_assessments
from rankings.usecases.evidence import Full, Handed
from rankings.web import act, evidence_words, reading, settings, transaction
from rankings.web.desk import SELF_ASSESSMENT, desk, here, refuse_closed
from rankings.web.languages import say as _

pages = Blueprint("evidence", __name__)
OF_ANSWER = f"{SELF_ASSESSMENT}/questions/<indicator>/evidence"
# Of one request, all its files together.
MAX_REQUEST = 25_000_000
# The files, the token, and a few that a browser might add.
MAX_PARTS = 20
FIELD = "files"

Place = tuple[str, str, str]


@pages.url_value_preprocessor
def _limit(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything of the request's body is read."""
    if endpoint == f"{pages.name}.add":
        request.max_content_length, request.max_form_parts = MAX_REQUEST, MAX_PARTS


@pages.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A short page that says what to do; nothing of what was sent is kept."""
    back = here("agency.question", indicator=(request.view_args or {}).get("indicator", ""))
    return render_template("agency/evidence_too_large.html", back=back), 413


@pages.app_template_global("size_word")
def size_word(size: int) -> str:
    """A size in the units that people know from their own files."""
    if size < 1_000_000:
        return _("%(size)s kB", size=format_decimal(max(1, round(size / 1_000))))
    return _("%(size)s MB", size=format_decimal(size / 1_000_000, format="#,##0.0"))


@pages.app_template_global("evidence_endings")
def endings() -> str:
    """What a browser offers to choose from."""
    return ",".join(BY_ENDING)


@pages.get(OF_ANSWER)
def show(association: str, cycle: str, agency: str, indicator: str) -> str:
    """The files of one answer, and where more are handed in."""
    return _page((association, cycle, agency), indicator, [])


def _page(place: Place, indicator: str, errors: Sequence[tuple[str, str]]) -> str:
    """The files, after what was refused: each a file's name and a sentence."""
    with reading() as session:
        held = desk(session, *place)
        files = held.files.get(indicator, [])
        return render_template(
            "agency/evidence.html",
            desk=held,
            question=held.question(indicator),
            files=files,
            names=evidence.names(session, files),
            errors=errors,
        )


@pages.post(OF_ANSWER)
def add(association: str, cycle: str, agency: str, indicator: str) -> ResponseReturnValue:
    """Take the files that can be taken and name those that cannot.

    A file lies in the store before the database knows of it; what fails later is swept away.
    """
    place = (association, cycle, agency)
    refuse_closed(place).indicator(indicator)
    store = Store(settings().evidence)
    taken, errors = checked([one for one in request.files.getlist(FIELD) if one.filename])
    for one in taken:
        store.put(one.stored)

    def work(session: Session) -> None:
        whose = self_assessments.find(session, *place)
        for one in taken:
            evidence.add(session, *whose, indicator, handed(one), act())

    try:
        transaction(work)
    except Full as full:
        return _page(place, indicator, [("", evidence_words.full(full)), *errors]), 409
    if errors:
        return _page(place, indicator, errors), 422
    return redirect(f"{here('agency.question', indicator=indicator)}#evidence", 303)


def checked(sent: Sequence[FileStorage]) -> tuple[list[Accepted], list[tuple[str, str]]]:
    """The files that can be taken, and a sentence for each that cannot."""
    taken: list[Accepted] = []
    errors = [] if sent else [("", _("Choose at least one file."))]
    for one in sent:
        try:
            # One byte more than is taken tells that there is more.
            taken.append(accept(one.filename or "", one.stream.read(MAX_BYTES + 1)))
        except Unfit as unfit:
            errors.append((unfit.name, evidence_words.sentence(unfit)))
    return taken, errors


def handed(file: Accepted) -> Handed:
    """A stored file as the use case notes it."""
    return Handed(
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        given_sha256=file.given_sha256,
        stored_sha256=file.stored_sha256,
        has_active_content=file.has_active_content,
    )


@pages.post(f"{OF_ANSWER}/<uuid:id>/remove")
def remove(
    association: str, cycle: str, agency: str, indicator: str, id: UUID
) -> ResponseReturnValue:
    """Take a file away again."""

    def work(session: Session) -> None:
        whose = self_assessments.find(session, association, cycle, agency)
        evidence.remove(session, *whose, indicator, id, act())

    transaction(work)
    return redirect(f"{here('agency.question', indicator=indicator)}#evidence", 303)


@pages.get(f"{OF_ANSWER}/<uuid:id>")
def download(association: str, cycle: str, agency: str, indicator: str, id: UUID) -> Response:
    """The file as it is stored, never shown inside a page of ours."""
    with reading() as session:
        whose = self_assessments.find(session, association, cycle, agency)
        found = evidence.find(session, *whose, indicator, id)
    return kept(found.name, found.media_type, found.size, found.stored_sha256)


def kept(name: str, media_type: str, size: int, stored_sha256: str) -> Response:
    """A file of the store as an answer that no browser shows as a page."""
    file = Store(settings().evidence).open(stored_sha256)
    answer = send_file(file, media_type, conditional=False, etag=False)
    answer.content_length = size
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    try:
        return answer.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise


def disposition(name: str) -> str:
    """A header for a file to be kept, not shown; letters of every script stay in its name."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
