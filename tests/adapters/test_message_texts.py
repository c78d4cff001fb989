"""What messages say: in every language, with days by the association's clock, and no secrets."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from rankings import db
from rankings.adapters import message_words
from rankings.adapters.catalogues import LANGUAGES
from rankings.adapters.message_texts import LONGEST_VALUE, Place, Text, text
from rankings.app import create_app
from rankings.usecases import messages
from rankings.usecases.memberships import AGENCY_ROLES
from rankings.web.access import RIGHTS
from tests.web import small

# Who is written to, where it is not an agency.
READERS = {
    "audits_ending": ("auditor",),
    "dispute_filed": ("lead_auditor", "secretariat"),
    "dispute_overdue": ("lead_auditor", "secretariat"),
    "approval_asked": ("lead_auditor", "secretariat"),
    "candidate_void": ("lead_auditor", "secretariat"),
    "complaints_overdue": ("case_officer", "secretariat"),
    "gates_red": ("secretariat",),
    "job_failed": ("secretariat",),
}
ALPHA = Place("alpha", "Hiệp hội Ví Dụ", "Asia/Ho_Chi_Minh", "https://ranking.example.org")
VALUES = {
    "cycle": "2027",
    "agency": "VN-00011",
    "until": "2026-11-30T10:00:00+00:00",
    "count": "1234",
    "job": "nightly",
}


def said(kind: str, language: str = "en", where: Place = ALPHA, **more: str) -> Text:
    return text(kind, language, needed(kind) | more, where)


def needed(kind: str) -> dict[str, str]:
    return {name: VALUES[name] for name in messages.KINDS[kind]}


def test_every_kind_has_its_words() -> None:
    assert set(message_words.KINDS) == set(messages.KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", messages.KINDS)
def test_every_kind_is_written_in_every_language(kind: str, language: str) -> None:
    found = said(kind, language)
    assert 10 < len(found.subject) < 120
    assert "%(" not in found.subject + found.body
    assert ALPHA.base_url + "/alpha/" in found.body
    assert ALPHA.name in found.body
    assert "https" not in found.subject


def test_a_deadline_is_a_day_and_an_hour_somewhere() -> None:
    assert (
        "by Monday, November 30, 2026, 5:00 PM (local time in Ho Chi Minh)." in said("opened").body
    )
    assert said("opened").subject == "Self-assessment 2027 is open until November 30, 2026"
    assert "Thứ Hai, 30 tháng 11, 2026, 17:00" in said("opened", "vi").body
    lord_howe = Place("alpha", "Alpha", "Australia/Lord_Howe", ALPHA.base_url)
    assert "9:00 PM (local time in Lord Howe Island)" in said("opened", where=lord_howe).body
    assert "by Monday, November 30, 2026." in said("audits_ending", until="2026-11-30").body


def test_numbers_are_written_as_they_are_read() -> None:
    assert "1,234" in said("complaints_overdue").subject
    assert "1.234" in said("complaints_overdue", "vi").body


@pytest.mark.parametrize("kind", messages.KINDS)
def test_no_message_holds_what_is_confidential(kind: str) -> None:
    """Only what it must be told is in it, whatever else its writer knew."""
    secret = {"reason": "CANARY", "score": "CANARY", "worker": "CANARY", "name": "CANARY"}
    assert said(kind) == text(kind, "en", needed(kind) | secret, ALPHA)


@given(st.text(), st.text(), st.sampled_from(sorted(messages.KINDS)))
def test_hostile_values_stay_one_short_line(cycle: str, name: str, kind: str) -> None:
    place = Place("alpha", name, "Asia/Yangon", ALPHA.base_url)
    found = said(kind, where=place, cycle=cycle, agency=name, job=cycle)
    assert found.subject == " ".join(found.subject.split())
    assert len(found.subject) < 2 * LONGEST_VALUE + 100
    lines = found.body.splitlines()
    assert len(lines) == 5
    assert lines[2].startswith(ALPHA.base_url + "/alpha/")
    assert " " not in lines[2]


def test_what_is_published_is_read_by_an_agency_that_is_not_in_it_as_well() -> None:
    assert "/alpha/en/\n" in said("published", agency="VN-00011").body


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Flask:
    engine = db.connect(f"sqlite:///{migrated_file}")
    return create_app(small.settings(engine, tmp_path_factory.mktemp("links")))


@pytest.mark.parametrize("kind", messages.KINDS)
def test_every_message_leads_to_a_page_that_its_readers_may_open(app: Flask, kind: str) -> None:
    (link,) = (line for line in said(kind).body.splitlines() if line.startswith("https"))
    pages = app.url_map.bind("ranking.example.org")
    try:
        endpoint, _ = pages.match(link.removeprefix(ALPHA.base_url), "GET")
    except (NotFound, RequestRedirect) as error:
        pytest.fail(f"{link}: {error!r}")
    right = RIGHTS[endpoint]
    readers = READERS.get(kind, AGENCY_ROLES)
    assert right["anyone"] or all(right[role] in ("yes", "own") for role in readers)


def test_messages_are_plain_text() -> None:
    assert "<" not in "".join(inspect.getsource(message_words).partition("def _opened")[2])
