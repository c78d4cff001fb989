"""The secretariat's road to an edition in a browser without script, on a narrow screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from rankings import publishing
from tests.web import small
from tests.web.doors import EN, PASSWORD, Doors, email
from tests.web.serving import served, stop
from tests.web.test_publication import CYCLE, ORDER, secretariat

NARROW = {"width": 320, "height": 700}


def let_in(held: Doors, browser: Browser, site: str, name: str) -> Page:
    """A browser of somebody who signs in with both factors."""
    page = browser.new_context(java_script_enabled=False, viewport=NARROW).new_page()  # type: ignore[arg-type]
    page.goto(f"{site}{EN}/sign-in")
    page.get_by_label("Email").fill(email(name))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    held.wait(seconds=30)
    page.get_by_label("Code of your").fill(held.code(name))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(f"{site}{CYCLE}/")
    return page


def hear(held: Doors, page: Page) -> None:
    """The hearing opens; a letter reaches every agency."""
    page.get_by_label("Everything that counts is entered.").check()
    page.get_by_role("button", name="Open the hearing").click()
    page.get_by_role("link", name="Who was told, and until when").click()
    for left in range(len(small.NAMES), 0, -1):
        expect(page.get_by_text("not told yet")).to_have_count(left)
        page.get_by_label("Day on which the letter arrived").first.fill("2026-07-01")
        page.get_by_role("button", name="Enter the letter").first.click()
    expect(page.get_by_text("By letter on July 1, 2026.")).to_have_count(len(small.NAMES))
    held.wait(days=20)


def prove(held: Doors, page: Page, name: str) -> None:
    """Both factors once more, and back."""
    expect(page.get_by_role("heading", name="Prove who you are")).to_be_visible()
    held.wait(seconds=30)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code of your").fill(held.code(name))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Publication")).to_be_visible()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_candidate_is_prepared_approved_and_published(
    engine: Engine, tmp_path: Path, browser: Browser
) -> None:
    held = secretariat(engine, tmp_path)
    with served(held.app) as site:
        hear(held, let_in(held, browser, site, "writer"))
        writer = let_in(held, browser, site, "writer")
        held.wait(minutes=11)
        writer.get_by_role("button", name="Ask for approval").click()
        prove(held, writer, "writer")
        writer.get_by_role("button", name="Ask for approval").click()
        expect(writer.get_by_text("Somebody else must approve it.")).to_be_visible()
        writer.get_by_role("link", name="Look at its pages").click()
        expect(writer.get_by_text("Preview of a candidate. It is not published.")).to_be_visible()
        other = let_in(held, browser, site, "other")
        other.get_by_role("button", name="Approve edition 2026-1").click()
        expect(other.get_by_text("It will be published")).to_be_visible()
        publishing.publish(engine, held.app.extensions["settings"], ORDER, held.act())
        other.goto(f"{site}/{small.CODE}/en/")
        expect(other.get_by_role("heading", name="Recruitment agencies")).to_be_visible()
        assert other.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        for page in (writer, other):
            page.context.close()
    stop(held.app)
