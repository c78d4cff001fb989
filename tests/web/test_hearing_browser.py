"""The right of reply on a small screen and without script, from the notice to the decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.adapters import evidence_files
from tests.web import desk_pages
from tests.web.desk_pages import look, opened, sent
from tests.web.members import CYCLE, OURS, OWN, Members
from tests.web.members_hearing import SUBJECT
from tests.web.serving import served

HEARING = f"/{OURS}/staff/cycles/{CYCLE}/agencies/{OWN}/hearing"
HOSTILE = "<script>alert(1)</script> \u202eWe paid back.\u200b\u200b"
KEPT = "<script>alert(1)</script> We paid back."
REASON = "The authority confirms that all were given back."


@pytest.fixture(scope="module")
def held(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("desks")) as found:
        yield found


def test_what_was_refused_is_for_everybody_too(held: Members, browser: Browser) -> None:
    """The same pages with mistakes in them, and the dispute that is past its day."""
    wrong = []
    with served(held.app) as site:
        page = opened(browser, held, "agency_member", site, bypass_csp=True)
        page.goto(site + HEARING)
        expect(page.get_by_role("button", name="Change the reply")).to_have_count(0)
        page.context.close()
        for who, address in (
            ("agency_signatory", f"{HEARING}/findings/{SUBJECT}"),
            ("secretariat", f"/{OURS}/staff/disputes/{overdue(held)}/"),
            ("secretariat", f"/{OURS}/staff/replies/"),
        ):
            page = opened(browser, held, who, site, bypass_csp=True)
            page.goto(site + address)
            assert sent(page).status == 422
            wrong += look(page, address)
            page.context.close()
    assert wrong == []


def overdue(held: Members) -> object:
    return held.things[OURS, OWN]["dispute"]


def test_an_agency_is_heard_without_script(held: Members, browser: Browser) -> None:
    with served(held.app) as site:
        signatory = opened(browser, held, "agency_signatory", site, java_script_enabled=False)
        signatory.goto(site + HEARING)
        reply(signatory)
        dispute(signatory)
        secretary = opened(browser, held, "secretariat", site, java_script_enabled=False)
        moderate(secretary, site)
        lead = opened(browser, held, "lead_auditor", site, java_script_enabled=False)
        decide(lead, site)
        signatory.goto(site + HEARING)
        expect(signatory.get_by_text("It names a worker.")).to_be_visible()
        expect(signatory.get_by_text("The finding is withdrawn")).to_be_visible()
        expect(signatory.get_by_label("In your own words")).to_have_count(0)
        for page in (signatory, secretary, lead):
            page.context.close()


def reply(page: Page) -> None:
    page.get_by_label("In your own words").fill("a" * 501)
    page.get_by_role("button", name="Change the reply").click()
    expect(page.get_by_role("alert")).to_contain_text("Write 1 to 500 letters.")
    expect(page.get_by_label("In your own words")).to_have_value("a" * 501)
    page.get_by_label("In your own words").fill(HOSTILE)
    page.get_by_label("Written in").select_option("vi")
    page.get_by_role("button", name="Change the reply").click()
    expect(page.locator(".said[lang=vi]")).to_have_text(KEPT)


def dispute(page: Page) -> None:
    page.get_by_role("link", name="Dispute this finding").click()
    page.get_by_label("What is wrong with it").fill("Nobody's passport was kept.")
    hand_in(page, "list.exe", b"MZ")
    page.get_by_role("button", name="Dispute").click()
    expect(page.get_by_role("alert")).to_contain_text("list.exe")
    expect(page.get_by_label("What is wrong with it")).to_have_value("Nobody's passport was kept.")
    hand_in(page, "list.pdf", evidence_files.pdf())
    page.get_by_role("button", name="Dispute").click()
    expect(page.get_by_text("To be decided by March 27, 2026")).to_be_visible()
    expect(page.get_by_role("link", name="list.pdf")).to_be_visible()


def hand_in(page: Page, name: str, body: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "application/pdf", "buffer": body}
    page.get_by_label("Files that show it").set_input_files(file)


def moderate(page: Page, site: str) -> None:
    page.goto(f"{site}/{OURS}/staff/replies/")
    box = page.locator("section").filter(has_text=OWN)
    expect(box.locator(".said")).to_have_text(KEPT)
    box.get_by_label("Do not print it").check()
    box.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Write 1 to 300 letters.")
    page.locator("section").filter(has_text=OWN).get_by_label("If not: why").fill(
        "It names a worker."
    )
    page.locator("section").filter(has_text=OWN).get_by_role("button", name="Save").click()
    expect(page.get_by_text("Will not be printed")).to_be_visible()


def decide(page: Page, site: str) -> None:
    page.goto(f"{site}/{OURS}/staff/disputes/")
    page.get_by_role("link", name=f"{OWN} passport_retention").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="list.pdf").click()
    assert waiting.value.suggested_filename == "list.pdf"
    page.get_by_role("button", name="Decide").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Choose what becomes of the finding.")
    expect(alert).to_contain_text("Write 20 to 1000 letters.")
    page.get_by_label("The finding is withdrawn").check()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("section.done")).to_contain_text(REASON)
