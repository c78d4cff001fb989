"""Pearson's correlation of columns that come row by row, from exact sums of whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rankings.scoring.exact import CONTEXT, decimal, rounded_units, to_fraction

# Values are cut to whole millionths: exact fractions of thousands of rows would grow without end.
MICRO = 10**6
# Of fewer rows nothing is said.
LEAST = 3


@dataclass(slots=True)
class _Sums:
    """Of the rows in which both columns have a value."""

    rows: int = 0
    x: int = 0
    y: int = 0
    xx: int = 0
    yy: int = 0
    xy: int = 0

    def add(self, x: int, y: int) -> None:
        self.rows += 1
        self.x += x
        self.y += y
        self.xx += x * x
        self.yy += y * y
        self.xy += x * y

    def thousandths(self) -> int | None:
        x, y = self.rows * self.xx - self.x**2, self.rows * self.yy - self.y**2
        if self.rows < LEAST or not x or not y:
            return None
        together = self.rows * self.xy - self.x * self.y
        root = CONTEXT.sqrt(decimal(Fraction(x * y)))
        share = to_fraction(CONTEXT.divide(decimal(Fraction(together)), root))
        return rounded_units(share.numerator * 1000, share.denominator, "half_up")


class Correlations:
    """Takes rows of so many columns; a missing value leaves its row out of that column's pairs."""

    def __init__(self, columns: int) -> None:
        self._pairs = {(a, b): _Sums() for a in range(columns) for b in range(a, columns)}
        self._columns = columns

    def add(self, row: Sequence[Fraction | None]) -> None:
        """One row, a value per column."""
        whole = [None if one is None else one.numerator * MICRO // one.denominator for one in row]
        for (a, b), sums in self._pairs.items():
            x, y = whole[a], whole[b]
            if x is not None and y is not None:
                sums.add(x, y)

    def table(self) -> list[list[int | None]]:
        """Every column against every other one, in thousandths.

        None where a column does not vary, or of fewer than 3 rows.
        """
        told = {pair: sums.thousandths() for pair, sums in self._pairs.items()}
        every = range(self._columns)
        return [[told[min(a, b), max(a, b)] for b in every] for a in every]
