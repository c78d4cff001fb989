"""The account's pages in a real browser: without script, on a small screen, for everybody."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from rankings import db
from rankings.usecases import memberships
from tests.web import doors
from tests.web.doors import EN, OTHER_PASSWORD, PASSWORD, Doors
from tests.web.serving import served, stop

NARROW = 320
WIDTH = "document.documentElement.scrollWidth"
SMALL = """() => [...document.querySelectorAll(
  "input:not([type=hidden]), select, button, .tasks a, a.go, a.button"
)].filter((one) => one.getBoundingClientRect().height < 48).map((one) => one.outerHTML)"""
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Doors]:
    found = doors.doors(engine, tmp_path)
    chief = found.person("chief", is_operator=True)
    with db.transaction(engine) as session:
        memberships.grant(session, "alpha", chief.id, "secretariat", None, found.act())
    yield found
    stop(found.app)


@pytest.fixture
def address(held: Doors) -> Iterator[str]:
    with served(held.app) as place:
        yield place


def well_made(page: Page) -> None:
    """No rule of accessibility is broken, nothing is cut off, and thumbs find everything."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate(WIDTH) <= NARROW, page.url
    assert page.evaluate(SMALL) == [], page.url


def enter(page: Page, held: Doors, address: str) -> None:
    """Signs the secretariat in, through every page on the way."""
    page.goto(f"{address}{EN}/sign-in")
    well_made(page)
    page.get_by_label("Email").fill("chief@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    well_made(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    well_made(page)
    page.get_by_label("Code of your authenticator app").fill(held.code("chief"))
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{address}{EN}/")


@SQLITE
def test_every_page_is_for_everybody_on_a_small_screen(
    browser: Browser, held: Doors, address: str
) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": NARROW, "height": 640})
    page = context.new_page()
    enter(page, held, address)
    well_made(page)
    for path in (
        *(f"{EN}/password", f"{EN}/second-factor", f"{EN}/recovery-codes", f"{EN}/platform"),
        *(f"{EN}/forgotten", f"{EN}/resets/none", "/alpha/staff/people"),
    ):
        page.goto(address + path)
        well_made(page)
    page.get_by_label("Email").fill("linh@example.org")
    page.get_by_label("Role").select_option(label="Auditor")
    page.get_by_role("button", name="Make an invitation").click()
    well_made(page)
    link = urlsplit(page.locator("#link").inner_text()).path
    page.goto(f"{address}/alpha/staff/people")
    well_made(page)
    page.goto(address + link)
    well_made(page)
    context.close()


@SQLITE
def test_somebody_new_gets_in_without_script(browser: Browser, held: Doors, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    chief = held.entered("chief")
    fields = {"email": "linh@example.org", "role": "auditor", "agency": ""}
    page.goto(address + doors.link_on(chief.post("/alpha/staff/people", **fields)))
    page.get_by_label("Your name").fill("Linh")
    page.get_by_label("New password", exact=True).fill(OTHER_PASSWORD)
    page.get_by_label("New password again").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Accept").click()
    picture = page.locator("figure svg").bounding_box()
    assert picture is not None
    assert 200 < picture["width"] <= 328
    app = pyotp.TOTP(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label("Code of your authenticator app").fill(app.at(held.now))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("code.secret")).to_have_count(10)
    page.get_by_role("link", name="continue").click()
    page.get_by_role("link", name="alpha").click()
    expect(page).to_have_url(f"{address}/alpha/staff/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{address}{EN}/sign-in")
    page.goto(f"{address}/alpha/staff/")
    assert page.url.startswith(f"{address}{EN}/sign-in?next=")
    context.close()
