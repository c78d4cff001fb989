"""Sealing: every entry joins one chain once, whoever writes and whoever is killed."""

import logging
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import Session, func, select

from rankings import db, journal_heads, journaling
from rankings.models import JournalEntry, JournalSeal
from rankings.usecases import journal, journal_check
from rankings.usecases.journal_chain import EMPTY
from rankings.usecases.journal_check import Report, Witness
from tests.usecases import ledger
from tests.usecases.ledger import NOW, by

ROOT = Path(__file__).resolve().parents[1]
WRITERS, EACH = 32, 200
# Notes an entry and kills itself before it is sealed, or before the seal is kept.
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from sqlmodel import Session
from rankings import db, journaling
from rankings.usecases import journal
from rankings.usecases.journal import Act

url, data, when = sys.argv[1:]
engine = db.connect(url)

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def work(session):
    act = Act("nobody", datetime(2026, 7, 1, 3, tzinfo=UTC))
    journal.record(session, "alpha", act, "saved an answer", "the last one")

db.run(engine, work)
if when == "before sealing":
    kill()
event.listen(Session, "before_commit" if when == "while sealing" else "after_commit", kill)
journaling.seal(engine, Path(data), "alpha")
"""


def note(engine: Engine, data: Path, about: str = "x", association: str = "alpha") -> None:
    journaling.note(engine, data, association, by(), "was refused", about, {"status": 403})


def report(engine: Engine, data: Path, association: str = "alpha") -> Report:
    kept = journal_heads.read(data, association)
    with db.reading(engine) as session:
        return journal_check.check(session, association, [Witness("the file", kept)])


def whole(engine: Engine, data: Path, many: int) -> None:
    """The journal has so many entries, all sealed and without a fault, up to the kept head."""
    found = report(engine, data)
    assert (found.entries, found.waiting, found.faults) == (many, 0, [])
    assert journal_heads.read(data, "alpha") == found.head


def test_32_writers_and_sealers_make_one_chain_without_a_gap(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On SQLite they come one after the other, which on a busy machine takes its time.
    monkeypatch.setattr(db, "BUSY_MILLISECONDS", 120_000)
    step = 20 if engine.dialect.name == "sqlite" else 1

    def write(writer: int) -> None:
        for first in range(0, EACH, step):

            def work(session: Session, first: int = first) -> None:
                for number in range(first, first + step):
                    journal.record(session, "alpha", by(), "saved", f"{writer} {number}")

            db.run(engine, work)
            if first % 80 == writer % 4 * 20:
                journaling.seal(engine, tmp_path, "alpha")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    journaling.seal(engine, tmp_path, "alpha")
    whole(engine, tmp_path, WRITERS * EACH)
    with db.reading(engine) as session:
        abouts = set(session.exec(select(JournalEntry.about)))
        last = session.exec(select(func.max(JournalSeal.number))).one()
    assert abouts == {f"{writer} {number}" for writer in range(WRITERS) for number in range(EACH)}
    assert last == WRITERS * EACH


def test_without_an_entry_there_is_no_head(engine: Engine, tmp_path: Path) -> None:
    assert journaling.seal(engine, tmp_path, "alpha") is None
    assert journal_heads.read(tmp_path, "alpha") == EMPTY
    assert journal_heads.names(tmp_path) == set()


@pytest.mark.parametrize("when", ["before sealing", "while sealing", "after sealing"])
def test_what_a_killed_process_left_is_taken_up_by_the_next_seal(
    engine: Engine, tmp_path: Path, when: str
) -> None:
    note(engine, tmp_path)
    url = engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, str(tmp_path), when],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert journal_heads.read(tmp_path, "alpha").number == 1
    head = journaling.seal(engine, tmp_path, "alpha")
    assert head is not None
    assert head.number == 2
    whole(engine, tmp_path, 2)


def test_a_refusal_is_noted_though_its_own_transaction_was_undone(
    engine: Engine, tmp_path: Path
) -> None:
    def refused(session: Session) -> None:
        ledger.write(session, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.run(engine, refused)
    note(engine, tmp_path, "POST agency.save_answer")
    with db.reading(engine) as session:
        entry = session.exec(select(JournalEntry)).one()
    assert (entry.action, entry.about) == ("was refused", "POST agency.save_answer")
    assert (entry.who, entry.at) == (journal.NOBODY, NOW)
    whole(engine, tmp_path, 1)


def test_where_the_database_does_not_answer_the_log_has_what_was_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = db.connect(f"sqlite:///{tmp_path / 'nowhere' / 'db.sqlite'}")
    with caplog.at_level(logging.ERROR):
        note(engine, tmp_path, "POST agency.submit")
    assert "not in the journal: nobody was refused POST agency.submit" in caplog.text
    engine.dispose()


def test_a_change_is_sealed_and_its_value_comes_back(engine: Engine, tmp_path: Path) -> None:
    def work(session: Session) -> int:
        for association in ("alpha", "beta"):
            ledger.write(session, 1, association)
        return 5

    assert journaling.run(engine, tmp_path, work) == 5
    assert journal_heads.names(tmp_path) == {"alpha", "beta"}
    whole(engine, tmp_path, 1)


def test_a_change_is_kept_also_where_it_cannot_be_sealed(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    journaling.run(engine, tmp_path / "file", lambda session: ledger.write(session, 1))
    assert "not sealed yet: alpha" in caplog.text
    assert report(engine, tmp_path).waiting == 1


def test_sealing_waits_for_no_writer(postgresql: Engine, tmp_path: Path) -> None:
    with db.transaction(postgresql) as session:
        ledger.write(session, 1)
        note(postgresql, tmp_path)
        assert journal_heads.read(tmp_path, "alpha").number == 1


def test_a_failed_seal_lets_its_lock_go(postgresql: Engine, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), db.sealing(postgresql, "alpha"):
        raise ZeroDivisionError
    note(postgresql, tmp_path)
    with db.reading(postgresql) as session:
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        held = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {here}"
        assert session.execute(text(held)).scalar_one() == 0


def test_a_seal_sees_all_that_ended_before_it_began(postgresql: Engine, tmp_path: Path) -> None:
    """The lock is older than the transaction: who waited for it sees what came meanwhile."""
    begun: list[str] = []
    event.listen(postgresql, "before_cursor_execute", lambda *told: begun.append(told[2]))
    with ThreadPoolExecutor(1) as pool:
        with db.sealing(postgresql, "alpha"):
            other = pool.submit(journaling.seal, postgresql, tmp_path, "alpha")
            while sum("pg_advisory_lock" in one for one in begun) < 2:
                pass
            with db.transaction(postgresql) as session:
                ledger.write(session, 1)
        head = other.result(30)
    assert head is not None
    assert head.number == 1
