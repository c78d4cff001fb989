"""Answers that save themselves, two people at one question, sign-ins that end, servers that die."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from playwright.sync_api import Browser, Error, Page, expect
from sqlalchemy import Engine

from rankings import db
from rankings.usecases import self_assessments
from rankings.usecases.answers import Questions
from tests.adapters.assessment_workbooks import code
from tests.adapters.edition_samples import COC
from tests.web import desk_pages, members
from tests.web.desk_pages import PASSWORD, opened, sign_everybody_out
from tests.web.members import CYCLE, OURS, OWN, Members
from tests.web.serving import served, stop

ROOT = Path(__file__).resolve().parents[2]
NONE, LATE, IN_TIME = "none", "late", "in-time"
QUESTION, NOTE = "1.2", "Một sổ cho mọi chi nhánh: the same in all branches."
# Of so many answers the server dies in the midst.
ANSWERS, ALIVE = 30, 14


@pytest.fixture
def held(migrated_file: Path, tmp_path: Path) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path) as found:
        yield found


@pytest.fixture
def site(held: Members) -> Iterator[str]:
    with served(held.app) as address:
        yield address


@contextmanager
def asked(
    browser: Browser, held: Members, site: str, who: str = "agency_member", script: bool = True
) -> Iterator[Page]:
    """Somebody before the question."""
    page = opened(browser, held, who, site, java_script_enabled=script)
    page.goto(site + members.address("questions", QUESTION))
    yield page
    page.context.close()


def stored(engine: Engine) -> dict[str, tuple[str, str | None]]:
    """The answers of our agency by indicator, each with its note."""
    with db.reading(engine) as session:
        cycle, agency = self_assessments.find(session, OURS, CYCLE, OWN)
        found = self_assessments.answers(session, cycle, agency.id)
        return {code: (one.value, one.note) for code, one in found.items()}


def choose(page: Page, value: str) -> None:
    page.locator(f".choice input[value='{value}']").check()


def saved(page: Page) -> None:
    expect(page.locator(".status")).to_have_text("Saved")


def write(page: Page, note: str) -> None:
    page.get_by_label("A note for the association").fill(note)


def test_an_answer_saves_itself_and_survives_the_page(
    browser: Browser, held: Members, site: str
) -> None:
    with asked(browser, held, site) as page:
        choose(page, LATE)
        saved(page)
        write(page, NOTE)
        page.locator("h1").click()
        expect(page.locator(".status")).to_have_text("Saved")
    assert stored(held.engine)[QUESTION][0] == LATE
    with asked(browser, held, site) as page:
        assert page.locator(f"input[value='{LATE}']").is_checked()
        assert page.get_by_label("A note for the association").input_value() == NOTE


def test_a_note_saves_itself_soon_after_the_last_letter(
    browser: Browser, held: Members, site: str
) -> None:
    with asked(browser, held, site) as page:
        choose(page, LATE)
        saved(page)
        with page.expect_response(lambda one: one.request.method == "POST") as waiting:
            page.get_by_label("A note for the association").press_sequentially("Branches")
        assert waiting.value.ok
        saved(page)
    assert stored(held.engine)[QUESTION] == (LATE, "Branches")


def test_a_note_without_an_answer_says_that_it_is_not_saved(
    browser: Browser, held: Members, site: str
) -> None:
    with asked(browser, held, site) as page:
        write(page, NOTE)
        page.locator("h1").click()
        expect(page.locator(".status")).to_contain_text("a note alone is not saved")
    assert QUESTION not in stored(held.engine)


def test_pressing_save_while_an_answer_is_on_its_way_is_no_conflict_with_oneself(
    browser: Browser, held: Members, site: str
) -> None:
    with asked(browser, held, site) as page:
        page.route("**/questions/*", slowly(page))
        choose(page, LATE)
        choose(page, IN_TIME)
        page.get_by_role("button", name="Save and come back later").click()
        page.wait_for_url("**/self-assessment/")
    assert stored(held.engine)[QUESTION] == (IN_TIME, None)


def slowly(page: Page) -> Callable[..., None]:
    """Every answer takes a while to arrive."""

    def pass_on(route: object) -> None:
        page.wait_for_timeout(300)
        route.continue_()  # type: ignore[attr-defined]

    return pass_on


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_two_people_at_one_question_see_both_versions_and_choose(
    browser: Browser, held: Members, site: str, script: bool, keep: str
) -> None:
    signatory = "agency_signatory"
    with (
        asked(browser, held, site, script=script) as first,
        asked(browser, held, site, signatory, script) as second,
    ):
        for page, value, note in ((first, LATE, "First."), (second, NONE, "Second.")):
            write(page, note)
            choose(page, value)
            if page is first or not script:
                page.get_by_role("button", name="Save and come back later").click()
        expect(second.locator(".errors h2")).to_have_text("Nothing has been saved")
        expect(second.locator("section.box")).to_contain_text("First.")
        expect(second.locator("section.box")).to_contain_text("Saved by agency_member")
        assert second.locator(f"input[value='{NONE}']").is_checked()
        if keep == "theirs":
            second.get_by_role("link", name="Keep this one").click()
            assert second.locator(f"input[value='{LATE}']").is_checked()
        else:
            write(second, "Second.")
            second.get_by_role("button", name="Save and come back later").click()
            second.wait_for_url("**/self-assessment/")
    expected = (LATE, "First.") if keep == "theirs" else (NONE, "Second.")
    assert stored(held.engine)[QUESTION] == expected


@pytest.mark.parametrize("script", [True, False])
def test_what_was_typed_when_the_sign_in_ended_can_be_sent_after_signing_in_again(
    browser: Browser, held: Members, site: str, script: bool
) -> None:
    factor = desk_pages.give_factor(held, "agency_member")
    with asked(browser, held, site, script=script) as page:
        write(page, NOTE)
        sign_everybody_out(held)
        choose(page, LATE)
        if not script:
            page.get_by_role("button", name="Save and come back later").click()
        expect(page.locator("h1")).to_have_text("You have been signed out")
        expect(page.locator("main")).to_contain_text(NOTE)
        with page.expect_popup() as waiting:
            page.get_by_role("link", name="Sign in").click()
        sign_in(waiting.value, factor.at(held.now))
        page.get_by_role("button", name="Send it again").click()
        expect(page.locator("h1")).to_have_text("This form was too old")
        expect(page.locator("main")).to_contain_text(NOTE)
        page.get_by_role("button", name="Send it again").click()
        page.wait_for_url("**/self-assessment/")
    assert stored(held.engine)[QUESTION] == (LATE, NOTE)


def sign_in(page: Page, code: str) -> None:
    page.get_by_label("Email").fill("agency_member@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code of your authenticator app").fill(code)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(re.compile("/account/en/$"))


@contextmanager
def alone(held: Members) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The application in a process of its own."""
    known = held.app.extensions["settings"]
    named = {
        "SECRET_KEY": known.secret_key,
        "DATABASE_URL": known.database_url,
        "DATA": str(known.data),
        "KEYS": str(known.keys),
        "BASE_URL": known.base_url,
        "EVIDENCE": str(known.evidence),
    }
    command = [sys.executable, "-c", "from tests.web import desk_pages; desk_pages.alone()"]
    environment = os.environ | {f"RANKINGS_{name}": value for name, value in named.items()}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}", process
        process.kill()


