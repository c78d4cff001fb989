"""The journal: what is noted is chained, and no hand goes over it unnoticed."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, event, text, update
from sqlmodel import Session, select

from rankings import db
from rankings.models import JournalDetail, JournalEntry, JournalSeal
from rankings.usecases import journal, journal_chain, journal_check
from rankings.usecases.journal_chain import EMPTY, Head
from rankings.usecases.journal_check import Report, Witness
from tests.usecases import ledger
from tests.usecases.ledger import NOW, ON_BOTH, TAMPERING, Ledger, Tamper, by

MANY, PLACES = 24, 500


class Undo(Exception):
    """Ends a change that is not wanted."""


def heads(session: Session) -> list[Witness]:
    """What a head file and an edition would hold: the last head, and one of the middle."""
    middle = session.exec(
        select(JournalSeal.hash).where(
            JournalSeal.association == "alpha", JournalSeal.number == MANY // 2
        )
    ).one()
    last = journal_chain.head(session, "alpha")
    return [Witness("the head file", last), Witness("edition 1", Head(MANY // 2, middle))]


def checked(session: Session, witnesses: Sequence[Witness] = ()) -> list[Report]:
    """The report of every journal; the heads are alpha's."""
    names = sorted(journal_check.names(session) | {"alpha"})
    return [
        journal_check.check(session, name, witnesses if name == "alpha" else ()) for name in names
    ]


def faults(session: Session, witnesses: Sequence[Witness] = ()) -> list[str]:
    return [fault for report in checked(session, witnesses) for fault in report.faults]


@pytest.fixture
def book(engine: Engine) -> Iterator[Ledger]:
    """A sealed journal in a transaction that does not watch foreign keys on SQLite."""
    with db.transaction(engine) as session:
        ledger.fill(session, MANY)
    with db.migrating(engine) as connection, Session(connection) as session:
        yield Ledger(session, MANY, Random(1))


def tampered(book: Ledger, tamper: Tamper) -> list[str]:
    """What is found of a change, which is undone."""
    witnesses = heads(book.session)
    try:
        with book.session.begin_nested():
            tamper(book)
            found = faults(book.session, witnesses)
            raise Undo
    except Undo:
        book.session.expunge_all()
    return found


def test_an_untouched_journal_has_no_fault_and_every_head_is_found(book: Ledger) -> None:
    (report,) = checked(book.session, heads(book.session))
    assert (report.entries, report.waiting, report.erased, report.faults) == (MANY, 0, 0, [])
    assert report.head == journal_chain.head(book.session, "alpha")
    assert report.found == ["edition 1", "the head file"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_tampering_at_any_place_is_found(book: Ledger) -> None:
    missed = [
        (number, tamper.__name__)
        for number in range(PLACES)
        if not tampered(book, tamper := TAMPERING[number % len(TAMPERING)])
    ]
    assert missed == []
    assert faults(book.session, heads(book.session)) == []


@pytest.mark.parametrize("tamper", ON_BOTH, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_on_both_databases(book: Ledger, tamper: Tamper) -> None:
    assert tampered(book, tamper)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE journal_entry SET who = 'x' WHERE about LIKE '%00004'", "number 5: was changed"),
        ("UPDATE journal_seal SET hash = 'x' WHERE number = 5", "number 5: was changed"),
        ("UPDATE journal_seal SET hash = 'x' WHERE number = 5", "number 6: does not follow"),
        ("DELETE FROM journal_seal WHERE number = 5", "number 5 is missing"),
        ("DELETE FROM journal_seal WHERE number IN (5, 6)", "numbers 5 to 6 are missing"),
        ("DELETE FROM journal_seal WHERE number > 20", "numbers 21 to 24 are missing: the head"),
        ("UPDATE journal_detail SET salt = 'x'", "number 5: the details were changed"),
        ("DELETE FROM journal_seal", "edition 1 tells of them, so the end was cut off"),
    ],
)
def test_a_fault_is_told_with_its_number(book: Ledger, statement: str, words: str) -> None:
    found = tampered(book, lambda book: book.run(statement))
    assert any(words in fault for fault in found), found


def test_a_chain_computed_anew_is_found_by_the_heads_alone(book: Ledger) -> None:
    def compute(book: Ledger) -> None:
        book.entry(5, "about = 'another'")
        ledger.reseal(book.session)
        assert faults(book.session) == []

    found = tampered(book, compute)
    assert found == [
        f"number {number}: {where} has another hash: the journal was computed anew"
        for number, where in ((12, "edition 1"), (24, "the head file"))
    ]


def test_erased_details_leave_the_chain_valid_and_are_counted(book: Ledger) -> None:
    book.run("DELETE FROM journal_detail WHERE details IS NOT NULL")
    (report,) = checked(book.session, heads(book.session))
    assert (report.erased, report.faults) == (MANY, [])


def test_changed_details_of_an_entry_that_waits_are_found(engine: Engine) -> None:
    with db.transaction(engine) as session:
        ledger.write(session, 1)
        session.execute(text("UPDATE journal_detail SET salt = 'x'"))
        (report,) = checked(session)
    assert report.waiting == 1
    assert "not sealed yet: the details were changed" in report.faults[0]


