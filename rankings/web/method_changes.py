"""Changing the rules: try a version on the last edition, and make the report that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from cachetools import LRUCache
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings import method_reports
from rankings.adapters import rubric_files
from rankings.errors import Conflict
from rankings.models import Association, MethodReport
from rankings.scoring.labels import Labels
from rankings.scoring.reading import Problem, RubricError
from rankings.scoring.source import RubricSource, read
from rankings.usecases import associations, method_changes, rubrics
from rankings.usecases.method_counts import changed_places, movers, place_of
from rankings.usecases.method_movement import New, Past, report
from rankings.web import act, reading, transaction
from rankings.web.account_parts import go
from rankings.web.languages import say as _
from rankings.web.method_words import MethodWords, reasons
from rankings.web.public import shelf
from rankings.web.shelf import Published
from rankings.web.words import Words, words_of

pages = Blueprint("method_changes", __name__)

PAGE = "/<association>/staff/method/"
OF_VERSION = f"{PAGE}<rubric>/<version>/"
MOST_MOVERS, MOST_RULES, MOST_CAUSES, MOST_PROBLEMS = 20, 12, 3, 100
# A rehearsal takes about 1.5 ms per agency, and the same one is looked at again.
_kept: LRUCache[tuple[str, str], dict[str, Any]] = LRUCache(4)
_lock = Lock()

Last = tuple[method_changes.Published, Published]


@dataclass(frozen=True, slots=True)
class Tried:
    """What is shown of a rehearsal; `kept` is the report where it was made, `name` of a file."""

    body: Mapping[str, Any]
    words: MethodWords
    kept: MethodReport | None = None
    is_needed: bool = False
    name: str = ""


@pages.get(PAGE)
def index(association: str) -> str:
    """The stored versions, and whether a cycle may open by each."""
    return _index(association)


@pages.post(PAGE)
def upload(association: str) -> ResponseReturnValue:
    """Try a rubric that is not stored on the last edition; nothing is kept."""
    file = request.files.get("file")
    if not file or not file.filename:
        return _index(association, error=_("Choose the file.")), 422
    with TemporaryDirectory(prefix="method-") as folder:
        kept = Path(folder, "rubric.toml")
        file.save(kept)
        try:
            new = method_reports.rubric_alone(RubricSource(rubric_files.text(kept)))
        except RubricError as refusal:
            return _index(association, problems=refusal.problems[:MOST_PROBLEMS]), 422
    return _tried_file(association, new, file.filename)


def _tried_file(association: str, new: New, name: str) -> ResponseReturnValue:
    with reading() as session:
        whose = associations.find(session, association)
        last = _last(session, association)
    if last is None:
        return _index(association, error=_("Nothing has been published yet.")), 422
    body = _rehearsed(last[1], new)
    return _page(whose, last, Tried(body, _words(body, last[1]), name=name))


@pages.get(OF_VERSION)
def show(association: str, rubric: str, version: str) -> str:
    """What a stored version makes of the last edition."""
    with reading() as session:
        whose = associations.find(session, association)
        row = rubrics.find(session, association, rubric, version)
        last = _last(session, association)
        kept = method_changes.of(session, association, rubric, version)
        is_needed = method_changes.needed(session, association, rubric, version)
    if last is None:
        return _index(association, error=_("Nothing has been published yet."))
    source = RubricSource(row.document, row.labels)
    body = _rehearsed(last[1], method_reports.rubric_alone(source))
    words = _words(body, last[1], Words(read(source)).labels)
    return _page(whose, last, Tried(body, words, kept, is_needed))


@pages.post(OF_VERSION)
def make(association: str, rubric: str, version: str) -> ResponseReturnValue:
    """Make the report that leads from the last edition to a version."""
    with_edition = _prepared(association, rubric, version)
    if with_edition is None:
        return _index(association, error=_("Nothing has been published yet.")), 422

    def work(session: Session) -> None:
        method_changes.keep(session, association, with_edition, act())

    try:
        transaction(work)
    except Conflict as refusal:
        return _index(association, error=reasons()[str(refusal)]), 422
    return go(".show", association=association, rubric=rubric, version=version)


def _prepared(association: str, rubric: str, version: str) -> dict[str, Any] | None:
    """The report, made before anything is locked; None where nothing has been published."""
    with reading() as session:
        row = rubrics.find(session, association, rubric, version)
        last = _last(session, association)
    source = RubricSource(row.document, row.labels)
    return _rehearsed(last[1], method_reports.rubric_alone(source)) if last else None


def _last(session: Session, association: str) -> Last | None:
    """The edition that was published last, and its signed file."""
    found = method_changes.newest(session, association)
    if found is None:
        return None
    edition, cycle = found
    return found, shelf().edition(association, cycle.slug, edition.number)


def _rehearsed(published: Published, new: New) -> dict[str, Any]:
    key = (published.digest, new.sha256)
    with _lock:
        known = _kept.get(key)
    if known is None:
        number = published.bundle.manifest["number"]
        known = report(Past(number, published.digest, published.part), new)
        with _lock:
            _kept[key] = known
    return known


def _words(body: Mapping[str, Any], published: Published, *new: Labels) -> MethodWords:
    """The new rubric's words first, then those of the edition."""
    return MethodWords(body, *new, words_of(published.digest, published.part("rubric")).labels)


def _index(association: str, error: str = "", problems: Sequence[Problem] = ()) -> str:
    with reading() as session:
        whose = associations.find(session, association)
        last = method_changes.newest(session, association)
        versions = method_changes.versions(session, association)
    return render_template(
        "method_changes/index.html",
        association=whose,
        last=last,
        versions=versions,
        error=error,
        problems=problems,
    )


def _page(whose: Association, last: Last, tried: Tried) -> str:
    (edition, cycle), published = last
    return render_template(
        "method_changes/show.html",
        association=whose,
        edition=edition,
        cycle=cycle,
        tried=tried,
        body=tried.body,
        words=tried.words,
        movers=movers(tried.body, MOST_MOVERS),
        moved=len(movers(tried.body)),
        changed=changed_places(tried.body),
        place_of=place_of,
        name_of=lambda names: Words.name(whose.country, names),
        most_causes=MOST_CAUSES,
        most_rules=MOST_RULES,
    )
