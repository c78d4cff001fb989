"""From a submitted self-assessment to a changed score: every step as people take it, once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.models import Finding
from rankings.usecases import cycles, second_opinions
from tests.usecases import world
from tests.web import small
from tests.web.journey_audit import FOUND, SEEN, audit, close, words
from tests.web.journey_house import (
    ASKED,
    FIRST,
    OF_FIRST,
    SECOND,
    House,
    go,
    head,
    house,
    moved,
    options,
    press,
    printed,
    score,
)

MARCH = datetime(2026, 3, 2, 3, tzinfo=UTC)
DUE, ASKED_ON = "2026-04-30", "2026-02-27"
OURS, THEIRS = small.NAMES[0], small.NAMES[1]
AUDITOR, ANOTHER = "First auditor", "Second auditor"
AGAIN = "Looked at once more"
SEATS = {
    "Office": "Association",
    "Ministry": "Ministry",
    "Union": "Union",
    "Society": "Civil society",
}
CALLED, UNHAPPY = 6, 3
FEW = 20


def fill_the_panel(page: Page) -> None:
    """One seat for each of the four."""
    go(page, "Audits")
    expect(page.locator("main")).to_contain_text("Nobody sits on the panel yet for")
    go(page, "To the panel")
    for person, seat in SEATS.items():
        page.get_by_label("Person").select_option(label=person)
        page.get_by_label("Sits for").select_option(label=seat)
        press(page, "Give the seat")
        expect(page.get_by_role("button", name=f"Free the seat of {person}")).to_be_visible()
    go(page, "Audits, 2026")
    expect(page.locator("main")).not_to_contain_text("Nobody sits on the panel")


def declare_a_tie(page: Page) -> None:
    """The auditor says who is close, before anything is assigned."""
    go(page, "Ties to agencies")
    page.get_by_label("Agency").select_option(SECOND)
    page.get_by_label("Kind of tie").select_option(label="Family or close friends")
    page.get_by_label("Since").fill("2025-05-01")
    page.get_by_label("What the tie is").fill("A cousin works there.")
    press(page, "Declare")
    expect(page.locator(".cards")).to_contain_text(THEIRS)


def assign(page: Page) -> None:
    """Not where there is a tie; what was chosen stays, and the next agency is taken."""
    go(page, "Audits", "Assign an audit")
    page.get_by_label("Agency").select_option(SECOND)
    page.get_by_label("Kind").select_option(label="Visit")
    page.get_by_label("Auditor").select_option(label=AUDITOR)
    page.get_by_label("To be done by").fill(DUE)
    press(page, "Assign")
    expect(page.locator(".errors")).to_contain_text("This person is tied to the agency")
    expect(page.get_by_label("To be done by")).to_have_value(DUE)
    page.get_by_label("Agency").select_option(FIRST)
    press(page, "Assign")
    expect(page.locator("tbody tr")).to_contain_text(["Not begun"])
    expect(page.locator("tbody")).not_to_contain_text(THEIRS)


def ask_the_second(page: Page, many: int) -> None:
    """Each finding that was drawn is to be made again, by somebody else."""
    go(page, "Desk", "Second opinions")
    for left in range(many, 0, -1):
        waiting = page.get_by_role("link", name="Ask an auditor")
        expect(waiting).to_have_count(left)
        waiting.first.click()
        expect(page.get_by_label("Auditor").locator("option")).to_have_text(
            ["Choose a person", ANOTHER]
        )
        page.get_by_label("Auditor").select_option(label=ANOTHER)
        press(page, "Ask")
    expect(page.get_by_role("link", name="Ask somebody else")).to_have_count(many)


def give_opinions(page: Page, many: int) -> str:
    """Blind, and all the same but for one; gives the question of that one."""
    go(page, "Second opinions")
    known = {words(one): one for one in ASKED}
    different = ""
    for left in range(many, 0, -1):
        waiting = page.get_by_role("link", name="Give your opinion")
        expect(waiting).to_have_count(left)
        waiting.first.click()
        expect(page.get_by_role("button", name="Give this opinion")).to_be_visible()
        indicator = known[page.locator("h1").inner_text()]
        see_nothing(page)
        found = FOUND[indicator]
        if not different:
            different, found = indicator, other(indicator)
        give(page, indicator, found)
    expect(page.locator(".tag")).to_have_text(["Given"] * many)
    return different


def other(indicator: str) -> str:
    """Less than the first auditor found."""
    known = options(indicator)
    return known[known.index(FOUND[indicator]) - 1] if known else "60"


def see_nothing(page: Page) -> None:
    """Neither what the first auditor found nor who it was."""
    expect(page.locator("input[name=found]:checked")).to_have_count(0)
    assert SEEN not in page.content()
    assert AUDITOR not in page.content()


def give(page: Page, indicator: str, found: str) -> None:
    if options(indicator):
        page.locator(f"input[name=found][value='{found}']").check()
    else:
        page.get_by_label("Your finding").fill(found)
    page.get_by_label("Reason", exact=True).fill(AGAIN)
    press(page, "Give this opinion")
    expect(page.locator(".done")).to_contain_text("It can no longer change")
    go(page, "Second opinions")


def settle(page: Page) -> None:
    """The lead, who made neither, sees both and takes the second one."""
    go(page, "Findings that differ")
    page.get_by_role("link", name="Compare and settle").click()
    expect(page.locator("main")).to_contain_text(SEEN)
    expect(page.locator("main")).to_contain_text(AGAIN)
    page.get_by_label("Take the second one in its place").check()
    page.get_by_label("Why", exact=True).fill("The papers say the same.")
    press(page, "Settle")
    expect(page.locator("main")).to_contain_text("Different: settled")


def interview(page: Page) -> None:
    """Six workers of thirty are drawn and asked."""
    go(page, "Desk", "2026", OURS, "Interviews with workers")
    page.get_by_label("Who gave you the list").fill("DOLAB")
    page.get_by_label("Or its numbers").fill("\n".join(f"D-{number}" for number in range(1, 31)))
    page.get_by_label("How many to draw").fill(str(CALLED))
    press(page, "Draw")
    links = page.get_by_role("link", name=re.compile("^Enter interview D-"))
    expect(links).to_have_count(CALLED)
    drawn = [one.removeprefix("Enter interview ") for one in links.all_inner_texts()]
    for place, number in enumerate(drawn):
        go(page, f"Enter interview {number}")
        ask(page, "no" if place < UNHAPPY else "yes")
    expect(page.locator(".lead")).to_have_text(f"Asked so far: {CALLED}")


def ask(page: Page, said: str) -> None:
    page.get_by_label("The worker agreed to be asked.").check()
    page.get_by_label("Nobody of the agency is there or listens.").check()
    page.locator("#worker-abroad").check()
    page.get_by_label("Day of the interview").fill(ASKED_ON)
    for item in range(1, 8):
        page.locator(f"#v{item}-{said}").check()
    press(page, "Save the interview")
    head(page, "Interviews")


def verify(held: House, many: int) -> tuple[list[int], str]:
    """The score after each step; the question whose second finding was taken."""
    claimed = held.candidate("2026")
    fill_the_panel(held.sit("office"))
    auditor, lead = held.sit("first auditor"), held.sit("lead")
    declare_a_tie(auditor)
    assign(lead)
    go(auditor, "Desk")
    audit(auditor, many, held.script)
    assert held.candidate("2026") == claimed
    close(auditor)
    audited = held.candidate("2026")
    assert moved(claimed, audited) == OF_FIRST
    scores = [score(claimed), score(audited)]
    drawn = -(-many // second_opinions.ONE_IN)
    with db.reading(held.engine) as session:
        cycle = cycles.find(session, small.CODE, "2026")
        assert len(second_opinions.open_of(session, cycle)) == drawn
    ask_the_second(lead, drawn)
    different = give_opinions(held.sit("second auditor"), drawn)
    settle(lead)
    scores.append(score(held.candidate("2026")))
    interview(auditor)
    return [*scores, score(held.candidate("2026"))], different


def finding(engine: Engine, indicator: str) -> tuple[str, str | None]:
    with db.reading(engine) as session:
        one = session.exec(select(Finding).where(Finding.indicator == indicator)).one()
        return one.found, one.reason


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(
    ("engine", "script", "many"),
    [("sqlite", False, len(ASKED)), ("sqlite", True, FEW)],
    indirect=["engine"],
)
def test_a_claim_is_audited_and_the_score_changes(
    engine: Engine, tmp_path: Path, browser: Browser, script: bool, many: int
) -> None:
    with house(engine, tmp_path, browser, script, MARCH) as held:
        held.submit("2026")
        scores, different = verify(held, many)
        claimed, audited, settled, heard = scores
        assert claimed < heard < settled < audited
        assert finding(engine, different) == (other(different), AGAIN)
        held.now = world.NOW
        held.publish("2026")
        page = held.visit()
        page.goto(f"{held.address}/{small.CODE}/en/agencies/{FIRST}")
        expect(page.locator("p.big")).to_have_text(printed(heard))
