"""The lookup tables of the draws, beside distribution functions that can be added up exactly."""

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.scoring.quantiles import ATOMS, UNIT, beta, gamma
from tests.scoring.test_score_properties import some

MIDDLES = [Fraction(2 * at + 1, 2 * ATOMS) for at in range(ATOMS)]


def beta_share(a: int, b: int, x: Fraction) -> float:
    """P(Beta(a, b) <= x) for whole a and b: a sum of binomial chances."""
    n, good = a + b - 1, Decimal(x.numerator) / Decimal(x.denominator)
    bad = 1 - good
    return float(sum(comb(n, k) * good**k * bad ** (n - k) for k in range(a, n + 1)))


def gamma_share(shape: int, x: Fraction) -> float:
    """P(Gamma(shape, shape) <= x) for a whole shape: a sum of Poisson chances."""
    mean = Decimal(shape) * Decimal(x.numerator) / Decimal(x.denominator)
    term, total = (-mean).exp(), Decimal(0)
    for k in range(shape):
        total += term
        term *= mean / (k + 1)
    return float(1 - total)


@pytest.mark.parametrize(("a", "b"), [(1, 1), (2, 1), (7, 3), (16, 6), (60, 40), (900, 100)])
def test_a_beta_table_holds_the_quantiles(a: int, b: int) -> None:
    for middle, value in zip(MIDDLES, beta(Fraction(a), Fraction(b)), strict=True):
        assert abs(beta_share(a, b, Fraction(value, UNIT)) - float(middle)) < 0.0025


@pytest.mark.parametrize("shape", [1, 2, 5, 40, 300])
def test_a_gamma_table_holds_the_quantiles(shape: int) -> None:
    for middle, value in zip(MIDDLES, gamma(Fraction(shape)), strict=True):
        assert abs(gamma_share(shape, Fraction(value, UNIT)) - float(middle)) < 0.0005


@some(60)
@given(
    st.fractions(min_value="1/4", max_value=400, max_denominator=20),
    st.fractions(min_value="1/4", max_value=400, max_denominator=20),
)
def test_tables_ascend_within_their_limits_and_keep_the_mean(a: Fraction, b: Fraction) -> None:
    table = beta(a, b)
    assert list(table) == sorted(table)
    assert 0 <= table[0] <= table[-1] <= UNIT
    assert abs(sum(table) / ATOMS / UNIT - float(a / (a + b))) < 0.01
    rates = gamma(a)
    assert list(rates) == sorted(rates)
    assert rates[0] >= 0


def test_the_mirrored_beta_table_is_the_mirror() -> None:
    table = beta(Fraction(17, 2), Fraction(3))
    assert [UNIT - one for one in beta(Fraction(3), Fraction(17, 2))][::-1] == pytest.approx(
        table, abs=1
    )
