"""Agencies side by side, and how sure a number is, in words."""

import pytest
from flask import Flask

from rankings.web import range_words
from tests.web.asking import address, entries, rated, seen
from tests.web.names import LANGUAGES


def compared(app: Flask, *codes: str, language: str = "en") -> str:
    asked = "&".join(f"agency={code}" for code in codes)
    return seen(app.test_client(), f"/vidu/{language}/compare?{asked}").one("main").text


def test_two_agencies_far_apart_are_told_apart(app: Flask) -> None:
    best, worst = rated(app)[0], rated(app)[-1]
    said = compared(app, worst["code"], best["code"])
    assert f"{best['names']['vi']} is better than {worst['names']['vi']}." in said


def test_two_whose_ranges_overlap_are_too_close(app: Flask) -> None:
    first, second = rated(app)[:2]
    assert first["range"]["score"][0] <= second["range"]["score"][1]
    assert "too close to say which is better" in compared(app, first["code"], second["code"])


def test_one_that_is_not_rated_cannot_be_compared(app: Flask) -> None:
    unrated = next(one for one in entries(app) if one["state"] != "rated")
    said = compared(app, rated(app)[0]["code"], unrated["code"])
    assert "one is not rated" in said
    assert "is better than" not in said


def test_the_page_says_whether_a_licence_is_valid_today(app: Flask) -> None:
    suspended = next(one for one in entries(app) if one["licence"]["state"] == "suspended")
    assert "✗ Licence suspended" in compared(app, suspended["code"])


@pytest.mark.parametrize("codes", [["XX-1"], ["'"], [str(number) for number in range(6)]])
def test_an_unknown_agency_or_too_many_are_not_found(app: Flask, codes: list[str]) -> None:
    asked = {"agency": codes}
    assert app.test_client().get("/vidu/en/compare", query_string=asked).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_agency_there_is_a_form_to_choose_one(app: Flask, language: str) -> None:
    page = seen(app.test_client(), f"/vidu/{language}/compare")
    assert len(page.all("option")) == len(entries(app)) + 1


def test_an_agency_page_says_how_sure_its_score_is(app: Flask) -> None:
    one = rated(app)[40]
    page = seen(app.test_client(), address("agency", "en", agency=one["code"])).one("main").text
    low, high = (f"{units / 10:.1f}" for units in one["range"]["score"])
    assert f"between {low} and {high}" in page
    assert f"We cannot tell it apart from {one['range']['alike']} other agencies." in page
    best, worst = one["range"]["rank"]
    assert f"between {best} and {worst}." in page
    assert "Lost: nobody has checked it" in page
    assert "What is missing for:" in page


def test_an_agency_close_to_a_line_is_said_to_be(app: Flask) -> None:
    said = "It is close to a line: checked once more, it could be in another band."
    close = [one for one in rated(app) if one["range"]["borderline"]]
    sure = next(one for one in rated(app) if not one["range"]["borderline"])
    assert close
    for one, is_close in [(close[0], True), (sure, False)]:
        page = seen(app.test_client(), address("agency", "en", agency=one["code"])).one("main")
        assert (said in page.text) is is_close


@pytest.mark.parametrize(
    ("places", "on_the_list", "in_a_sentence"),
    [
        ("printed", "3", "Place 3 of 9, with what we know between 2 and 5."),
        ("ranges", "2–5", "Place 2 to 5 of 9."),
        ("bands", "", ""),
    ],
)
def test_a_place_is_printed_as_the_edition_says(
    app: Flask, places: str, on_the_list: str, in_a_sentence: str
) -> None:
    ranking, entry = {"ranges": {"places": places}}, {"rank": 3, "range": {"rank": [2, 5]}}
    with app.test_request_context("/vidu/en/"):
        assert range_words.place(ranking, entry) == on_the_list
        assert range_words.place_of(ranking, entry, 9) == in_a_sentence


def test_the_list_says_how_many_pairs_can_be_told_apart(app: Flask) -> None:
    page = seen(app.test_client(), "/vidu/en/").one("main").text
    assert "Of 100 pairs of agencies," in page
