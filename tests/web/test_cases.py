"""The desk of complaints and the agency's side of it, over the pages themselves."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from rankings import db
from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import digits
from rankings.models import ComplaintCase, JournalEntry
from rankings.usecases import cases, complaint_items
from rankings.web.access import RIGHTS
from tests.usecases.sealed import Desk
from tests.web import members, members_cases
from tests.web.members import OTHER, OURS, OWN, Members
from tests.web.serving import stop

DESK = f"/{OURS}/staff/complaints/"
AGENCY = f"/{OURS}/staff/agencies/{OWN}/complaints/"
SECRET = "my sister Hoa in Nagoya"
MARCH, APRIL = datetime(2026, 3, 20, 3, tzinfo=UTC), datetime(2026, 4, 1, 3, tzinfo=UTC)
CLASSIFIED = members_cases.PAYLOADS["case.classify"]


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    file = tmp_path / "db.sqlite"
    file.write_bytes(migrated_file.read_bytes())
    found = members.members(db.connect(f"sqlite:///{file}"), tmp_path)
    yield found
    stop(found.app)


def at(held: Members, moment: datetime) -> None:
    held.app.extensions["clock"] = lambda: moment


def desk(held: Members) -> Desk:
    return members_cases.desk(held.app)


def case(held: Members, **report: str) -> UUID:
    """A new complaint of the officer."""
    told = {"company": OWN, "happened": f"They sent {SECRET}.", "contact": SECRET} | report
    with db.transaction(held.engine) as session:
        return (
            desk(held)
            .case(session, told, "2026-03", association=OURS, officer=held.accounts["case_officer"])
            .id
        )


def post(held: Members, path: str, who: str = "case_officer", **fields: str) -> TestResponse:
    data = {"csrf_token": held.token} | fields
    return held.client(who).post(path, data=data, buffered=True)


def get(held: Members, path: str, who: str = "case_officer") -> TestResponse:
    return held.client(who).get(path, buffered=True)


def entries(held: Members, action: str) -> list[JournalEntry]:
    with db.reading(held.engine) as session:
        return list(session.exec(select(JournalEntry).where(JournalEntry.action == action)))


def test_contents_are_shown_for_a_reason_and_each_time_is_an_entry(held: Members) -> None:
    page = f"{DESK}{case(held)}/"
    assert SECRET not in get(held, page).text
    for reason, status in (("", 422), ("curious", 422), ("first_look", 200), ("decide", 200)):
        answer = post(held, f"{page}read", reason=reason)
        assert (answer.status_code, SECRET in answer.text) == (status, status == 200)
    assert len(entries(held, "read a complaint")) == 2
    assert SECRET not in get(held, page).text


def test_work_answers_with_the_frame_and_keeps_what_was_typed(held: Members) -> None:
    page = f"{DESK}{case(held)}/"
    wrong = CLASSIFIED | {"workers": "many", "claimed": "98765"}
    answer = post(held, f"{page}classify", **wrong)
    assert answer.status_code == 422
    assert "Enter a whole number from 1 on." in answer.text
    assert 'value="98765"' in answer.text
    assert SECRET not in answer.text
    assert post(held, f"{page}classify", **CLASSIFIED).status_code == 303
    assert entries(held, "read a complaint") == []


def test_an_agency_is_found_by_its_name_as_well(held: Members) -> None:
    new = case(held)
    named = CLASSIFIED | {"agency": " VÍ DỤ 2 "}
    assert post(held, f"{DESK}{new}/classify", **named).status_code == 303
    assert OTHER in get(held, f"{DESK}{new}/").text


def test_whoever_has_not_got_a_case_finds_none(held: Members) -> None:
    theirs = held.things[OURS, OTHER]["case"]
    for right in RIGHTS.values():
        if right.endpoint.startswith("case."):
            path = held.path(right, held.things[OURS, OTHER])
            assert str(theirs) in path
            fields = members_cases.PAYLOADS.get(right.endpoint, {})
            data = held.form(right, **fields)
            answer = held.client("case_officer").open(path, method=right.method, data=data)
            assert answer.status_code == 404, right.endpoint
    assert entries(held, "read a complaint") == []


def test_forged_decisions_are_refused(held: Members) -> None:
    page = f"{DESK}{case(held)}/"
    post(held, f"{page}classify", **CLASSIFIED)
    forged: list[dict[str, str]] = [
        {"outcome": "substantiated", "ground": "document", "agency_heard": "1"},
        {"outcome": "overdue", "answer_due_on": "2020-01-01", "notified_on": "2020-01-01"},
        {"outcome": "withdrawn", "is_withdrawn": "1"},
        {"outcome": "merged", "merged_into": str(held.things[OURS, OWN]["case"])},
        {"outcome": "open"},
        {"outcome": "remedied", "ground": "document", "remedied_on": "2026-02-31"},
    ]
    for fields in forged:
        assert post(held, f"{page}decide", **fields).status_code == 422, fields
    assert entries(held, "decided a complaint") == []


def test_the_agencys_pages_do_not_move_until_the_batch_day(held: Members) -> None:
    """Byte for byte: a complaint that came in, was classified, asked about, and released."""
    at(held, MARCH)
    pages = [AGENCY, f"/{OURS}/staff/", members.address("")]

    def seen() -> list[str]:
        return [
            re.sub(r'name="csrf_token" value="[^"]+"', "", get(held, page, "agency_member").text)
            for page in pages
        ]

    before, new = seen(), case(held)
    page = f"{DESK}{new}/"
    for step, fields in (
        ("read", {"reason": "first_look"}),
        ("classify", CLASSIFIED),
        ("ask", {"question": "When?"}),
        ("note", {"note": "Called."}),
        ("release", {"summary": "A passport is kept."}),
    ):
        assert post(held, page + step, **fields).status_code in (200, 303), step
        assert seen() == before, step
    # The last minute of the month by the association's clock; the other pages count days.
    at(held, datetime(2026, 3, 31, 16, 59, tzinfo=UTC))
    assert seen()[0] == before[0]
    at(held, APRIL)
    assert "A passport is kept." in get(held, AGENCY, "agency_member").text


def test_an_agency_reads_who_complained_nowhere(held: Members) -> None:
    """On every page and form of its roles, for its own things, before and after the release."""
    new = case(held)
    page = f"{DESK}{new}/"
    post(held, f"{page}classify", **CLASSIFIED)
    post(held, f"{page}note", note=f"Called back {SECRET}.")
    post(held, f"{page}release", summary="A passport is kept.")
    at(held, APRIL)
    asked = 0
    for right in RIGHTS.values():
        who = next((role for role in members.AGENCY_ROLES if right[role]), None)
        if who and right.endpoint != "account.sign_out":
            path = held.path(right, held.things[OURS, OWN] | {"case": new})
            data = held.form(right, **members_cases.PAYLOADS.get(right.endpoint, {}))
            answer = held.client(who).open(path, method=right.method, data=data, buffered=True)
            assert SECRET.encode() not in answer.get_data(), right.endpoint
            asked += 1
    assert asked > 15
    for step in ("", "read", "paper"):
        method = "POST" if step else "GET"
        data = {"csrf_token": held.token, "reason": "decide"} if step else None
        answer = held.client("agency_signatory").open(page + step, method=method, data=data)
        assert answer.status_code == 403


def test_the_answer_reaches_the_officer_and_nobody_else(held: Members) -> None:
    ours = held.things[OURS, OWN]["case"]
    too_long = post(held, f"{AGENCY}{ours}/answer", "agency_member", text="x" * 2001)
    assert (too_long.status_code, "This is too long." in too_long.text) == (422, True)
    said = "We gave it back."
    assert post(held, f"{AGENCY}{ours}/answer", "agency_member", text=said).status_code == 303
    assert said not in get(held, AGENCY, "agency_member").text
    assert said in post(held, f"{DESK}{ours}/read", reason="decide").text
    other = held.things[OURS, OTHER]["case"]
    assert post(held, f"{AGENCY}{other}/answer", "agency_member", text=said).status_code == 404


def test_without_the_key_the_desk_is_closed_and_the_rest_works(held: Members) -> None:
    ours = held.things[OURS, OWN]["case"]
    held.app.extensions["private_keys"] = PrivateKeys(None)
    queue = get(held, DESK)
    assert "The desk is closed here." in queue.text
    assert str(ours)[:8] in queue.text
    assert "The desk is closed here." in get(held, f"{DESK}{ours}/").text
    for step, fields in (("read", {"reason": "decide"}), ("ask", {"question": "When?"})):
        assert post(held, f"{DESK}{ours}/{step}", **fields).status_code == 503
    assert entries(held, "read a complaint") == []
    sent = post(held, f"{AGENCY}{ours}/answer", "agency_member", text="We gave it back.")
    assert sent.status_code == 303


def test_a_receipt_is_shown_once_and_opens_the_case(held: Members) -> None:
    fields = members_cases.PAYLOADS["case_entry.enter"] | {"happened": f"They sent {SECRET}."}
    page = post(held, f"{DESK}new", **fields)
    assert page.status_code == 200
    shown = re.findall(r"<span>(\d{4})</span>", page.text)
    receipt = held.app.extensions["receipts"].open(digits(" ".join(shown)))
    with db.reading(held.engine) as session:
        found = session.exec(
            select(ComplaintCase).where(ComplaintCase.receipt_hash == receipt.lookup)
        ).one()
        (report,) = desk(held).read(session, found)
    assert report["happened"] == f"They sent {SECRET}."
    assert (found.channel, found.officer) == ("telephone", held.accounts["case_officer"])
    (entry,) = entries(held, "entered a complaint")
    assert entry.about == "telephone"


def test_a_complaint_that_is_not_complete_keeps_what_was_typed(held: Members) -> None:
    fields = members_cases.PAYLOADS["case_entry.enter"] | {
        "company": "",
        "happened": "Nobody answers.",
    }
    answer = post(held, f"{DESK}new", **fields | {"channel": "pigeon"})
    assert answer.status_code == 422
    assert "Nobody answers." in answer.text
    assert 'href="#company"' in answer.text
    assert 'href="#channel"' in answer.text


def test_a_receipt_speaks_the_workers_language(held: Members) -> None:
    fields = members_cases.PAYLOADS["case_entry.enter"] | {"receipt_in": "km"}
    assert '<html lang="km"' in post(held, f"{DESK}new", **fields).text


def test_a_paper_is_taken_out_with_an_entry(held: Members) -> None:
    new = case(held)
    with db.transaction(held.engine) as session:
        row = cases.find(session, OURS, new)
        said: dict[str, Any] = {"name": "contract.pdf", "sha256": "0" * 64}
        body = {"body": b64encode(b"%PDF-1.7").decode()}
        paper = complaint_items.add(
            session, row, desk(held).seal(row), "file", said | body, "2026-03", None
        ).id
    answer = post(held, f"{DESK}{new}/paper", paper=str(paper))
    assert (answer.get_data(), answer.mimetype) == (b"%PDF-1.7", "application/octet-stream")
    assert "contract.pdf" in answer.headers["Content-Disposition"]
    assert post(held, f"{DESK}{new}/paper", paper=str(new)).status_code == 404
    assert len(entries(held, "took a paper of a complaint")) == 1


def test_fakes_and_copies_are_flagged_in_the_queue(held: Members) -> None:
    text = "They asked me to pay before I could sign and gave no receipt for the money at all."
    for _ in range(5):
        case(held, happened=text, company="Somebody Else", day="2026-03-01")
    page = get(held, DESK, "secretariat").text
    assert page.count("Many at once") == page.count("Alike another one") == 5
    assert text not in page


def test_the_queue_gives_and_takes(held: Members) -> None:
    new = str(case(held))
    assert post(held, f"{DESK}take", "secretariat", case=new).status_code == 403
    officer = str(held.accounts["case_officer"])
    for fields in ({}, {"case": new}, {"case": new, "officer": str(held.accounts["auditor"])}):
        assert post(held, f"{DESK}assign", "secretariat", **fields).status_code == 422
    given = post(held, f"{DESK}assign", "secretariat", case=new, officer=officer)
    assert given.status_code == 303
    assert post(held, f"{DESK}take").status_code == 422


def test_pages_with_contents_are_kept_by_nobody(held: Members) -> None:
    new = case(held)
    answer = post(held, f"{DESK}{new}/read", reason="first_look")
    assert answer.headers["Cache-Control"] == "no-store"
