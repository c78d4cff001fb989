"""Audits as workbooks: taken along, brought back in one upload, looked at, saved all or none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from werkzeug.test import TestResponse

from rankings import db
from rankings.usecases import audit_findings, journal, self_assessments
from rankings.usecases.audit_findings import Change
from tests.adapters.audit_workbooks import typed, visited
from tests.web import desk_pages, members
from tests.web.desk_pages import label, look, opened
from tests.web.members import OTHER, OURS, OWN, Members
from tests.web.serving import served

PAGE = f"/{OURS}/staff/cycles/{members.CYCLE}/audits/workbooks"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cells = Mapping[tuple[str, str], str]
Files = list[tuple[str, bytes]]


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path) as found:
        yield found


def downloaded(held: Members, agency: str = OWN, who: str = "lead_auditor") -> bytes:
    """The workbook of an agency's audit."""
    audit = held.things[OURS, agency]["audit"]
    address = f"/{OURS}/staff/audits/{audit}/workbook.xlsx"
    return held.client(who).get(address, buffered=True).get_data()


def filled(body: bytes, cells: Cells, day: str | None = None, way: str | None = None) -> bytes:
    """A workbook with some findings, and the visit."""
    book, file = load_workbook(io.BytesIO(body)), io.BytesIO()
    for (indicator, column), text in cells.items():
        typed(book, indicator, column, text)
    visited(book, day, way)
    book.save(file)
    return file.getvalue()


def found(held: Members, agency: str = OWN) -> dict[str, str]:
    """What is stored."""
    with db.reading(held.engine) as session:
        audit = audit_findings.find(session, OURS, held.things[OURS, agency]["audit"])[0]
        return {code: one.found for code, one in audit_findings.of(session, audit).items()}


def save(held: Members, who: str, change: Change) -> None:
    act = journal.Act(str(held.accounts[who]), held.now)
    with db.transaction(held.engine) as session:
        audit = audit_findings.find(session, OURS, held.things[OURS, OWN]["audit"])[0]
        audit_findings.save(session, audit, [change], act)


def submit(held: Members) -> None:
    """The agency hands in what it says: to 1.1 the lowest answer."""
    act = journal.Act(str(held.accounts["agency_signatory"]), held.now)
    with db.transaction(held.engine) as session:
        place = self_assessments.find(session, OURS, members.CYCLE, OWN)
        self_assessments.submit(session, *place, act)


def sent(held: Members, files: Files, who: str = "auditor") -> TestResponse:
    """The answer to an upload."""
    data: dict[str, Any] = {
        "csrf_token": held.token,
        "workbooks": [(io.BytesIO(body), name) for name, body in files],
    }
    return held.client(who).post(PAGE, data=data)


def applied(held: Members, answer: TestResponse, who: str = "auditor") -> TestResponse:
    """The answer to agreeing with what an upload changes."""
    address = answer.headers["Location"]
    return held.client(who).post(address, data={"csrf_token": held.token})


