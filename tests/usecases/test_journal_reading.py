"""The journal as people read it: the newest first, with names as long as there are accounts."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from rankings import db
from rankings.models import Account
from rankings.usecases import journal, journal_chain, journal_reading
from tests.usecases import ledger
from tests.usecases.ledger import NOW, by


def test_the_newest_entries_come_first_and_fifty_on_a_page(engine: Engine) -> None:
    with db.transaction(engine) as session:
        ledger.fill(session, 51)
        first, last = journal_reading.page(session, "alpha", 1)
        second, _ = journal_reading.page(session, "alpha", 2)
    assert last == 2
    assert [one.seal.number for one in (*first, *second)] == list(range(51, 0, -1))
    assert len(second) == 1
    assert first[0].entry.about == "2026 VN-00050"


def test_a_journal_without_entries_has_one_empty_page(engine: Engine) -> None:
    with db.transaction(engine) as session:
        ledger.fill(session, 1, "beta")
        assert journal_reading.page(session, "alpha", 1) == ([], 1)


def test_people_are_named_and_those_without_an_account_are_not(engine: Engine) -> None:
    person, gone = uuid4(), uuid4()
    with db.transaction(engine) as session:
        usual: dict[str, Any] = {"email": "a@example.org", "language": "en", "password_hash": "x"}
        session.add(Account(id=person, name="Agency member", created_at=NOW, **usual))
        for who in (str(person), str(gone), journal.OPERATOR, journal.NOBODY):
            journal.record(session, "alpha", by(who=who), "saved an answer", who)
        journal_chain.extend(session, "alpha", thorough=True)
        lines, _ = journal_reading.page(session, "alpha", 1)
    names = {one.entry.who: one.name for one in lines}
    assert names == {str(person): "Agency member", str(gone): "", "operator": "", "nobody": ""}
