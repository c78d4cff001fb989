"""Help lines: whom workers can call, kept in order, changed by one person at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, Invalid
from rankings.models import JournalEntry
from rankings.usecases import associations, help_lines
from rankings.usecases.help_lines import Line
from rankings.usecases.journal import OPERATOR, Act

ACT = Act(OPERATOR, datetime(2026, 3, 1, 3, tzinfo=UTC))
ADVICE = Line("help", "1800 123", {"en": "Advice"}, {"en": "8 to 17"}, ["vi"], True)
POLICE = Line("urgent", "113", {"vi": "Công an"}, {}, [], True)


def save(engine: Engine, *wanted: Line, seen: str | None = None) -> None:
    with db.transaction(engine) as session:
        token = help_lines.token(help_lines.lines(session, "alpha"))
        help_lines.save(session, "alpha", wanted, token if seen is None else seen, ACT)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """An association with two lines."""
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", "VN", "Asia/Bangkok", ACT)
    save(engine, ADVICE, POLICE)
    return engine


def entries(engine: Engine) -> int:
    with db.reading(engine) as session:
        return len(session.exec(select(JournalEntry)).all())


def test_lines_stand_in_the_order_in_which_they_were_saved(filled: Engine) -> None:
    save(filled, POLICE, ADVICE)
    with db.reading(filled) as session:
        assert help_lines.lines(session, "alpha") == [POLICE, ADVICE]


def test_saving_what_stands_there_changes_nothing(filled: Engine) -> None:
    before = entries(filled)
    save(filled, ADVICE, POLICE, seen="whatever")
    assert entries(filled) == before


def test_who_was_slower_is_told(filled: Engine) -> None:
    with pytest.raises(Conflict, match="Somebody else"):
        save(filled, POLICE, seen=help_lines.token([]))


def test_every_fault_is_named_by_its_line(filled: Engine) -> None:
    wrong = [
        replace(ADVICE, kind="other"),
        replace(ADVICE, number="call me"),
        replace(ADVICE, names={}),
        replace(ADVICE, spoken=["Vietnamese"]),
        replace(ADVICE, hours={"en": "x" * 121}),
    ]
    with pytest.raises(Invalid) as refused:
        save(filled, *wrong)
    places = [one.place for one in refused.value.problems]
    assert places == ["1 kind", "2 number", "3 names", "4 spoken", "5 names"]
    with pytest.raises(Invalid, match="at most 10"):
        save(filled, *[ADVICE] * 11)
