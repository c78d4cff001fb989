"""The legal fee caps: which row holds for a worker, how much it allows, which files are refused."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from rankings.adapters import fee_caps
from rankings.scoring.fees import (
    ANY,
    Case,
    FeeCap,
    Limit,
    Money,
    Nothing,
    Wage,
    applicable,
    highest,
    valid_on,
)
from rankings.scoring.parse_fees import parse_caps
from rankings.scoring.reading import RubricError
from rankings.scoring.source import toml
from tests.scoring.fee_files import BROKEN, SOUND

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "fee-caps.toml"
SHIPPED = fee_caps.load(FILE)
DAY, DONG = date(2026, 6, 30), Money(10_000_001, "VND")
quick = settings(derandomize=True, deadline=None, max_examples=150)


def parsed(text: str) -> tuple[FeeCap, ...]:
    return parse_caps(toml("fee-caps.toml", text))


ROW = parsed(SOUND)[0]


def cap(limit: Limit) -> FeeCap:
    return replace(ROW, limit=limit)


@pytest.mark.parametrize(
    ("sentence", "case", "most"),
    [
        ("one month for one year", ("VN", "JP", "farm", 12), Money(10_000_001, "VND")),
        ("half a dong is rounded down", ("VN", "JP", "farm", 18), Money(15_000_001, "VND")),
        ("three months for three years", ("VN", "TW", "farm", 36), Money(30_000_003, "VND")),
        ("never more than three months", ("VN", "TW", "farm", 60), Money(30_000_003, "VND")),
        ("ship crews 1.5 months", ("VN", "JP", "ship-crew", 12), Money(15_000_001, "VND")),
        ("ship crews at most three", ("VN", "JP", "ship-crew", 48), Money(30_000_003, "VND")),
        ("a trainee in Japan", ("MM", "JP", "technical-intern", 36), Money(280_000, "USD")),
        ("a skilled worker in Japan", ("MM", "JP", "skilled-worker", 36), Money(150_000, "USD")),
        ("a second stay in Japan", ("MM", "JP", "second-stay", 24), Money(160_000, "USD")),
        ("any job in Thailand", ("MM", "TH", "farm", 24), Money(30_000_000, "MMK")),
        ("another job in Japan has no row", ("MM", "JP", "farm", 24), None),
        ("Malaysia has no row", ("MM", "MY", "farm", 24), None),
        ("Cambodia has no row", ("KH", "TH", "farm", 24), None),
    ],
)
def test_the_shipped_table_answers(
    sentence: str, case: tuple[str, str, str, int], most: Money | None
) -> None:
    found = applicable(SHIPPED, Case(*case, DAY))
    assert (found and highest(found, case[3], DONG)) == most, sentence


@pytest.mark.parametrize(
    ("day", "units"),
    [(date(2014, 12, 31), None), (date(2015, 1, 1), 360_000), (date(2021, 12, 31), 360_000)],
)
def test_an_older_cap_holds_on_its_days_only(day: date, units: int | None) -> None:
    found = applicable(SHIPPED, Case("VN", "JP", "farm", 36, day))
    assert (found and found.limit) == (units and Money(units, "USD"))


def test_the_law_replaces_the_older_cap_on_its_first_day() -> None:
    found = applicable(SHIPPED, Case("VN", "JP", "farm", 36, date(2022, 1, 1)))
    assert found is not None
    assert found.limit == Wage(Fraction(1), 12, Fraction(3))


def test_destination_decides_before_programme_and_programme_before_length() -> None:
    plain = replace(
        ROW, destination=ANY, programme=ANY, contract_months_from=None, contract_months_to=None
    )
    rising = [
        plain,
        replace(plain, contract_months_from=12),
        replace(plain, programme="ship-crew"),
        replace(plain, programme="ship-crew", contract_months_from=12),
        replace(plain, destination="JP"),
        replace(plain, destination="JP", contract_months_to=36),
        replace(plain, destination="JP", programme="ship-crew"),
        ROW,
    ]
    case = Case("VN", "JP", "ship-crew", 24, DAY)
    for count in range(1, len(rising) + 1):
        assert applicable(rising[:count], case) == rising[count - 1]
        assert applicable(rising[count - 1 :: -1], case) == rising[count - 1]


def test_each_kind_of_cap_says_the_most_in_its_currency() -> None:
    wage = Money(999, "USD")
    assert highest(cap(Nothing()), 24, wage) == Money(0, "USD")
    assert highest(cap(Money(5, "JPY")), 24, wage) == Money(5, "JPY")
    assert highest(cap(Wage(Fraction(3, 2))), 24, wage) == Money(1498, "USD")
    assert highest(cap(Wage(Fraction(1, 3), 12)), 24, wage) == Money(666, "USD")


@pytest.mark.parametrize(("months", "units"), [(-1, 5), (5, -1)])
def test_a_negative_length_or_wage_is_refused(months: int, units: int) -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        highest(ROW, months, Money(units, "USD"))


lengths = st.integers(1, 48)
days = st.dates(date(2022, 1, 1), date(2023, 1, 1))
wages = st.fractions(Fraction(1, 100), 12, max_denominator=100)
money = st.builds(Money, st.integers(1, 10**9), st.just("USD"))
by_wage = st.builds(Wage, wages, st.none()) | st.builds(
    Wage, wages, st.integers(1, 24), st.none() | wages
)
limits = money | by_wage | st.just(Nothing())


@st.composite
def rows(draw: st.DrawFn) -> str:
    """A row as text whose lengths and days are in order."""
    least, most = sorted(draw(st.tuples(lengths, lengths)))
    since, until = sorted(draw(st.tuples(days, days)))
    ends = [f"contract_months_from = {least}", f"contract_months_to = {most}"]
    return "\n".join([
        "[[caps]]", 'origin = "VN"',
        f'destination = "{draw(st.sampled_from(["*", "JP"]))}"',
        f'programme = "{draw(st.sampled_from(["*", "farm"]))}"',
        *(end for end in ends if draw(st.booleans())),
        "zero = true", f"valid_from = {since}", f"valid_to = {until}",
        'legal_reference = "Act"', 'source = "https://law.example"', "verified = false", "",
    ])  # fmt: skip


cases = st.builds(
    Case, st.just("VN"), st.sampled_from(["JP", "TW"]), st.sampled_from(["farm", "sea"]),
    lengths, days,
)  # fmt: skip


@quick
@given(st.lists(rows(), min_size=1, max_size=4), st.lists(cases, min_size=8, max_size=8))
def test_a_sound_table_never_has_two_rows_of_equal_specificity(
    texts: list[str], asked: list[Case]
) -> None:
    try:
        caps = parsed("".join(texts))
    except RubricError:
        reject()
    for case in asked:
        fitting = [one for one in caps if applicable([one], case)]
        assert len({one.specificity for one in fitting}) == len(fitting)
        assert applicable(caps, case) == applicable(caps[::-1], case)


@quick
@given(rows(), rows(), cases)
def test_two_rows_for_one_case_are_refused_whenever_they_are_equally_specific(
    one: str, other: str, case: Case
) -> None:
    first, second = parsed(one)[0], parsed(other)[0]
    clash = applicable([first], case) and applicable([second], case)
    if clash and first.specificity == second.specificity:
        with pytest.raises(RubricError, match="covers the same cases"):
            parsed(one + other)


@quick
@given(
    limits, st.tuples(lengths, lengths), st.tuples(st.integers(0, 10**12), st.integers(0, 10**12))
)
def test_the_most_is_never_negative_and_grows_with_contract_and_wage(
    limit: Limit, months: tuple[int, int], units: tuple[int, int]
) -> None:
    (short, long), (low, high) = sorted(months), sorted(units)
    least = highest(cap(limit), short, Money(low, "USD")).units
    assert 0 <= least <= highest(cap(limit), long, Money(low, "USD")).units
    assert least <= highest(cap(limit), short, Money(high, "USD")).units


@quick
@given(by_wage, lengths, st.integers(0, 10**12))
def test_the_most_is_exact_to_the_unit_and_rounded_down(
    limit: Wage, months: int, units: int
) -> None:
    exact = limit.months * units
    if limit.per_contract_months:
        exact = exact * months / limit.per_contract_months
        if limit.at_most_months is not None:
            exact = min(exact, limit.at_most_months * units)
    found = highest(cap(limit), months, Money(units, "USD")).units
    assert found <= exact < found + 1


@pytest.mark.parametrize(("old", "new", "key", "says"), BROKEN, ids=lambda text: text[:24])
def test_a_broken_table_is_refused_with_its_own_sentence(
    old: str, new: str, key: str, says: str
) -> None:
    assert old in SOUND
    with pytest.raises(RubricError) as refusal:
        parsed(SOUND.replace(old, new, 1))
    named = [one for one in refusal.value.problems if one.key == key]
    assert any(says in one.sentence for one in named), str(refusal.value)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(RubricError) as refusal:
        parsed(SOUND.replace('"VN"', '"vn"').replace("= 12", "= 0").replace("2029", "2009"))
    assert [one.key for one in refusal.value.problems] == [
        "caps[1].contract_months_from", "caps[1].valid_to", "caps[1].origin",
        "caps[1].per_contract_months",
    ]  # fmt: skip


def test_rows_that_follow_each_other_do_not_overlap() -> None:
    later = SOUND.replace("2022-01-01", "2030-01-01").replace("2029-12-31", "2031-01-01")
    longer = SOUND.replace("to = 36", "to = 48").replace("from = 12", "from = 37")
    assert len(parsed(SOUND + later + longer)) == 3


def test_the_shipped_table_is_sound_and_every_row_has_source_and_reference() -> None:
    assert len(SHIPPED) == len(set(SHIPPED)) == 11
    assert all(one.legal_reference and one.source.startswith("https://") for one in SHIPPED)
    assert {one.origin for one in SHIPPED} == {"VN", "MM"}


def test_only_what_was_seen_in_the_act_is_called_verified() -> None:
    seen = [one for one in SHIPPED if one.verified]
    assert {one.legal_reference for one in seen} == {"Law 69/2020, Article 23"}
    assert all(valid_on(one, DAY) and one.contract_months_to == 35 for one in seen)
