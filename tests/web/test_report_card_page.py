"""The page on which an association shows its own work."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from rankings import db
from rankings.adapters import rubric_files
from rankings.scoring.source import read
from rankings.usecases import report_card
from rankings.web import report_card_page
from rankings.web.words import Words
from tests.web import small
from tests.web.conftest import Start
from tests.web.serving import served

ADDRESS = "/alpha/en/association"
DAYS = [12, 20, 31, 44, 60]
CARD: dict[str, Any] = {
    "coverage": {"licensed": 1200, "taking_part": 900, "rated": 899},
    "checked": {"audited": 415, "found_to_claimed": None},
    "complaints": {"decided": 5, "days": DAYS, "median_days": "31"},
    "disputes": {"decided": 0, "upheld": 0, "overdue": 0, "days": [], "median_days": None},
    "appeals": {"decided": 2, "upheld": 1, "overdue": 3, "days": [9, 20], "median_days": "29/2"},
    "editions": [
        {"cycle": "2026", "planned_on": "2026-09-01", "published_on": "2026-09-04", "days_late": 3},
        {"cycle": "2025", "planned_on": "2025-09-01", "published_on": "2025-09-01", "days_late": 0},
        {"cycle": "2024", "planned_on": None, "published_on": "2024-09-01", "days_late": None},
    ],
}


@pytest.fixture
def prepared(migrated_file: Path, tmp_path: Path) -> small.Small:
    file = shutil.copy(migrated_file, tmp_path / "db.sqlite")
    return small.prepared(db.connect(f"sqlite:///{file}"), tmp_path)


def test_the_card_of_the_newest_edition_is_shown(prepared: small.Small, start: Start) -> None:
    prepared.publish()
    answer = start(prepared.settings).get(ADDRESS)
    assert answer.status_code == 200
    assert "How the association does its work" in answer.text
    # Four agencies have a licence, three of them take part.
    assert "3 (75\u00a0%)" in answer.text
    assert "This is the first edition." in answer.text


def test_readers_come_to_the_card_from_every_page_and_on_a_small_screen(
    prepared: small.Small, start: Start, browser: Browser
) -> None:
    prepared.publish()
    application = start(prepared.settings).application
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    with served(application) as site:
        page.goto(f"{site}/alpha/en/")
        page.locator("footer").get_by_role("link", name="How the association does").click()
        assert page.url == site + ADDRESS
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    context.close()


def test_every_number_of_a_card_is_said(prepared: small.Small, start: Start) -> None:
    application = start(prepared.settings).application
    with application.test_request_context(ADDRESS):
        words = Words(read(rubric_files.source(small.RUBRIC)))
        page = report_card_page.page(words, CARD)
        assert report_card_page.page(words, None).groups == ()
    rows = {(group.title, row.what): row for group in page.groups for row in group.rows}
    said = [(row.what, row.number) for row in rows.values()]
    assert ("Of these take part", "900 (75\u00a0%)") in said
    assert ("Share of the questions that auditors saw for themselves", "41.5\u00a0%") in said
    assert ("What was found, compared with what was claimed", "–") in said
    assert ("2026", "Days late: 3") in said
    assert ("2025", "On time") in said
    assert ("2024", "No day was planned") in said
    days = rows["How fast complaints are decided", "Days until the decision, in the middle"]
    assert (days.number, "12, 20, 31, 44, 60" in days.about) == ("31", True)
    # Many days would say nothing to a reader, and fewer than five stay unsaid.
    many = {"complaints": {"decided": 40, "days": [7, *DAYS * 8], "median_days": "31"}}
    with application.test_request_context(ADDRESS):
        told = report_card_page.page(words, CARD | many).groups[2].rows
    assert told[1].about == "From 7 to 60 days. All of them stand in the edition's file."
    few = {"complaints": {"decided": 4, "days": None, "median_days": None}}
    with application.test_request_context(ADDRESS):
        told = report_card_page.page(words, CARD | few).groups[2].rows
    assert [row.number for row in told] == ["4", "–"]


def test_the_page_knows_the_part_by_its_name() -> None:
    assert {report_card.COVERAGE, report_card.CHECKED} <= CARD.keys()
    assert report_card_page.PART == "report-card"
