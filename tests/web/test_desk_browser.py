"""Every page of people who are signed in: for everybody, on a small screen, by keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rankings.web.access import RIGHTS
from tests.web import desk_pages, members
from tests.web.desk_pages import (
    broken,
    cramped,
    filled_workbook,
    half_in,
    let_in,
    opened,
    place,
    reader,
    sent,
    views,
)
from tests.web.members import OURS, Members
from tests.web.names import LANGUAGES
from tests.web.serving import served

FULL = "RANKINGS_TEST_FULL" in os.environ
# In these every page is looked at, in the others a handful.
WHOLE = LANGUAGES if FULL else ("en", "km")
HANDFUL = (
    *("agency.tasks", "agency.question", "agency.check", "what_if.show", "account.home"),
    *("workbook.difference", "staff.cycle", "links.invitation"),
)
NUMBER, TEXT = "c2", "1.2"
CLOSED = "the self-assessment is submitted"
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


def look(page: Page, where: str) -> list[str]:
    """What is wrong with the page that is open."""
    wrong = [f"{where}: {one}" for one in cramped(page)]
    return [*wrong, *([found] if (found := broken(page)) else [])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_for_everybody_on_a_small_screen(
    held: Members, site: str, browser: Browser, difference: str, language: str
) -> None:
    desk_pages.speak(held, language)
    pages: dict[str | None, Page] = {}
    wrong = []
    for who, right in views(held):
        if language not in WHOLE and right.endpoint not in HANDFUL:
            continue
        if who not in pages:
            pages[who] = opened(browser, held, who, site, bypass_csp=True)
        page = pages[who]
        path = place(held, right, language)
        page.goto(site + (difference if right.endpoint == "workbook.difference" else path))
        assert page.locator("html").get_attribute("lang") == language, path
        wrong += look(page, right.endpoint)
    for page in pages.values():
        page.context.close()
    desk_pages.speak(held, "en")
    assert wrong == []


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


@dataclass(frozen=True)
class Mistake:
    """A form that is sent with something wrong in it: what is typed, and the status it gets."""

    endpoint: str
    status: int = 422
    typed: Mapping[str, str] = field(default_factory=dict)


MISTAKES = (
    Mistake("account.sign_in", typed={"email": "nobody@example.org", "password": "x"}),
    Mistake("links.invitation", typed={"password": "short", "again": "other"}),
    Mistake("links.password", typed={"password": "short"}),
    Mistake("factor.recovery", typed={"current": "wrong"}),
    Mistake("factor.enrol", typed={"current": "wrong"}),
    Mistake("people.show", typed={"email": "no email"}),
    Mistake("platform.show", typed={"email": "no email"}),
    Mistake("agency.question", typed={"note": "A note without an answer."}),
    Mistake("agency.check"),
    Mistake("evidence.show"),
    Mistake("workbook.upload"),
)


def last_form(mistake: Mistake) -> str:
    """Where a page has several forms: the end of the address of the one that is meant."""
    return {"platform.show": "invite", "factor.enrol": "second-factor"}.get(mistake.endpoint, "")


def err(held: Members, page: Page, site: str, mistake: Mistake) -> int:
    """Make a mistake on a page; gives the status of the answer."""
    right = RIGHTS[mistake.endpoint]
    path = place(held, right)
    page.goto(site + (members.address("questions", "2.1") if "question" in path else path))
    for name, text in mistake.typed.items():
        page.locator(f"main [name={name}]").last.fill(text)
    if mistake.endpoint == "agency.question":
        page.locator("#answer-form").evaluate("(one) => one.submit()")
        page.wait_for_load_state()
        expect(page.locator(".errors")).to_be_visible()
        return 422
    return sent(page, last_form(mistake)).status


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.endpoint)
def test_a_page_says_what_is_wrong_where_everybody_finds_it(
    held: Members, site: str, browser: Browser, mistake: Mistake
) -> None:
    page = opened(browser, held, reader(RIGHTS[mistake.endpoint]), site, bypass_csp=True)
    assert err(held, page, site, mistake) == mistake.status
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    assert look(page, mistake.endpoint) == []
    for link in summary.locator("a").all():
        target = link.get_attribute("href")
        assert target
        assert page.locator(target).count() == 1, target
    page.context.close()


def test_a_number_that_cannot_be_tried_is_named(held: Members, site: str, browser: Browser) -> None:
    page = opened(browser, held, "agency_member", site, bypass_csp=True)
    answer = page.goto(f"{site}{members.address('what-if')}?{NUMBER}=many")
    assert answer
    assert answer.status == 422
    assert look(page, "what if") == []
    page.context.close()


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
    page.goto(site + members.address("questions", TEXT))
    page.locator("[name=seen]").evaluate("(one) => { one.value = 'old'; }")
    page.locator("[name=note]").evaluate("(one) => { one.value = 'Mine.'; }")
    page.locator("#answer-form").evaluate("(one) => one.submit()")
    expect(page.locator("h2").filter(has_text="What you wrote")).to_be_visible()


def too_many(page: Page, held: Members, site: str) -> None:
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


@pytest.mark.parametrize("state", [conflict, signed_out, nobody_there, too_many, refused])
def test_what_goes_wrong_is_for_everybody_too(
    held: Members, site: str, browser: Browser, state: Callable[[Page, Members, str], None]
) -> None:
    page = opened(browser, held, "agency_member", site, bypass_csp=True)
    state(page, held, site)
    assert look(page, state.__name__) == []
    page.context.close()


def test_a_question_is_answered_by_keyboard_alone(
    held: Members, site: str, browser: Browser
) -> None:
    page = opened(browser, held, "agency_member", site, java_script_enabled=False)
    page.goto(site + members.address("questions", "2.2"))
    until(page, "input[type=radio]")
    page.keyboard.press("ArrowDown")
    until(page, "textarea")
    page.keyboard.type("By keyboard.")
    until(page, "#answer-form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/2.3")
    page.goto(site + members.address("questions", "2.2"))
    assert page.locator("input[type=radio]").nth(1).is_checked()
    assert page.get_by_label("A note for the association").input_value() == "By keyboard."
    page.context.close()


def until(page: Page, wanted: str) -> None:
    """Press Tab until something of this kind has the focus, which can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        if page.locator(f":is({wanted}):focus").count():
            assert "none" not in str(focused.evaluate("(one) => getComputedStyle(one).outline"))
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def test_every_form_is_sent_by_tab_and_enter(held: Members, site: str, browser: Browser) -> None:
    for mistake in MISTAKES:
        who = reader(RIGHTS[mistake.endpoint])
        page = opened(browser, held, who, site, bypass_csp=True)
        page.goto(site + place(held, RIGHTS[mistake.endpoint]))
        page.locator("main form").evaluate_all("(all) => all.map((one) => { one.noValidate = 1; })")
        until(page, "main form:last-of-type button")
        with page.expect_response(lambda one: one.request.method == "POST") as waiting:
            page.keyboard.press("Enter")
        assert waiting.value.status in (200, 303, 422), mistake.endpoint
        page.context.close()


def test_the_whole_form_fits_a_desk_as_well(held: Members, site: str, browser: Browser) -> None:
    wide = {"width": 1280, "height": 800}
    page = opened(browser, held, "agency_signatory", site, bypass_csp=True, viewport=wide)
    for path in ([], ["check"], ["questions", TEXT], ["what-if"], ["workbook"]):
        page.goto(site + members.address(*path))
        assert broken(page) == ""
    page.context.close()
