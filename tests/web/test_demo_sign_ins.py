"""The demonstration's sign-ins: what the command prints opens the pages of each role."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rankings import demo, demo_people, demo_verification
from rankings.app import create_app
from rankings.web.access import ROLES
from tests.web import demonstration
from tests.web.serving import stop

LINE = re.compile(r"  (\w+) +(\S+@demo\.example) +(\S+) +(\d{6})")
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
DOOR = "/account/en/sign-in"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration as it is served, with its own clock standing still."""
    app = create_app(demonstration.copied(tmp_path_factory.mktemp("people") / "demo"))
    app.config["DEMONSTRATION"] = True
    app.extensions["clock"] = lambda: demo_people.TODAY
    yield app
    stop(app)


@pytest.fixture(scope="module")
def said(shown: Flask) -> dict[str, tuple[str, str, str]]:
    """Email, password and code of each account, as they are printed."""
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("click.echo", lambda line: lines.append(line))
        engine, sealer = shown.extensions["engine"], shown.extensions["sealer"]
        demo.tell_sign_ins(engine, sealer, demo_people.TODAY)
    found = [LINE.fullmatch(line) for line in lines]
    return {one[1]: (one[2], one[3], one[4]) for one in found if one}


def sent(client: FlaskClient, page: str, **fields: str) -> str:
    """Sends the form of a page; where that leads."""
    token = TOKEN.search(client.get(page).text)
    assert token is not None
    answer = client.post(page, data=fields | {"csrf_token": token[1]})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_there_is_a_sign_in_for_each_role(said: dict[str, tuple[str, str, str]]) -> None:
    assert sorted(said) == sorted(demo_people.PEOPLE)
    assert set(demo_people.PEOPLE.values()) == {*ROLES, "operator"}


@pytest.mark.parametrize("name", demo_people.PEOPLE)
def test_what_is_printed_opens_the_desk(
    shown: Flask, said: dict[str, tuple[str, str, str]], name: str
) -> None:
    email, password, code = said[name]
    client = shown.test_client()
    assert sent(client, DOOR, email=email, password=password).endswith("/account/en/code")
    assert code in client.get("/account/en/code").text
    sent(client, "/account/en/code", code=code)
    page = "/account/en/platform" if name == "operator" else "/vidu/staff/"
    assert client.get(page).status_code == 200


def test_the_code_is_told_in_a_demonstration_only(
    said: dict[str, tuple[str, str, str]], tmp_path: Path
) -> None:
    app = create_app(demonstration.copied(tmp_path / "demo"))
    app.extensions["clock"] = lambda: demo_people.TODAY
    email, password, code = said["auditor"]
    client = app.test_client()
    sent(client, DOOR, email=email, password=password)
    assert code not in client.get("/account/en/code").text
    stop(app)


@pytest.mark.parametrize("receipt", demo_verification.receipts(), ids=lambda one: one.story)
def test_a_printed_receipt_opens_what_was_asked(
    shown: Flask, receipt: demo_verification.ReceiptLine
) -> None:
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("click.echo", lines.append)
        demo.tell_receipts("http://localhost")
    place = re.search(r"http://localhost(/\S+)", lines[0])
    assert place is not None
    assert f"  {receipt.digits}  ({receipt.story})" in lines
    client = shown.test_client()
    token = re.search(r'name="token" value="([^"]+)"', client.get(place[1]).text)
    assert token is not None
    page = client.post(place[1], data={"token": token[1], "number": receipt.digits})
    assert page.status_code == 200
    assert {"asked": "Cửa bị khóa", "answered question": "tin nhắn"}[receipt.story] in page.text
