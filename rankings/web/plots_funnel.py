"""The geometry of the funnel of complaints: rates against exposure between two pairs of lines.

Spiegelhalter 2005, Funnel plots for comparing institutional performance. The way along x grows
with the square root of the workers, so that the many small agencies do not hide each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

from rankings.web.plots import SIDE, Axis, axis, evenly

Part = Mapping[str, Any]
Number = int | Fraction
# The four limits of the rate in units of `y` at so many workers: 95 % low and high, 99.8 %.
Limits = Callable[[Fraction], Sequence[Number]]

# Points of each line, and agencies inside the lines of which a picture can tell.
SAMPLES, MOST_INSIDE = 48, 300
OUTSIDE = ("95", "99.8")
SPACES = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One agency; `outside` says of which pair of lines, None of none."""

    x: int
    y: int
    outside: str | None


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """Points and lines; `y` is the axis of the rates and goes upwards, `xs` are (workers, x).

    `lines` are pieces of a limit inside the frame with the pair it belongs to, `usual` is the y
    of the benchmark, None where there is no common one.
    """

    points: tuple[Point, ...]
    lines: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
    usual: int | None
    y: Axis
    xs: tuple[tuple[int, int], ...]


def funnel(agencies: Sequence[Part], usual: Number | None, limits: Limits | None) -> FunnelChart:
    """The chart of `agencies` of a run report's complaints; rates in hundredths per 1,000.

    `usual` is the benchmark in the same units; without it and `limits` there are no lines.
    """
    known = [one for one in agencies if one["raw"] is not None]
    inside = sorted((one for one in known if not one["outside"]), key=_workers)
    shown = [*evenly(inside, MOST_INSIDE), *(one for one in known if one["outside"])]
    most = max((_workers(one) for one in known), default=Fraction(0)) or Fraction(1)
    along = axis([0, most])
    # The lines are seen at least where they are nearest to the benchmark.
    nearest = limits(Fraction(along.high)) if limits else []
    held = [*(one["raw"] for one in known), *nearest, *([] if usual is None else [2 * usual])]
    upright = axis([0, *held])
    return FunnelChart(
        tuple(
            Point(_x(_workers(one), along), _y(one["raw"], upright), one["outside"])
            for one in shown
        ),
        tuple(_lines(limits, along, upright)) if limits else (),
        None if usual is None else _y(usual, upright),
        upright,
        tuple((tick, _x(Fraction(tick), along)) for tick in _ticks(along.high)),
    )


def _ticks(most: int) -> list[int]:
    """Numbers of one digit and zeros that stand at about even distances, the last one as it is."""
    found = [most * at * at // (SPACES * SPACES) for at in range(SPACES)]
    return sorted({*(tick // _size(tick) * _size(tick) for tick in found), most})


def _size(number: int) -> int:
    return int(10 ** (len(str(number)) - 1))


def _workers(one: Part) -> Fraction:
    return Fraction(one["workers"])


def _x(workers: Fraction, along: Axis) -> int:
    """By the square root."""
    return isqrt(int(SIDE * SIDE * workers / along.high))


def _y(rate: Number, upright: Axis) -> int:
    return SIDE - upright.at(rate)


def _lines(
    limits: Limits, along: Axis, upright: Axis
) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    """Each limit from where it comes into the frame."""
    steps = [SIDE * at // SAMPLES for at in range(1, SAMPLES + 1)]
    values = [(x, limits(Fraction(along.high * x * x, SIDE * SIDE))) for x in steps]
    for which in range(4):
        path = [
            (x, _y(limit[which], upright))
            for x, limit in values
            if upright.low < limit[which] <= upright.high
        ]
        if path:
            yield OUTSIDE[which // 2], tuple(path)
