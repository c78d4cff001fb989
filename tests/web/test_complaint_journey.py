"""From a worker's phone to a decided complaint that counts in the next edition, and only there."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.adapters import vault
from rankings.models import JournalDetail, JournalEntry
from rankings.usecases import complaint_keys, help_lines, journal
from tests.web import helping, small
from tests.web.journey_house import (
    FIRST,
    OF_FIRST,
    House,
    go,
    head,
    house,
    moved,
    press,
    printed,
    score,
)

PHONE = {"width": 320, "height": 640}
JULY, AUGUST = datetime(2026, 7, 15, 3, tzinfo=UTC), datetime(2026, 8, 3, 3, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 7, 1, 3, tzinfo=UTC)
AGENCY = small.NAMES[0]
STORY = "They keep my passport in the office and want two months of wages for it."
AMOUNT, WHEN = "1200", "May"
QUESTION, REPLY = "Did you sign a receipt for it?", "No. They gave me nothing in writing."
SUMMARY = "A worker says that the agency keeps a passport."
DEFENCE = "The passport lies here for the visa."
TOLD = (STORY, QUESTION, REPLY, SUMMARY, DEFENCE)
KHMER = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
READINGS = ("first_look", "new_message", "decide")


def prepare(held: House) -> None:
    """Whom to call, the key of complaints, the edition of this year, and the cycle of the next."""
    act = journal.Act(journal.OPERATOR, held.now)
    held.publish("2026")
    private, public = vault.make()
    key, keys = uuid4(), held.app.extensions["private_keys"]
    keys.put(small.CODE, key, private)
    with db.transaction(held.engine) as session:
        complaint_keys.add(session, small.CODE, key, public, act)
        lines = [helping.LINE, helping.URGENT]
        help_lines.save(session, small.CODE, lines, help_lines.token([]), act)
        small.open_cycle(session, "2027", date(2027, 6, 30), held.now)
    held.submit("2027")


def write(page: Page) -> str:
    """From the agency's page to a number; first without a word about what happened."""
    page.locator("main").get_by_role("link", name="Get help").click()
    go(page, "Write to us")
    expect(page.get_by_label("Which company?")).to_have_value(f"{AGENCY} ({FIRST})")
    page.get_by_label("What happened?").fill(" ")
    page.get_by_label("What is it about?").select_option("documents_withheld")
    page.get_by_label("When was it?").fill(WHEN)
    page.get_by_label("How much money is it about?").fill(AMOUNT)
    page.get_by_label("Yes, count it").check()
    page.get_by_label("Yes, a summary without my name").check()
    press(page, "Send")
    expect(page.locator(".errors")).to_contain_text("Write what happened.")
    expect(page.get_by_label("Which company?")).to_have_value(f"{AGENCY} ({FIRST})")
    expect(page.get_by_label("When was it?")).to_have_value(WHEN)
    expect(page.get_by_label("How much money is it about?")).to_have_value(AMOUNT)
    expect(page.get_by_label("Yes, a summary without my name")).to_be_checked()
    page.get_by_label("What happened?").fill(STORY)
    press(page, "Send")
    head(page, "We have it")
    return " ".join(page.locator(".number span").all_inner_texts())


def come_back(page: Page, held: House, number: str) -> None:
    """With the number in other digits, and with spaces."""
    page.goto(f"{held.address}/{small.CODE}/en/help/")
    go(page, "I have a number")
    page.get_by_label("The 16 digits that you got").fill(number.translate(KHMER))
    press(page, "Continue")
    expect(page.locator(".lead")).to_be_visible()


def reply(page: Page) -> None:
    expect(page.locator("main")).to_contain_text(QUESTION)
    page.get_by_label("Write to us").fill(REPLY)
    press(page, "Send")
    expect(page.locator("[role=status]")).to_have_text("We have your answer.")
    expect(page.locator(".lead")).to_have_text("We are checking.")


def read(page: Page, reason: str, text: str) -> None:
    """What stands in a case, for a reason."""
    page.get_by_label("Why do you read it?").select_option(reason)
    press(page, "Read")
    expect(page.locator("main")).to_contain_text(text)


def take_up(page: Page) -> None:
    """The officer takes the case; without a reason nothing is shown."""
    go(page, "Complaints")
    expect(page.locator("main")).not_to_contain_text(STORY)
    page.get_by_role("button", name="Take it").click()
    head(page, "Case")
    press(page, "Read")
    expect(page.locator(".errors")).to_be_visible()
    assert STORY not in page.content()
    read(page, READINGS[0], STORY)


