"""Fees that agencies state, to the last minor unit, beside what the law allows."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import Conflict, Invalid
from rankings.scoring.codes import CURRENCIES, decimals
from rankings.scoring.fees import FeeCap, Limit, Money, Nothing, Wage
from rankings.usecases import agencies, fee_schedules
from rankings.usecases.fee_schedules import STATED, Shown, Statement, _money
from rankings.usecases.typed import Typed
from tests.usecases import register, world

TODAY = date(2026, 7, 1)


def cap(limit: Limit, destination: str = "*") -> FeeCap:
    known = {"valid_from": date(2022, 1, 1), "valid_to": None}
    text = {"legal_reference": "Law, Article 1", "source": "https://law.example", "verified": True}
    months = {"contract_months_from": None, "contract_months_to": None}
    return FeeCap("VN", destination, "*", limit=limit, **known, **text, **months)  # type: ignore[arg-type]


def statement(**more: str | None) -> Statement:
    usual: dict[str, str | None] = {
        "destination": "JP",
        "programme": "all",
        "contract_months": "36",
        "since": "2026-02-01",
        "fee": "3600",
        "fee_currency": "usd",
        "monthly_wage": "",
        "wage_currency": "",
    }
    return Statement(**(usual | more))  # type: ignore[arg-type]


def state(session: Session, **more: str | None) -> bool:
    return fee_schedules.state(session, "alpha", world.CODE, statement(**more), world.act())


def shown(session: Session, *caps: FeeCap) -> list[Shown]:
    agency = agencies.find(session, "alpha", world.CODE)
    return fee_schedules.of(session, agency, "VN", caps, TODAY)


@pytest.mark.parametrize(
    ("limit", "more", "word", "above"),
    [
        (Money(360_000, "USD"), {}, "within", None),
        (Money(359_999, "USD"), {}, "above", Money(1, "USD")),
        (Money(1, "VND"), {}, "no_comparison", None),
        (Nothing(), {"fee": "0"}, "within", None),
        (Nothing(), {"fee": "0.01"}, "above", Money(1, "USD")),
        (Wage(Fraction(1), 12, Fraction(3)), {}, "no_comparison", None),
        (
            Wage(Fraction(1), 12, Fraction(3)),
            {"monthly_wage": "1199.99", "wage_currency": "USD"},
            "above",
            Money(3, "USD"),
        ),
        (
            Wage(Fraction(1), 12),
            {"monthly_wage": "180000", "wage_currency": "JPY"},
            "no_comparison",
            None,
        ),
    ],
)
def test_a_fee_is_compared_with_the_limit(
    engine: Engine, limit: Limit, more: dict[str, str], word: str, above: Money | None
) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        assert state(session, **more)
        (found,) = shown(session, cap(limit))
    assert (found.comparison.word, found.comparison.above) == (word, above)


def test_no_limit_known_is_not_a_limit_of_nothing(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        state(session, fee="1000000")
        (found,) = shown(session, cap(Nothing(), "KR"))
    assert (found.comparison.word, found.comparison.most) == ("no_cap", None)


def test_a_newer_fee_replaces_an_older_one_and_both_stay(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        state(session)
        state(session, since="2026-08-01", fee="4000")
        state(session, since="2026-05-01", fee="3000")
        state(session, since="2026-05-01", fee="100", contract_months="12")
        found = shown(session)
        told = register.entries(session)
    assert [(one.fee.contract_months, one.fee.fee, one.holds) for one in found] == [
        (12, 10_000, True),
        (36, 400_000, False),
        (36, 300_000, True),
        (36, 360_000, False),
    ]
    assert told["stated a fee"] == 4


def test_the_same_fee_again_changes_nothing_and_another_one_needs_a_later_day(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        assert state(session)
        assert not state(session, fee=" 3 600.00 ")
        with pytest.raises(Conflict, match=STATED):
            state(session, fee="3601")


def test_who_said_so_stays_with_the_fee(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        state(session)
        state(session, since="2026-03-01", document="a contract of May")
        sources = [one.fee.source for one in shown(session)]
    assert sources == ["secretariat: a contract of May", "agency"]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"destination": "XX"}, "destination"),
        ({"programme": "<script>"}, "programme"),
        ({"contract_months": "0"}, "contract_months"),
        ({"contract_months": "121"}, "contract_months"),
        ({"contract_months": "3.5"}, "contract_months"),
        ({"fee": "-1"}, "fee"),
        ({"fee": "1,200"}, "fee"),
        ({"fee": "1e3"}, "fee"),
        ({"fee": "NaN"}, "fee"),
        ({"fee": "1200.505"}, "fee"),
        ({"fee": "9" * 16}, "fee"),
        ({"fee": "1200.5", "fee_currency": "VND"}, "fee"),
        ({"fee_currency": "EURO"}, "fee_currency"),
        ({"monthly_wage": "5", "wage_currency": ""}, "wage_currency"),
        ({"document": ""}, "document"),
    ],
)
def test_what_cannot_be_a_fee_is_named(engine: Engine, wrong: dict[str, str], place: str) -> None:
    with db.transaction(engine) as session:
        world.register(session, world.cycle(session))
        with pytest.raises(Invalid) as refusal:
            state(session, **wrong)
    assert list(register.faults(refusal.value)) == [place]


@pytest.mark.parametrize(
    ("text", "currency", "units"),
    [
        ("15.000.000", "VND", 15_000_000),
        ("15,000,000", "VND", 15_000_000),
        ("15 000 000", "VND", 15_000_000),
        ("1200.00", "VND", 1_200),
        ("១២០០", "USD", 120_000),
        ("၁၂၀၀.၅", "MMK", 120_050),
        ("1 200.50", "USD", 120_050),
        ("0.001", "KWD", 1),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, units: int) -> None:
    typed = Typed()
    assert _money(typed, "fee", text, currency) == (units, currency)
    assert typed.problems == []


@given(st.integers(0, 10**14), st.sampled_from(sorted(CURRENCIES)))
def test_every_amount_is_read_exactly(units: int, currency: str) -> None:
    places, typed = decimals(currency), Typed()
    whole, rest = divmod(units, 10**places)
    text = f"{whole}.{rest:0{places}}" if places else str(whole)
    assert _money(typed, "fee", text, currency) == (units, currency)
    assert typed.problems == []
