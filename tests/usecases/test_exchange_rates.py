"""Exchange rates: exact, dated, from a source; on a day the newest of each pair holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, Invalid
from rankings.models import JournalDetail
from rankings.usecases import associations, exchange_rates
from rankings.usecases.exchange_rates import Rate
from rankings.usecases.journal import OPERATOR, Act

# In Bangkok it is 1 March already.
ACT = Act(OPERATOR, datetime(2026, 2, 28, 20, tzinfo=UTC))
TODAY = date(2026, 3, 1)
DONG = Rate("USD", "VND", date(2026, 1, 1), "26000.50", "State bank")


@pytest.fixture
def alpha(engine: Engine) -> Engine:
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", "VN", "Asia/Bangkok", ACT)
    return engine


def add(engine: Engine, *given: Rate, replaced: bool = False) -> int:
    with db.transaction(engine) as session:
        return exchange_rates.add(session, "alpha", given, ACT, replaced)


def on(engine: Engine, day: date) -> dict[tuple[str, str], str]:
    with db.reading(engine) as session:
        rows = exchange_rates.on(session, "alpha", day)
    return {(one["base"], one["quote"]): one["rate"] for one in rows}


def test_of_each_pair_the_newest_holds(alpha: Engine) -> None:
    riel = Rate("USD", "KHR", date(2026, 2, 1), "4000", "A bank")
    later = replace(DONG, since=TODAY, rate="26100")
    assert add(alpha, later, DONG, riel) == 3
    assert on(alpha, date(2025, 12, 31)) == {}
    assert on(alpha, date(2026, 2, 28)) == {("USD", "VND"): "26000.50", ("USD", "KHR"): "4000"}
    assert on(alpha, TODAY)["USD", "VND"] == "26100"


def test_an_edition_gets_every_word_of_a_rate(alpha: Engine) -> None:
    add(alpha, DONG)
    with db.reading(alpha) as session:
        assert exchange_rates.on(session, "alpha", TODAY) == [
            {
                "base": "USD",
                "quote": "VND",
                "since": "2026-01-01",
                "rate": "26000.50",
                "source": "State bank",
            }
        ]
        assert exchange_rates.on(session, "beta", TODAY) == []


def test_the_same_rate_twice_changes_nothing(alpha: Engine) -> None:
    add(alpha, DONG)
    assert add(alpha, DONG) == 0


def test_another_rate_of_the_same_day_must_be_meant(alpha: Engine) -> None:
    add(alpha, DONG)
    other = replace(DONG, rate="27000")
    with pytest.raises(Conflict):
        add(alpha, other)
    assert add(alpha, other, replaced=True) == 1
    with db.reading(alpha) as session:
        told = [one.details for one in session.exec(select(JournalDetail)).all()]
    assert {
        "was": {"rate": "26000.50", "source": "State bank"},
        "is": {"rate": "27000", "source": "State bank"},
    } in told


WRONG: list[tuple[dict[str, object], str]] = [
    ({"base": "US"}, "1 base"),
    ({"quote": "XXX"}, "1 quote"),
    ({"quote": "USD"}, "1 quote"),
    ({"since": None}, "1 since"),
    ({"since": TODAY + timedelta(days=1)}, "1 since"),
    ({"since": date(1989, 12, 31)}, "1 since"),
    ({"rate": "1" * 21}, "1 rate"),
    ({"rate": "1." + "1" * 20}, "1 rate"),
    ({"source": " "}, "1 source"),
    ({"source": "a" * 201}, "1 source"),
]
NO_RATES = ("", "0", "0.00", "-1", "1,5", "1e3", "٣", "nan")
WRONG += [({"rate": rate}, "1 rate") for rate in NO_RATES]


def test_what_is_no_rate_is_named(alpha: Engine) -> None:
    for change, place in WRONG:
        with pytest.raises(Invalid) as found:
            add(alpha, replace(DONG, **change))  # type: ignore[arg-type]
        assert [one.place for one in found.value.problems] == [place], change


def test_one_wrong_row_keeps_all_out(alpha: Engine) -> None:
    with pytest.raises(Invalid) as found:
        add(alpha, DONG, replace(DONG, rate="x"), DONG)
    assert [one.place for one in found.value.problems] == ["2 rate", "2 since", "3 since"]
    assert on(alpha, TODAY) == {}


def test_today_is_the_day_of_the_association(alpha: Engine) -> None:
    assert add(alpha, replace(DONG, since=TODAY)) == 1
