"""The public pages in five languages: all there, well formed, in the language that was asked."""

import re
from itertools import product

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from rankings.adapters.catalogues import FOLDER
from tests.web.asking import address, entries, get, seen, there
from tests.web.conftest import Start
from tests.web.names import FIRST, KINDS, LANGUAGES, places
from tests.web.reading import read
from tests.web.small import Small

# Listed in the newer cycle of each association.
ENTRIES = {"vidu": 98, "kamru": 22, "upama": 15}
EVERYWHERE = list(product(FIRST, KINDS))
WISHES = {
    "km-KH,en": "km",
    "km-KH,km;q=0.9,en-US;q=0.8,en;q=0.7": "km",
    "en;q=0.5,VI-vn": "vi",
    "fr,ja;q=0.1": "ja",
    "my;q=0,vi;q=0.1": "vi",
    "fr": "en",
    "*": "en",
    "": "en",
}


def phrases() -> list[str]:
    """The English interface texts, cut where a value goes in."""
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = [str(one.id) for one in read_po(file) if one.id]
    pieces = [piece.strip() for text in texts for piece in re.split(r"%\(\w+\)s|%%", text)]
    return [piece for piece in pieces if len(piece) > 12]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("association", "page"), EVERYWHERE)
def test_a_page_is_there_well_formed_and_in_its_language(
    client: FlaskClient, association: str, page: str, language: str
) -> None:
    found = read(get(client, page, language, association))
    assert found.one("html").attributes["lang"] == language
    assert found.one("h1").text
    assert found.one("title").text.strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("association", FIRST)
def test_the_page_and_the_receipt_of_every_agency_are_there(
    app: Flask, association: str, language: str
) -> None:
    client, listed = app.test_client(), entries(app, association)
    assert len(listed) == ENTRIES[association]
    english = phrases() if language != "en" else []
    for entry in listed:
        for page in ("agency", "receipt"):
            found = read(get(client, page, language, association, entry["code"]))
            assert found.one("h1").text in entry["names"].values()
            assert [phrase for phrase in english if phrase in found.text] == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize(("association", "page"), EVERYWHERE)
def test_no_english_is_left_in_another_language(
    client: FlaskClient, association: str, page: str, language: str
) -> None:
    text = read(get(client, page, language, association)).text
    assert [phrase for phrase in phrases() if phrase in text] == []


@pytest.mark.parametrize(
    "path",
    [
        "/nobody/{}/",
        "/nobody/{}/method",
        "/nobody/{}/rankings/2026/editions/1",
        "/vidu/{}/agencies/VN-99990",
        "/vidu/{}/agencies/VN-00012",
        "/vidu/{}/agencies/KH-00017",
        "/vidu/{}/agencies/<b>",
        "/vidu/{}/agencies/..%2Franking",
        "/vidu/{}/agencies/VN-99990/receipt",
        "/vidu/{}/agencies/<b>/receipt",
        "/vidu/{}/rankings/2027/editions/1",
        "/vidu/{}/rankings/2026/editions/2",
        "/vidu/{}/rankings/2026/editions/0",
        "/vidu/{}/rankings/2026/editions/one",
        "/vidu/{}/rankings/2026/editions/99999999999999999999",
        "/vidu/{}/nothing",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_is_said_in_words(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(path.format(language))
    found = read(answer.text)
    assert answer.status_code == 404
    assert found.one("html").attributes["lang"] == language
    assert found.one("h1").text == found.one("title").text
    assert ("There is no such page." in found.text) == (language == "en")


@pytest.mark.parametrize("path", ["/vidu/xx/", "/vidu/EN/", "/vidu/xx/method", "/vidu"])
def test_an_unknown_language_is_answered_in_the_browsers(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "ja,en;q=0.5"})
    assert answer.status_code == 404
    assert read(answer.text).one("html").attributes["lang"] == "ja"
    assert "Accept-Language" in answer.vary


def test_the_front_page_asks_the_browser_and_tells_caches(client: FlaskClient) -> None:
    for asked, language in WISHES.items():
        answer = client.get("/", headers={"Accept-Language": asked})
        assert read(answer.text).one("html").attributes["lang"] == language
        assert "Accept-Language" in answer.vary


def test_the_front_page_leads_to_every_association_in_every_language(app: Flask) -> None:
    page = seen(app.test_client(), "/")
    assert len(page.all("h2")) == len(FIRST)
    links = {str(link.attributes["href"]) for link in page.all("a")}
    assert links >= {
        places(one, language, "")["ranking"] for one in FIRST for language in LANGUAGES
    }


@pytest.mark.parametrize("page", KINDS[1:])
def test_the_path_alone_decides_the_language_of_other_pages(client: FlaskClient, page: str) -> None:
    answer = client.get(address(page, "vi"), headers={"Accept-Language": "my"})
    assert read(answer.text).one("html").attributes["lang"] == "vi"
    assert not answer.vary


@pytest.mark.parametrize(("association", "page"), EVERYWHERE)
def test_every_link_leads_somewhere(client: FlaskClient, association: str, page: str) -> None:
    for link in read(get(client, page, "km", association)).all("a"):
        there(client, str(link.attributes["href"]))


def test_every_page_of_a_demonstration_says_so(client: FlaskClient) -> None:
    for page in KINDS:
        assert "invented" in read(get(client, page, "en")).one("aside", "demo").text


@pytest.mark.usefixtures("always")
def test_an_association_that_has_published_nothing_is_not_on_the_front_page(
    alpha: Small, start: Start
) -> None:
    client = start(alpha.settings)
    assert "Nothing has been published here yet." in client.get("/").text
    alpha.notice()
    assert "Alpha" not in client.get("/").text
    for path in places("alpha", "en", "VN-00011").values():
        assert client.get(path).status_code == 404
    alpha.publish()
    assert "Alpha" in client.get("/").text
    for path in places("alpha", "en", "VN-00011").values():
        assert client.get(path).status_code == 200
