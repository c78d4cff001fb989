"""From a deployment list to interviews that count, in a browser without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from rankings import db
from rankings.scoring.record import Asked
from rankings.usecases import cycles, records
from tests.web import desk_pages
from tests.web.members import CYCLE, OTHER, OURS, Members
from tests.web.serving import served

BASE = f"/{OURS}/staff/cycles/{CYCLE}"
PAGE = f"{BASE}/agencies/{OTHER}/interviews"


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path) as found:
        yield found


@pytest.fixture
def site(held: Members) -> Iterator[str]:
    with served(held.app) as address:
        yield address


def saved(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def ask(page: Page, number: str) -> None:
    """One interview by hand."""
    page.get_by_role("link", name=f"Enter interview {number}", exact=True).click()
    page.get_by_label("The worker agreed to be asked.").check()
    page.get_by_label("Nobody of the agency is there or listens.").check()
    page.locator("#worker-returned").check()
    page.get_by_label("Day of the interview").fill("2026-02-20")
    for item in range(1, 8):
        page.locator(f"#v{item}-no").check()
    saved(page, "Save the interview")
    expect(page.locator("h1")).to_contain_text("Interviews")


def filled(page: Page, folder: Path) -> Path:
    """The downloaded questionnaire with four more workers."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the questionnaire as a workbook").click()
    file = folder / "questionnaire.xlsx"
    waiting.value.save_as(file)
    book = openpyxl.load_workbook(file)
    rows = book["Interviews"]
    for row in range(2, 6):
        rows[f"C{row}"], rows[f"D{row}"] = "2026-02-21", "abroad"
        for column in "FGHIJKL":
            rows[f"{column}{row}"] = "yes"
    book.save(file)
    return file


def test_workers_are_drawn_asked_and_counted_without_script(
    held: Members, site: str, browser: Browser, tmp_path: Path
) -> None:
    page = desk_pages.opened(browser, held, "auditor", site, java_script_enabled=False)
    page.goto(f"{site}{PAGE}/")
    page.locator("summary", has_text="Draw spares").click()
    page.get_by_label("Who gave you the list").fill("DOLAB")
    page.get_by_label("Or its numbers").fill("\n".join(f"D-{n}" for n in range(1, 31)))
    page.get_by_label("How many to draw").fill("6")
    saved(page, "Draw")
    drawn = re.findall(r">(D-\d+)<", page.content())
    assert len(drawn) == 6
    ask(page, drawn[0])
    file = filled(page, tmp_path)
    page.goto(f"{site}{BASE}/imports")
    page.get_by_label("Interviews", exact=True).check()
    page.get_by_label("The file", exact=True).set_input_files(file)
    saved(page, "Check the file")
    expect(page.locator("main")).to_contain_text("4 rows: 4 new")
    page.get_by_label("The file, once more").set_input_files(file)
    saved(page, "Save all rows")
    expect(page.locator("main")).to_contain_text("All of them have been saved.")
    page.goto(f"{site}{PAGE}/")
    # One was there before.
    expect(page.locator(".lead")).to_have_text("Asked so far: 6")
    page.context.close()
    with db.reading(held.engine) as session:
        cycle = cycles.find(session, OURS, CYCLE)
        found = records.listed(session, cycle, cycles.code_of(cycle).rubric, {})
    counted = {one.record.id: one.record.interviews for one in found}[OTHER]
    assert counted["v1"] == Asked(5, 6)
    assert counted["v2"] == Asked(4, 5)
