"""Changing keys: killed at any point, every case opens with exactly one key, and it goes on."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event
from sqlmodel import select

from rankings import complaint_keys_rotation, db
from rankings.adapters import vault
from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import Receipts
from rankings.cli import commands
from rankings.errors import Conflict, Unavailable
from rankings.models import ComplaintCase, ComplaintItem, ComplaintKey, JournalDetail, JournalEntry
from rankings.usecases import associations, complaint_items, complaint_keys, complaint_notes
from rankings.usecases.journal import OPERATOR, Act

NOW = datetime(2026, 3, 1, 3, tzinfo=UTC)
ACT = Act(OPERATOR, NOW)
MONTH, CASES, POINTS = "2026-03", 3, 20
RECEIPTS = Receipts("secret", kibibytes=8, passes=1)


def filled(engine: Engine, folder: Path, many: int = CASES) -> PrivateKeys:
    """An association with a key and cases, one of which an agency has answered."""
    keys = PrivateKeys(folder / "complaint-keys")
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", "VN", "Asia/Bangkok", ACT)
    complaint_keys_rotation.make(engine, folder, keys, "alpha", ACT)
    for number in range(many):
        add(engine, number)
    with db.transaction(engine) as session:
        case = session.exec(select(ComplaintCase)).all()[0]
        said = {"text": "We deny it."}
        complaint_items.add_with_own_key(session, case, vault, "agency_answer", said, MONTH, None)
    return keys


def add(engine: Engine, number: int) -> UUID:
    """A case that came in by the public form."""
    case, receipt = uuid4(), RECEIPTS.open(f"{number:016}")
    report = {"happened": f"story {number}"}
    with db.transaction(engine) as session:
        complaint_items.open_case(session, "alpha", case, report, "web", vault, receipt, MONTH)
    return case


def opened(engine: Engine, keys: PrivateKeys) -> list[str]:
    """What all cases say, each opened by its key; exactly one key opens each."""
    with db.reading(engine) as session:
        rows = list(session.exec(select(ComplaintCase)))
        every = [one.id for one in complaint_keys.of(session, "alpha")]
        said = []
        for case in rows:
            assert [one for one in every if opens(keys, case, one)] == [case.key]
            key = complaint_items.case_key(case, keys.unwrap)
            own = complaint_items.own_box(keys.unwrap, vault)
            found = complaint_items.read(session, case, box(key), own)
            said += [str(next(iter(document.values()))) for _item, document in found]
    return sorted(said)


def box(key: bytes) -> complaint_items.Box:
    return lambda sealed, name: vault.unseal(key, sealed, name)


def opens(keys: PrivateKeys, case: ComplaintCase, key: UUID) -> bool:
    about = complaint_items.about(case.association, case.id)
    try:
        keys.unwrap("alpha", key, case.wrapped_key, about)
    except Unavailable:
        return False
    return True


SAID = sorted([*(f"story {number}" for number in range(CASES)), "We deny it."])


def test_a_new_key_takes_everything_and_the_old_one_goes(engine: Engine, tmp_path: Path) -> None:
    keys = filled(engine, tmp_path)
    before = session_key(engine)
    new = complaint_keys_rotation.rotate(engine, tmp_path, keys, "alpha", ACT)
    assert session_key(engine) == new != before
    assert opened(engine, keys) == SAID
    assert not keys.here("alpha", before)
    add(engine, 99)
    assert opened(engine, keys) == sorted([*SAID, "story 99"])
    with db.reading(engine) as session:
        actions = [one.action for one in session.exec(select(JournalEntry))]
    assert actions.count("added a key of complaints") == 2
    assert actions.count("retired a key of complaints") == 1


def session_key(engine: Engine) -> UUID:
    with db.reading(engine) as session:
        return complaint_keys.wanted(session, "alpha").id


def test_a_key_that_is_needed_is_not_retired(engine: Engine, tmp_path: Path) -> None:
    filled(engine, tmp_path, 1)
    key = session_key(engine)
    with pytest.raises(Conflict, match="still sealed"), db.transaction(engine) as session:
        complaint_keys.retire(session, "alpha", key, ACT)


def test_without_a_key_nothing_can_be_taken_in(engine: Engine) -> None:
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", "VN", "Asia/Bangkok", ACT)
        assert complaint_keys.current(session, "alpha") is None
    with pytest.raises(Conflict, match="no key"):
        add(engine, 1)


def rotate_until(url: str, folder: Path, last: int) -> None:
    """A child process: rotates, and is killed at its step `last`; steps are statements, commits
    and changes of files."""
    engine = db.connect(url)
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, name, step)
    watching = {"os.rename", "os.remove", "os.mkdir"}
    sys.addaudithook(lambda name, _values: step() if name in watching else None)
    complaint_keys_rotation.rotate(
        engine, folder, PrivateKeys(folder / "complaint-keys"), "alpha", ACT
    )
    (folder / "steps").write_text(str(steps))


def child(url: str, folder: Path, last: int) -> int | None:
    process = multiprocessing.get_context("fork").Process(
        target=rotate_until, args=(url, folder, last)
    )
    process.start()
    process.join()
    return process.exitcode


def test_killed_at_twenty_points_every_case_stays_readable(
    migrated_file: Path, tmp_path: Path
) -> None:
    """SEC-VAULT-3: a child process gets signal 9; the next run finishes what it began."""
    first = tmp_path / "first"
    first.mkdir()
    shutil.copy(migrated_file, first / "db.sqlite")
    engine = db.connect(f"sqlite:///{first / 'db.sqlite'}")
    filled(engine, first)
    engine.dispose()
    whole = shutil.copytree(first, tmp_path / "whole")
    assert child(f"sqlite:///{whole / 'db.sqlite'}", whole, 0) == 0
    steps = int((whole / "steps").read_text())
    for point in range(POINTS):
        folder = shutil.copytree(first, tmp_path / str(point))
        url = f"sqlite:///{folder / 'db.sqlite'}"
        assert child(url, folder, 1 + point * (steps - 1) // (POINTS - 1)) == -signal.SIGKILL
        finished(url, folder)


def finished(url: str, folder: Path) -> None:
    """After the kill all is readable, after the next run also, with the one key that is left."""
    engine, keys = db.connect(url), PrivateKeys(folder / "complaint-keys")
    assert opened(engine, keys) == SAID
    complaint_keys_rotation.rotate(engine, folder, keys, "alpha", ACT)
    assert opened(engine, keys) == SAID
    with db.reading(engine) as session:
        left = [one.id for one in complaint_keys.of(session, "alpha") if one.retired_at is None]
        assert {one.key for one in session.exec(select(ComplaintCase))} == set(left)
        needed = {one.key for one in session.exec(select(ComplaintItem))} - {None}
        assert needed == set(left)
        retired = [one for one in session.exec(select(ComplaintKey)) if one.retired_at]
    assert not any(keys.here("alpha", one.id) for one in retired)
    engine.dispose()


def test_new_complaints_are_noted_together_and_once(engine: Engine, tmp_path: Path) -> None:
    filled(engine, tmp_path, 3)
    with db.transaction(engine) as session:
        assert complaint_notes.note(session, "alpha", ACT) == 3
        assert complaint_notes.note(session, "alpha", ACT) == 0
    add(engine, 7)
    with db.transaction(engine) as session:
        assert complaint_notes.note(session, "alpha", ACT) == 1
    with db.reading(engine) as session:
        entries = session.exec(
            select(JournalDetail)
            .join(JournalEntry, JournalEntry.id == JournalDetail.entry)  # type: ignore[arg-type]
            .where(JournalEntry.action == complaint_notes.ACTION)
        ).all()
        assert sorted(one.details["complaints"] for one in entries) == [1, 3]
        ids = [str(one) for one in session.exec(select(ComplaintCase.id))]
    assert not any(one in str(entries) for one in ids)


def test_a_case_that_was_taken_out_leaves_its_digest(engine: Engine, tmp_path: Path) -> None:
    filled(engine, tmp_path, 1)
    gone = add(engine, 7)
    with db.transaction(engine) as session:
        complaint_notes.note(session, "alpha", ACT)
        assert complaint_notes.missing(session, "alpha") == []
        for item in session.exec(select(ComplaintItem).where(ComplaintItem.case == gone)):
            session.delete(item)
        session.flush()
        session.delete(session.get_one(ComplaintCase, {"association": "alpha", "id": gone}))
        session.flush()
        assert complaint_notes.missing(session, "alpha") == [complaint_notes.digest("alpha", gone)]


@pytest.fixture
def command(migrated_file: Path, tmp_path: Path) -> Callable[..., str]:
    """The command line over a database with one association."""
    shutil.copy(migrated_file, tmp_path / "db.sqlite")
    engine = db.connect(f"sqlite:///{tmp_path / 'db.sqlite'}")
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", "VN", "Asia/Bangkok", ACT)
    engine.dispose()
    environ = {
        "RANKINGS_SECRET_KEY": "secret",
        "RANKINGS_DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite'}",
        "RANKINGS_DATA": str(tmp_path / "data"),
        "RANKINGS_KEYS": str(tmp_path / "keys"),
        "RANKINGS_BASE_URL": "http://x",
        "RANKINGS_EVIDENCE": str(tmp_path / "evidence"),
    }

    def run(*arguments: str, desk: bool = True) -> str:
        more = {"RANKINGS_COMPLAINT_KEYS": str(tmp_path / "complaint-keys") if desk else ""}
        result = CliRunner().invoke(
            commands, ["complaint", *arguments, "--association", "alpha"], env=environ | more
        )
        return f"{result.exit_code} {result.output}"

    return run


def test_the_operator_makes_lists_and_rotates_keys(command: Callable[..., str]) -> None:
    assert "RANKINGS_COMPLAINT_KEYS is not set" in command("key", "make", desk=False)
    assert command("key", "make").startswith("0 ")
    assert "rotate it" in command("key", "make")
    assert "in use, private half here" in command("key", "list")
    assert "in use, private half elsewhere" in command("key", "list", desk=False)
    assert command("key", "rotate").startswith("0 ")
    listed = command("key", "list")
    assert "retired 2" in listed
    assert listed.count("private half here") == 1
    assert "0 complaints since" in command("note")
