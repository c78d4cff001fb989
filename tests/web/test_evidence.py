"""Evidence in the browser: handed in, shown, taken away, and downloaded without any risk."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from rankings import db
from rankings.adapters.evidence_kinds import SENTENCES, Fault, Unfit
from rankings.adapters.evidence_names import safe
from rankings.adapters.evidence_store import Store
from rankings.models import Evidence
from rankings.usecases import evidence, journal, self_assessments
from rankings.web import evidence_words
from rankings.web.evidence import disposition
from tests.adapters.evidence_files import good, pdf, picture, word
from tests.adapters.test_evidence_names import HOSTILE
from tests.web import desk_pages, members
from tests.web.members import INDICATOR, OTHER, OURS, OWN, TODAY, Members, address
from tests.web.reading import read
from tests.web.serving import stop

QUESTION = address("questions", INDICATOR)
FILES = address("questions", INDICATOR, "evidence")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Accept-Ranges": "bytes",
}


@pytest.fixture(scope="module")
def desks(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("evidence")) as found:
        yield found


@pytest.fixture
def held(desks: Members) -> Iterator[Members]:
    """The answer has no other file than the one from the start, before and after a test."""
    yield desks
    with db.transaction(desks.engine) as session:
        for one in kept(desks):
            session.delete(session.get_one(Evidence, (OURS, one.id)))


@pytest.fixture
def member(held: Members) -> FlaskClient:
    return held.client("agency_member")


def send(held: Members, client: FlaskClient, *files: tuple[str, bytes]) -> TestResponse:
    sent = [(io.BytesIO(body), name) for name, body in files]
    return client.post(FILES, data={"csrf_token": held.token, "files": sent})


def kept(held: Members) -> list[Evidence]:
    """The files of the answer, without the one that has been there from the start."""
    with db.reading(held.engine) as session:
        cycle, agency = self_assessments.find(session, OURS, members.CYCLE, OWN)
        found = evidence.of(session, cycle, agency.id).get(INDICATOR, [])
    return [one for one in found if one.id != held.things[OURS, OWN]["id"]]


def store(held: Members) -> Store:
    return Store(held.app.extensions["settings"].evidence)


def test_handed_in_files_stand_at_the_question(held: Members, member: FlaskClient) -> None:
    answer = send(held, member, ("Giấy phép.pdf", pdf()), ("photo.JPG", picture("JPEG")))
    assert (answer.status_code, answer.location) == (303, f"{QUESTION}#evidence")
    assert {one.name for one in kept(held)} == {"Giấy phép.pdf", "photo.jpg"}
    page = member.get(FILES).text
    for one in kept(held):
        assert one.given_by == held.accounts["agency_member"]
        for shown in (one.name, one.given_sha256[:12], "handed in by agency_member", "kB"):
            assert shown in page
        assert f"{FILES}/{one.id}/remove" in page
    question = member.get(QUESTION).text
    assert "Giấy phép.pdf" in question
    assert 'enctype="multipart/form-data"' in question


def test_good_files_are_taken_and_bad_ones_named(held: Members, member: FlaskClient) -> None:
    answer = send(held, member, ("a.pdf", pdf()), ("b.jpg", picture("PNG")), ("c.exe", b"MZ"))
    assert answer.status_code == 422
    assert [one.name for one in kept(held)] == ["a.pdf"]
    errors = " ".join(one.text for one in read(answer.text).all("div") if "errors" in one.classes)
    assert "b.jpg is a PNG file, but its name says .jpg: rename it to .png" in errors
    assert "c.exe is of a kind that is not taken" in errors
    assert 'aria-describedby="files-hint files-wrong-1 files-wrong-2"' in answer.text


def test_no_file_is_no_answer(held: Members, member: FlaskClient) -> None:
    for files in ([], [("", b"")]):
        answer = send(held, member, *files)
        assert answer.status_code == 422
        assert "Choose at least one file." in answer.text


def test_the_same_file_twice_is_one(held: Members, member: FlaskClient) -> None:
    for _ in range(2):
        assert send(held, member, ("a.pdf", pdf()), ("b.pdf", pdf())).status_code == 303
    assert [one.name for one in kept(held)] == ["a.pdf"]


def test_an_eleventh_file_is_refused_in_words(held: Members, member: FlaskClient) -> None:
    files = [(f"{n}.docx", word({"docProps/app.xml": f"<n>{n}</n>"})) for n in range(10)]
    answer = send(held, member, *files)
    assert answer.status_code == 409
    assert "An answer has at most 10 files. Remove one first." in answer.text
    assert kept(held) == []


def test_a_file_is_taken_away(held: Members, member: FlaskClient) -> None:
    send(held, member, ("a.pdf", pdf()))
    (one,) = kept(held)
    answer = member.post(f"{FILES}/{one.id}/remove", data={"csrf_token": held.token})
    assert (answer.status_code, answer.location) == (303, f"{QUESTION}#evidence")
    assert kept(held) == []
    assert member.get(f"{FILES}/{one.id}").status_code == 404


def test_a_warning_stands_beside_what_could_act(held: Members, member: FlaskClient) -> None:
    body = pdf().replace(b"/Producer", b"/OpenAction <</S /Launch>> /Producer")
    send(held, member, ("a.pdf", body))
    assert kept(held)[0].has_active_content
    assert "It holds scripts or attached files." in member.get(FILES).text


def download(client: FlaskClient, one: UUID, **headers: str) -> TestResponse:
    return client.get(f"{FILES}/{one}", headers=headers, buffered=True)


@pytest.mark.parametrize("ending", good())
def test_every_kind_is_downloaded_and_never_shown(
    held: Members, member: FlaskClient, ending: str
) -> None:
    send(held, member, (f"Hợp đồng{ending}", good()[ending]))
    (one,) = kept(held)
    answer = download(member, one.id)
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Content-Type"] == one.media_type
    assert answer.headers["Content-Length"] == str(one.size) == str(len(answer.data))
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename*=UTF-8''H%E1%BB%A3p%20%C4%91%E1%BB%93ng{ending}"
    )
    assert "ETag" not in answer.headers
    with store(held).open(one.stored_sha256) as file:
        assert answer.data == file.read()


def test_a_part_and_the_head_are_had_like_the_whole(held: Members, member: FlaskClient) -> None:
    send(held, member, ("a.pdf", pdf()))
    (one,) = kept(held)
    part = download(member, one.id, Range="bytes=1-4")
    assert (part.status_code, part.data) == (206, b"PDF-")
    assert part.headers["Content-Range"] == f"bytes 1-4/{one.size}"
    assert part.headers["Content-Length"] == "4"
    assert {name: part.headers.get(name) for name in HEADERS} == HEADERS
    head = member.head(f"{FILES}/{one.id}", buffered=True)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(one.size)
    beyond = download(member, one.id, Range=f"bytes={one.size}-")
    assert beyond.status_code == 416


MAY = ("agency_member", "agency_signatory", "auditor", "lead_auditor", "secretariat")
WHO: dict[str | None, int] = {
    **dict.fromkeys(MAY, 200),
    "case_officer": 403,
    "regulator": 403,
    "stranger": 404,
    "theirs": 404,
    None: 303,
}


def test_whoever_may_not_have_a_file_gets_no_part_of_it(held: Members, member: FlaskClient) -> None:
    send(held, member, ("secret.pdf", pdf()))
    (one,) = kept(held)
    for who, status in WHO.items():
        client = held.client(who)
        place = f"{FILES}/{one.id}"
        answers = [
            client.get(place, buffered=True),
            client.get(place, headers={"Range": "bytes=0-3"}, buffered=True),
            client.head(place, buffered=True),
        ]
        expected = [200, 206, 200] if status == 200 else [status] * 3
        assert [answer.status_code for answer in answers] == expected, who
        if status != 200:
            for answer in answers:
                assert "secret.pdf" not in str(answer.headers)
                assert b"%PDF" not in answer.data


def test_a_file_is_had_at_its_own_place_only(held: Members, member: FlaskClient) -> None:
    send(held, member, ("a.pdf", pdf()))
    (one,) = kept(held)
    other = address("questions", INDICATOR, "evidence", str(one.id), agency=OTHER)
    for path in (other, f"{address('questions', '1.2', 'evidence')}/{one.id}"):
        assert held.client("auditor").get(path).status_code == 404
        assert member.get(path).status_code == 404


@pytest.mark.parametrize("name", sorted({"a.pdf", *HOSTILE.values()}))
def test_a_name_is_one_name_in_the_header(name: str) -> None:
    parsed = re.fullmatch(r"attachment; filename\*=UTF-8''([A-Za-z0-9%._~-]+)", disposition(name))
    assert parsed
    assert unquote(parsed[1]) == name


def test_a_hostile_name_is_plain_in_the_header(held: Members, member: FlaskClient) -> None:
    for name in ("../a\u202e%0D%0Ab: c.pdf", "..\\x'; filename=y.pdf", "\0" * 300 + "ខ.pdf"):
        send(held, member, (name, pdf()))
        (one,) = kept(held)
        answer = download(member, one.id)
        assert answer.headers.getlist("Content-Disposition") == [disposition(one.name)]
        assert one.name == safe(name)
        member.post(f"{FILES}/{one.id}/remove", data={"csrf_token": held.token})


def test_a_file_that_is_lost_or_damaged_is_not_there_now(
    held: Members, member: FlaskClient
) -> None:
    send(held, member, ("a.pdf", pdf()))
    (one,) = kept(held)
    path = store(held).path(one.stored_sha256)
    for damage in (lambda: path.write_bytes(b"other"), path.unlink):
        damage()
        assert download(member, one.id).status_code == 503


def test_the_page_says_what_the_reader_of_files_says(held: Members) -> None:
    values = {"found": "PNG", "ending": ".jpg", "right": ".png"}
    with held.app.test_request_context("/alpha/en/"):
        for fault in Fault:
            said = evidence_words.sentence(Unfit(fault, "a.jpg", **values))
            assert said == SENTENCES[fault] % values


@pytest.fixture
def fresh(engine: Engine, tmp_path: Path) -> Iterator[Members]:
    """On both engines, for what cannot be undone."""
    found = members.members(engine, tmp_path)
    yield found
    stop(found.app)


def test_after_submission_files_are_only_read(fresh: Members) -> None:
    member = fresh.client("agency_member")
    assert send(fresh, member, ("a.pdf", pdf())).status_code == 303
    (one,) = kept(fresh)
    submitted(fresh)
    assert send(fresh, member, ("b.pdf", pdf())).status_code == 409
    token = {"csrf_token": fresh.token}
    assert member.post(f"{FILES}/{one.id}/remove", data=token).status_code == 409
    page = member.get(FILES).text
    assert "a.pdf" in page
    assert '<input type="file"' not in page
    assert "/remove" not in page
    assert member.get(f"{FILES}/{one.id}", buffered=True).status_code == 200


def submitted(held: Members) -> None:
    with db.transaction(held.engine) as session:
        place = self_assessments.find(session, OURS, members.CYCLE, OWN)
        act = journal.Act(str(held.accounts["agency_signatory"]), TODAY)
        self_assessments.submit(session, *place, act)
