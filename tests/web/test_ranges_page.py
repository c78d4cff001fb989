"""The page that says how sure the numbers are, and the waterfall on a receipt."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, render_template
from playwright.sync_api import Browser

from rankings import db
from rankings.adapters import rubric_files
from rankings.app import create_app
from rankings.errors import NotFound
from rankings.scoring import coverage_figures
from rankings.scoring.source import read as read_rubric
from rankings.settings import Settings
from rankings.web import ranges_page, receipt_page
from rankings.web.words import Words
from tests.web import small
from tests.web.conftest import Start
from tests.web.names import HOSTILE, LANGUAGES
from tests.web.reading import Read, read
from tests.web.serving import stop

FIRST_VIEW, SIZES = 12_000, (0, 1, 2, 30, 100, 700)
NAMED = ("Biển Xanh", "Núi Cao", "Sen Hồng", "Gió Nam", "Lúa Vàng", "Sao Mai", "Đồi Chè")
MORE = ("Hợp Tác", "Nhân Lực", "Thương Mại", "Quốc Tế", "Dịch Vụ")
CODE = read_rubric(rubric_files.source(small.RUBRIC))
WHY = [("printed", None), ("ranges", "rankability"), ("bands", "rankability")]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application without anything published."""
    application = create_app(Settings.demonstration(tmp_path_factory.mktemp("bare")))
    yield application
    stop(application)


