"""The agency's page: licence before band, and what holds today although the edition is older."""

from datetime import date

import pytest
from flask import Flask

from tests.web import small
from tests.web.asking import address, current, entries, rated, seen
from tests.web.conftest import Start
from tests.web.names import LANGUAGES
from tests.web.small import Small


def find(app: Flask, licence: str) -> str:
    """The code of the agency with this state of its licence in the edition."""
    listed = entries(app)
    return str(next(one["code"] for one in listed if one["licence"]["state"] == licence))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_licence_stands_before_the_band_and_the_score(app: Flask, language: str) -> None:
    code = rated(app)[0]["code"]
    page = seen(app.test_client(), address("agency", language, agency=code))
    licence, band = page.all("p", "lead")
    order = [page.elements.index(one) for one in (licence, band, page.one("p", "big"))]
    assert order == sorted(order)
    assert "✓" in licence.text
    assert "★" in band.text


@pytest.mark.parametrize("state", ["suspended", "revoked"])
def test_a_licence_that_is_not_valid_is_a_warning_before_everything(app: Flask, state: str) -> None:
    code = find(app, state)
    page = seen(app.test_client(), address("agency", "en", agency=code))
    first = page.all("div", "box")[0]
    assert "limit" in first.classes
    assert "Do not pay this agency" in first.text
    row = next(
        one
        for one in seen(app.test_client(), "/vidu/en/").all("li")
        if code_of(one.text, app, code)
    )
    assert "Licence" in row.text


def code_of(text: str, app: Flask, code: str) -> bool:
    names = next(one["names"] for one in entries(app) if one["code"] == code)
    return names["vi"] in text


def test_a_renamed_agency_shows_its_former_name(app: Flask) -> None:
    edition = current(app)
    parts = [edition.part(f"agencies/{one['code']}") for one in entries(app)]
    renamed = [part for part in parts if part["former_names"]]
    assert renamed
    for part in renamed:
        page = seen(app.test_client(), address("agency", "en", agency=part["code"]))
        assert part["former_names"][0]["names"]["vi"] in page.one("main").text


def test_counts_on_the_page_are_those_of_the_inputs(app: Flask) -> None:
    entry = rated(app)[0]
    events = current(app).part(f"agencies/{entry['code']}")["inputs"]["events"]["c1"]
    decided = sum(int(one["number"]) for one in events["counts"])
    page = seen(app.test_client(), address("agency", "en", agency=entry["code"]))
    facts = {row.text.split("\n")[0] for row in page.all("tr")}
    assert any(f"Decided complaints in 3 years{decided}" in fact for fact in facts)


def test_a_rated_agency_shows_its_place_among_how_many(app: Flask) -> None:
    listed = rated(app)
    page = seen(app.test_client(), address("agency", "en", agency=listed[0]["code"]))
    assert f"Place {listed[0]['rank']} of {len(listed)}, with what we know" in page.text


@pytest.mark.usefixtures("always")
def test_a_suspension_after_the_edition_is_on_the_page_while_the_edition_stays(
    alpha: Small, start: Start
) -> None:
    edition = alpha.publish()
    client = start(alpha.settings)
    path, listed = f"/alpha/en/agencies/{small.FIRST}", "/alpha/en/"
    assert "Licence valid" in seen(client, path).all("p", "lead")[0].text
    assert seen(client, listed).all("b", "warn") == []
    suspended = {"licence_state": "suspended", "licence_state_since": date(2026, 7, 5)}
    alpha.register(small.row(1, **suspended), later=6)
    assert "Licence valid" in seen(client, path).all("p", "lead")[0].text
    alpha.notice(later=6)
    page = seen(client, path)
    assert "Licence suspended since July 5, 2026" in page.all("p", "lead")[0].text
    assert "Checked on July 7, 2026." in page.text
    assert [one.text for one in seen(client, listed).all("b", "warn")] == [
        "Licence suspended since July 5, 2026"
    ]
    held = start(alpha.settings).application.extensions["shelf"].current("alpha")
    assert held.digest == edition.digest
    assert page.all("p", "big")
