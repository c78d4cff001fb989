"""The edition's page and its files: what is offered is what was signed."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rankings import verifying
from rankings.adapters import signature
from tests.web.asking import address, current, seen, shelf, there
from tests.web.conftest import Start
from tests.web.names import FIRST, LANGUAGES, download
from tests.web.small import Small

TYPES = {
    "ranking.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ranking.csv": "text/csv; charset=utf-8",
    "criteria.csv": "text/csv; charset=utf-8",
    "edition.zip": "application/zip",
}


@pytest.mark.parametrize("association", FIRST)
def test_the_digests_on_the_page_are_those_of_what_is_downloaded(
    client: FlaskClient, association: str
) -> None:
    page = seen(client, address("edition", "vi", association))
    shown = {code.text for code in page.all("code")}
    for name, media_type in TYPES.items():
        answer = there(client, download(association, name))
        sha256 = hashlib.sha256(answer.data).hexdigest()
        assert sha256 in shown
        assert answer.headers["ETag"] == f'"{sha256}"'
        assert answer.headers["Content-Type"] == media_type
        disposition = answer.headers["Content-Disposition"]
        assert disposition == f"attachment; filename={association}-2026-1-{name}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("association", FIRST)
def test_files_are_byte_for_byte_those_of_the_bundle(app: Flask, association: str) -> None:
    client, held = app.test_client(), current(app, association).bundle
    for name in held.manifest["files"]:
        assert there(client, download(association, name)).data == held.file_body(name)


@pytest.mark.parametrize("association", FIRST)
@pytest.mark.parametrize("cycle", ["2025", "2026"])
def test_a_downloaded_bundle_verifies(
    app: Flask, tmp_path: Path, association: str, cycle: str
) -> None:
    answer = there(app.test_client(), download(association, "edition.zip", cycle))
    file = tmp_path / "edition.zip"
    file.write_bytes(answer.data)
    key = signature.public(shelf(app).keys, association)
    report = verifying.verify(file, key)
    assert (report.association, report.cycle) == (association, cycle)


def test_the_key_is_offered_and_its_fingerprint_shown(app: Flask) -> None:
    pem = there(app.test_client(), download("vidu", "key.pem")).data
    shown = {code.text for code in seen(app.test_client(), address("edition", "en")).all("code")}
    assert signature.fingerprint(signature.public_key(pem)) in shown


@pytest.mark.parametrize(
    "path",
    [
        download("vidu", "nothing.xlsx"),
        download("vidu", "manifest.json"),
        download("vidu", "..%2Fedition.zip"),
        download("vidu", "ranking.xlsx", "2027"),
        download("vidu", "ranking.xlsx", number=2),
        download("nobody", "ranking.xlsx"),
    ],
)
def test_what_the_edition_does_not_have_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_file_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    for name in TYPES:
        first = there(client, download("vidu", name))
        etag = {"If-None-Match": first.headers["ETag"]}
        again = client.get(download("vidu", name), headers=etag)
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_old_edition_says_so_and_the_newest_does_not(client: FlaskClient, language: str) -> None:
    old = seen(client, f"/vidu/{language}/rankings/2025/editions/1")
    new = seen(client, f"/vidu/{language}/rankings/2026/editions/1")
    assert len(old.all("p", "limit")) == 1
    assert new.all("p", "limit") == []
    assert "2025" in new.text


@pytest.mark.usefixtures("always")
def test_a_correction_says_why_and_the_first_edition_stays_readable(
    alpha: Small, start: Start
) -> None:
    alpha.publish()
    alpha.publish("A name was wrong.", later=1)
    client = start(alpha.settings)
    second = seen(client, "/alpha/en/rankings/2026/editions/2")
    first = seen(client, "/alpha/en/rankings/2026/editions/1")
    assert "The reason: A name was wrong." in second.text
    assert len(first.all("p", "limit")) == 1
    assert "A name was wrong." in first.text
    assert "/alpha/en/rankings/2026/editions/2" in [
        one.attributes["href"] for one in seen(client, "/alpha/en/").all("a")
    ]
