"""Which evidence files are taken: name, first bytes and contents must agree."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from rankings.adapters import evidence
from rankings.adapters.evidence_kinds import BY_ENDING, MAX_BYTES, SENTENCES, Fault, Unfit
from rankings.errors import Invalid
from tests.adapters import evidence_polyglots as polyglots
from tests.adapters.evidence_files import good, others, pdf, picture, word_entries
from tests.adapters.hostile_zips import Entry, pack

TYPES = {**good(), **others()}
ONE_OF_EACH = list(good())


def fault(name: str, body: bytes | Path) -> Fault:
    with pytest.raises(Unfit) as refusal:
        evidence.accept(name, body)
    (problem,) = refusal.value.problems
    assert problem.remedy == SENTENCES[refusal.value.fault] % refusal.value.values
    return refusal.value.fault


@pytest.mark.parametrize("ending", ONE_OF_EACH)
@pytest.mark.parametrize("real", TYPES)
def test_an_ending_must_be_that_of_the_contents(ending: str, real: str) -> None:
    if ending == real:
        taken = evidence.accept(f"letter{ending}", TYPES[real])
        assert taken.media_type == BY_ENDING[ending].media_type
        assert not taken.has_active_content
    else:
        expected = Fault.MISNAMED if real in good() else Fault.OTHER_KIND
        found = fault(f"letter{ending}", TYPES[real])
        assert found == (Fault.OLD_OFFICE if real == "old Office" else expected)


def test_there_are_twelve_real_types_for_six_endings() -> None:
    assert (len(ONE_OF_EACH), len(TYPES)) == (6, 12)


def test_the_remedy_says_what_the_file_really_is() -> None:
    with pytest.raises(Invalid, match=r"is a PNG file, but its name says \.jpg: rename it to \.p"):
        evidence.accept("scan.jpg", picture("PNG"))


@pytest.mark.parametrize("name", ["a.exe", "a.svg", "a.docm", "a", "a.pdf.html", "pdf"])
def test_other_endings_are_not_taken(name: str) -> None:
    assert fault(name, pdf()) == Fault.ENDING


@pytest.mark.parametrize(("more", "taken"), [(-1, True), (0, True), (1, False)])
def test_ten_megabytes_are_the_most(more: int, taken: bool, tmp_path: Path) -> None:
    image = Entry("word/media/a.png", method=0)
    room = MAX_BYTES + more - len(pack([*word_entries(), image]))
    body = pack([*word_entries(), replace(image, content=bytes(room))])
    file = tmp_path / "large.docx"
    file.write_bytes(body)
    assert len(body) == MAX_BYTES + more
    for given in (body, file):
        if taken:
            assert evidence.accept("large.docx", given).size == MAX_BYTES + more
        else:
            assert fault("large.docx", given) == Fault.TOO_LARGE


def test_nothing_is_not_a_file() -> None:
    assert fault("empty.pdf", b"") == Fault.EMPTY


@pytest.mark.parametrize("ending", ONE_OF_EACH)
def test_half_a_file_cannot_be_read(ending: str) -> None:
    body = good()[ending]
    expected = {Fault.DAMAGED, Fault.TWO_IN_ONE}
    assert fault(f"half{ending}", body[: len(body) // 2]) in expected


@pytest.mark.parametrize("ending", ONE_OF_EACH)
def test_a_file_is_known_by_what_came_and_by_what_is_kept(ending: str) -> None:
    body = good()[ending]
    taken = evidence.accept(f"a{ending}", body)
    assert taken.given_sha256 == hashlib.sha256(body).hexdigest()
    assert taken.stored_sha256 == hashlib.sha256(taken.stored).hexdigest()
    assert taken.size == len(taken.stored)
    assert taken.stored == body or taken.media_type.startswith("image/")


@pytest.mark.parametrize("name", polyglots.CLEANED)
def test_what_a_picture_carries_is_gone(name: str) -> None:
    ending, make = polyglots.CLEANED[name]
    body = make()
    taken = evidence.accept(f"picture{ending}", body)
    assert b"payload" in body
    assert b"payload" not in taken.stored
    assert b"PK\x05\x06" not in taken.stored


@pytest.mark.parametrize("name", polyglots.REFUSED)
def test_a_file_that_is_two_things_is_refused(name: str) -> None:
    ending, make = polyglots.REFUSED[name]
    fault(f"letter{ending}", make())


def test_there_are_enough_files_that_are_two_things() -> None:
    assert len(polyglots.CLEANED) + len(polyglots.REFUSED) >= 50