def ranking(many: int, places: str = "printed", because: str | None = None) -> dict[str, Any]:
    """A ranking of so many rated agencies, and one that is not."""
    chance = random.Random(many)
    scores = sorted((chance.randint(300, 990) for _ in range(many)), reverse=True)
    rated = [rated_entry(chance, at, score, places) for at, score in enumerate(scores, 1)]
    unrated = {"code": "U", "names": {"vi": "Ví Dụ Mới"}, "state": "too_new", "range": None}
    return {
        "association": {"code": "alpha", "name": "Alpha", "country": "VN"},
        "cycle": {"slug": "2026", "name": "2026", "as_of": "2026-06-30"},
        "rubric": {"code": "coc-vn", "version": "1.0.0"},
        "decimals": 1,
        "entries": [*rated, unrated | {"score": None, "rank": None, "band": None}],
        "ranges": {
            "places": places,
            "because": because,
            "pairs": {"apart": many * (many - 1) // 6, "all": many * (many - 1) // 2},
        },
    }


def rated_entry(chance: random.Random, place: int, score: int, places: str) -> dict[str, Any]:
    name = f"Công ty Ví Dụ {chance.choice(NAMED)} {chance.choice(MORE)} {place}"
    ends = [max(1, place - chance.randint(0, 12)), place + chance.randint(0, 12)]
    return {
        "code": f"VN-{place:05}",
        "names": {"vi": name},
        "state": "rated",
        "score": score,
        "rank": None if places == "bands" else place,
        "range": {
            "score": [score - chance.randint(0, 90), min(1000, score + chance.randint(0, 60))],
            "rank": None if places == "bands" else ends,
        },
    }


def report(of: dict[str, Any]) -> dict[str, Any]:
    """What a run report tells of the complaints about everybody who is rated."""
    chance = random.Random(1)
    rows = [one for one in of["entries"] if one["state"] == "rated"]
    told = [about(chance, one["code"], at) for at, one in enumerate(rows)]
    return {"complaints": [{"indicator": "c1", "spread": 1200, "agencies": told}]}


def about(chance: random.Random, code: str, at: int) -> dict[str, Any]:
    workers, events = chance.randint(50, 6000), chance.randint(0, 40)
    return {
        "code": code,
        "workers": f"{2 * workers + 1}/2",
        "events": str(events),
        "raw": None if at == 2 else events * 100_000 // workers,
        "shrunk": (events + 3) * 100_000 // (workers + 300),
        "outside": {0: "99.8", 1: "95"}.get(at),
    }


def html(app: Flask, language: str, of: dict[str, Any], told: dict[str, Any] | None) -> str:
    with app.test_request_context(f"/alpha/{language}/method/ranges"):
        app.preprocess_request()
        words = Words(CODE)
        page = ranges_page.page(words, of, told)
        known = {"words": words, "ranking": of, "rated": 0, "number": 1, "withdrawn": None}
        return render_template("public/ranges.html", page=page, **known)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("many", SIZES)
def test_the_page_is_well_formed_and_fits_into_the_first_answer(
    bare: Flask, language: str, many: int
) -> None:
    of = ranking(many)
    text = html(bare, language, of, report(of))
    read(text)
    if many <= 100:
        assert len(gzip.compress(text.encode(), 9)) <= FIRST_VIEW


def numbers(page: Read) -> list[str]:
    return [cell.text for cell in page.all("td", "n")]


def test_every_agency_is_in_the_table_of_its_plot(bare: Flask) -> None:
    of = ranking(3)
    page = read(html(bare, "en", of, report(of)))
    pictures = [one.attributes for one in page.all("svg") if "aria-details" in one.attributes]
    assert {one.attributes.get("id") for one in page.all("details")} == {
        one["aria-details"] for one in pictures
    }
    rows = [cell.text for cell in page.all("th") if "row" in (cell.attributes["scope"] or "")]
    names = [one["names"]["vi"] for one in of["entries"][:3]]
    # The third has too few workers to have a rate.
    assert [row.split("\n")[0] for row in rows[:3]] == names
    assert [name in row for name, row in zip(names, rows[3:], strict=False)] == [True, True]
    assert "Outside the dashed lines" in rows[3] + rows[4]
    first = of["entries"][0]
    ends = [f"{value / 10:.1f}" for value in (first["score"], *first["range"]["score"])]
    best, worst = first["range"]["rank"]
    assert numbers(page)[:4] == [*ends, f"{best}" if best == worst else f"{best}–{worst}"]
    assert "Of 100 pairs of agencies, 33 can be told apart." in page.text


@pytest.mark.parametrize(("places", "because"), WHY)
def test_places_are_told_only_as_far_as_they_are_sure(
    bare: Flask, places: str, because: str | None
) -> None:
    page = read(html(bare, "en", ranking(30, places, because), None))
    said = {
        "printed": "Places are given, because",
        "ranges": "Places are given as ranges only",
        "bands": "Only bands are given, no places: the ranges",
    }
    assert [one for one, text in said.items() if text in page.text] == [places]
    assert ("Places" in [cell.text for cell in page.all("th", "n")]) == (places != "bands")
    # A single place stands in the picture only where places are printed.
    left = [one.text for one in page.all("text", "left")]
    assert bool(left) == (places == "printed")


def test_the_method_can_be_the_reason_why_no_places_are_given(bare: Flask) -> None:
    text = html(bare, "en", ranking(30, "bands", "sensitivity"), None)
    assert "small changes of the rules" in text


def test_of_very_many_agencies_the_page_says_how_many_it_shows(bare: Flask) -> None:
    of = ranking(1700)
    page = read(html(bare, "en", of, report(of)))
    assert "100 of 1\u202f700 agencies are shown here." in page.text
    assert "100 of 1\u202f699 agencies are shown here." in page.text
    assert len(page.all("tr")) < 320


def test_what_was_measured_is_said_once_it_is(bare: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_figures, "MEASURED", {})
    assert "We tested the ranges" not in html(bare, "en", ranking(2), None)
    monkeypatch.setattr(coverage_figures, "MEASURED", {"coc-vn": (903, 871)})
    said = html(bare, "en", ranking(2), None)
    assert "range for 90 of 100 agencies, the true place for 87 of 100" in said


def test_an_edition_without_ranges_has_no_such_page(bare: Flask) -> None:
    of = ranking(2)
    del of["ranges"]
    with bare.test_request_context("/alpha/en/method/ranges"), pytest.raises(NotFound):
        ranges_page.page(Words(CODE), of, None)


@pytest.mark.parametrize("language", ["en", "my"])
def test_everybody_can_read_it_on_a_small_screen(
    bare: Flask, browser: Browser, language: str
) -> None:
    of = ranking(40)
    for entry, name in zip(of["entries"], HOSTILE, strict=False):
        entry["names"] = {"vi": name}
    text = html(bare, language, of, report(of)).replace("<details ", "<details open ")
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.set_content(text)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.add_style_tag(content="html{font-size:200%!important}")
    context.close()


def test_a_published_receipt_shows_the_way_from_the_parts_to_the_score(
    migrated_file: Path, tmp_path: Path, start: Start
) -> None:
    file = shutil.copy(migrated_file, tmp_path / "db.sqlite")
    prepared = small.prepared(db.connect(f"sqlite:///{file}"), tmp_path)
    prepared.publish()
    client = start(prepared.settings)
    edition = client.application.extensions["shelf"].current(small.CODE)
    entries = [one for one in edition.part("ranking")["entries"] if one["state"] == "rated"]
    assert entries
    for entry in entries:
        part = edition.part(f"agencies/{entry['code']}")
        with client.application.test_request_context(f"/{small.CODE}/en/"):
            falls = [
                row.fall for row in receipt_page.page(Words(CODE), entry, part, "VN").waterfall
            ]
        steps = [fall.earned for fall in falls if fall.kind != "total"]
        assert sum(steps) == falls[-1].earned == entry["score"]
        assert [fall.kind for fall in falls].count("part") == len(CODE.rubric.pillars)
        page = read(client.get(f"/{small.CODE}/en/agencies/{entry['code']}/receipt").text)
        assert page.one("table", "bars").text.count("Score") == 1
    has_ranges = "ranges" in edition.part("ranking")
    answer = client.get(f"/{small.CODE}/en/method/ranges")
    assert answer.status_code == (200 if has_ranges else 404)
