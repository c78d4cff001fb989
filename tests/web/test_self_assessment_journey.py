"""From an empty database to a submitted self-assessment: every step as people take it, once."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from rankings.adapters.passwords import Hasher
from rankings.app import create_app
from rankings.cli import commands
from rankings.scoring.rules import Level
from rankings.settings import Settings
from rankings.usecases.answers import Questions
from tests.adapters import evidence_files
from tests.adapters.assessment_workbooks import code, typed
from tests.adapters.edition_samples import COC
from tests.journey_files import FIRST_CODE, RUBRIC
from tests.web.serving import served, stop

OF = ("--association", "vamas")
NAME, AGENCY = "Hiệp hội Hành Trình", "Công ty Ví Dụ Một"
SECRETARIAT, SIGNATORY = "office@example.org", "signs@example.org"
PASSWORD = "seven slow boats drift"
NOTE = "Sổ đăng ký ở trụ sở chính"
ASKED = list(Questions(code(COC)).asked.values())
NUMBER, FEW = "12", 4


@dataclass(frozen=True)
class Site:
    """The application where it is served, and the operator's command line beside it."""

    app: Flask
    folder: Path
    address: str

    def run(self, *arguments: str | Path) -> str:
        """What a command prints that must succeed."""
        words = [str(each) for each in arguments]
        result = CliRunner().invoke(commands, words, env=environment(self.app, self.address))
        assert result.exit_code == 0, result.output
        return result.stdout


def environment(app: Flask, address: str) -> dict[str, str]:
    """What a deployment of the application names."""
    settings: Settings = app.extensions["settings"]
    named = {
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "DATA": str(settings.data),
        "KEYS": str(settings.keys),
        "BASE_URL": address,
        "EVIDENCE": str(settings.evidence),
    }
    return {f"RANKINGS_{name}": value for name, value in named.items()}


@contextmanager
def site(engine: Engine, folder: Path) -> Iterator[Site]:
    """Served over a database without rows."""
    url = engine.url.render_as_string(hide_password=False)
    folders = (folder / "data", folder / "keys")
    settings = Settings("a secret of this journey", url, *folders, "", folder / "evidence")
    app = create_app(settings)
    app.extensions["hasher"] = Hasher(kibibytes=8, passes=1, lanes=1)
    with served(app) as address:
        app.extensions["settings"] = replace(settings, base_url=address)
        yield Site(app, folder, address)
    stop(app)


def set_up(held: Site) -> str:
    """An association, its code of conduct, a cycle, an agency; gives the first invitation."""
    today = datetime.now(UTC).date()
    who = ("--name", NAME, "--country", "VN", "--time-zone", "Asia/Ho_Chi_Minh")
    held.run("association", "add", "vamas", *who)
    held.run("rubric", "adopt", RUBRIC, *OF)
    days = ("--as-of", str(today + timedelta(200)), "--opened-on", str(today - timedelta(30)))
    held.run("cycle", "open", "round", *OF, "--rubric", "coc-vn:1.0.0", *days)
    file = held.folder / "register.csv"
    since = str(today - timedelta(900))
    row = {
        "licensing_authority": "DOLAB",
        "licence_number": "L-1",
        "name_vi": AGENCY,
        "licensed_on": since,
        "licence_state": "valid",
        "licence_state_since": since,
        "code_signed_on": since,
    }
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([list(row), list(row.values())])
    held.run("import", "agencies", file, *OF, "--cycle", "round", "--apply")
    return held.run("user", "add", SECRETARIAT, *OF, "--role", "secretariat").strip()


def accept(page: Page, link: str, name: str) -> None:
    """From a link to the desk: name, password, second factor, recovery codes."""
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code of your authenticator app").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("ol.steps code")).to_have_count(10)
    page.get_by_role("link", name="I have kept them: continue").click()
    page.get_by_role("link", name=NAME).click()
    expect(page.locator("h1")).to_have_text(NAME)


def invite_signatory(page: Page) -> str:
    """On the secretariat's page of people; the link is shown there once."""
    page.get_by_role("link", name="People and roles").click()
    page.get_by_label("Email").fill(SIGNATORY)
    page.get_by_label("Role").select_option("agency_signatory")
    page.get_by_label("Agency").select_option(FIRST_CODE)
    page.get_by_role("button", name="Make an invitation").click()
    link = page.locator("#link").inner_text()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_text(SIGNATORY)).to_be_visible()
    return link


def evidence(folder: Path) -> Path:
    file = folder / "sổ đăng ký.pdf"
    file.write_bytes(evidence_files.pdf())
    return file


