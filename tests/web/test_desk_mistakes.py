"""Forms that are sent with something wrong in them, and sent by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rankings.web.access import RIGHTS
from tests.web import desk_pages, members
from tests.web.desk_pages import look, opened, place, reader, sent
from tests.web.members import Members
from tests.web.serving import served

NUMBER = "c2"


@pytest.fixture(scope="module")
def held(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("mistakes")) as found:
        yield found


@pytest.fixture(scope="module")
def site(held: Members) -> Iterator[str]:
    with served(held.app) as address:
        yield address


@dataclass(frozen=True)
class Mistake:
    """A form that is sent with something wrong in it: what is typed, and by whom."""

    endpoint: str
    typed: Mapping[str, str] = field(default_factory=dict)
    who: str | None = ""

    @property
    def by(self) -> str | None:
        """Who makes it."""
        return reader(RIGHTS[self.endpoint]) if self.who == "" else self.who


MISTAKES = (
    Mistake("account.sign_in", {"email": "nobody@example.org", "password": "x"}),
    Mistake("links.invitation", {"password": "short", "again": "other"}),
    Mistake("links.password", {"password": "short"}),
    Mistake("factor.recovery", {"current": "wrong"}),
    Mistake("factor.enrol", {"current": "wrong"}, "lead_auditor"),
    Mistake("people.show", {"email": "no email"}),
    Mistake("platform.show", {"email": "no email"}),
    Mistake("agency.question", {"note": "A note without an answer."}),
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
        page.locator(f"main [name={name}]:visible").fill(text)
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
    page = opened(browser, held, mistake.by, site, bypass_csp=True)
    assert err(held, page, site, mistake) == 422
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    assert look(page, mistake.endpoint) == []
    for link in summary.locator("a").all():
        target = link.get_attribute("href")
        assert target
        expect(page.locator(target)).to_have_count(1)
    page.context.close()


def test_a_number_that_cannot_be_tried_is_named(held: Members, site: str, browser: Browser) -> None:
    page = opened(browser, held, "agency_member", site, bypass_csp=True)
    answer = page.goto(f"{site}{members.address('what-if')}?{NUMBER}=many")
    assert answer
    assert answer.status == 422
    assert look(page, "what if") == []
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
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
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
        page = opened(browser, held, mistake.by, site, bypass_csp=True)
        page.goto(site + place(held, RIGHTS[mistake.endpoint]))
        page.locator("main form").evaluate_all("(all) => all.map((one) => { one.noValidate = 1; })")
        until(page, "main form:last-of-type button")
        with page.expect_response(lambda one: one.request.method == "POST") as waiting:
            page.keyboard.press("Enter")
        assert waiting.value.status in (200, 303, 422), mistake.endpoint
        page.context.close()
