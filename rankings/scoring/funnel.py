"""The funnel of complaints: how far a rate may lie from what is usual by chance alone.

D. J. Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in
Medicine 24: lines around a benchmark that narrow with exposure, widened for over-dispersion by a
winsorised mean of the squared distances. Being outside is a reason to look, never a penalty.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rankings.scoring.exact import CONTEXT, decimal, rounded_units, to_fraction

ZERO = Fraction(0)
# How many standard deviations 95 % and 99.8 % of all that is normal lie within; the wider first.
LINES = {"99.8": Fraction("3.090232"), "95": Fraction("1.959964")}
# One in so many at each end is taken as if it were the next one that is not.
WINSORISED = 10
# Squared distances are kept as whole numbers of this fineness, or long sums would be slow.
MICRO = 10**6


def distance(events: Fraction, exposure: Fraction, mu: Fraction, phi: Fraction) -> int | None:
    """The squared distance from the benchmark in squared standard deviations, in millionths.

    Below 0 for a rate below the benchmark; None where nothing is expected. `exposure` is in the
    units of `mu`; a count of so many events has the variance phi x mu x exposure.
    """
    expected = mu * exposure
    if expected <= 0 or phi <= 0:
        return None
    off = events - expected
    size = int(off * off * MICRO / (phi * expected))
    return size if off >= 0 else -size


def spread(distances: Sequence[int]) -> int:
    """By how much more agencies vary than chance alone would let them, in thousandths.

    The factor of the variance, never below 1,000: what is steadier than chance narrows no line.
    """
    if not distances:
        return 1000
    ordered = sorted(distances)
    cut = len(ordered) // WINSORISED
    low, high = ordered[cut], ordered[-1 - cut]
    total = sum(abs(min(max(one, low), high)) for one in ordered)
    return max(rounded_units(total * 1000, len(ordered) * MICRO, "half_up"), 1000)


def outside(found: int | None, factor: int) -> str | None:
    """Of which lines a `distance` lies outside, by a `spread`: "99.8", "95" or none."""
    if found is None:
        return None
    variance = Fraction(factor, 1000)
    for name, deviations in LINES.items():
        if Fraction(abs(found), MICRO) > variance * deviations**2:
            return name
    return None


def limits(
    mu: Fraction, phi: Fraction, factor: Fraction, exposure: Fraction
) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """The lines at an exposure above 0: low and high of 95 %, low and high of 99.8 %.

    In the unit of `mu`, events per unit of exposure; `factor` is 1 or a `spread` / 1000. No rate
    is below 0.
    """
    deviation = to_fraction(CONTEXT.sqrt(decimal(factor * phi * mu / exposure)))
    near, far = (LINES[name] * deviation for name in ("95", "99.8"))
    return max(mu - near, ZERO), mu + near, max(mu - far, ZERO), mu + far
