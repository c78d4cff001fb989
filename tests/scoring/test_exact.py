"""Exact arithmetic: values known by hand or from the literature."""

from decimal import localcontext
from fractions import Fraction

import pytest

from rankings.scoring.exact import (
    decimal_text,
    fraction_text,
    geometric_mean,
    log_mean_shares,
    log_position,
    rounded,
    rounded_units,
    shared_out,
    wilson_lower,
)

TINY = Fraction(1, 10**49)


@pytest.mark.parametrize(
    ("value", "decimals", "rounding", "text"),
    [
        ("57.65", 1, "half_up", "57.7"),
        ("57.65", 1, "half_even", "57.6"),
        ("57.75", 1, "half_even", "57.8"),
        ("57.649999", 1, "half_up", "57.6"),
        ("57.650001", 1, "half_even", "57.7"),
        ("0.5", 0, "half_up", "1"),
        ("0.5", 0, "half_even", "0"),
        ("1.5", 0, "half_even", "2"),
        ("-0.5", 0, "half_up", "0"),
        ("-1.5", 0, "half_up", "-1"),
        ("-1.5", 0, "half_even", "-2"),
        ("-2.5", 0, "half_even", "-2"),
        ("-0.05", 1, "half_up", "0.0"),
        ("-2.84", 1, "half_up", "-2.8"),
        ("2/3", 3, "half_up", "0.667"),
        ("1/3", 0, "half_up", "0"),
    ],
)
def test_a_value_is_rounded_as_printed(value: str, decimals: int, rounding: str, text: str) -> None:
    assert decimal_text(rounded(Fraction(value), decimals, rounding), decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", 0, "0"),
        ("0", 2, "0.00"),
        ("-0.1", 1, "-0.1"),
        ("-12.34", 2, "-12.34"),
        ("-0.05", 2, "-0.05"),
        ("100", 1, "100.0"),
        ("-7", 0, "-7"),
        ("0.0000000001", 10, "0.0000000001"),
    ],
)
def test_a_rounded_value_prints_with_all_its_decimals(value: str, decimals: int, text: str) -> None:
    assert decimal_text(Fraction(value), decimals) == text


def test_an_exact_value_prints_as_a_fraction_or_a_whole_number() -> None:
    assert [fraction_text(Fraction(text)) for text in ("6/4", "4/2", "-1/3")] == [
        "3/2",
        "2",
        "-1/3",
    ]


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounding", "units"),
    [
        (10**60 + 1, 2 * 10**60, "half_even", 1),
        (10**60, 2 * 10**60, "half_even", 0),
        (10**60 - 1, 2 * 10**60, "half_up", 0),
        (-3, 2, "half_up", -1),
    ],
)
def test_whole_units_are_rounded_without_floats(
    numerator: int, denominator: int, rounding: str, units: int
) -> None:
    assert rounded_units(numerator, denominator, rounding) == units


@pytest.mark.parametrize(
    ("parts", "denominator", "units", "shares"),
    [
        ([187, 50, 37, 0], 10, 27, [19, 5, 3, 0]),
        ([1, 1, 1], 3, 1, [1, 0, 0]),
        ([5, 5], 10, 1, [1, 0]),
        ([25, 25, 50], 10, 10, [3, 2, 5]),
        ([19, -9], 10, 1, [2, -1]),
        ([-15, 25], 10, 1, [-1, 2]),
        ([], 10, 0, []),
        ([30], 10, 3, [3]),
    ],
)
def test_units_are_shared_out_by_largest_remainder_ties_to_the_first(
    parts: list[int], denominator: int, units: int, shares: list[int]
) -> None:
    found = shared_out(parts, denominator, units)
    assert found == shares
    assert sum(found) == units


@pytest.mark.parametrize(
    ("values", "weights", "mean"),
    [
        (["1", "100"], [1, 1], "10"),
        (["2", "4", "8"], [1, 1, 1], "4"),
        (["1", "16"], [3, 1], "2"),
        (["57.25", "57.25", "57.25"], [2, 3, 7], "57.25"),
        (["0", "100"], [1, 1], "0"),
        (["-1", "100"], [1, 1], "0"),
        (["33.3"], [5], "33.3"),
        (["0", "9"], [0, 1], "9"),
    ],
)
def test_a_geometric_mean_is_right_to_50_places(
    values: list[str], weights: list[int], mean: str
) -> None:
    found = geometric_mean([Fraction(value) for value in values], weights)
    assert abs(found - Fraction(mean)) <= TINY


def test_a_geometric_mean_of_equal_values_is_that_value() -> None:
    assert geometric_mean([Fraction("57.25")] * 3, [1, 1, 1]) == Fraction("57.25")


def test_the_precision_of_the_surroundings_changes_nothing() -> None:
    values, weights = [Fraction(7, 3), Fraction(11), Fraction(5, 7)], [1, 2, 4]
    usual = geometric_mean(values, weights), wilson_lower(7, 11, Fraction("1.6449"))
    with localcontext(prec=3):
        coarse = geometric_mean(values, weights), wilson_lower(7, 11, Fraction("1.6449"))
    assert usual == coarse


def test_log_mean_shares_split_a_geometric_mean_exactly() -> None:
    values, weights = [Fraction(55), Fraction(650, 11), Fraction(185, 3)], [2, 1, 1]
    mean = geometric_mean(values, weights)
    shares = log_mean_shares(values, weights, mean)
    total = sum((a * b for a, b in zip(shares, values, strict=True)), Fraction(0))
    assert sum(shares) == 1
    assert abs(total - mean) < Fraction(1, 10**45)


def test_log_mean_shares_of_equal_values_are_their_weights() -> None:
    found = log_mean_shares([Fraction(40)] * 2, [1, 3], Fraction(40))
    assert found == [Fraction(1, 4), Fraction(3, 4)]


@pytest.mark.parametrize(
    ("found", "checked", "bound"),
    [(81, 263, "0.2553"), (15, 148, "0.0624"), (0, 20, "0.0000"), (1, 29, "0.0061")],
)
def test_the_wilson_bound_has_its_published_values(found: int, checked: int, bound: str) -> None:
    """The 95 % intervals of Newcombe, Statistics in Medicine 17 (1998), 857-872, method 3."""
    value = rounded(wilson_lower(found, checked, Fraction("1.96")), 4, "half_up")
    assert decimal_text(value, 4) == bound


def test_the_wilson_bound_of_all_found_is_n_by_n_plus_z_squared() -> None:
    for n, z in ((5, Fraction("1.6449")), (100, Fraction(2))):
        assert abs(wilson_lower(n, n, z) - n / (n + z * z)) <= Fraction(1, 10**45)


def test_a_logarithmic_position_lies_between_its_goalposts() -> None:
    low, high = Fraction(100), Fraction(10_000)
    assert abs(log_position(Fraction(1000), low, high) - Fraction(1, 2)) <= TINY
    assert abs(log_position(Fraction(1000), high, low) - Fraction(1, 2)) <= TINY
    assert [log_position(one, low, high) for one in (low, high)] == [0, 1]