def fill_form(page: Page, many: int, file: Path, script: bool) -> None:
    """Question after question; the first one with a file and a note."""
    page.get_by_role("link", name="Next open question").click()
    page.get_by_label("Hand in files").set_input_files(file)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("link", name=file.name, exact=True)).to_be_visible()
    for number, asked in enumerate(ASKED[:many]):
        expect(page.locator("h1")).to_have_text(words("indicators", asked.id, "question"))
        if isinstance(asked.rule, Level):
            value = asked.rule.options[number % len(asked.rule.options)].id
            page.locator(f".choice input[value='{value}']").check()
        else:
            page.get_by_label("Your answer").fill(NUMBER)
        if number == 0:
            page.get_by_label("A note for the association").fill(NOTE)
        if script:
            page.keyboard.press("Tab")
            expect(page.locator(".status")).to_have_text("Saved")
        page.get_by_role("button", name="Save and continue").click()
    if many < len(ASKED):
        page.get_by_role("link", name="Self-assessment, round").click()
        page.get_by_role("link", name="Check and submit").click()


def fill_workbook(page: Page, many: int, file: Path, folder: Path) -> None:
    """Downloaded, filled in elsewhere, packed with a file, compared, saved."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the workbook").click()
    workbook, packed = folder / "filled.xlsx", folder / "evidence.zip"
    waiting.value.save_as(workbook)
    book = load_workbook(workbook)
    for number, asked in enumerate(ASKED[:many]):
        typed(book, asked.id, "answer", said(number))
    typed(book, ASKED[0].id, "note", NOTE)
    typed(book, ASKED[0].id, "evidence", file.name)
    book.save(workbook)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(file, file.name)
    page.get_by_role("link", name="Upload the workbook").click()
    page.get_by_label("Workbook").set_input_files(workbook)
    page.get_by_label("Evidence files").set_input_files(packed)
    page.get_by_role("button", name="Upload and compare").click()
    lead = f"Changed answers: {many}. New files: 1. Changed by two people: 0."
    expect(page.locator("p.lead")).to_have_text(lead)
    expect(page.locator("main")).to_contain_text(NOTE)
    page.get_by_role("button", name="Save these changes").click()
    page.get_by_role("link", name="Check and submit").click()


def said(number: int) -> str:
    """An answer as it is chosen from the list in the workbook."""
    rule = ASKED[number].rule
    if not isinstance(rule, Level):
        return NUMBER
    option = rule.options[number % len(rule.options)].id
    return words("indicators", ASKED[number].id, "options", option, "label")


def words(*path: str) -> str:
    """A text of the code of conduct."""
    return code(COC).labels["en"].of(*path)


def submit(page: Page, many: int) -> None:
    """What is missing is counted; the box must be ticked; then it is done."""
    expect(page.locator("h1")).to_have_text("Check your answers")
    heading = page.get_by_role("heading", name=f"No answer yet ({len(ASKED) - many})")
    expect(heading).to_have_count(int(many < len(ASKED)))
    page.get_by_role("button", name="Submit the self-assessment").click()
    expect(page.locator(".errors h2")).to_have_text("It was not submitted")
    page.get_by_label("I confirm for the agency").check()
    page.get_by_role("button", name="Submit the self-assessment").click()
    expect(page.locator(".done")).to_contain_text("Submitted on")


def see_it_locked(page: Page) -> None:
    page.locator("summary").first.click()
    page.locator(".tasks ol a").first.click()
    expect(page.locator("main")).to_contain_text(NOTE)
    expect(page.locator("main form")).to_have_count(0)


def see_it_submitted(page: Page, file: Path) -> None:
    """What the secretariat reads: the state, the note, the file."""
    page.get_by_role("navigation", name="Your account").get_by_role("link", name="Desk").click()
    expect(page.locator("main")).to_contain_text("1 of 1 submitted")
    page.get_by_role("link", name="round", exact=True).click()
    expect(page.locator("td .tag")).to_have_text("Submitted")
    page.get_by_role("link", name=AGENCY).click()
    expect(page.locator("main")).to_contain_text(NOTE)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=file.name).click()
    assert waiting.value.suggested_filename == file.name
    waiting.value.save_as(copy := file.with_suffix(".copy"))
    assert copy.read_bytes() == file.read_bytes()


@contextmanager
def visitor(browser: Browser, script: bool) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=script, locale="en-US")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("engine", "way", "script", "many"),
    [
        ("sqlite", "form", False, len(ASKED)),
        ("postgresql", "form", True, FEW),
        ("postgresql", "workbook", False, FEW),
        ("sqlite", "workbook", True, len(ASKED)),
    ],
    indirect=["engine"],
)
def test_an_agency_comes_from_an_invitation_to_a_submitted_self_assessment(
    engine: Engine, tmp_path: Path, browser: Browser, way: str, script: bool, many: int
) -> None:
    file = evidence(tmp_path)
    with (
        site(engine, tmp_path) as held,
        visitor(browser, script) as office,
        visitor(browser, script) as signs,
    ):
        accept(office, set_up(held), "Office")
        accept(signs, invite_signatory(office), "Signatory")
        signs.get_by_role("link", name="Self-assessment, round").click()
        if way == "form":
            fill_form(signs, many, file, script)
        else:
            fill_workbook(signs, many, file, tmp_path)
        submit(signs, many)
        see_it_locked(signs)
        see_it_submitted(office, file)
