"""Lookup tables of the Beta and Gamma distributions: whole numbers, the same on every machine.

The densities are summed up on a fixed grid in additions, multiplications and divisions alone: these
are exact to the last bit everywhere (IEEE 754), unlike the logarithms of a processor's library.
Logarithms of the grid come from decimals.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import ldexp

from rankings.scoring.exact import CONTEXT, decimal

# So many equally likely values stand for a distribution.
ATOMS = 64
# Values are whole ten-thousandths.
UNIT = 10_000
CELLS = 1024
# Below e^-45 of the highest point nothing can move a quantile.
NEGLIGIBLE = -45.0
FINE = 1024
TABLES_KEPT = 16_384

Table = tuple[int, ...]


@lru_cache(maxsize=TABLES_KEPT)
def beta(a: Fraction, b: Fraction) -> Table:
    """64 quantiles of Beta(a, b), at (i + 1/2)/64, in ten-thousandths of 1; a and b above 0."""
    p, q = float(a) - 1.0, float(b) - 1.0
    return _quantiles([p * x + q * y + w for x, y, w in _grid()], lambda x: x)


def gamma(shape: Fraction) -> Table:
    """64 quantiles of Gamma(shape, rate = shape), whose mean is 1, in ten-thousandths of it."""
    # Over x = t / (1 + t), so that the same grid from 0 to 1 serves.
    s = float(shape)
    logs = [
        (s - 1.0) * (x - y) - s * (t / (1.0 - t)) - 2.0 * y + w
        for (x, y, w), t in zip(_grid(), _middles(), strict=True)
    ]
    return _quantiles(logs, lambda x: x / (1.0 - x))


def _quantiles(logs: Sequence[float], value: Callable[[float], float]) -> Table:
    highest = max(logs)
    weights = [_exp(one - highest) if one - highest > NEGLIGIBLE else 0.0 for one in logs]
    sums = list(accumulate(weights))
    found = []
    for atom in range(ATOMS):
        wanted = sums[-1] * (2 * atom + 1) / (2 * ATOMS)
        cell = bisect_left(sums, wanted)
        inside = (wanted - (sums[cell] - weights[cell])) / weights[cell]
        found.append(int(value(_place((cell + inside) / CELLS)) * UNIT + 0.5))
    return tuple(found)


def _place(u: float) -> float:
    """Where the grid's u from 0 to 1 lies: densely at both ends, where a density may be steep."""
    return u * u * (3.0 - 2.0 * u)


@lru_cache(maxsize=1)
def _middles() -> list[float]:
    return [_place((2 * at + 1) / (2 * CELLS)) for at in range(CELLS)]


@lru_cache(maxsize=1)
def _grid() -> list[tuple[float, float, float]]:
    """In the middle of each cell ln x, ln (1 - x), and the logarithm of its width."""
    found = []
    for at in range(CELLS):
        u = Fraction(2 * at + 1, 2 * CELLS)
        low, high = _ln(u), _ln(1 - u)
        x, y = 2 * low + _ln(3 - 2 * u), 2 * high + _ln(1 + 2 * u)
        found.append((float(x), float(y), float(low + high)))
    return found


def _ln(value: Fraction) -> Decimal:
    return CONTEXT.ln(decimal(value))


@lru_cache(maxsize=1)
def _powers() -> tuple[float, list[float]]:
    """ln 2 / 1024, and 2^(i/1024)."""
    step = CONTEXT.divide(CONTEXT.ln(Decimal(2)), Decimal(FINE))
    powers = [float(CONTEXT.exp(CONTEXT.multiply(step, Decimal(at)))) for at in range(FINE)]
    return float(step), powers


def _exp(y: float) -> float:
    """e^y for y from -45 to 0, to 14 digits, by the table and four terms of the series."""
    step, powers = _powers()
    n = int(y / step) - 1
    r = y - n * step
    return ldexp(powers[n % FINE], n // FINE) * (1.0 + r * (1.0 + r * (0.5 + r / 6.0)))
