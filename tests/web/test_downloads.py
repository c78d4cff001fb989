"""Files of an edition on their way: headers, resumed downloads, and what the page says to do."""

import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rankings import db
from rankings.usecases import editions
from tests.machine_parts import missing
from tests.web.asking import seen, there
from tests.web.names import FIRST, download, places
from tests.web.test_headers import without_time

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("ranking.xlsx", "ranking.csv", "criteria.csv", "edition.zip", "key.pem")
LISTED = NAMES[:-1]
# By a code that counts complaints.
COUNTING = ("vidu", "upama")
EDITIONS = [(association, cycle) for association in FIRST for cycle in ("2025", "2026")]


def stored(app: Flask, association: str, cycle: str) -> bytes:
    """The edition as it is in the database."""
    with db.reading(app.extensions["engine"]) as session:
        sha256 = editions.digest_of(session, association, cycle, 1)
        return editions.bundle(session, association, sha256)


@pytest.mark.parametrize(("association", "cycle"), EDITIONS)
def test_what_is_sent_is_what_the_database_holds(app: Flask, association: str, cycle: str) -> None:
    client, whole = app.test_client(), stored(app, association, cycle)
    assert there(client, download(association, "edition.zip", cycle)).data == whole
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        for path in [path for path in archive.namelist() if path.startswith("files/")]:
            body = there(client, download(association, path.removeprefix("files/"), cycle)).data
            assert body == archive.read(path)
        key = there(client, download(association, "key.pem", cycle)).data
        assert key == archive.read("key.pem")


@pytest.mark.parametrize(("association", "cycle"), EDITIONS)
def test_the_page_lists_each_file_once_with_its_size(
    client: FlaskClient, association: str, cycle: str
) -> None:
    page = seen(client, places(association, "en", "", cycle)["edition"])
    links = [str(one.attributes["href"]) for one in page.all("a")]
    names = list(LISTED)
    names[3:3] = ["complaints.csv"] if association in COUNTING else []
    wanted = [download(association, name, cycle) for name in names]
    key = download(association, "key.pem", cycle)
    assert [link for link in links if "/rankings/" in link and "." in link] == [*wanted, key]
    for item, path in zip(page.all("li"), wanted, strict=False):
        size = re.findall(r"(\d[\d\u202f]*)\skB", item.text)[0].replace("\u202f", "")
        body = there(client, path).data
        assert int(size) == max(1, round(len(body) / 1000))


@pytest.mark.parametrize("name", NAMES)
def test_head_of_a_file_gives_its_headers(client: FlaskClient, name: str) -> None:
    full = there(client, download("vidu", name))
    head = client.head(download("vidu", name), buffered=True)
    assert (head.status_code, head.data) == (200, b"")
    assert without_time(head) == without_time(full)
    assert int(full.headers["Content-Length"]) == len(full.data)
    assert "Set-Cookie" not in full.headers
    assert "default-src 'none'" in full.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_download_goes_on_where_it_stopped(client: FlaskClient, name: str) -> None:
    whole = there(client, download("vidu", name))
    asked = {"Range": "bytes=100-", "If-Range": whole.headers["ETag"]}
    rest = client.get(download("vidu", name), headers=asked, buffered=True)
    assert (rest.status_code, rest.data) == (206, whole.data[100:])
    assert rest.headers["ETag"] == whole.headers["ETag"]
    asked["If-Range"] = f'"{"0" * 64}"'
    again = client.get(download("vidu", name), headers=asked, buffered=True)
    assert (again.status_code, again.data) == (200, whole.data)


@pytest.mark.parametrize("name", NAMES)
def test_an_old_copy_is_replaced_and_a_post_is_refused(client: FlaskClient, name: str) -> None:
    whole = there(client, download("vidu", name)).data
    old = {"If-None-Match": f'"{"0" * 64}"'}
    assert client.get(download("vidu", name), headers=old, buffered=True).data == whole
    assert client.post(download("vidu", name)).status_code in (400, 405)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_the_same_in_every_language(client: FlaskClient, name: str) -> None:
    assert not there(client, download("vidu", name)).vary


def test_a_missing_file_is_said_in_the_browsers_language(client: FlaskClient) -> None:
    answer = client.get(download("vidu", "none.csv"), headers={"Accept-Language": "km"})
    assert answer.status_code == 404
    assert '<html lang="km">' in answer.text


def test_the_command_on_the_page_works_as_it_stands(client: FlaskClient, tmp_path: Path) -> None:
    page = seen(client, places("upama", "en", "")["edition"])
    (tmp_path / "edition.zip").write_bytes(there(client, download("upama", "edition.zip")).data)
    command = next(one.text for one in page.all("code") if "verify" in one.text)
    assert command == "python3 -m rankings verify edition.zip"
    arguments = [sys.executable, *command.split()[1:]]
    told = subprocess.run(
        arguments, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True
    ).stdout.decode()
    assert "signature: good" in told
    fingerprint = page.all("code")[-1].text
    assert len(fingerprint) == 64
    assert fingerprint in told


def test_without_this_software_openssl_checks_it(client: FlaskClient, tmp_path: Path) -> None:
    page = seen(client, places("upama", "en", "")["edition"])
    with zipfile.ZipFile(BytesIO(there(client, download("upama", "edition.zip")).data)) as archive:
        archive.extractall(tmp_path)
    command = page.one("pre").text.split()
    try:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    except FileNotFoundError:
        missing("openssl")
    assert done.returncode == 0, done.stderr
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode != 0
