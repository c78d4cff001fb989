"""Audits as workbooks: one is taken along per visit, many come back at once and are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from rankings.adapters import audit_workbook, evidence_zip
from rankings.adapters.audit_workbook import Line, Taken, Visit
from rankings.adapters.evidence_names import safe
from rankings.errors import Conflict, Invalid, Problem
from rankings.usecases import (
    associations,
    audit_closing,
    audit_findings,
    audit_workbook_changes,
    audit_workbooks,
    conflicts,
    cycles,
)
from rankings.usecases.audit_workbook_form import Difference, Sent
from rankings.usecases.audit_workbooks import MAX_FILES
from rankings.usecases.workbook_changes_evidence import UNASKED
from rankings.web import act, downloads, now, reading, transaction
from rankings.web.access import person
from rankings.web.audit_page import AuditDesk, audit_desk, kind_word
from rankings.web.audit_workbook_page import Shown, shown, why_not
from rankings.web.desk import OF_CYCLE, here
from rankings.web.languages import language
from rankings.web.languages import say as _
from rankings.web.words import Words

pages = Blueprint("audit_workbook", __name__)
PAGE = f"{OF_CYCLE}audits/workbooks"
# Of all files of one upload together.
MAX_REQUEST = 30_000_000

Packed = tuple[str, bytes]


@pages.url_value_preprocessor
def _limit(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything of the request's body is read."""
    if endpoint == f"{pages.name}.take":
        request.max_content_length = MAX_REQUEST


@pages.get("/<association>/staff/audits/<uuid:audit>/workbook.xlsx")
def download(association: str, audit: UUID) -> Response:
    """The workbook of this audit, in the language of the page, with what is stored so far."""
    with reading() as session:
        held = audit_desk(session, association, audit)
        whose = associations.find(session, association)
        first = cycles.opened_on(session, held.cycle)
    heading = downloads.heading(whose, held.cycle, held.agency, held.name[0])
    visit = Visit(
        first,
        held.cycle.as_of,
        audit_closing.METHODS[held.audit.evidence],
        held.audit.visited_on,
        held.audit.method or "",
    )
    code, taken = cycles.code_of(held.cycle), Taken(str(audit), visit, _lines(held))
    longest = audit_findings.MAX_REASON
    body = audit_workbook.write(code, language(), heading, taken, longest)
    parts = (association, held.cycle.slug, held.agency.code, held.audit.evidence)
    return downloads.workbook(body, *parts)


def _lines(held: AuditDesk) -> dict[str, Line]:
    return {code: _line(held, code) for code in {*held.claims, *held.files, *held.findings}}


def _line(held: AuditDesk, code: str) -> Line:
    claim, finding = held.claims.get(code), held.findings.get(code)
    return Line(
        claim.value if claim else "",
        (claim.note or "") if claim else "",
        [(one.name, one.given_sha256) for one in held.files.get(code, [])],
        finding.found if finding else "",
        (finding.reason or "") if finding else "",
    )


@pages.get(PAGE)
def upload(association: str, cycle: str) -> str:
    """The person's audits with their workbooks, and where filled-in ones are sent from."""
    return _form(association, cycle, [])


def _form(association: str, slug: str, problems: Sequence[tuple[str, Problem]]) -> str:
    """The page, with what is wrong by the name of its file."""
    with reading() as session:
        cycle = cycles.find(session, association, slug)
        whose, me = associations.find(session, association), person().account
        tied = conflicts.tied(session, association, me, associations.day(whose, now()))
        # Nobody takes along what they could not bring back.
        audits = [
            (audit, agency)
            for audit, agency in audit_workbooks.audits(session, cycle, me)
            if agency.id not in tied
        ]
        names = {agency.id: Words.name(whose.country, agency.names) for _audit, agency in audits}
    return render_template(
        "audit_workbook/upload.html",
        association=whose,
        cycle=cycle,
        audits=audits,
        names=names,
        kind_word=kind_word,
        problems=problems,
        most=MAX_FILES,
    )