def test_the_program_itself_changes_no_entry(engine: Engine) -> None:
    with db.transaction(engine) as session:
        ledger.fill(session, 1)
    for table in (JournalEntry, JournalSeal):
        for change in (update(table).values(association="beta"), delete(table)):
            with pytest.raises(db.WrittenOnce), db.transaction(engine) as session:
                session.execute(change)


def test_a_stranger_computes_the_chain_from_a_dump(engine: Engine) -> None:
    """By the rules of docs/journal.md, with nothing of ours."""
    with db.transaction(engine) as session:
        ledger.fill(session, 3)
        previous = "0" * 64
        for number in (1, 2, 3):
            seal = session.get_one(JournalSeal, ("alpha", number))
            entry = session.get_one(JournalEntry, ("alpha", seal.entry))
            held = session.get_one(JournalDetail, ("alpha", seal.entry))
            covered = {
                "association": "alpha",
                "number": number,
                "entry": str(entry.id),
                "at": entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
                "who": entry.who,
                "action": entry.action,
                "about": entry.about,
                "digest": hashlib.sha256(held.salt.encode() + dumped(held.details)).hexdigest(),
                "previous": previous,
            }
            previous = hashlib.sha256(dumped(covered)).hexdigest()
            assert seal.hash == previous


def dumped(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def test_entries_are_chained_by_time_and_each_journal_by_itself(engine: Engine) -> None:
    with db.transaction(engine) as session:
        for number in (3, 1, 2):
            ledger.write(session, number)
            ledger.write(session, number, journal.NO_ASSOCIATION)
        for name in ("alpha", journal.NO_ASSOCIATION):
            assert journal_chain.extend(session, name, thorough=False) == 3
            numbered = session.exec(
                select(JournalEntry.about)
                .join(JournalSeal, JournalSeal.entry == JournalEntry.id)  # type: ignore[arg-type]
                .where(JournalEntry.association == name, JournalSeal.association == name)
                .order_by(JournalSeal.number)  # type: ignore[arg-type]
            ).all()
            assert numbered == ["2026 VN-00001", "2026 VN-00002", "2026 VN-00003"]
        assert journal_chain.head(session, "beta") == EMPTY


def test_what_was_committed_late_is_taken_up_and_what_is_days_old_only_thoroughly(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        ledger.fill(session, 1)
        for days in (0.9, 3):
            journal.record(session, "alpha", by(NOW - timedelta(days=days)), "saved", f"{days}")
        assert journal_chain.extend(session, "alpha", thorough=False) == 1
        assert journal_chain.extend(session, "alpha", thorough=False) == 0
        assert journal_chain.extend(session, "alpha", thorough=True) == 1
        assert faults(session) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_sealing_a_long_journal_looks_at_its_end_only(engine: Engine) -> None:
    with db.transaction(engine) as session:
        ledger.fill(session, 3)
        asked: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        journal_chain.extend(session, "alpha", thorough=False)
        looked = next(one for one in asked if "ORDER BY journal_entry.at" in one)
        plan = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {looked}", ("alpha", "alpha", "0" * 32, 5, 0)
        )
        assert any("(association=? AND id>?)" in row[3] for row in plan)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("a\0b", "a\ufffdb"), ("\ud800", "?"), ("x" * 501, "x" * 500), ("Ví Dụ ဥပမာ", "Ví Dụ ဥပမာ")],
)
def test_any_text_can_be_noted(engine: Engine, said: str, kept: str) -> None:
    with db.transaction(engine) as session:
        journal.record(session, "alpha", by(), "was refused", said, {"a": {"b": [said]}, "n": 1})
        journal_chain.extend(session, "alpha", thorough=False)
    with db.reading(engine) as session:
        assert session.exec(select(JournalEntry.about)).one() == kept
        assert session.exec(select(JournalDetail.details)).one() == {"a": {"b": [kept]}, "n": 1}
        assert faults(session) == []


def test_keys_grow_with_time_and_are_of_version_7() -> None:
    moments = [datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 2024, 2025, 2026, 5000)]
    keys = [journal.key(moment, b"\xff" * 10) for moment in moments]
    assert keys == sorted(keys)
    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}
    assert [key.int >> 80 for key in keys] == [int(one.timestamp() * 1000) for one in moments]


def test_a_seed_gives_the_same_entries_again_and_chance_gives_others(engine: Engine) -> None:
    with db.transaction(engine) as session:
        for name, seed in (("a", 1), ("b", 1), ("c", 0), ("d", 0)):
            journal.record(session, name, by(seed=seed), "saved", "x", {"n": 1})
        a, b, c, d = (journal_entry(session, name) for name in "abcd")
    assert a == b
    assert len({a, c, d}) == 3


def journal_entry(session: Session, association: str) -> tuple[UUID, str]:
    row = session.exec(select(JournalEntry).where(JournalEntry.association == association)).one()
    return row.id, row.digest


@pytest.mark.parametrize(
    ("who", "account"),
    [("nobody", None), ("operator", None), (str(UUID(int=5)), UUID(int=5))],
)
def test_an_act_knows_its_account(who: str, account: UUID | None) -> None:
    assert by(who=who).account == account
