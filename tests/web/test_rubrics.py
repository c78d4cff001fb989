"""A new version of a rubric on its pages: by workbook and by text, looked at before it is kept."""

from __future__ import annotations

import html
import io
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rankings import db
from rankings.scoring.source import RubricSource
from rankings.usecases import rubric_editing, rubrics
from tests.small_rubric import HEAVIER, changed
from tests.usecases import world
from tests.web import members
from tests.web.members import Members

HOME = "/alpha/staff/settings/rubrics/"
AREA = re.compile(
    r'<textarea (?:hidden|class="code")[^>]* ?name="([^"]+)"[^>]*>\n(.*?)</textarea>', re.S
)
SEEN = re.compile(r'name="seen" value="([^"]+)"')


@pytest.fixture(scope="module")
def held(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Members:
    folder = tmp_path_factory.mktemp("rubrics")
    file = shutil.copy(migrated_file, folder / "db.sqlite")
    return members.members(db.connect(f"sqlite:///{file}"), folder)


@dataclass
class Mine:
    """A rubric of the test's own, under a code that no other test has."""

    code: str

    @property
    def one(self) -> str:
        return f"{HOME}{self.code}/1.0.0/"

    def source(self, *pairs: tuple[str, str], version: str = "2.0.0") -> RubricSource:
        return changed(('code = "small"', f'code = "{self.code}"'), *pairs, version=version)


@pytest.fixture
def mine(held: Members) -> Mine:
    found = Mine(f"small{uuid4().hex[:8]}")
    with db.transaction(held.engine) as session:
        rubrics.store(session, "alpha", found.source(version="1.0.0"), world.act(world.OPENED))
    return found


@pytest.fixture
def client(held: Members) -> FlaskClient:
    return held.client("secretariat")


def send(
    held: Members, client: FlaskClient, path: str, fields: Mapping[str, object]
) -> TestResponse:
    data = {"csrf_token": held.token} | dict(fields)
    return client.post(path, data=data, content_type="multipart/form-data")


def fields(source: RubricSource) -> dict[str, object]:
    texts = {f"labels.{one}.toml": text for one, text in source.labels.items()}
    # As browsers send lines.
    found = {"rubric.toml": source.document} | texts
    return {name: text.replace("\n", "\r\n") for name, text in found.items()}


def areas(page: str) -> dict[str, object]:
    """What the form of a page would send."""
    found: dict[str, object] = {name: html.unescape(text) for name, text in AREA.findall(page)}
    token = SEEN.search(page)
    return found | ({"seen": token[1]} if token else {})


def stored(held: Members, mine: Mine, version: str) -> RubricSource:
    with db.reading(held.engine) as session:
        return rubric_editing.source(session, "alpha", mine.code, version)


def test_a_shipped_rubric_is_adopted_once(held: Members, client: FlaskClient) -> None:
    page = client.get(HOME).text
    assert "<option>kh-code-1.0.0</option>" in page
    assert "<option>coc-vn-1.0.0</option>" not in page
    assert send(held, client, HOME, {"shipped": "kh-code-1.0.0"}).status_code == 303
    assert "kh-code 1.0.0" in client.get(HOME).text
    assert send(held, client, HOME, {"shipped": "../secret"}).status_code == 422


def test_a_changed_text_is_looked_at_and_kept(
    held: Members, client: FlaskClient, mine: Mine
) -> None:
    new = mine.source(*HEAVIER)
    looked = send(held, client, f"{mine.one}text", fields(new))
    assert f"Changes since {mine.code} 1.0.0: 2." in looked.text
    assert "weight of a" in looked.text
    assert re.search(r"<del[^>]*>60</del>.*<ins[^>]*>55</ins>", looked.text, re.S)
    kept = send(held, client, f"{mine.one}keep", areas(looked.text))
    assert kept.location == f"{HOME}{mine.code}/2.0.0/"
    assert stored(held, mine, "2.0.0") == new
    assert "Changes since 1.0.0: 2" in client.get(kept.location).text


def test_what_stands_in_the_form_is_a_copy(held: Members, client: FlaskClient, mine: Mine) -> None:
    looked = send(held, client, f"{mine.one}text", areas(client.get(f"{mine.one}text").text))
    assert "this is a copy" in looked.text
    assert send(held, client, f"{mine.one}keep", areas(looked.text)).status_code == 303
    assert stored(held, mine, "1.0.1") == mine.source(version="1.0.1")


def test_files_count_instead_of_the_form(held: Members, client: FlaskClient, mine: Mine) -> None:
    body = io.BytesIO(mine.source(*HEAVIER).document.encode())
    sent = areas(client.get(f"{mine.one}text").text) | {"files": (body, "rubric.toml")}
    assert f"{mine.code} 2.0.0: changes" in send(held, client, f"{mine.one}text", sent).text
    sent = areas(client.get(f"{mine.one}text").text) | {"files": (io.BytesIO(b""), "notes.txt")}
    refused = send(held, client, f"{mine.one}text", sent)
    assert refused.status_code == 422
    assert "notes.txt" in refused.text


def test_an_unsound_text_is_shown_again_with_every_fault(
    held: Members, client: FlaskClient, mine: Mine
) -> None:
    wrong = mine.source(("weight = 60", "weight = 61"), version="1.0.1")
    refused = send(held, client, f"{mine.one}text", fields(wrong))
    assert refused.status_code == 422
    assert "total.weights_sum" in refused.text
    assert areas(refused.text)["rubric.toml"] == wrong.document
    low = send(held, client, f"{mine.one}text", fields(mine.source(*HEAVIER, version="1.1.0")))
    assert "must be at least 2.0.0" in low.text


def test_only_what_was_looked_at_is_kept(held: Members, client: FlaskClient, mine: Mine) -> None:
    looked = areas(send(held, client, f"{mine.one}text", fields(mine.source(*HEAVIER))).text)
    other = fields(mine.source(("points = 50", "points = 40")))
    refused = send(held, client, f"{mine.one}keep", looked | other)
    assert refused.status_code == 409
    assert "This is not what you looked at" in refused.text
    assert client.get(f"{HOME}{mine.code}/2.0.0/").status_code == 404


def test_a_workbook_goes_out_and_comes_back_changed(
    held: Members, client: FlaskClient, mine: Mine
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{mine.one}workbook.xlsx").data))
    page = book["Articles"]
    page["D4"].value, page["D5"].value = 55, 45
    book["About"]["C8"].value = "2.0.0"
    file = io.BytesIO()
    book.save(file)
    sent = {"workbook": (io.BytesIO(file.getvalue()), "small.xlsx")}
    looked = send(held, client, f"{mine.one}workbook", sent)
    assert looked.status_code == 200
    assert f"Changes since {mine.code} 1.0.0: 2." in looked.text
    assert send(held, client, f"{mine.one}keep", areas(looked.text)).status_code == 303
    assert "# a: the first article" in stored(held, mine, "2.0.0").document
    page["D4"].value = "much"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    refused = send(held, client, f"{mine.one}workbook", {"workbook": (file, "small.xlsx")})
    assert refused.status_code == 422
    assert "<b>Articles!D4</b> “much”" in refused.text


def test_a_large_rubric_fits_into_the_forms(held: Members, client: FlaskClient) -> None:
    place = f"{HOME}coc-vn/1.0.0/"
    looked = send(held, client, f"{place}text", areas(client.get(f"{place}text").text))
    assert "this is a copy" in looked.text
    assert send(held, client, f"{place}keep", areas(looked.text)).status_code == 303
