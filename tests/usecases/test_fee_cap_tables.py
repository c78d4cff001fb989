"""An association's own fee caps: numbered, checked, the newest holds."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, Invalid
from rankings.models import FeeCapTable, JournalEntry
from rankings.scoring.fees import Money
from rankings.usecases import associations, fee_cap_tables
from rankings.usecases.journal import OPERATOR, Act

ACT = Act(OPERATOR, datetime(2026, 3, 1, 3, tzinfo=UTC))
TABLE = """
[[caps]]
origin = "VN"
destination = "JP"
programme = "*"
amount = 1000
currency = "USD"
valid_from = 2022-01-01
legal_reference = "An act"
source = "https://example.org/act"
verified = true
"""
SHIPPED = fee_cap_tables.checked(TABLE.replace("1000", "5"))


@pytest.fixture
def alpha(engine: Engine) -> Engine:
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", "VN", "Asia/Bangkok", ACT)
    return engine


def save(engine: Engine, document: str, seen: int) -> None:
    with db.transaction(engine) as session:
        fee_cap_tables.save(session, "alpha", document, seen, ACT)


def limits(engine: Engine, association: str = "alpha") -> list[object]:
    with db.reading(engine) as session:
        return [one.limit for one in fee_cap_tables.in_force(session, association, SHIPPED)]


def test_until_there_is_a_table_the_shipped_one_holds(alpha: Engine) -> None:
    assert limits(alpha) == [Money(5, "USD")]


def test_the_newest_table_holds_for_its_association(alpha: Engine) -> None:
    save(alpha, TABLE, 0)
    save(alpha, TABLE.replace("1000", "2000"), 1)
    assert limits(alpha) == [Money(2000, "USD")]
    assert limits(alpha, "beta") == [Money(5, "USD")]
    with db.reading(alpha) as session:
        assert len(session.exec(select(FeeCapTable)).all()) == 2


def test_the_same_table_twice_changes_nothing(alpha: Engine) -> None:
    save(alpha, TABLE, 0)
    save(alpha, TABLE.replace("\n", "\r\n"), 0)
    with db.reading(alpha) as session:
        done = [one.action for one in session.exec(select(JournalEntry)).all()]
    assert done.count("changed the fee caps") == 1


def test_whoever_is_slower_is_told(alpha: Engine) -> None:
    save(alpha, TABLE, 0)
    with pytest.raises(Conflict):
        save(alpha, TABLE.replace("1000", "2000"), 0)


def test_what_is_wrong_is_named(alpha: Engine) -> None:
    for old, new, place in (
        ('"JP"', '"XX"', "caps[1].destination"),
        ("1000", "-1", "caps[1].amount"),
        ("[[caps]]", "[[cap]]", "caps"),
        ("origin", "= origin", "(file)"),
    ):
        with pytest.raises(Invalid) as found:
            save(alpha, TABLE.replace(old, new, 1), 0)
        assert place in [one.place for one in found.value.problems]
    assert limits(alpha) == [Money(5, "USD")]
