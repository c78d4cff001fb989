"""An audit in a real browser: by keyboard alone, without script, and two people at one question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rankings import db
from rankings.models import Audit, Finding
from rankings.usecases import audit_findings
from tests.web import desk_pages, members_audits
from tests.web.desk_pages import look, opened
from tests.web.members import CYCLE, OURS, OWN, Members
from tests.web.serving import served

FIRST, SECOND = "Who recruits workers", "How does the agency report"


@pytest.fixture(scope="module")
def desks(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    """Members whose self-assessments are submitted."""
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("audits")) as found:
        found.submit_all()
        yield found


@pytest.fixture(scope="module")
def rewind(desks: Members) -> Callable[[], None]:
    return members_audits.rewinding(desks.engine)


@pytest.fixture
def held(desks: Members, rewind: Callable[[], None]) -> Iterator[Members]:
    """The same members as if nothing had happened."""
    yield desks
    rewind()


@pytest.fixture(scope="module")
def site(desks: Members) -> Iterator[str]:
    with served(desks.app) as address:
        yield address


def audit_page(held: Members, site: str, *more: str) -> str:
    audit = held.things[OURS, OWN]["audit"]
    return "/".join([f"{site}/{OURS}/staff/audits/{audit}", *more])


def stored(held: Members) -> tuple[Audit, dict[str, Finding]]:
    with db.reading(held.engine) as session:
        audit = audit_findings.find(session, OURS, held.things[OURS, OWN]["audit"])[0]
        return audit, audit_findings.of(session, audit)


def heading(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_contain_text(text)


def test_two_findings_are_made_without_a_mouse(held: Members, site: str, browser: Browser) -> None:
    page = opened(browser, held, "auditor", site)
    page.goto(audit_page(held, site, "questions", "1.1"))
    keys = page.keyboard
    keys.press("2")
    expect(page.locator("#choice-2")).to_be_checked()
    keys.press("ArrowDown")
    expect(page.locator("#choice-3")).to_be_checked()
    keys.press("n")
    expect(page.locator("#status")).to_have_text("Not saved yet. Press Enter to save.")
    heading(page, FIRST)
    keys.press("r")
    keys.type("n2p: three branches.")
    expect(page.locator("#reason-text")).to_have_value("n2p: three branches.")
    expect(page.locator("#choice-3")).to_be_checked()
    keys.press("Control+Enter")
    heading(page, SECOND)
    expect(page.locator("#status")).to_contain_text(f"Saved: {FIRST}")
    keys.press("p")
    heading(page, FIRST)
    keys.press("n")
    heading(page, SECOND)
    keys.press("1")
    keys.press("Enter")
    expect(page.locator("#status")).to_contain_text(f"Saved: {SECOND}")
    found = stored(held)[1]
    assert {code: one.reason for code, one in found.items()} == {
        "1.1": "n2p: three branches.",
        "1.2": None,
    }
    page.context.close()


def test_the_keys_can_be_turned_off_and_stay_so(held: Members, site: str, browser: Browser) -> None:
    page = opened(browser, held, "auditor", site, bypass_csp=True)
    page.goto(audit_page(held, site, "questions", "1.1"))
    page.locator("#keys summary").click()
    assert look(page, "the help for keys") == []
    page.get_by_label("Use these keys in this browser").uncheck()
    page.keyboard.press("1")
    page.reload()
    page.keyboard.press("1")
    page.keyboard.press("n")
    expect(page.locator("[name=found]:checked")).to_have_count(0)
    heading(page, FIRST)
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_audit_from_the_first_question_to_the_end(
    held: Members, site: str, browser: Browser, script: bool
) -> None:
    page = opened(browser, held, "auditor", site, java_script_enabled=script)
    page.goto(audit_page(held, site, ""))
    page.get_by_role("link", name="Next question to find").click()
    heading(page, FIRST)
    page.get_by_label("Own staff in registered branches only").check()
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator(".errors")).to_contain_text("Say why the finding differs")
    page.get_by_label("Reason").fill("The branches are registered.")
    page.get_by_role("button", name="Save and next").click()
    heading(page, SECOND)
    page.get_by_label("Reports sent, but some late").check()
    page.get_by_role("button", name="Save and to the overview").click()
    heading(page, "Visit")
    page.get_by_label("Day of the visit or check").fill("2026-02-20")
    page.get_by_label("Visit, not announced").check()
    page.get_by_role("button", name="Save day and method").click()
    page.get_by_role("button", name="Close the audit").click()
    expect(page.locator(".done")).to_contain_text("The findings count")
    expect(page.locator("dl.answers > div")).to_have_count(2)
    audit, found = stored(held)
    assert (str(audit.visited_on), audit.method) == ("2026-02-20", "visit_unannounced")
    assert {code: one.found for code, one in found.items()} == {
        "1.1": "registered",
        "1.2": "late",
    }
    page.context.close()


def test_what_is_refused_or_ended_is_for_everybody_too(
    held: Members, site: str, browser: Browser
) -> None:
    lead, page = (
        opened(browser, held, who, site, bypass_csp=True) for who in ("lead_auditor", "auditor")
    )
    for one in (lead, page):
        one.goto(audit_page(held, site, "questions", "1.1"))
        one.locator("#choice-4").check()
    assert desk_pages.sent(page).status == 422
    wrong = look(page, "a finding without a reason")
    page.locator("#reason-text").fill("A list hangs outside.")
    page.get_by_role("button", name="Save and next").click()
    heading(page, SECOND)
    lead.locator("#reason-text").fill("A list stands on the web site.")
    assert desk_pages.sent(lead).status == 409
    wrong += look(lead, "both versions")
    expect(lead.locator("main")).to_contain_text("A list hangs outside.")
    page.goto(audit_page(held, site, ""))
    assert desk_pages.sent(page, "/visit").status == 422
    wrong += look(page, "no day")
    address = f"{site}/{OURS}/staff/cycles/{CYCLE}/agencies/{OWN}/corrective-actions/"
    page.goto(address)
    for summary in page.locator("summary").all():
        summary.click()
    wrong += look(page, "corrective actions unfolded")
    assert desk_pages.sent(page, "/extend").status == 422
    wrong += look(page, "no more time")
    end(held)
    lead.goto(audit_page(held, site, ""))
    wrong += look(lead, "a closed audit")
    lead.goto(audit_page(held, site, "questions", "1.1"))
    wrong += look(lead, "a finding of a closed audit")
    assert wrong == []
    for one in (lead, page):
        one.context.close()


def end(held: Members) -> None:
    """The auditor says when it was, and closes."""
    client, path = held.client("auditor"), audit_page(held, "")
    visit = {"visited_on": "2026-02-20", "method": "video", "seen": " "}
    for more, sent in (("visit", visit), ("close", {})):
        answer = client.post(f"{path}/{more}", data={"csrf_token": held.token} | sent)
        assert answer.status_code == 303
