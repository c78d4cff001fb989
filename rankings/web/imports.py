"""Registers of the association as files: first what a file would do, then all of it or nothing.

The file is never kept here. Whoever saves it sends it again, and it must be the one that was
shown: so nothing of workers lies on a disk, and any process on any host can answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import HiddenField, StringField

from rankings import importing
from rankings.adapters import import_errors, import_rows
from rankings.adapters.evidence_names import safe
from rankings.adapters.import_columns import KINDS
from rankings.adapters.sheets import Sheet
from rankings.errors import Invalid, Problem
from rankings.importing import Order, Outcome, Undone
from rankings.usecases import associations, cycles
from rankings.web import act, downloads, now, reading, transaction
from rankings.web.access import roles
from rankings.web.desk import OF_CYCLE
from rankings.web.languages import say as _

pages = Blueprint("imports", __name__)
PAGE = f"{OF_CYCLE}imports"
# While such a file is taken in nobody else can save; larger ones go in by command line.
MOST_ROWS, MOST_SHOWN = 20_000, 500
APPLY, ERRORS = "apply", "errors"
OF_ROLE: dict[str, tuple[str, ...]] = {
    "secretariat": KINDS,
    "auditor": ("findings", "interviews"),
    "lead_auditor": ("findings", "interviews"),
    "case_officer": ("complaints",),
}

Place = tuple[str, str]


class ImportForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What kind of file it is, and the digest of the rows that were shown."""

    kind = StringField()
    shown = HiddenField()
    then = StringField()


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was read: its order, its rows, and what names both."""

    order: Order
    sheet: Sheet
    digest: str


def kinds() -> list[str]:
    """What the person may take in."""
    allowed = {kind for role in roles() for kind in OF_ROLE.get(role, ())}
    return [kind for kind in KINDS if kind in allowed]


def kind_word(kind: str) -> str:
    """What a kind of file holds."""
    return {
        "agencies": _("Agencies: the register of licences"),
        "deployments": _("Workers sent"),
        "self-assessments": _("Self-assessments"),
        "findings": _("Findings"),
        "interviews": _("Interviews"),
        "complaints": _("Complaints: the register"),
    }[kind]


@pages.get(PAGE)
def show(association: str, cycle: str) -> str:
    """Where a file is chosen."""
    return _page((association, cycle))


@pages.post(PAGE)
def take(association: str, cycle: str) -> ResponseReturnValue:
    """Say what a file would do; save it if that was shown before; or hand it out corrected."""
    form, place = ImportForm(), (association, cycle)
    kind, then = form.kind.data or "", form.then.data or ""
    file = request.files.get("file")
    if kind not in kinds() or not file or not file.filename:
        return _page(place, kind=kind, errors=_missing(kind, bool(file and file.filename))), 422
    try:
        with TemporaryDirectory(prefix="import-") as folder:
            kept = Path(folder, safe(file.filename))
            file.save(kept)
            sent = _read(Order(kind, kept, association, cycle))
        is_shown = form.shown.data == sent.digest
        outcome = _outcome(sent, for_good=then == APPLY and is_shown)
    except Invalid as invalid:
        return _page(place, kind=kind, problems=invalid.problems[:MOST_SHOWN]), 422
    if then == ERRORS and outcome.problems:
        return _corrections(place, sent, outcome)
    other = then == APPLY and not is_shown
    return _page(place, kind=kind, sent=sent, outcome=outcome, other=other), _status(outcome, other)


def _status(outcome: Outcome, other: bool) -> int:
    """Another file than the one that was shown is a conflict, one with problems a mistake."""
    if other:
        return 409
    return 422 if outcome.problems else 200


def _missing(kind: str, has_file: bool) -> dict[str, str]:
    found = {}
    if kind not in kinds():
        found["kind"] = _("Choose what the file holds.")
    if not has_file:
        found["file"] = _("Choose the file.")
    return found


def _read(order: Order) -> Sent:
    """The rows of a file; Invalid where they are too many."""
    sheet = importing.read(order)
    if len(sheet.lines) > MOST_ROWS:
        remedy = _("has more than 20,000 rows: split it, or take it in by command line")
        raise Invalid([Problem(order.file.name, str(len(sheet.lines)), remedy)])
    return Sent(order, sheet, f"{order.kind} {import_rows.digest(sheet)}")


def _outcome(sent: Sent, *, for_good: bool) -> Outcome:
    """What the rows did, or would do."""

    def work(session: Session) -> Outcome:
        return importing.save(session, sent.order, sent.sheet, act(), for_good=for_good)

    try:
        return transaction(work)
    except Undone as undone:
        return undone.outcome


def _corrections(place: Place, sent: Sent, outcome: Outcome) -> ResponseReturnValue:
    """The same rows with a column that says what is wrong."""
    with reading() as session:
        whose = associations.find(session, place[0])
    today = associations.day(whose, now())
    body = import_errors.write(sent.sheet, outcome.problems, whose.name, today)
    return downloads.workbook(body, sent.order.file.stem, "errors")


def _page(
    place: Place,
    *,
    kind: str = "",
    errors: dict[str, str] | None = None,
    problems: Sequence[Problem] = (),
    **found: Any,
) -> str:
    with reading() as session:
        whose = associations.find(session, place[0])
        held = cycles.find(session, *place)
    outcome: Outcome | None = found.get("outcome")
    return render_template(
        "imports/show.html",
        association=whose,
        cycle=held,
        kinds=kinds(),
        kind=kind,
        kind_word=kind_word,
        errors=errors or {},
        problems=problems or (outcome.problems[:MOST_SHOWN] if outcome else ()),
        most=MOST_SHOWN,
        **({"sent": None, "outcome": None, "other": False} | found),
    )
