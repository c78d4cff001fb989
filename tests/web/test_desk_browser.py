"""Every page of people who are signed in: for everybody, on a small screen, by keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rankings.web.access import RIGHTS
from tests.web import desk_pages, members
from tests.web.desk_pages import (
    broken,
    filled_workbook,
    fitting,
    half_in,
    let_in,
    look,
    opened,
    place,
    sent,
    views,
)
from tests.web.members import OURS, Members
from tests.web.names import LANGUAGES
from tests.web.serving import served

FULL = "RANKINGS_TEST_FULL" in os.environ
# In these every page is looked at, in these every page is measured, in the others a handful is.
WHOLE, MEASURED = (LANGUAGES if FULL else ("en",)), ("km",)
HANDFUL = (
    *("agency.tasks", "agency.question", "agency.check", "what_if.show", "account.home"),
    *("workbook.difference", "staff.cycle", "links.invitation"),
)
TEXT = "1.2"
FILES = {
    *("evidence.download", "workbook.download"),
    *("audit_workbook.download", "interviews.workbook"),
    *("rubrics.workbook", "cap_table.table", "hearing.download", "disputes.download"),
}
# Below: those who are halfway in see them, or who has a link; one leads away from here. A preview
# is the public page, which is looked at as such.
ELSEWHERE = {"account.code", "factor.enrol", "links.reset", "help.leave", "preview.page"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def held(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    """Members with an uploaded workbook whose difference has everything in it."""
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("desks")) as found:
        yield found


@pytest.fixture(scope="module")
def site(held: Members) -> Iterator[str]:
    with served(held.app) as address:
        yield address


@pytest.fixture(scope="module")
def difference(held: Members, site: str, browser: Browser) -> str:
    """A workbook is uploaded that changes two answers and clashes with a third person."""
    body = filled_workbook(held)
    member = opened(browser, held, "agency_signatory", site)
    member.goto(site + members.address("questions", TEXT))
    member.locator(".choice input").last.check()
    member.get_by_label("A note for the association").fill("Another note.")
    member.get_by_role("button", name="Save and come back later").click()
    expect(member.locator("h1")).to_contain_text("Self-assessment")
    member.goto(site + members.address("workbook"))
    file = {"name": "filled in.xlsx", "mimeType": XLSX, "buffer": body}
    member.locator("#workbook").set_input_files(file)  # type: ignore[arg-type]
    member.get_by_role("button", name="Upload and compare").click()
    expect(member.locator("h1")).to_have_text("What the workbook changes")
    path = member.url.removeprefix(site)
    member.context.close()
    return path


@pytest.mark.parametrize("colours", ("light", "dark") if FULL else ("light",))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_for_everybody_on_a_small_screen(
    held: Members, site: str, browser: Browser, difference: str, language: str, colours: str
) -> None:
    desk_pages.speak(held, language)
    pages: dict[str | None, Page] = {}
    wrong = []
    for who, right in views(held):
        whole = language in WHOLE or right.endpoint in HANDFUL
        if not whole and language not in MEASURED:
            continue
        if who not in pages:
            pages[who] = opened(browser, held, who, site, bypass_csp=True, color_scheme=colours)
        page = pages[who]
        path = place(held, right, language)
        page.goto(site + (difference if right.endpoint == "workbook.difference" else path))
        assert page.locator("html").get_attribute("lang") == language, path
        wrong += look(page, right.endpoint) if whole else fitting(page, right.endpoint)
    for page in pages.values():
        page.context.close()
    desk_pages.speak(held, "en")
    assert wrong == []


def test_no_page_is_left_out(held: Members) -> None:
    pages = {one.endpoint for one in RIGHTS.values() if one.method == "GET"}
    wanted = {one for one in pages if not one.startswith(("public.", "static"))}
    assert wanted - {right.endpoint for _who, right in views(held)} == FILES | ELSEWHERE


def test_the_pages_halfway_in_are_for_everybody(held: Members, site: str, browser: Browser) -> None:
    wrong = []
    for who, heading in (("auditor", "Set up your second factor"), ("regulator", "Your code")):
        if who == "regulator":
            desk_pages.give_factor(held, who)
        page = opened(browser, held, None, site, bypass_csp=True)
        let_in(page.context, half_in(held, who), site)
        page.goto(f"{site}/account/en/code")
        expect(page.locator("h1")).to_have_text(heading)
        wrong += look(page, heading)
        assert sent(page, "second-factor" if who == "auditor" else "code").status == 422
        wrong += look(page, f"{heading} after a mistake")
        page.context.close()
    assert wrong == []


def handed_over(page: Page, held: Members, site: str) -> None:
    let_in(page.context, held.client("secretariat"), site)
    page.goto(f"{site}/{OURS}/staff/people")
    page.locator("main [name=email]:visible").fill("newcomer@example.org")
    page.get_by_label("Role").select_option("auditor")
    assert sent(page).status == 200
    expect(page.locator("h1")).to_have_text("A link to hand over")


def too_large(page: Page, held: Members, site: str) -> None:
    page.goto(site + members.address("questions", TEXT))
    file = held.app.extensions["settings"].data.parent / "large.pdf"
    file.write_bytes(bytes(26_000_000))
    page.locator("#files").set_input_files(file)
    assert sent(page, "/evidence").status == 413
    expect(page.locator("h1")).to_have_text("These files are too large")


def reset(page: Page, held: Members, site: str) -> None:
    page.goto(f"{site}/account/en/resets/{desk_pages.reset_link(held, 'auditor')}")
    expect(page.locator("h1")).to_have_text("Choose a new password")
    assert sent(page).status == 422


def codes(page: Page, held: Members, site: str) -> None:
    page.goto(f"{site}/account/en/recovery-codes")
    page.get_by_label("Your password").fill(desk_pages.PASSWORD)
    assert sent(page).status == 200
    expect(page.locator("h1")).to_have_text("Your recovery codes")


def nobody_there(page: Page, held: Members, site: str) -> None:
    page.goto(site + members.address("questions", TEXT))
    page.context.clear_cookies()
    sent(page)


def signed_out(page: Page, held: Members, site: str) -> None:
    page.goto(site + members.address("questions", TEXT))
    desk_pages.sign_everybody_out(held)
    page.locator("#answer-form button").first.click()
    expect(page.locator("h1")).to_have_text("You have been signed out")


def conflict(page: Page, held: Members, site: str) -> None:
    page.goto(site + members.address("questions", members.INDICATOR))
    page.locator("[name=seen]").evaluate("(one) => { one.value = 'old'; }")
    page.locator("[name=note]").evaluate("(one) => { one.value = 'Mine.'; }")
    page.locator("#answer-form").evaluate("(one) => one.submit()")
    expect(page.locator("h2").filter(has_text="What you wrote")).to_be_visible()


def too_many(page: Page, held: Members, site: str) -> None:
    page.context.clear_cookies()
    for _ in range(40):
        page.goto(f"{site}/account/en/sign-in")
        page.locator("[name=email]").fill("auditor@example.org")
        page.locator("[name=password]").fill("wrong")
        if sent(page).status == 429:
            break
    expect(page.locator("h1")).to_have_text("Please wait")


def refused(page: Page, held: Members, site: str) -> None:
    page.goto(f"{site}/{OURS}/staff/people")
    expect(page.locator("h1")).to_have_text("You may not see this page.")


STATES = (
    handed_over,
    too_large,
    reset,
    codes,
    conflict,
    signed_out,
    nobody_there,
    too_many,
    refused,
)


@pytest.mark.parametrize("state", STATES)
def test_what_follows_or_goes_wrong_is_for_everybody_too(
    held: Members, site: str, browser: Browser, state: Callable[[Page, Members, str], None]
) -> None:
    page = opened(browser, held, "agency_member", site, bypass_csp=True)
    state(page, held, site)
    assert look(page, state.__name__) == []
    page.context.close()


def test_the_whole_form_fits_a_desk_as_well(held: Members, site: str, browser: Browser) -> None:
    wide = {"width": 1280, "height": 800}
    page = opened(browser, held, "agency_signatory", site, bypass_csp=True, viewport=wide)
    for path in ([], ["check"], ["questions", TEXT], ["what-if"], ["workbook"]):
        page.goto(site + members.address(*path))
        assert broken(page) == ""
    page.context.close()