def classify(page: Page) -> None:
    page.locator("#agency").fill(FIRST)
    page.locator("#category").select_option("documents_withheld")
    page.get_by_label("How serious").select_option("serious")
    page.get_by_label("Retention of identity papers").check()
    page.get_by_label("May it count publicly?").select_option("worker")
    page.get_by_label("The worker agrees that the agency reads a summary").check()
    press(page, "Save the classification")
    expect(page.locator("main")).to_contain_text("Change the classification")
    assert STORY not in page.content()


def ask(page: Page) -> None:
    unfold(page, "Ask the worker")
    page.get_by_label("Your question").fill(QUESTION)
    press(page, "Ask")
    expect(page.locator("main")).to_contain_text("The worker was asked")


def release(page: Page) -> None:
    unfold(page, "Summary for the agency")
    page.get_by_label("Summary", exact=True).fill(SUMMARY)
    press(page, "Release the summary")
    expect(page.locator("main")).to_contain_text("can read the summary from August 1, 2026 on")


def unfold(page: Page, name: str) -> None:
    page.locator("summary", has_text=name).click()


def answer(page: Page) -> None:
    """What the agency reads is the summary; it answers once."""
    go(page, "Complaints about the agency")
    expect(page.locator(".said")).to_have_text(SUMMARY)
    assert STORY not in page.content()
    page.get_by_label("Your answer to").fill(DEFENCE)
    press(page, "Send the answer")
    expect(page.locator(".done")).to_contain_text("You answered on August 3, 2026")


def decide(page: Page) -> None:
    go(page, "Complaints")
    page.locator("tbody a").click()
    read(page, READINGS[2], DEFENCE)
    unfold(page, "Decide")
    page.get_by_label("Decision").select_option("substantiated")
    page.get_by_label("What it rests on").select_option("document")
    press(page, "Decide")
    expect(page.locator("main")).to_contain_text("This case is decided")


def complain(held: House, phone: Page) -> str:
    """July: written, read, asked, answered, released; the agency knows nothing yet."""
    number = write(phone)
    officer = held.sit("officer")
    take_up(officer)
    classify(officer)
    ask(officer)
    come_back(phone, held, number)
    reply(phone)
    officer.reload()
    read(officer, READINGS[1], REPLY)
    release(officer)
    signatory = held.sit("signatory")
    go(signatory, "Complaints about the agency")
    expect(signatory.locator("main")).to_contain_text("There are none.")
    return number


def end(held: House, phone: Page, number: str) -> None:
    """August: the agency answers, the officer decides, the worker sees that much."""
    answer(held.sit("signatory"))
    decide(held.sit("officer"))
    come_back(phone, held, number)
    expect(phone.locator(".lead")).to_have_text("It is decided.")


def published(held: House) -> list[bytes]:
    """The agency's page and the file of the edition of this year."""
    start = f"{held.address}/{small.CODE}"
    found = []
    for path in (f"en/agencies/{FIRST}", "rankings/2026/editions/1/edition.zip"):
        with urlopen(f"{start}/{path}") as answered:
            found.append(answered.read())
    return found


def noted(held: House) -> Counter[tuple[str, str]]:
    """Who read a complaint and why; no entry of the journal tells what was written."""
    with db.reading(held.engine) as session:
        entries = session.exec(select(JournalEntry)).all()
        details = {one.entry: one.details for one in session.exec(select(JournalDetail))}
    everything = repr((entries, details))
    assert [one for one in TOLD if one in everything] == []
    read = [one for one in entries if one.action == "read a complaint"]
    return Counter((one.who, details[one.id]["reason"]) for one in read)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_complaint_from_a_phone_counts_once_it_is_decided(
    engine: Engine, tmp_path: Path, browser: Browser, script: bool
) -> None:
    with house(engine, tmp_path, browser, script, JULY) as held:
        prepare(held)
        this_year, next_year = held.candidate("2026"), held.candidate("2027")
        before = published(held)
        phone = held.visit(viewport=PHONE)
        phone.goto(f"{held.address}/{small.CODE}/en/agencies/{FIRST}")
        number = complain(held, phone)
        assert held.candidate("2027") == next_year
        held.now = AUGUST
        end(held, phone, number)
        assert phone.context.cookies() == []
        assert published(held) == before
        assert held.candidate("2026") == this_year
        counting = held.candidate("2027")
        assert moved(next_year, counting) == OF_FIRST
        assert score(counting) < score(next_year)
        officer = str(held.people["officer"])
        assert noted(held) == Counter((officer, reason) for reason in READINGS)
        held.now = NEXT_YEAR
        held.publish("2027")
        assert published(held)[1] == before[1]
        phone.goto(f"{held.address}/{small.CODE}/en/agencies/{FIRST}")
        expect(phone.locator("p.big")).to_have_text(printed(score(counting)))
