"""The public pages in a real browser: without script, on a small screen, for everybody."""

import os
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web import hostile as hostile_edition
from tests.web import small
from tests.web.names import FIRST, LANGUAGES, places

FULL = "RANKINGS_TEST_FULL" in os.environ
NARROW, PHONE, DESK = 320, 360, 1280
# A capped one, a renamed one and one whose licence is suspended, beside each association's first.
CAPPED, RENAMED, SUSPENDED = "VN-00038", "VN-00255", "VN-00183"
FURTHER = {"vidu": (CAPPED, RENAMED, SUSPENDED), "kamru": ("KH-00061",), "upama": ()}
WIDTH = "document.documentElement.scrollWidth"
LEAST = {"en": 1.2, "vi": 1.7, "ja": 1.7, "km": 1.9, "my": 1.9}
LINES = """(least) => [...document.querySelectorAll("body, body *")].filter((one) =>
  [...one.childNodes].some((node) => node.nodeType === 3 && /\\p{L}/u.test(node.data))
  && parseFloat(getComputedStyle(one).lineHeight)
     < least[one.closest("[lang]").lang] * parseFloat(getComputedStyle(one).fontSize) - 0.01
).map((one) => one.outerHTML)"""
HIDDEN = """() => [...document.querySelectorAll("body *")].filter((one) =>
  getComputedStyle(one).overflow !== "visible" && one.scrollHeight > one.clientHeight
).map((one) => one.outerHTML)"""
BIG_TEXT = "html{font-size:200%!important}"


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One page for all measurements; content policies are set aside to measure with script."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def paths(language: str) -> list[str]:
    """Every kind of page in a language, those about agencies for several of them."""
    found = [
        path
        for association in FIRST
        for agency in (FIRST[association], *FURTHER[association])
        for path in places(association, language, agency).values()
    ]
    return ["/", *dict.fromkeys(found), f"/vidu/{language}/nothing"]


def test_a_reader_comes_from_the_front_page_to_the_method_without_script(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator("nav a[href='/vidu/vi/']").click()
    expect(page).to_have_url(f"{address}/vidu/vi/")
    first = page.locator("ol.list li").first
    name = first.locator("a span").first.inner_text()
    score = first.locator(".score").inner_text()
    first.locator("a").click()
    assert page.locator("h1").inner_text() == name
    assert score in page.locator(".big").inner_text()
    page.locator("nav").get_by_role("link", name="日本語").click()
    expect(page).to_have_url(re.compile("/vidu/ja/agencies/"))
    page.locator("main a.go").first.click()
    expect(page).to_have_url(re.compile("/receipt$"))
    assert score in page.locator(".big").inner_text()
    page.locator("footer a[href$='/method']").click()
    expect(page).to_have_url(f"{address}/vidu/ja/method")
    assert all(url.startswith(address) for url in asked)
    assert [url for url in asked if not url.endswith("/favicon.ico")] == [
        f"{address}{path}" for path in ["/", *visited(asked, address)]
    ]
    assert context.cookies() == []
    context.close()


def visited(asked: list[str], address: str) -> list[str]:
    """The paths of the pages after the front page: one request for each page, nothing beside."""
    found = [url.removeprefix(address) for url in asked if not url.endswith("/favicon.ico")]
    assert len(found) == len(set(found)) == 6
    return found[1:]


def test_no_request_and_no_error_beside_the_page(page: Page, address: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in paths("vi")[:-1]:
        page.goto(address + path)
    assert [one for one in complaints if "favicon" not in one] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_scrolls_sideways_on_a_small_screen_nor_at_twice_the_text(
    window: Page, address: str, language: str
) -> None:
    window.set_viewport_size({"width": NARROW, "height": 640})
    for path in paths(language):
        window.goto(address + path)
        assert window.evaluate(WIDTH) <= NARROW, path
        window.add_style_tag(content=BIG_TEXT)
        assert window.evaluate(WIDTH) <= NARROW, f"{path} with large text"
        assert window.evaluate(HIDDEN) == [], path


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_of_tall_letters_stand_clear(window: Page, address: str, language: str) -> None:
    window.set_viewport_size({"width": PHONE, "height": 640})
    for path in places("vidu", language, RENAMED).values():
        window.goto(address + path)
        assert window.evaluate(LINES, LEAST) == [], path


def seen() -> list[tuple[str, int, str]]:
    """Language, width and colours of the pages that the accessibility rules look at."""
    chosen = [(language, PHONE, "light") for language in LANGUAGES]
    chosen += [("en", DESK, "light"), ("en", PHONE, "dark")]
    everything = [
        (language, width, colours)
        for language in LANGUAGES
        for width in (PHONE, DESK)
        for colours in ("light", "dark")
    ]
    return everything if FULL else chosen


@pytest.mark.parametrize(("language", "width", "colours"), seen())
def test_the_accessibility_rules_find_nothing(
    browser: Browser, address: str, language: str, width: int, colours: str
) -> None:
    context = browser.new_context(
        bypass_csp=True,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if colours == "dark" else "light",
        locale=language,
    )
    page, rules = context.new_page(), Axe()
    looked_at = ["/", *places("vidu", language, CAPPED).values()]
    for path in looked_at if FULL or colours == "light" else looked_at[1:4]:
        page.goto(address + path)
        found = rules.run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
    context.close()


def test_hostile_names_stay_in_their_place(window: Page, hostile_address: str) -> None:
    window.set_viewport_size({"width": NARROW, "height": 640})
    dialogs: list[str] = []
    window.on("dialog", lambda dialog: dialogs.append(dialog.message))
    start = f"/{small.CODE}"
    agencies = [f"{start}/my/agencies/{code}" for code in hostile_edition.CODES]
    pages = ["/", f"{start}/my/", f"{start}/my/method", f"{start}/my/rankings/2026/editions/2"]
    for path in [*pages, *agencies, *(f"{agency}/receipt" for agency in agencies)]:
        window.goto(hostile_address + path)
        assert window.evaluate(WIDTH) <= NARROW, path
    window.goto(f"{hostile_address}{start}/en/")
    for row in window.locator("ol.list li").all():
        name, score = row.locator("a").bounding_box(), row.locator(".score").bounding_box()
        assert name is not None
        assert score is not None
        assert name["x"] + name["width"] <= score["x"]
    assert dialogs == []
