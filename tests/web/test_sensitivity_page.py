"""The page on other rules: what it says, to whom, and that it is small and readable."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template
from playwright.sync_api import Browser

from rankings import db
from rankings.adapters import rubric_files
from rankings.app import create_app
from rankings.scoring.scenarios import scenarios
from rankings.scoring.source import read as read_rubric
from rankings.web import sensitivity_page
from rankings.web.sensitivity_page import Page
from rankings.web.words import Words
from tests.web import small
from tests.web.conftest import Start
from tests.web.names import HOSTILE, LANGUAGES
from tests.web.reading import read
from tests.web.serving import stop

MANY = 100
TOO_MUCH = 12_000
IDS = [one.id for one in scenarios(read_rubric(rubric_files.source(small.RUBRIC)).rubric)]
NAMES = tuple(f"Công ty Ví Dụ {at}" for at in range(MANY))


@pytest.fixture(scope="module")
def app(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that has published nothing; the page is given its parts."""
    folder = tmp_path_factory.mktemp("sensitivity")
    file = shutil.copy(migrated_file, folder / "db.sqlite")
    made = create_app(small.prepared(db.connect(f"sqlite:///{file}"), folder).settings)
    yield made
    stop(made)


def said() -> Words:
    return Words(read_rubric(rubric_files.source(small.RUBRIC)))


def ranking(names: Sequence[str] = NAMES, **more: Any) -> dict[str, Any]:
    """As many agencies as there are names, and one that is not rated."""
    entries: list[dict[str, Any]] = [
        {"code": f"VN-{at}", "names": {"vi": name}, "state": "rated", "rank": at + 1}
        for at, name in enumerate(names)
    ]
    entries.append({"code": "VN-none", "names": {"vi": "Ví Dụ"}, "state": "too_new", "rank": None})
    usual = {
        "association": {"code": small.CODE, "name": "Alpha", "country": "VN"},
        "cycle": {"slug": "2026", "as_of": "2026-06-30"},
        "rubric": {"code": "coc-vn", "version": "1.0.0"},
        "entries": entries,
    }
    return usual | more


def report(agencies: int = MANY, holds: bool = True, ids: Sequence[str] = IDS) -> dict[str, Any]:
    found = {
        "scenarios": [{"id": one, "same_bands": 97, "mean_shift": 134} for one in ids],
        "agencies": {
            f"VN-{at}": {"same": 25, "rank": [max(at - 1, 1), at + 3]} for at in range(agencies)
        },
        "mean_shift": 136,
        "holds": holds,
    }
    return {"sensitivity": found}


def page(app: Flask, part: dict[str, Any], language: str = "en", **more: Any) -> Page:
    with app.test_request_context(f"/{small.CODE}/{language}/method/sensitivity"):
        return sensitivity_page.page(said(), ranking(**more), part)


