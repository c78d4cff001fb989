"""What holds of every agency's page in the demonstration, not only of chosen ones."""

from decimal import Decimal
from itertools import pairwise, product
from typing import Any

import pytest
from flask import Flask

from tests.web.asking import address, current, entries, rated, seen, unrated
from tests.web.names import FIRST, LANGUAGES
from tests.web.reading import Read

VALID, INVALID = "✓", "✗"
# Whose newest notice came with a correction.
CORRECTED = "upama"
OWN = {"vidu": "vi", "kamru": "km", "upama": "my"}


def pairs(page: Read) -> list[tuple[str, str]]:
    """Every row that has a name and a number."""
    cells = [one for one in page.elements if one.tag in ("th", "td")]
    return [
        (name.text, number.text)
        for name, number in pairwise(cells)
        if name.tag == "th" and number.tag == "td"
    ]


def page_of(app: Flask, entry: dict[str, Any], association: str = "vidu") -> Read:
    return seen(app.test_client(), address("agency", "en", association, entry["code"]))


@pytest.mark.parametrize(("association", "language"), list(product(FIRST, LANGUAGES)))
def test_the_licence_stands_before_the_rating(app: Flask, association: str, language: str) -> None:
    client = app.test_client()
    for entry in entries(app, association):
        page = seen(client, address("agency", language, association, entry["code"]))
        licence, rating = (one.text for one in page.all("p", "lead"))
        assert licence[0] == (VALID if entry["licence"]["state"] == "valid" else INVALID)
        assert ("★" in rating) == bool(entry["rank"] and association != "kamru")
        main = page.one("main").text
        assert main.index(page.one("h1").text) < main.index(licence) < main.index(rating)


@pytest.mark.parametrize("association", FIRST)
def test_score_place_and_band_are_those_of_the_list(app: Flask, association: str) -> None:
    ranking = seen(app.test_client(), address("ranking", "en", association))
    scores, bands = ranking.all("span", "score"), ranking.all("span", "band")
    for at, entry in enumerate(rated(app, association)):
        page = page_of(app, entry, association)
        assert page.one("p", "big").text == f"{scores[at].text} of 100"
        best, worst = entry["range"]["rank"]
        place = f"Place {entry['rank']} of {len(scores)}, with what we know"
        assert f"{place} between {best} and {worst}." in page.text
        assert bands[at].text.startswith(page.all("p", "lead")[1].text)


@pytest.mark.parametrize("association", FIRST)
def test_the_parts_are_shown_in_words_numbers_and_bars(app: Flask, association: str) -> None:
    for entry in rated(app, association):
        page = page_of(app, entry, association)
        bars = page.all("meter")
        numbers = [cell.text.split(" of ") for cell in page.all("td", "n") if " of " in cell.text]
        assert len(bars) == len(numbers) >= 1
        for bar, (value, best) in zip(bars, numbers, strict=True):
            percent = 100 * Decimal(value) / Decimal(best)
            assert abs(int(str(bar.attributes["value"])) - percent) <= 1
            assert bar.attributes["aria-hidden"] == "true"


def test_what_the_score_rests_on_is_what_decided_it(app: Flask) -> None:
    edition = current(app)
    for entry in rated(app):
        inputs = edition.part(f"agencies/{entry['code']}")["inputs"]
        page = page_of(app, entry)
        told = dict(pairs(page))
        events = inputs["events"]["c1"]
        decided = sum(int(one["number"]) for one in events["counts"])
        assert told["Decided complaints in 3 years"] == str(decided)
        sent = told["Workers sent in 3 years"].replace("\u202f", "")
        assert sent == str(sum(int(units) for units in events["exposure"]))
        assert told.get("Workers interviewed", "0") == str(inputs["interviewed"])


@pytest.mark.parametrize("association", FIRST)
def test_every_limit_is_a_sentence(app: Flask, association: str) -> None:
    edition = current(app, association)
    limited = 0
    for entry in rated(app, association):
        receipt = edition.part(f"agencies/{entry['code']}")["receipt"]
        sentences = page_of(app, entry, association).all("p", "limit")
        assert len(sentences) == len(receipt["limiters"]) + len(receipt["steps"])
        assert all(len(one.text) > 30 for one in sentences)
        limited += len(sentences)
    assert limited


@pytest.mark.parametrize("association", FIRST)
def test_without_a_rating_there_is_the_reason_and_no_star(app: Flask, association: str) -> None:
    for entry in unrated(app, association):
        page = page_of(app, entry, association)
        assert not {"★", "☆"} & set(page.text)
        assert page.all("meter") == page.all("p", "big") == []
        assert "it does not mean bad" in page.text


def test_every_state_has_its_own_words(app: Flask) -> None:
    words = {entry["state"]: page_of(app, entry).all("p", "lead")[1].text for entry in unrated(app)}
    assert words.keys() == {
        *("suspended", "not_eligible", "under_review", "not_participating"),
        *("too_small", "too_new"),
    }
    assert len(set(words.values())) == len(words)


@pytest.mark.parametrize("association", FIRST)
def test_a_licence_is_said_with_its_number_and_the_day_it_was_looked_at(
    app: Flask, association: str
) -> None:
    for entry in entries(app, association):
        page, licence = page_of(app, entry, association), entry["licence"]
        day = "September 7" if association == CORRECTED else "July 28"
        said = f"Licence {licence['number']}, {licence['authority']}. Checked on {day}, 2026."
        assert said in page.text
        assert ("Do not pay this agency" in page.text) == (licence["state"] != "valid")


def test_an_expired_licence_is_none(app: Flask) -> None:
    (entry,) = [one for one in entries(app) if one["licence"]["state"] == "expired"]
    page = page_of(app, entry)
    assert page.all("p", "lead")[0].text == f"{INVALID} Licence expired on January 1, 2025"


@pytest.mark.parametrize(("association", "renamed"), [("vidu", 1), ("kamru", 1), ("upama", 0)])
def test_only_a_renamed_agency_has_a_former_name(
    app: Flask, association: str, renamed: int
) -> None:
    edition, own, found = current(app, association), OWN[association], 0
    for entry in entries(app, association):
        part = edition.part(f"agencies/{entry['code']}")
        page = page_of(app, entry, association)
        former = [one["names"][own] for one in part["former_names"]]
        assert page.text.count("its name was") == len(former)
        assert all(f"its name was {name}." in page.text for name in former)
        assert part["names"][own] not in former
        found += len(former)
    assert found == renamed
