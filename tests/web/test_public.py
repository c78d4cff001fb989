"""The public pages as a reader's browser gets them."""

import base64
import gzip
import hashlib
import re
from decimal import Decimal

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from rankings import db, demo
from rankings.adapters.catalogues import FOLDER
from rankings.usecases import associations, editions
from tests.web.names import HOSTILE, LANGUAGES, places
from tests.web.reading import Element, Read, amounts, read

ENTRIES = 86
# 10 segments of 1,460 bytes come in the first answer; 12 kB leave room for headers.
FIRST_VIEW, STYLE = 12_000, 3_000
PAGES = ["home", "ranking", "receipt", "method"]
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
NUMBER = re.compile(r"[+-]?\d+\.\d")


def address(page: str, language: str, agency: str = "VN-0001") -> str:
    return ({"home": "/"} | places("vidu", language, agency))[page]


def get(client: FlaskClient, page: str, language: str) -> str:
    """A page that must be there."""
    answer = client.get(address(page, language), headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def entries(app: Flask) -> list[dict[str, object]]:
    with db.reading(app.extensions["engine"]) as session:
        edition = editions.current(session, demo.ASSOCIATION)
        found: list[dict[str, object]] = editions.ranking(session, edition)["entries"]
        return found


def phrases() -> list[str]:
    """The English interface texts, cut where a value goes in."""
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = [str(one.id) for one in read_po(file) if one.id]
    pieces = [piece.strip() for text in texts for piece in re.split(r"%\(\w+\)s|%%", text)]
    return [piece for piece in pieces if len(piece) > 12]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_there_well_formed_and_in_its_language(
    client: FlaskClient, page: str, language: str
) -> None:
    found = read(get(client, page, language))
    assert found.one("html").attributes["lang"] == language
    assert found.one("h1").text
    assert found.one("title").text.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_of_every_agency_is_there(app: Flask, language: str) -> None:
    client, listed = app.test_client(), entries(app)
    assert len(listed) == ENTRIES
    for entry in listed:
        answer = client.get(address("receipt", language, str(entry["code"])))
        assert answer.status_code == 200
        assert f"<h1>{entry['name']}</h1>" in answer.text


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("page", PAGES)
def test_no_english_is_left_in_another_language(
    client: FlaskClient, page: str, language: str
) -> None:
    text = read(get(client, page, language)).text
    assert [phrase for phrase in phrases() if phrase in text] == []


@pytest.mark.parametrize(
    "path",
    [
        "/nobody/{}/",
        "/nobody/{}/method",
        "/vidu/{}/agencies/VN-9999/receipt",
        "/vidu/{}/agencies/<b>/receipt",
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


@pytest.mark.parametrize("page", PAGES[1:])
def test_the_path_alone_decides_the_language_of_other_pages(client: FlaskClient, page: str) -> None:
    answer = client.get(address(page, "vi"), headers={"Accept-Language": "my"})
    assert read(answer.text).one("html").attributes["lang"] == "vi"
    assert not answer.vary


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_no_cookie_no_script_and_nobody_else(client: FlaskClient, page: str) -> None:
    answer = client.get(address(page, "vi"))
    found = read(answer.text)
    assert "Set-Cookie" not in answer.headers
    for tag in ("script", "link", "img", "iframe", "form"):
        assert found.all(tag) == []
    for element in found.elements:
        assert is_our_own(element), element


def is_our_own(element: Element) -> bool:
    """No address of somebody else, no code and no style in an attribute."""
    names = element.attributes.keys()
    target = element.attributes.get("href") or element.attributes.get("src") or "/"
    inline = [name for name in names if name.startswith("on") or name == "style"]
    return re.match("/(?!/)", target) is not None and not inline


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(client: FlaskClient, page: str) -> None:
    for link in read(get(client, page, "km")).all("a"):
        assert client.get(str(link.attributes["href"])).status_code == 200


@pytest.mark.parametrize("path", ["/", "/vidu/en/", "/nothing"])
def test_the_policy_allows_our_own_style_and_nothing_else(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    style = read(answer.text).one("style").text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient, page: str) -> None:
    first = client.get(address(page, "my"))
    again = client.get(address(page, "my"), headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["ETag"] == f'"{hashlib.sha256(first.data).hexdigest()}"'
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(address(page, "my"), headers={"If-None-Match": '"x"'}).data == first.data


def test_a_refusal_has_no_etag(client: FlaskClient) -> None:
    assert "ETag" not in client.get("/nothing").headers


@pytest.mark.parametrize("page", PAGES)
def test_head_gives_the_headers_of_get_without_a_body(client: FlaskClient, page: str) -> None:
    head, full = client.head(address(page, "ja")), client.get(address(page, "ja"))
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(full.headers)


@pytest.mark.parametrize("page", PAGES)
def test_a_public_page_takes_nothing(client: FlaskClient, page: str) -> None:
    assert client.post(address(page, "en")).status_code in (400, 405)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_the_first_view_fits_into_the_first_answer(
    client: FlaskClient, page: str, language: str
) -> None:
    assert len(gzip.compress(get(client, page, language).encode(), 9)) <= FIRST_VIEW


def test_the_style_is_small(client: FlaskClient) -> None:
    style = read(client.get("/").text).one("style").text
    assert len(gzip.compress(style.encode(), 9)) <= STYLE


def test_the_amounts_on_a_receipt_add_up_to_the_score(app: Flask) -> None:
    client = app.test_client()
    rated = [entry for entry in entries(app) if entry["rank"]]
    assert rated
    for entry in rated:
        page = read(client.get(address("receipt", "en", str(entry["code"]))).text)
        earned, performance, unchecked, together = sums(page)
        score = Decimal(page.one("p", "big").text.removesuffix(" of 100"))
        assert earned + limits(page) == score == Decimal(str(entry["score"])) / 10
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
def test_agencies_without_a_rating_show_words_and_no_star(app: Flask, language: str) -> None:
    client = app.test_client()
    unrated = [entry for entry in entries(app) if not entry["rank"]]
    assert {entry["state"] for entry in unrated} >= {"suspended", "too_new", "under_review"}
    for entry in unrated:
        page = read(client.get(address("receipt", language, str(entry["code"]))).text)
        assert len(page.one("p", "box").text) >= 3
        assert "_" not in page.one("p", "box").text
        assert not {"★", "☆"} & set(page.text)
        assert not NUMBER.findall(page.one("main").text)
    rows = read(get(client, "ranking", language)).all("li")[-len(unrated) :]
    assert [str(entry["name"]) in row.text for entry, row in zip(unrated, rows, strict=True)]
    assert not {"★", "☆"} & {letter for row in rows for letter in row.text}


def test_stars_are_not_the_only_sign_of_a_band(client: FlaskClient) -> None:
    for row in read(get(client, "ranking", "en")).all("span", "band"):
        assert len(row.text.strip("★☆ ")) > 3
    for stars in read(get(client, "ranking", "en")).all("span", "stars"):
        assert stars.attributes["aria-hidden"] == "true"


def test_every_page_of_a_demonstration_says_so(client: FlaskClient) -> None:
    for page in PAGES:
        assert "invented" in read(get(client, page, "en")).one("aside", "demo").text


def hostile_pages(client: FlaskClient) -> list[Read]:
    addresses = ["/", *(places("x", "my", f"VN-{1 + n:04}")["receipt"] for n in range(6))]
    answers = [client.get(one) for one in (*addresses, "/x/my/", "/x/my/method")]
    assert {one.status_code for one in answers} == {200}
    return [read(one.text) for one in answers]


def test_hostile_names_are_shown_and_do_nothing(hostile: Flask) -> None:
    front, *receipts, ranking, method = hostile_pages(hostile.test_client())
    assert [one.one("h1").text for one in receipts] == list(HOSTILE)
    assert all(name in ranking.text for name in HOSTILE)
    assert front.one("h2").text == HOSTILE[0]
    assert HOSTILE[0] in method.one("title").text
    for page in (front, *receipts, ranking, method):
        assert page.all("script") == page.all("img") == []


def test_an_association_that_has_published_nothing_is_not_on_the_front_page(
    hostile: Flask,
) -> None:
    engine = hostile.extensions["engine"]
    with db.transaction(engine) as session:
        associations.add(session, "new", "Nothing yet", "VN", "Asia/Bangkok", demo.NOW)
    client = hostile.test_client()
    assert "Nothing yet" not in client.get("/").text
    assert client.get("/new/en/").status_code == 404