def html(app: Flask, part: dict[str, Any], language: str = "en", **more: Any) -> str:
    with app.test_request_context(f"/{small.CODE}/{language}/method/sensitivity"):
        app.preprocess_request()
        found, words = ranking(**more), said()
        shown = sensitivity_page.page(words, found, part)
        return render_template(
            "public/sensitivity.html", page=shown, words=words, ranking=found, number=1, rated=MANY
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_a_hundred_agencies_is_small_and_well_formed(
    app: Flask, language: str
) -> None:
    text = html(app, report(), language)
    assert len(gzip.compress(text.encode())) < TOO_MUCH
    found = read(text)
    assert found.one("html").attributes["lang"] == language
    assert len(found.all("tr")) == 2 + len(IDS) + MANY
    assert {one.attributes["lang"] for one in found.all("th") if "lang" in one.attributes} == {"vi"}


def test_every_scenario_is_said_in_words_and_none_twice(app: Flask) -> None:
    told = [one.rule for one in page(app, report()).scenarios]
    assert len(set(told)) == len(told) == len(IDS)
    assert not set(told) & set(IDS)
    assert told[0].startswith("The weight of “")
    assert "conduct" not in told[0]
    assert [each for each in told if "%" in each or ":" in each] == []


def test_it_holds_or_it_does_not_in_one_sentence(app: Flask) -> None:
    firm, torn = (read(html(app, report(holds=holds))) for holds in (True, False))
    assert "The ranking holds" in firm.one("p", "box").text
    assert "On average an agency moves by 1.4 places." in firm.one("p", "box").text
    assert "The ranking depends on the rules" in torn.one("p", "box").text
    assert ("limit" in firm.one("p", "box").classes, "limit" in torn.one("p", "box").classes) == (
        False,
        True,
    )


def test_an_agency_sees_its_place_and_those_it_would_have(app: Flask) -> None:
    found = page(app, report())
    assert len(found.agencies) == MANY
    sixth = found.agencies[5]
    assert (sixth.name, sixth.spoken) == ("Công ty Ví Dụ 5", "vi")
    assert (sixth.place, sixth.places, sixth.same) == (6, "4–8", 25)
    alone = {"sensitivity": {**report()["sensitivity"]}}
    alone["sensitivity"]["agencies"] = {"VN-5": {"same": 26, "rank": [6, 6]}}
    assert page(app, alone).agencies[0].places == "6"


@pytest.mark.parametrize(
    ("places", "columns", "row"),
    [
        ("printed", 4, ["6", "4–8", "25"]),
        ("ranges", 3, ["4–8", "25"]),
        ("bands", 2, ["25"]),
    ],
)
def test_no_place_is_shown_that_the_ranking_does_not_print(
    app: Flask, places: str, columns: int, row: list[str]
) -> None:
    found = read(html(app, report(), ranges={"places": places}))
    assert len(found.all("thead")) == 2
    assert len(found.all("th")) == 3 + columns + MANY
    assert "".join([NAMES[5], *row]) in [one.text.strip() for one in found.all("tr")]


@pytest.mark.parametrize("part", [report(1), report(0), report(ids=[])], ids=["one", "none", "ids"])
def test_where_nothing_can_be_compared_that_is_said(app: Flask, part: dict[str, Any]) -> None:
    found = read(html(app, part))
    assert "There is nothing to compare here." in found.text
    assert found.all("table") == []


def test_hostile_names_do_nothing(app: Flask) -> None:
    found = read(html(app, report(len(HOSTILE)), names=HOSTILE))
    assert found.all("script") == found.all("img") == []
    assert all(one.strip() in found.text for one in HOSTILE)


def test_an_edition_that_does_not_know_has_no_such_page(app: Flask) -> None:
    assert app.test_client().get(f"/{small.CODE}/en/method/sensitivity").status_code == 404


def test_readers_find_it_beside_an_edition_that_knows(
    migrated_file: Path, tmp_path: Path, start: Start
) -> None:
    file = shutil.copy(migrated_file, tmp_path / "db.sqlite")
    prepared = small.prepared(db.connect(f"sqlite:///{file}"), tmp_path)
    prepared.publish()
    answer = start(prepared.settings).get(f"/{small.CODE}/my/method/sensitivity")
    assert answer.status_code == 200
    # All three have answered nothing, so no rule moves them.
    found = read(answer.text)
    assert len(found.all("tr")) == 2 + len(IDS) + 3
    assert {one.text for one in found.all("td", "n")} >= {"3", "0.0", str(len(IDS))}


@pytest.mark.parametrize("language", ["en", "km"])
def test_it_is_readable_on_a_small_screen(app: Flask, browser: Browser, language: str) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640})
    window = context.new_page()
    window.set_content(html(app, report(), language))
    assert window.evaluate("document.documentElement.scrollWidth") == 320
    found = Axe().run(window)
    assert found.violations_count == 0, found.generate_report()
    context.close()
