"""Hostile names, authorities, cycles and reasons are shown as they are and do nothing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.asking import seen, there
from tests.web.hostile import CODES, MANY, MOVED, UNRATED
from tests.web.names import HOSTILE, LANGUAGES, download, places
from tests.web.reading import Read
from tests.web.small import CODE

EDITIONS = [f"/{CODE}/my/rankings/2026/editions/{number}" for number in (1, 2)]


@pytest.fixture
def visitor(hostile: Flask) -> FlaskClient:
    return hostile.test_client(use_cookies=False)


def name(at: int) -> str:
    return HOSTILE[(at + MOVED) % MANY]


def shown(page: Read, text: str, beyond: int = 0) -> bool:
    """Whether it stands there letter by letter, but for white space at its ends."""
    return text.strip() in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_shown_and_do_nothing(visitor: FlaskClient, language: str) -> None:
    for at, code in enumerate(CODES):
        agency, receipt = (
            seen(visitor, places(CODE, language, code)[kind]) for kind in ("agency", "receipt")
        )
        assert agency.one("h1").text == receipt.one("h1").text == name(at)
        assert shown(agency, HOSTILE[at])
        assert f", {HOSTILE[at]}." in agency.text or language != "en"
    ranking = seen(visitor, f"/{CODE}/{language}/")
    assert all(shown(ranking, one) for one in HOSTILE)
    assert ranking.one("title").text.endswith(HOSTILE[0])


def test_the_unrated_have_both_their_names(visitor: FlaskClient) -> None:
    page = seen(visitor, places(CODE, "en", UNRATED)["agency"])
    assert page.one("h1").text == HOSTILE[0]
    assert shown(page, HOSTILE[1])


def test_association_cycle_and_reason_are_shown(visitor: FlaskClient) -> None:
    front = seen(visitor, "/")
    assert front.one("h2").text == HOSTILE[0]
    assert HOSTILE[0] in [nav.attributes["aria-label"] for nav in front.all("nav")]
    for path in EDITIONS:
        page = seen(visitor, path)
        assert HOSTILE[1] in page.one("h1").text
        assert shown(page, HOSTILE[1])
    assert page.text.count(HOSTILE[1]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_an_element_too_many(visitor: FlaskClient, language: str) -> None:
    paths = [*places(CODE, language, CODES[1]).values(), *EDITIONS, "/"]
    for page in [seen(visitor, path) for path in paths]:
        assert page.all("script") == page.all("img") == []
        for element in page.elements:
            assert not [one for one in element.attributes if one.startswith("on")]
        assert "49" not in [one.text for one in page.all("h1")]


def test_a_download_has_a_plain_name(visitor: FlaskClient) -> None:
    answer = there(visitor, download(CODE, "ranking.csv", number=2))
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename={CODE}-2026-2-ranking.csv"
    )
    for one in HOSTILE[:2]:
        assert one.replace('"', '""') in answer.data.decode()