def packed(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files:
            archive.writestr(name, body)
    return out.getvalue()


def test_what_an_agency_says_is_in_the_workbook_once_it_is_handed_in(held: Members) -> None:
    for is_submitted in (False, True):
        page = load_workbook(io.BytesIO(downloaded(held, who="auditor")))["Findings"]
        claim, note = page["D3"].value, page["E3"].value
        assert (note is not None and "ours" in note) == (claim is not None) == is_submitted
        if not is_submitted:
            submit(held)


def test_many_visits_come_in_one_zip_file_with_what_programs_put_into_it(held: Members) -> None:
    seen = label(held, "1.2", "in-time")
    files = [
        (f"trip/{agency}.xlsx", filled(downloaded(held, agency), {("1.2", "finding"): seen}))
        for agency in (OWN, OTHER)
    ]
    more = [("__MACOSX/trip/._a.xlsx", b"x"), ("trip/.DS_Store", b"x")]
    answer = sent(held, [("trip.zip", packed(files + more))], "lead_auditor")
    assert answer.status_code == 303
    assert (found(held), found(held, OTHER)) == ({}, {})
    assert applied(held, answer, "lead_auditor").status_code == 303
    assert found(held) == found(held, OTHER) == {"1.2": "in-time"}
    assert applied(held, answer, "lead_auditor").status_code == 303


def test_what_cannot_be_taken_is_told_by_file_and_cell(held: Members) -> None:
    submit(held)
    other = label(held, "1.1", "registered")
    wrong = {("1.1", "finding"): other, ("1.2", "reason"): "why"}
    body = filled(downloaded(held), wrong, "2026-02-03", "video")
    answer = sent(held, [("mine.xlsx", body)])
    page = held.client("auditor").get(answer.headers["Location"]).text
    assert "Findings!H3</b>: The finding differs from the agency" in page
    assert "Findings!G4</b>: Choose a finding as well" in page
    assert "Save these changes" not in page
    refused = applied(held, answer)
    assert refused.status_code == 409
    assert "Mend the workbooks first" in refused.text
    assert found(held) == {}


REFUSED: list[tuple[Files, str]] = [
    ([], "Choose the workbooks that you have filled in."),
    ([("a.xls", b"x")], "The file must be an Excel workbook (.xlsx)."),
    ([("a.xlsx", b"x")], "a.xlsx"),
    ([("a.zip", b"x")], "is no zip file that can be read"),
    ([("a.zip", packed([(f"{one}.xlsx", b"x") for one in range(21)]))], "at most 20 workbooks"),
    ([(f"{one}.xlsx", b"x") for one in range(21)], "at most 20 workbooks"),
]


def test_an_upload_without_a_usable_workbook_is_refused_in_words(held: Members) -> None:
    for files, words in REFUSED:
        answer = sent(held, files)
        assert answer.status_code == 422
        assert words in answer.text


def test_somebody_elses_audit_and_upload_are_not_there(held: Members) -> None:
    answer = sent(held, [("b.xlsx", downloaded(held, OTHER))])
    assert answer.status_code == 422
    assert "This audit is not yours." in answer.text
    theirs = sent(held, [("b.xlsx", downloaded(held, OTHER))], "lead_auditor")
    assert held.client("auditor").get(theirs.headers["Location"]).status_code == 404
    assert applied(held, theirs).status_code == 404


def test_what_changed_after_the_upload_is_not_overwritten(held: Members) -> None:
    body = filled(downloaded(held), {("1.2", "finding"): label(held, "1.2", "in-time")})
    answer = sent(held, [("mine.xlsx", body)])
    save(held, "lead_auditor", Change("1.2", "late", "", audit_findings.token(None)))
    refused = applied(held, answer)
    assert refused.status_code == 409
    assert "Something was changed after you uploaded." in refused.text
    assert found(held) == {"1.2": "late"}


def test_a_request_that_is_far_too_large_is_not_read(held: Members) -> None:
    kind, said = "multipart/form-data; boundary=b", {"CONTENT_LENGTH": "31000000"}
    client = held.client("auditor")
    answer = client.post(PAGE, data=b"--b", content_type=kind, environ_overrides=said)
    assert answer.status_code == 413


@pytest.mark.parametrize("script", [True, False])
def test_an_auditor_brings_back_a_visit_and_decides_a_conflict(
    held: Members, browser: Browser, script: bool
) -> None:
    submit(held)
    seen, late = label(held, "1.2", "in-time"), label(held, "1.2", "late")
    cells = {
        ("1.1", "finding"): label(held, "1.1", "registered"),
        ("1.1", "reason"): "Two branches were registered in May.",
        ("1.2", "finding"): seen,
    }
    body = filled(downloaded(held), cells, "2026-02-03", "Visit, announced")
    save(held, "lead_auditor", Change("1.2", "late", "", audit_findings.token(None)))
    with served(held.app) as site:
        page = opened(browser, held, "auditor", site, bypass_csp=script, java_script_enabled=script)
        page.goto(site + PAGE)
        file = {"name": "filled in.xlsx", "mimeType": XLSX, "buffer": body}
        page.get_by_label("Filled-in workbooks").set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Upload and compare").click()
        expect(page.locator("h1")).to_have_text("What the workbooks change")
        expect(page.locator("main")).to_contain_text(f"{late} → {seen}")
        if script:
            assert look(page, "difference") == []
        page.get_by_role("checkbox", name="Take the workbook's entry").check()
        page.get_by_role("button", name="Save these changes").click()
        expect(page.get_by_role("status")).to_contain_text("Saved")
        page.get_by_role("link", name="Go on with this audit").click()
        expect(page.locator("h1")).to_contain_text(OWN)
        page.context.close()
    assert found(held) == {"1.1": "registered", "1.2": "in-time"}
