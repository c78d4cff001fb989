"""The self-assessment as a workbook: downloaded, filled in, uploaded, compared, applied."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from rankings.adapters import assessment_workbook, evidence_zip
from rankings.adapters.assessment_workbook import Filled, Given
from rankings.adapters.evidence import accept
from rankings.adapters.evidence_kinds import Unfit
from rankings.adapters.evidence_names import safe
from rankings.adapters.evidence_store import Store
from rankings.errors import Conflict, Invalid, Problem
from rankings.usecases import associations, self_assessments, uploads, workbook_changes
from rankings.usecases.evidence import Full
from rankings.usecases.self_assessments import MAX_NOTE, Clash
from rankings.usecases.uploads import NewFile, Upload
from rankings.usecases.workbook_changes import Comparison, Matched
from rankings.web import act, downloads, evidence_words, reading, settings, transaction
from rankings.web.desk import SELF_ASSESSMENT, Desk, desk, here, refuse_closed
from rankings.web.evidence import handed
from rankings.web.languages import language
from rankings.web.languages import say as _

pages = Blueprint("workbook", __name__)
PAGE = f"{SELF_ASSESSMENT}/workbook"
# A workbook of 5 MB and a zip file.
MAX_REQUEST = 30_000_000

Place = tuple[str, str, str]


@pages.url_value_preprocessor
def _limit(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything of the request's body is read."""
    if endpoint == f"{pages.name}.take":
        request.max_content_length = MAX_REQUEST


@pages.get(f"{SELF_ASSESSMENT}/workbook.xlsx")
def download(association: str, cycle: str, agency: str) -> Response:
    """The workbook of this agency, in the language of the page, with what is stored so far."""
    with reading() as session:
        held = desk(session, association, cycle, agency)
        whose = associations.find(session, association)
    heading = downloads.heading(whose, held.cycle, held.agency, held.name[0])
    body = assessment_workbook.write(held.code, language(), heading, _given(held), MAX_NOTE)
    return downloads.workbook(body, association, cycle, agency)


def _given(held: Desk) -> dict[str, Given]:
    return {
        code: Given(
            held.answers[code].value if code in held.answers else "",
            (held.answers[code].note or "") if code in held.answers else "",
            [(one.name, one.given_sha256) for one in held.files.get(code, [])],
        )
        for code in {*held.answers, *held.files}
    }


@pages.get(PAGE)
def upload(association: str, cycle: str, agency: str) -> str:
    """Where a filled-in workbook is sent from."""
    return _form((association, cycle, agency), [])


def _form(place: Place, problems: Sequence[Problem], why: str = "") -> str:
    with reading() as session:
        held = desk(session, *place)
    return render_template("workbook/upload.html", desk=held, problems=problems, why=why)


@pages.post(PAGE)
def take(association: str, cycle: str, agency: str) -> ResponseReturnValue:
    """Read a workbook and its files, and keep what they would change for the next page."""
    place = (association, cycle, agency)
    held = refuse_closed(place)
    book, packed = request.files.get("workbook"), request.files.get("evidence")
    if not book or not book.filename:
        problem = Problem(_("Workbook"), "", _("Choose the workbook that you have filled in."))
        return _form(place, [problem]), 422
    try:
        filled, sha256, files = _read(book, packed)
        compared = _compared(held, filled)
    except Conflict as conflict:
        return _form(place, [], str(conflict)), 409
    except Invalid as invalid:
        return _form(place, invalid.problems), 422
    if compared.problems:
        return _form(place, compared.problems), 422
    kept = _upload(held, compared, files)

    def work(session: Session) -> UUID:
        whose = self_assessments.find(session, *place)
        return uploads.keep(session, *whose, (safe(book.filename or ""), sha256), kept, act())

    return redirect(here(".difference", upload=transaction(work)), 303)


def _read(book: FileStorage, packed: FileStorage | None) -> tuple[Filled, str, dict[str, bytes]]:
    """The workbook, its SHA-256, and the files that came along."""
    with TemporaryDirectory(prefix="workbook-") as folder:
        file, archive = Path(folder, "workbook.xlsx"), Path(folder, "evidence.zip")
        name = safe(book.filename or "")
        if not name.lower().endswith(".xlsx"):
            raise Invalid([Problem(name, "", _("The file must be an Excel workbook (.xlsx)."))])
        book.save(file)
        filled = assessment_workbook.read(file, name)
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        if not packed or not packed.filename:
            return filled, sha256, {}
        packed.save(archive)
        return filled, sha256, evidence_zip.files(archive, safe(packed.filename))


def _compared(held: Desk, filled: Filled) -> Comparison:
    with reading() as session:
        names = self_assessments.names(session, held.answers)
    whose = uploads.whose(held.cycle, held.agency)
    current = uploads.current(held.answers, names)
    return workbook_changes.compare(held.code, whose, filled, current, _)


def _upload(held: Desk, compared: Comparison, files: Mapping[str, bytes]) -> Upload:
    """What is to be shown: the answers, the files that were stored, and what could not be."""
    known = {
        code: [(one.name, one.given_sha256) for one in kept] for code, kept in held.files.items()
    }
    digests = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    matched = workbook_changes.match(compared.evidence, digests, known)
    new, refused = _stored(matched, files)
    told = {
        "already": [one.name for one in matched.already],
        "without_file": [f"{one.place}: {one.name}" for one in matched.without_file],
        "without_name": list(matched.without_name),
        "doubled": [", ".join(names) for names in matched.doubled],
        "refused": refused,
    }
    return Upload(uploads.items(compared, held.answers), tuple(new), told)


def _stored(matched: Matched, files: Mapping[str, bytes]) -> tuple[list[NewFile], list[str]]:
    """The files that can be taken, stored; and a sentence for each that cannot."""
    store, new, refused = Store(settings().evidence), [], []
    for pair in matched.pairs:
        try:
            one = accept(pair.file, files[pair.file])
        except Unfit as unfit:
            refused.append(f"{pair.file} {evidence_words.sentence(unfit)}")
            continue
        store.put(one.stored)
        new.append(NewFile(pair.indicator, handed(one)))
    return new, refused


@pages.get(f"{PAGE}/<uuid:upload>")
def difference(association: str, cycle: str, agency: str, upload: UUID) -> str:
    """What the workbook would change, before anything is saved."""
    return _difference((association, cycle, agency), upload, "")


def _difference(place: Place, upload: UUID, why: str) -> str:
    with reading() as session:
        held = desk(session, *place)
        row = uploads.find(session, held.cycle, held.agency, upload)
        found = uploads.read(row)
    return render_template("workbook/difference.html", desk=held, row=row, found=found, why=why)


@pages.post(f"{PAGE}/<uuid:upload>")
def apply(association: str, cycle: str, agency: str, upload: UUID) -> ResponseReturnValue:
    """Save what was shown: all of it, or nothing."""
    place, taken = (association, cycle, agency), request.form.getlist("take")

    def work(session: Session) -> int:
        whose = self_assessments.find(session, *place)
        return uploads.apply(session, *whose, upload, taken, act())

    try:
        transaction(work)
    except Clash:
        why = _("An answer was changed after you uploaded. Nothing was saved. Upload again.")
        return _difference(place, upload, why), 409
    except Full as full:
        return _difference(place, upload, evidence_words.full(full)), 409
    return redirect(here("agency.tasks"), 303)
