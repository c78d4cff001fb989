"""Receipts add up, and who is not rated is shown in words."""

import re
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.asking import address, get, rated, seen, unrated
from tests.web.names import FIRST, LANGUAGES
from tests.web.reading import Read, amounts, read

NUMBER = re.compile(r"[+-]?\d+\.\d")
STARS = {"★", "☆"}


@pytest.mark.parametrize("association", FIRST)
def test_the_amounts_on_a_receipt_add_up_to_the_score(app: Flask, association: str) -> None:
    client = app.test_client()
    assert rated(app, association)
    for entry in rated(app, association):
        page = seen(client, address("receipt", "en", association, entry["code"]))
        earned, performance, unchecked, together = sums(page)
        score = Decimal(page.one("p", "big").text.removesuffix(" of 100"))
        assert earned + limits(page) == score == Decimal(entry["score"]) / 10
        assert earned + performance + unchecked == together
        assert (earned, together) == (amounts(page, 0), amounts(page))


def sums(page: Read) -> list[Decimal]:
    """The three sums of a receipt and what they make together."""
    return [Decimal(cell.text) for cell in page.all("td", "n")[:4]]


def limits(page: Read) -> Decimal:
    """What steps and limits changed: the second table, from the points earned to the score."""
    way = [cell.text for cell in page.all("td", "n")[4:]]
    return sum((Decimal(text) for text in way[1:-1] if text), Decimal(0))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["agency", "receipt"])
def test_agencies_without_a_rating_show_words_and_no_star(
    app: Flask, page: str, language: str
) -> None:
    client = app.test_client()
    states = {entry["state"] for entry in unrated(app)}
    assert states >= {"suspended", "too_new", "under_review", "not_participating"}
    for entry in unrated(app):
        found = seen(client, address(page, language, agency=entry["code"]))
        words = found.all("p", "lead")[-1] if page == "agency" else found.one("p", "box")
        assert len(words.text) >= 3
        assert "_" not in words.text
        assert not STARS & set(found.text)
        assert not NUMBER.findall(found.one("main").text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_not_assessed_is_listed_by_name_and_without_a_star(
    app: Flask, language: str
) -> None:
    listed = unrated(app)
    rows = read(get(app.test_client(), "ranking", language)).all("li")[-len(listed) :]
    for entry, row in zip(listed, rows, strict=True):
        assert entry["names"]["vi"] in row.text
        assert not STARS & set(row.text)


def test_stars_are_not_the_only_sign_of_a_band(client: FlaskClient) -> None:
    page = read(get(client, "ranking", "en"))
    assert page.all("span", "band")
    for row in page.all("span", "band"):
        assert len(row.text.strip("★☆ ")) > 3
    for stars in page.all("span", "stars"):
        assert stars.attributes["aria-hidden"] == "true"


def test_the_tally_counts_the_bands_of_the_list(app: Flask) -> None:
    page = read(get(app.test_client(), "ranking", "en"))
    counted = [int(cell.text) for cell in page.all("td", "n")]
    assert sum(counted) == len(rated(app))
