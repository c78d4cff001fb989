"""The what-if page: two numbers side by side, every answer to try, nothing kept."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.importing import SAVE
from rankings.models import Account, Answer, JournalEntry
from rankings.usecases import cycles
from tests.usecases import world
from tests.web import members
from tests.web.members import INDICATOR, OTHER, OURS, OWN, Members
from tests.web.names import LANGUAGES
from tests.web.reading import Element, Read, read
from tests.web.serving import served, stop

BEST = {"1.1": "registered-public", "9.1": "written-paid"}
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Members]:
    """One agency that is large enough to be rated, and one that is not."""
    found = members.members(engine, tmp_path)
    rows = {
        "deployments": world.deployments(("2026-Q1", 500)),
        "findings": [world.finding("8.1", "compared")],
    }
    with db.transaction(engine) as session:
        cycle = cycles.find(session, OURS, members.CYCLE)
        for kind, given in rows.items():
            assert SAVE[kind](session, cycle, given, world.NOW).problems == []
    yield found
    stop(found.app)


@pytest.fixture
def client(held: Members) -> FlaskClient:
    return held.client("agency_member")


def place(agency: str = OWN, **answers: str) -> str:
    return f"{members.address('what-if', agency=agency)}?{urlencode(answers)}".rstrip("?")


def seen(client: FlaskClient, path: str, status: int = 200) -> Read:
    answer = client.get(path)
    assert answer.status_code == status
    return read(answer.text)


def numbers(page: Read) -> list[str]:
    """The scores side by side."""
    return [one.text.partition(" ")[0] for one in page.all("p", "big")]


def chosen(page: Read) -> dict[str, str]:
    """What the form would send as it stands."""
    found: dict[str, str] = {}
    name = ""
    for one in page.elements:
        if one.tag in ("select", "input"):
            name = str(one.attributes["name"])
            found[name] = str(one.attributes.get("value") or "")
        elif one.tag == "option" and "selected" in one.attributes:
            found[name] = str(one.attributes["value"])
    found.pop("csrf_token", None)
    return found


def words(element: Element) -> str:
    return " ".join(element.text.split())


@SQLITE
def test_the_score_stands_there_with_every_question_and_its_present_answer(
    client: FlaskClient,
) -> None:
    page = seen(client, place())
    assert len(numbers(page)) == 1
    assert [one.text for one in page.all("h1")] == ["What if?"]
    assert len(chosen(page)) == 43
    assert chosen(page)[INDICATOR] == "lent"
    assert {said for code, said in chosen(page).items() if code != INDICATOR} == {""}
    marked = [one.text for one in page.all("option") if "(your answer now)" in one.text]
    assert marked[0] == "Another company uses the licence (your answer now)"
    assert len(marked) == 42
    assert [one.text for one in page.all("summary")][-1] == "Score receipt"


def test_with_changes_both_numbers_and_what_moved_stand_there(client: FlaskClient) -> None:
    page = seen(client, place(**BEST))
    now, then = map(float, numbers(page))
    assert now < then
    heads = [words(one) for one in page.all("h2")]
    assert heads[:3] == ["As it stands", "With your changes", "What moved"]
    told = [words(one) for one in page.all("tr")]
    assert f"Together+{then - now:.1f}" in told
    assert any("uses the licence → Own staff in registered branches, named" in one for one in told)
    assert chosen(page) == chosen(seen(client, place())) | BEST


@SQLITE
def test_what_would_lift_the_agency_one_band_stands_there(client: FlaskClient) -> None:
    page = seen(client, place(**BEST))
    heads = [words(one) for one in page.all("h2")]
    assert any(one.startswith("What is missing for:") for one in heads)
    told = [words(one) for one in page.all("li")]
    assert any(one.endswith("more points are needed.") for one in told)
    now = float(numbers(page)[1])
    (folded,) = [one.text for one in page.all("summary") if "With these" in one.text]
    _, _, points = folded.rpartition(" ")
    rows = [words(one) for one in page.all("tr")]
    gains = [float(one.rpartition("+")[2]) for one in rows if "(checked on" in one]
    assert int(folded.split()[2]) == len(gains)
    assert sum(gains) == pytest.approx(float(points) - now)


@SQLITE
def test_the_form_as_it_stands_moves_nothing(client: FlaskClient) -> None:
    page = seen(client, place(**chosen(seen(client, place()))))
    assert len(set(numbers(page))) == 1
    assert "Nothing: the score stays as it is." in [one.text for one in page.all("p")]


@SQLITE
def test_where_a_finding_counts_the_page_says_so(client: FlaskClient) -> None:
    page = seen(client, place(**{"8.1": "certified"}))
    hints = [one for one in page.all("p", "hint") if "The finding counts" in one.text]
    assert [one.attributes["id"] for one in hints] == ["counts-q-8.1"]
    assert "These changes move nothing:" in [one.text for one in page.all("p")]


@SQLITE
def test_what_is_no_answer_is_named_beside_its_field_and_comes_back(client: FlaskClient) -> None:
    wrong = {INDICATOR: "<b>best</b>", "c2": "1e9999", "more": "7"}
    page = seen(client, place(**wrong, **{"9.1": "written"}), 422)
    assert len(numbers(page)) == 1
    links = [str(one.attributes["href"]) for one in page.all("a")]
    assert {"#q-1.1", "#q-c2"} <= set(links)
    assert "There is no such question: more" in page.one("div", "errors").text
    beside = {str(one.attributes["id"]): one.text for one in page.all("p", "error")}
    assert beside == {
        "wrong-q-1.1": "Choose one of the answers.",
        "wrong-q-c2": "A number, such as 12.5",
    }
    assert chosen(page)["c2"] == "1e9999"
    assert chosen(page)["9.1"] == "written"
    described = {one.attributes.get("aria-describedby") for one in page.all("input")}
    assert "limits-q-c2 wrong-q-c2" in described


@SQLITE
def test_an_agency_without_a_rating_reads_why_and_no_number(held: Members) -> None:
    page = seen(held.client("auditor"), place(OTHER, **BEST))
    assert numbers(page) == []
    assert [words(one) for one in page.all("section", "box")] == [
        "As it stands Too few workers sent to be rated",
        "With your changes Too few workers sent to be rated",
    ]
    assert page.all("details") == []


def test_reading_keeps_nothing(held: Members, client: FlaskClient) -> None:
    before = kept(held)
    for path in (place(), place(**BEST), place(**BEST)):
        seen(client, path)
    assert kept(held) == before


def kept(held: Members) -> tuple[object, ...]:
    with db.reading(held.engine) as session:
        answers = session.exec(select(Answer.agency, Answer.indicator, Answer.value)).all()
        return sorted(map(str, answers)), len(session.exec(select(JournalEntry)).all())


@SQLITE
def test_staff_of_the_association_comes_back_to_the_agencys_page(held: Members) -> None:
    crumbs = seen(held.client("auditor"), place()).all("a")
    back = f"/{OURS}/staff/cycles/{members.CYCLE}/agencies/{OWN}/"
    assert back in [one.attributes["href"] for one in crumbs]
    crumbs = seen(held.client("agency_member"), place()).all("a")
    assert members.address("") in [one.attributes["href"] for one in crumbs]


@SQLITE
def test_the_page_is_well_formed_small_and_without_inline_style_in_every_language(
    held: Members, client: FlaskClient
) -> None:
    for language in LANGUAGES:
        with db.transaction(held.engine) as session:
            person = session.get_one(Account, held.accounts["agency_member"])
            person.language = language
        answer = client.get(place(**BEST))
        assert answer.status_code == 200
        page = read(answer.text)
        assert page.one("html").attributes["lang"] == language
        assert not [one for one in page.elements if "style" in one.attributes]
        assert page.all("script") == []
        assert len(page.elements) < 1_200
        assert len(answer.data) < 150_000


@SQLITE
def test_numbers_are_the_engines_own_on_the_receipt_too(client: FlaskClient) -> None:
    answer = client.get(place(**BEST)).text
    receipt = answer[answer.index("<details>") :]
    earned = re.findall(r'Earned</th><td class="n">([\d.]+)<', receipt)
    points = re.findall(r"<span>Earned <b>([\d.]+)</b>", receipt)
    assert sum(round(10 * float(one)) for one in points) == round(10 * float(earned[0]))


@pytest.fixture
def window(browser: Browser, held: Members) -> Iterator[Page]:
    """A narrow phone without script, with somebody signed in."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    with served(held.app) as start:
        client = held.client("agency_member")
        cookie = client.get_cookie("rankings")
        assert cookie is not None
        context.add_cookies([{"name": "rankings", "value": cookie.value, "url": start}])
        page = context.new_page()
        answer = page.goto(start + place())
        assert answer is not None
        assert answer.status == 200, page.content()
        yield page
    context.close()


@SQLITE
def test_it_works_on_a_narrow_phone_without_script(window: Page) -> None:
    expect(window.locator("p.big")).to_have_count(1)
    window.get_by_label("Who recruits workers under the agency's licence?").select_option(
        "registered-public"
    )
    window.get_by_role("button", name="Try").first.click()
    expect(window.locator("p.big")).to_have_count(2)
    expect(window).to_have_url(re.compile("1.1=registered-public"))
    window.get_by_role("link", name="Start again").last.click()
    expect(window.locator("p.big")).to_have_count(1)


@SQLITE
def test_it_is_for_everybody_and_for_thumbs(browser: Browser, held: Members) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640})
    with served(held.app) as start:
        cookie = held.client("agency_member").get_cookie("rankings")
        assert cookie is not None
        context.add_cookies([{"name": "rankings", "value": cookie.value, "url": start}])
        page = context.new_page()
        for path in (place(**BEST), place(c2="many", more="1")):
            page.goto(start + path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") == 320
            low = "[...document.querySelectorAll('main select,main input,main button,summary')]"
            low += ".filter((one) => one.getBoundingClientRect().height < 48).length"
            assert page.evaluate(low) == 0
    context.close()