def test_what_was_acknowledged_before_the_server_was_killed_is_there(
    engine: Engine, tmp_path: Path, browser: Browser
) -> None:
    held = members.members(engine, tmp_path)
    told: list[str] = []
    with alone(held) as (address, process):
        page = opened(browser, held, "agency_member", address)
        for indicator in list(Questions(code(COC)).asked)[1 : ANSWERS + 1]:
            # While an answer is on its way, or the page after it.
            doom = Timer(0.01, process.send_signal, [signal.SIGKILL])
            if not answered(page, address, indicator, doom if len(told) == ALIVE else None):
                break
            told.append(indicator)
        page.context.close()
        assert process.wait(10) == -signal.SIGKILL
    found = stored(engine)
    assert ALIVE <= len(told) < ANSWERS
    assert [one for one in told if one not in found] == []
    stop(held.app)


def answered(page: Page, address: str, indicator: str, doom: Timer | None) -> bool:
    """Whether the page said that it saved an answer."""
    try:
        page.goto(address + members.address("questions", indicator))
    except Error:
        return False
    if doom:
        doom.start()
    page.locator(".choice input").first.check()
    status = page.locator(".status")
    expect(status).to_have_text(re.compile("^(Saved|Not saved)"), timeout=20_000)
    return status.inner_text() == "Saved"
