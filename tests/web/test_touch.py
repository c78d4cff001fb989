"""Every page for thumbs and for everybody: what is touched is high enough, and no rule of
accessibility is broken, also where a licence is gone, a page is missing or names are hostile.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.web.asking import unrated
from tests.web.hostile import CODES, UNRATED
from tests.web.names import FIRST, KINDS, LANGUAGES, places
from tests.web.small import CODE

PHONE = 360
# Links in running text may be lower; what stands by itself may not.
SMALL = """() => [...document.querySelectorAll("nav a, .list a, a.go")].filter((one) =>
  one.getBoundingClientRect().height < 48).map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(bypass_csp=True, viewport={"width": PHONE, "height": 640})
    yield context.new_page()
    context.close()


def broken(page: Page, path: str) -> str:
    """What the accessibility rules find on a page."""
    page.goto(path)
    found = Axe().run(page)
    return "" if found.violations_count == 0 else f"{path}\n{found.generate_report()}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_touched_is_as_high_as_a_thumb_on_every_page(
    window: Page, address: str, language: str
) -> None:
    for association, agency in FIRST.items():
        for path in ["/", *places(association, language, agency).values()]:
            window.goto(address + path)
            assert window.evaluate(SMALL) == [], path


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_unrated_and_of_nothing_are_for_everybody(
    app: Flask, window: Page, address: str, language: str
) -> None:
    codes = {entry["state"]: entry["code"] for entry in unrated(app)}
    agencies = [codes["suspended"], codes["too_new"]]
    paths = [places("vidu", language, code)[kind] for code in agencies for kind in KINDS[2:4]]
    old = places("vidu", language, "", "2025")["edition"]
    for path in [*paths, old, f"/vidu/{language}/nothing"]:
        assert broken(window, address + path) == ""


@pytest.mark.parametrize("association", ["kamru", "upama"])
def test_other_associations_pages_are_for_everybody(
    window: Page, address: str, association: str
) -> None:
    language = {"kamru": "km", "upama": "my"}[association]
    for path in places(association, language, FIRST[association]).values():
        assert broken(window, address + path) == ""


def test_hostile_names_break_no_rule(window: Page, hostile_address: str) -> None:
    agencies = [places(CODE, "en", code)["agency"] for code in (*CODES, UNRATED)]
    known = places(CODE, "en", CODES[1])
    edition = known["edition"].removesuffix("1") + "2"
    for path in ["/", known["ranking"], known["receipt"], edition, *agencies]:
        assert broken(window, hostile_address + path) == ""
