"""The funnel: lines as in the source, wider where agencies vary more, and who lies outside."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.scoring.funnel import LINES, MICRO, distance, limits, outside, spread
from tests.scoring.test_score_properties import some

MU, PHI = Fraction(10), Fraction(21, 5)
ONE = Fraction(1)
amounts = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)


def test_the_lines_are_normal_limits_around_the_benchmark() -> None:
    # Variance 4 x 9 / 4 = 9 without widening: three to each side per standard deviation.
    low, high, lowest, highest = limits(Fraction(9), Fraction(4), ONE, Fraction(4))
    assert (high - 9, 9 - low) == (3 * LINES["95"],) * 2
    assert highest - 9 == 3 * LINES["99.8"]
    # A rate below 0 there is not.
    assert lowest == 0
    wider = limits(Fraction(9), Fraction(4), Fraction(4), Fraction(4))
    assert wider[1] - 9 == 2 * (high - 9)


def test_the_lines_close_in_with_exposure() -> None:
    lines = [limits(MU, PHI, ONE, Fraction(exposure)) for exposure in (1, 2, 8, 100)]
    for wide, narrow in zip(lines, lines[1:], strict=False):
        assert wide[2] <= narrow[2] <= narrow[0] < MU < narrow[1] < narrow[3] < wide[3]


@some(60)
@given(events=amounts, exposure=amounts, mu=amounts, phi=amounts, wider=st.integers(1000, 9000))
def test_outside_is_beyond_the_lines(
    events: Fraction, exposure: Fraction, mu: Fraction, phi: Fraction, wider: int
) -> None:
    found = distance(events, exposure, mu, phi)
    rate = events / exposure
    low, high, lowest, highest = limits(mu, phi, Fraction(wider, 1000), exposure)
    told = outside(found, wider)
    near = Fraction(1, 1000) * mu
    if told == "99.8":
        assert rate < lowest + near or rate > highest - near
    elif told == "95":
        assert rate < low + near or rate > high - near
    else:
        assert low - near < rate < high + near


def test_distances_are_signed_squares() -> None:
    # 16 events where 4 are expected, variance 9 x 4: two standard deviations.
    assert distance(Fraction(16), Fraction(2), Fraction(2), Fraction(9)) == 4 * MICRO
    assert distance(Fraction(0), Fraction(2), Fraction(2), ONE) == -4 * MICRO
    assert distance(Fraction(3), Fraction(0), MU, PHI) is None
    assert distance(Fraction(3), ONE, Fraction(0), PHI) is None
    assert outside(None, 1000) is None


@pytest.mark.parametrize(("found", "lines"), [(3841, None), (3842, "95"), (9550, "99.8")])
def test_the_lines_are_at_95_and_at_99_point_8_percent(found: int, lines: str | None) -> None:
    assert outside(found * MICRO // 1000, 1000) == outside(-found * MICRO // 1000, 1000) == lines
    assert outside(found * MICRO // 1000, 4000) is None


def test_nothing_narrows_the_lines() -> None:
    assert spread([]) == 1000
    assert spread([0] * 50) == 1000
    assert spread([-MICRO // 2, MICRO // 3]) == 1000


def test_the_spread_is_winsorised_at_both_ends() -> None:
    ordinary = [4 * MICRO, -4 * MICRO] * 9
    assert spread(ordinary) == 4000
    # One in ten at each end may be as far off as it likes.
    assert spread([*ordinary, 900 * MICRO, -900 * MICRO]) == 4000
    # The first five are taken as the sixth: (6 x 2 + 44 x 3) / 50.
    assert spread([-9 * MICRO] * 5 + [-2 * MICRO] + [3 * MICRO] * 44) == 2880


def test_more_than_chance_widens_the_lines_and_chance_does_not() -> None:
    draw = Random(20)

    def round_of(varies: float) -> list[int]:
        found = []
        for _ in range(400):
            exposure = Fraction(draw.randint(200, 3000), 1000)
            rate = 10 * draw.gammavariate(1 / varies, varies) if varies else 10.0
            mean = rate * float(exposure)
            events = Fraction(max(0, round(draw.gauss(mean, mean**0.5))))
            found.append(distance(events, exposure, MU, ONE) or 0)
        return found

    steady, lumpy = round_of(0), round_of(0.5)
    assert spread(steady) < 1100
    assert spread(lumpy) > 3000
    beyond = sum(outside(one, spread(lumpy)) is not None for one in lumpy)
    assert beyond < sum(outside(one, 1000) is not None for one in lumpy) / 2
