"""A complaint from the queue to its decision in a real browser, on a small screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rankings import db
from tests.web import desk_pages, members_cases
from tests.web.desk_pages import look, opened
from tests.web.members import OURS, OWN, Members
from tests.web.serving import served

APRIL = datetime(2026, 4, 2, 3, tzinfo=UTC)
DESK = f"/{OURS}/staff/complaints/"


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path) as found:
        yield found


def unfold(page: Page, label: str) -> None:
    page.locator("summary").filter(has_text=label).click()


def classify(page: Page) -> None:
    page.locator("#agency").fill(OWN)
    page.get_by_label("What it is about").select_option("documents_withheld")
    page.get_by_label("How serious").select_option("moderate")
    page.get_by_label("Retention of identity papers").check()
    page.get_by_label("May it count publicly?").select_option("worker")
    page.get_by_label("The worker agrees").check()
    page.get_by_role("button", name="Save the classification").click()
    expect(page.locator("h1")).to_contain_text("2026-0003")


def release(page: Page) -> list[str]:
    """First with a telephone number in it, then without."""
    unfold(page, "Summary for the agency")
    page.locator("#summary").fill("The worker, 0912 345 678, says the passport is kept.")
    page.get_by_role("button", name="Release the summary").click()
    expect(page.locator(".errors").first).to_contain_text("a telephone number")
    wrong = look(page, "a summary with a number")
    page.locator("#summary").fill("A passport is kept.")
    page.get_by_role("button", name="Release the summary").click()
    expect(page.locator("dl.answers")).to_contain_text("April 1, 2026")
    return wrong


def test_a_complaint_goes_from_the_queue_to_its_decision(held: Members, browser: Browser) -> None:
    with db.transaction(held.engine) as session:
        told = {"company": OWN, "happened": "My passport lies in the office."}
        case = members_cases.desk(held.app).case(session, told, "2026-03", association=OURS).id
    with served(held.app) as site:
        page = opened(browser, held, "case_officer", site, bypass_csp=True)
        page.goto(site + DESK)
        page.get_by_role("button", name=f"Take it {case.hex[:8]}").click()
        expect(page.locator("h1")).to_contain_text(case.hex[:8])
        wrong = look(page, "a new case")
        page.get_by_label("Why do you read it?").select_option("first_look")
        page.get_by_role("button", name="Read").click()
        expect(page.locator("article")).to_contain_text("My passport lies in the office.")
        wrong += look(page, "what stands in it")
        classify(page)
        wrong += release(page)
        held.app.extensions["clock"] = lambda: APRIL
        answer(browser, held, site)
        page = opened(browser, held, "case_officer", site, bypass_csp=True)
        page.goto(f"{site}{DESK}{case}/")
        unfold(page, "Decide")
        page.get_by_label("Decision").select_option("substantiated")
        page.get_by_role("button", name="Decide").click()
        expect(page.locator(".errors").first).to_contain_text("Choose what the decision rests on.")
        wrong += look(page, "a decision without a ground")
        page.get_by_label("What it rests on").select_option("agency_admits")
        page.get_by_role("button", name="Decide").click()
        expect(page.locator("dl.answers")).to_contain_text("Substantiated, April 2, 2026")
        wrong += look(page, "a decided case")
    assert wrong == []


def answer(browser: Browser, held: Members, site: str) -> None:
    """The agency says that it was so."""
    page = opened(browser, held, "agency_signatory", site)
    page.goto(f"{site}/{OURS}/staff/agencies/{OWN}/complaints/")
    page.get_by_label("Your answer to 2026-0003").fill("It is true. The worker has it back.")
    box = page.locator("section.box").filter(has_text="2026-0003")
    box.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".done")).to_contain_text("You answered on April 2, 2026.")
    page.context.close()


def test_a_receipt_is_fit_to_be_handed_over(held: Members, browser: Browser) -> None:
    fields = members_cases.PAYLOADS["case_entry.enter"]
    with served(held.app) as site:
        page = opened(browser, held, "case_officer", site, bypass_csp=True)
        page.goto(f"{site}{DESK}new")
        for name, value in fields.items():
            if name in ("company", "happened"):
                page.locator(f"#{name}").fill(value)
            elif value:
                page.locator(f"#{name}").select_option(value)
        page.get_by_role("button", name="Save and make the receipt").click()
        expect(page.locator(".receipt span")).to_have_count(4)
        assert look(page, "a receipt") == []
        page.emulate_media(media="print")
        expect(page.locator(".unprinted").first).to_be_hidden()
        expect(page.locator(".receipt")).to_be_visible()
