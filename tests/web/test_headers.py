"""What stands around and beside a page: policy, ETag, weight; no cookie, no script, nobody else."""

import base64
import gzip
import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.asking import address, entries, get, seen, there
from tests.web.names import FIRST, KINDS, LANGUAGES
from tests.web.reading import Element, read

# 10 segments of 1,460 bytes come in the first answer; 12 kB leave room for headers.
FIRST_VIEW, STYLE = 12_000, 3_000


def packed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


@pytest.mark.parametrize("page", KINDS)
def test_a_page_needs_no_cookie_no_script_and_nobody_else(client: FlaskClient, page: str) -> None:
    answer = client.get(address(page, "vi"))
    found = read(answer.text)
    assert "Set-Cookie" not in answer.headers
    for tag in ("script", "link", "img", "iframe"):
        assert found.all(tag) == []
    assert all("method" not in form.attributes for form in found.all("form"))
    for element in found.elements:
        assert is_our_own(element), element


def is_our_own(element: Element) -> bool:
    """No address of somebody else, no code and no style in an attribute."""
    names = element.attributes.keys()
    target = element.attributes.get("href") or element.attributes.get("src") or "/"
    inline = [name for name in names if name.startswith("on") or name == "style"]
    return re.match("/(?!/)", target) is not None and not inline


@pytest.mark.parametrize("path", [address(page, "en") for page in KINDS] + ["/nothing"])
def test_the_policy_allows_our_own_style_and_nothing_else(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    style = read(answer.text).one("style").text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", KINDS)
def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient, page: str) -> None:
    first = client.get(address(page, "my"))
    again = client.get(address(page, "my"), headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["ETag"] == f'"{hashlib.sha256(first.data).hexdigest()}"'
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(address(page, "my"), headers={"If-None-Match": '"x"'}).data == first.data


@pytest.mark.parametrize("path", ["/nothing", "/vidu/rankings/2026/editions/1/nothing.xlsx"])
def test_a_refusal_has_no_etag(client: FlaskClient, path: str) -> None:
    assert "ETag" not in client.get(path).headers


def without_time(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name != "Date"}


@pytest.mark.parametrize("page", KINDS)
def test_head_gives_the_headers_of_get_without_a_body(client: FlaskClient, page: str) -> None:
    head, full = client.head(address(page, "ja")), client.get(address(page, "ja"))
    assert (head.status_code, head.data) == (200, b"")
    assert without_time(head) == without_time(full)


@pytest.mark.parametrize("page", KINDS)
def test_a_public_page_takes_nothing(client: FlaskClient, page: str) -> None:
    assert client.post(address(page, "en")).status_code in (400, 405)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", KINDS)
@pytest.mark.parametrize("association", FIRST)
def test_the_first_view_fits_into_the_first_answer(
    client: FlaskClient, association: str, page: str, language: str
) -> None:
    assert packed(get(client, page, language, association)) <= FIRST_VIEW


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_about_an_agency_fits_into_the_first_answer(app: Flask, language: str) -> None:
    client = app.test_client()
    for entry in entries(app):
        for page in ("agency", "receipt"):
            path = address(page, language, agency=entry["code"])
            assert packed(there(client, path).text) <= FIRST_VIEW, path


def test_the_style_is_small_and_the_same_everywhere(client: FlaskClient) -> None:
    styles = {seen(client, address(page, "km")).one("style").text for page in KINDS}
    assert len(styles) == 1
    assert packed(styles.pop()) <= STYLE
