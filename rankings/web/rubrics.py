"""The association's rubrics: stored versions, and how a new one is made, looked at and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import FileStorage

from rankings.adapters import rubric_workbook
from rankings.adapters.evidence_names import safe
from rankings.adapters.rubric_workbook import Heading
from rankings.adapters.rubric_workbook_edit import numbered
from rankings.errors import Conflict, Invalid, Problem
from rankings.scoring.source import RubricSource
from rankings.usecases import associations, rubric_editing, rubrics
from rankings.usecases.rubric_editing import Draft
from rankings.web import act, downloads, now, reading, rubric_page, settings_words, transaction
from rankings.web.account_parts import go
from rankings.web.languages import language
from rankings.web.languages import say as _

pages = Blueprint("rubrics", __name__)

LISTING = "/<association>/staff/settings/rubrics/"
ONE = f"{LISTING}<rubric>/<version>/"
# The text of a large rubric with its labels, in forms that are not files.
MAX_TEXTS = 9_000_000
MAX_FILES = 30

Place = tuple[str, str, str]


@pages.url_value_preprocessor
def _limit(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything of the request's body is read."""
    if endpoint in (f"{pages.name}.compare", f"{pages.name}.keep"):
        request.max_form_memory_size = MAX_TEXTS


@pages.get(LISTING)
def listing(association: str) -> str:
    """What is stored and what it is used for, and what could be adopted."""
    with reading() as session:
        return _listing(session, association, "")


@pages.post(LISTING)
def adopt(association: str) -> ResponseReturnValue:
    """Take over a rubric that comes with the software."""
    shipped, wanted = rubric_page.shipped(), request.form.get("shipped", "")

    def work(session: Session) -> None:
        rubric_editing.adopt(session, association, shipped[wanted], act())

    if wanted not in shipped:
        return _again(association, _("Choose a rubric.")), 422
    try:
        transaction(work)
    except Conflict:
        return _again(association, _("This version is stored with another text already.")), 409
    return go(".listing", association=association)


def _again(association: str, why: str) -> str:
    with reading() as session:
        return _listing(session, association, why)


def _listing(session: Session, association: str, why: str) -> str:
    versions = rubric_editing.versions(session, association)
    known = {(one.code, one.version) for one in versions}
    return render_template(
        "rubrics/listing.html",
        association=associations.find(session, association),
        versions=versions,
        shipped=[one for one in rubric_page.shipped() if tuple(one.rsplit("-", 1)) not in known],
        why=why,
    )


@pages.get(ONE)
def show(association: str, rubric: str, version: str) -> str:
    """A stored version: what it changed, and the ways to a new one."""
    return _show((association, rubric, version), ())


def _show(place: Place, problems: Sequence[Problem]) -> str:
    association, code, version = place
    with reading() as session:
        whose = associations.find(session, association)
        source = rubric_editing.source(session, *place)
        before = rubric_editing.previous(session, *place)
        old = rubric_editing.source(session, association, code, before) if before else None
        every = rubric_editing.versions(session, association)
    one = next(each for each in every if (each.code, each.version) == (code, version))
    return render_template(
        "rubrics/show.html",
        association=whose,
        one=one,
        before=before,
        groups=rubric_page.between(old, source) if old else [],
        page=rubric_page.of(source),
        problems=problems,
    )


@pages.get(f"{ONE}workbook.xlsx")
def workbook(association: str, rubric: str, version: str) -> Response:
    """The rubric as a workbook, to be changed and sent back."""
    place = (association, rubric, version)
    with reading() as session:
        source = rubric_editing.source(session, *place)
        heading = _heading(session, place)
    body = rubric_workbook.write(source, language(), heading)
    return downloads.workbook(body, association, rubric, version)


def _heading(session: Session, place: Place) -> Heading:
    association, code, version = place
    return Heading(
        association=association,
        association_name=associations.find(session, association).name,
        sha256=rubrics.find(session, *place).digest,
        next_version=rubric_editing.proposed(session, association, code),
        downloaded_at=now(),
    )


@pages.post(f"{ONE}workbook")
def take(association: str, rubric: str, version: str) -> ResponseReturnValue:
    """Read a workbook and show what it would change."""
    place = (association, rubric, version)
    try:
        return _difference(place, _read(place, request.files.get("workbook")), "")
    except Invalid as refusal:
        return _show(place, refusal.problems), 422


def _read(place: Place, book: FileStorage | None) -> RubricSource:
    with reading() as session:
        base, heading = rubric_editing.source(session, *place), _heading(session, place)
    if not book or not book.filename:
        what = _("Choose the workbook that you have filled in.")
        raise Invalid([Problem(_("Workbook"), "", what)])
    with TemporaryDirectory(prefix="workbook-") as folder:
        file = Path(folder, "workbook.xlsx")
        book.save(file)
        return rubric_workbook.read(file, base, heading, safe(book.filename))


@pages.get(f"{ONE}text")
def text(association: str, rubric: str, version: str) -> str:
    """The rubric as text, with the number of the next version, to be changed."""
    place = (association, rubric, version)
    with reading() as session:
        held = rubric_editing.source(session, *place)
        proposed = rubric_editing.proposed(session, association, rubric)
    return _text(place, RubricSource(numbered(held.document, proposed), held.labels), ())


def _text(place: Place, source: RubricSource, problems: Sequence[Problem]) -> str:
    association, code, version = place
    with reading() as session:
        whose = associations.find(session, association)
    return render_template(
        "rubrics/text.html",
        association=whose,
        code=code,
        version=version,
        source=source,
        problems=problems,
    )


@pages.post(f"{ONE}text")
def compare(association: str, rubric: str, version: str) -> ResponseReturnValue:
    """Show what a text would change; nothing is kept."""
    place = (association, rubric, version)
    typed, files = request.form.to_dict(), request.files.getlist("files")[:MAX_FILES]
    try:
        made = rubric_page.sent(typed, files)
    except Invalid as refusal:
        return _text(place, rubric_page.sent(typed, []), refusal.problems), 422
    return _or_again(place, made, lambda: _difference(place, made, ""))


@pages.post(f"{ONE}keep")
def keep(association: str, rubric: str, version: str) -> ResponseReturnValue:
    """Keep the version that was looked at."""
    place = (association, rubric, version)
    made = rubric_page.sent(request.form.to_dict(), [])
    seen = request.form.get("seen", "")

    def work(session: Session) -> Draft:
        return rubric_editing.keep(session, association, (rubric, version), made, seen, act())

    def done() -> ResponseReturnValue:
        try:
            kept = transaction(work)
        except Conflict:
            why = _("This is not what you looked at. Read it again, then keep it.")
            return _difference(place, made, why), 409
        return go(".show", association=association, rubric=kept.code, version=kept.version)

    return _or_again(place, made, done)


def _or_again(
    place: Place, made: RubricSource, done: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    """What is done with a text, or the text again with all that is wrong in it."""
    try:
        return done()
    except Invalid as refusal:
        return _text(place, made, refusal.problems), 422


def _difference(place: Place, made: RubricSource, why: str) -> str:
    association, code, version = place
    with reading() as session:
        whose = associations.find(session, association)
        draft = rubric_editing.compare(session, association, (code, version), made)
    return render_template(
        "rubrics/difference.html",
        association=whose,
        code=code,
        version=version,
        draft=draft,
        seen=rubric_editing.token(draft),
        groups=rubric_page.groups(draft.changes, draft.source),
        reach=settings_words.reach(draft.reach),
        why=why,
    )
