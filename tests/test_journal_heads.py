"""Head files: they follow the chain, never go back, and keep the proof where it was changed."""

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from rankings import db, journal_heads, journaling
from rankings.errors import Invalid
from rankings.usecases import journal
from rankings.usecases.journal_chain import EMPTY, Head
from tests.test_journaling import note, report, whole


def test_the_head_lies_in_a_file_for_each_journal(engine: Engine, tmp_path: Path) -> None:
    for association in ("alpha", "beta", journal.NO_ASSOCIATION):
        note(engine, tmp_path, association=association)
        head = journaling.seal(engine, tmp_path, association)
        assert head == journal_heads.read(tmp_path, association)
        assert head is not None
        assert head.number == 1
    folder = tmp_path / "journal"
    assert {one.name for one in folder.iterdir()} == {"alpha.head", "beta.head", "_.head"}
    said = json.loads((folder / "alpha.head").read_text("utf-8"))
    assert said["number"] == 1
    assert journal_heads.names(tmp_path) == {"alpha", "beta", ""}


def damaged(engine: Engine, statement: str) -> None:
    """Somebody with rights on the database was there."""
    with db.migrating(engine) as connection:
        for part in statement.split(";"):
            connection.execute(text(part))


CUT_OFF = (
    "DELETE FROM journal_seal WHERE number = 3; DELETE FROM journal_detail;"
    "DELETE FROM journal_entry WHERE id NOT IN (SELECT entry FROM journal_seal)"
)


def test_the_kept_head_never_goes_back(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        note(engine, tmp_path, str(number))
    kept = journal_heads.read(tmp_path, "alpha")
    damaged(engine, CUT_OFF)
    head = journaling.seal(engine, tmp_path, "alpha")
    assert head is not None
    assert head.number == 2
    assert journal_heads.read(tmp_path, "alpha") == kept
    assert "verify it" in caplog.text


def test_a_head_that_the_chain_no_longer_holds_is_not_overwritten(
    engine: Engine, tmp_path: Path
) -> None:
    for number in range(3):
        note(engine, tmp_path, str(number))
    kept = journal_heads.read(tmp_path, "alpha")
    damaged(engine, CUT_OFF)
    for number in range(3, 6):
        note(engine, tmp_path, str(number))
    assert journal_heads.read(tmp_path, "alpha") == kept
    (fault,) = report(engine, tmp_path).faults
    assert fault == "number 3: the file has another hash: the journal was computed anew"


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b"{}", b'{"association":"beta","number":1,"hash":"x"}']
)
def test_a_damaged_head_file_stays_as_it_is_and_sealing_goes_on(
    engine: Engine, tmp_path: Path, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    note(engine, tmp_path)
    file = tmp_path / "journal" / "alpha.head"
    file.write_bytes(body)
    note(engine, tmp_path)
    assert file.read_bytes() == body
    assert "damaged" in caplog.text
    with pytest.raises(Invalid):
        journal_heads.read(tmp_path, "alpha")


@pytest.mark.parametrize("association", ["../alpha", "Alpha", "_", "a/b", "\0"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, association: str) -> None:
    with journal_heads.alone(tmp_path):
        journal_heads.write(tmp_path, association, Head(1, "x"))
    assert list((tmp_path / "journal").iterdir()) == []
    assert journal_heads.read(tmp_path, association) == EMPTY


def test_a_head_that_cannot_be_written_leaves_the_former_one(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    note(engine, tmp_path)
    before = journal_heads.read(tmp_path, "alpha")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        note(engine, tmp_path)
    assert "could not be kept" in caplog.text
    assert journal_heads.read(tmp_path, "alpha") == before
    assert [one.name for one in (tmp_path / "journal").iterdir()] == ["alpha.head"]
    journaling.seal(engine, tmp_path, "alpha")
    whole(engine, tmp_path, 2)