@pages.post(PAGE)
def take(association: str, cycle: str) -> ResponseReturnValue:
    """Read the workbooks, and keep what they would change for the next page."""
    try:
        sent = list(_sent([one for one in request.files.getlist("workbooks") if one.filename]))
    except Invalid as invalid:
        return _form(association, cycle, [("", one) for one in invalid.problems]), 422
    found = _compared(association, cycle, sent)
    if not any(one.changes or not one.problems for one in found):
        listed = [(one.name, problem) for one in found for problem in one.problems]
        return _form(association, cycle, listed), 422

    def work(session: Session) -> UUID:
        return audit_workbooks.keep(session, cycles.find(session, association, cycle), found, act())

    return redirect(here(".difference", findings=transaction(work)), 303)


def _compared(association: str, slug: str, sent: Sequence[Sent]) -> tuple[Difference, ...]:
    with reading() as session:
        cycle = cycles.find(session, association, slug)
        return audit_workbook_changes.compare(session, cycle, sent, act(), _)


def _sent(files: Sequence[FileStorage]) -> Iterator[Sent]:
    """What was sent, file by file; Invalid where nothing or too much was."""
    with TemporaryDirectory(prefix="workbook-") as folder:
        packed = [each for one in files for each in _unpacked(one, Path(folder, "packed"))]
        if not packed:
            told = _("Choose the workbooks that you have filled in.")
            raise Invalid([Problem(_("Workbooks"), "", told)])
        if len(packed) > MAX_FILES:
            told = _("Send at most %(most)d workbooks at once.", most=MAX_FILES)
            raise Invalid([Problem(_("Workbooks"), str(len(packed)), told)])
        for name, body in packed:
            yield _read(name, body, Path(folder, "workbook.xlsx"))


def _unpacked(file: FileStorage, place: Path) -> list[Packed]:
    """A workbook, or those of a zip file."""
    name = safe(file.filename or "")
    if not name.lower().endswith(".zip"):
        return [(name, file.read())]
    file.save(place)
    packed = evidence_zip.files(place, name)
    return [(safe(one), body) for one, body in packed.items() if not UNASKED.search(one)]


def _read(name: str, body: bytes, place: Path) -> Sent:
    digest = hashlib.sha256(body).hexdigest()
    if not name.lower().endswith(".xlsx"):
        told = _("The file must be an Excel workbook (.xlsx).")
        return Sent(name, digest, problems=[Problem(name, "", told)])
    place.write_bytes(body)
    try:
        return Sent(name, digest, audit_workbook.read(place, name))
    except Invalid as invalid:
        return Sent(name, digest, problems=invalid.problems)


@pages.get(f"{PAGE}/<uuid:findings>")
def difference(association: str, cycle: str, findings: UUID) -> str:
    """What the workbooks would change, before anything is saved."""
    return _difference(association, cycle, findings, "")


def _difference(association: str, slug: str, key: UUID, why: str) -> str:
    with reading() as session:
        cycle = cycles.find(session, association, slug)
        row = audit_workbooks.find(session, cycle, key, person().account)
        audits = audit_workbooks.audits(session, cycle, person().account)
        country = associations.find(session, association).country
    held, found = Shown(cycle, country, audits), audit_workbooks.read(row)
    files = shown(held, found)
    return render_template(
        "audit_workbook/difference.html", row=row, found=found, files=files, held=held, why=why
    )


@pages.post(f"{PAGE}/<uuid:findings>")
def apply(association: str, cycle: str, findings: UUID) -> ResponseReturnValue:
    """Save what was shown: all of it, or nothing."""
    taken = request.form.getlist("take")

    def work(session: Session) -> int:
        held = cycles.find(session, association, cycle)
        return audit_workbooks.apply(session, held, findings, taken, act())

    try:
        transaction(work)
    except Conflict as conflict:
        return _difference(association, cycle, findings, why_not(conflict)), 409
    return redirect(here(".difference", findings=findings), 303)
