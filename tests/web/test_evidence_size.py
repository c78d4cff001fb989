"""Uploads that are too large: refused early, in words, and nothing of them stays."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import EnvironBuilder, FlaskClient
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from rankings.adapters.evidence_kinds import MAX_BYTES
from rankings.web.evidence import MAX_REQUEST
from tests.web import desk_pages
from tests.web.members import INDICATOR, Members, address

QUESTION = address("questions", INDICATOR)
FILES = address("questions", INDICATOR, "evidence")
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def desks(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("large")) as found:
        yield found


@pytest.fixture
def member(desks: Members) -> FlaskClient:
    return desks.client("agency_member")


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where parts of requests are kept for a while; nothing is left there."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield
    assert not list(folder.iterdir())


class Stream(io.RawIOBase):
    """A body without an end that counts what was read of it."""

    def __init__(self, start: bytes) -> None:
        self.start, self.read_bytes = start, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = (self.start + b"x" * len(buffer))[: len(buffer)]
        self.start = self.start[len(piece) :]
        buffer[: len(piece)] = piece
        self.read_bytes += len(piece)
        return len(piece)


def pour(member: FlaskClient, length: int | None, start: bytes = b"") -> tuple[Response, int]:
    """A request of 2 GB, or of what it says; without a length it comes in chunks."""
    stream, form = Stream(start), "multipart/form-data; boundary=b"
    builder = EnvironBuilder(member.application, FILES, method="POST", content_type=form)
    environ = builder.get_environ() | {"wsgi.input": io.BufferedReader(stream, 1024)}
    cookie = member.get_cookie("rankings")
    assert cookie
    environ["HTTP_COOKIE"] = f"rankings={cookie.value}"
    if length is None:
        environ["wsgi.input_terminated"] = True
    else:
        environ["CONTENT_LENGTH"] = str(length)
    answer = Response(*run_wsgi_app(member.application, environ))
    return answer, stream.read_bytes


FILE = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'


@pytest.mark.parametrize("length", [MAX_REQUEST + 1, 2_000_000_000, None])
def test_what_is_too_large_is_refused_early_and_in_words(
    member: FlaskClient, length: int | None
) -> None:
    answer, seen = pour(member, length, FILE)
    assert answer.status_code == 413
    assert seen <= (0 if length else MAX_REQUEST + MEGABYTE)
    assert len(answer.get_data()) < 7_000
    assert "At most 10 MB in one file and 25 MB at a time" in answer.get_data(as_text=True)
    assert f'href="{QUESTION}"' in answer.get_data(as_text=True)


def test_no_more_is_read_than_a_request_says_it_has(member: FlaskClient) -> None:
    answer, seen = pour(member, 200, FILE)
    assert answer.status_code == 400
    assert seen <= 2_048


def test_too_many_parts_are_too_much(member: FlaskClient) -> None:
    fields = {f"field{number}": "x" for number in range(30)}
    answer = member.post(FILES, data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413


@pytest.mark.parametrize(("more", "status"), [(0, "damaged"), (1, "large")])
def test_one_file_that_is_too_large_is_named(
    desks: Members, member: FlaskClient, more: int, status: str
) -> None:
    token = b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
    token += desks.token.encode() + b"\r\n"
    file = b"%PDF-" + bytes(MAX_BYTES - 5 + more)
    answer = member.post(
        FILES,
        data=token + FILE + file + b"\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code == 422
    words = {"damaged": "cannot be read", "large": "is larger than 10 MB"}
    assert words[status] in answer.text
