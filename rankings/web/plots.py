"""The geometry of the plots: whole numbers in a frame of 1,000 by 1,000; no markup, no words.

x grows to the right and y downwards, as in SVG. How a plot looks stands in templates/plots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from rankings.web.words import Words

T = TypeVar("T")

SIDE = 1000
# Spaces between printed values of an axis at most, and more bars than these blur.
SPACES, MOST = 5, 100
# Heights of a bar's row in tenths of a letter, for up to so many bars.
ROWS = ((12, 20), (40, 13), (MOST, 8))

Part = Mapping[str, Any]
Number = int | Fraction


class Edition(Protocol):
    """An edition, or a candidate for one, that gives its parts by name."""

    def part(self, name: str) -> Part:
        """A part as plain values."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from `low` to `high` along a side of the frame; the `ticks` are printed."""

    low: int
    high: int
    ticks: tuple[int, ...]

    def at(self, value: Number) -> int:
        """Where a value stands; one outside stands at the edge."""
        share = Fraction(value - self.low) / (self.high - self.low)
        return round(SIDE * min(max(share, Fraction(0)), Fraction(1)))

    @property
    def marks(self) -> tuple[tuple[int, int], ...]:
        """The printed values, each with its place."""
        return tuple((tick, self.at(tick)) for tick in self.ticks)


@dataclass(frozen=True, slots=True)
class Bar:
    """One agency: from `low` to `high` with a mark at the score; `y` is the middle of its row."""

    y: int
    low: int
    high: int
    score: int


@dataclass(frozen=True, slots=True)
class RangeChart:
    """Bars from the first place down; `cuts` are names with places; `row` in tenths of a letter.

    The frame is as high as ten times the number of bars. `places` are (y, place) of some bars.
    """

    axis: Axis
    bars: tuple[Bar, ...]
    cuts: tuple[tuple[str, int], ...]
    places: tuple[tuple[int, int], ...]
    row: int

    @property
    def height(self) -> int:
        """Of the bars together, in tenths of a letter."""
        return self.row * len(self.bars)


@dataclass(frozen=True, slots=True)
class BandRow:
    """How many agencies of an edition are in each band; the best band first."""

    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar that lies along the frame; `kind` says what it stands for."""

    kind: str
    amount: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Move:
    """An agency in two editions: its name, the name's language, and the scores in units."""

    code: str
    name: str
    spoken: str
    before: int | None
    after: int | None

    @property
    def by(self) -> int | None:
        """How far the score moved, None where it was rated only once."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class MoveChart:
    """Lines from the left side (before) to the right (after): pairs of y; `axis` goes upwards."""

    axis: Axis
    up: tuple[tuple[int, int], ...]
    down: tuple[tuple[int, int], ...]
    same: tuple[tuple[int, int], ...]


def axis(values: Iterable[Number], spaces: int = SPACES) -> Axis:
    """An axis that holds all values between round numbers; (0, 1) where there are none."""
    known = [Fraction(value) for value in values] or [Fraction(0)]
    for step in _steps():
        low = (min(known) // step) * step
        high = max(-(-max(known) // step) * step, low + step)
        if high - low <= spaces * step:
            return Axis(low, high, tuple(range(low, high + 1, step)))
    raise AssertionError("there are steps of every size")


def _steps() -> Iterator[int]:
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def evenly(rows: Sequence[T], most: int = MOST) -> list[T]:
    """At most so many rows at even distances, the first and the last among them; `most` >= 2."""
    if len(rows) <= most:
        return list(rows)
    return [rows[at * (len(rows) - 1) // (most - 1)] for at in range(most)]


def ranges(entries: Sequence[Part], cuts: Sequence[tuple[str, int]], *, places: bool) -> RangeChart:
    """The range chart of rated entries of a ranking, in their order; `cuts` in units.

    `places`: some rows say their place, which must then be there.
    """
    ends = [one["range"]["score"] for one in entries]
    along = axis([end for pair in ends for end in pair] + [one["score"] for one in entries])
    bars = tuple(
        Bar(10 * at + 5, along.at(low), along.at(high), along.at(one["score"]))
        for at, (one, (low, high)) in enumerate(zip(entries, ends, strict=True))
    )
    every = max(1, -(-len(bars) // 10))
    return RangeChart(
        along,
        bars,
        tuple((name, along.at(cut)) for name, cut in cuts if along.low <= cut <= along.high),
        tuple((bars[at].y, entries[at]["rank"]) for at in range(0, len(bars), every))
        if places
        else (),
        next((row for most, row in ROWS if len(bars) <= most), ROWS[-1][1]),
    )


def band_rows(editions: Iterable[Edition], bands: Sequence[str]) -> list[BandRow]:
    """How many agencies are in each of `bands`: one row for the newest edition of each cycle.

    Give the newest first, as a notice lists them. Editions by another code than the first one's
    are left out: their bands are others.
    """
    rows: list[BandRow] = []
    code, cycles = None, set()
    for edition in editions:
        ranking = edition.part("ranking")
        code, cycle = code or ranking["rubric"]["code"], ranking["cycle"]["slug"]
        if ranking["rubric"]["code"] != code or cycle in cycles:
            continue
        cycles.add(cycle)
        given = [one["band"] for one in ranking["entries"] if one["state"] == "rated"]
        rows.append(BandRow(ranking["cycle"]["name"], {one: given.count(one) for one in bands}))
    return rows


def shares(row: BandRow) -> tuple[Segment, ...]:
    """The bands of an edition side by side, together as wide as the frame; none without agencies.

    `kind` is the band; bands without agencies have no width.
    """
    total, before, found = sum(row.counts.values()), 0, []
    if not total:
        return ()
    for band, count in row.counts.items():
        x, end = (SIDE * amount // total for amount in (before, before + count))
        found.append(Segment(band, count, x, end - x))
        before += count
    return tuple(found)


def moves(before: Part, after: Part) -> list[Move]:
    """Everybody rated in one of two rankings by the same code, the largest movement first.

    Scores are in units of the finer of both scales; nobody where the codes differ.
    """
    if before["rubric"]["code"] != after["rubric"]["code"]:
        return []
    finer = max(before["decimals"], after["decimals"])
    old, new = (
        {one["code"]: _finer(one, finer - part["decimals"]) for one in part["entries"]}
        for part in (before, after)
    )
    names = {one["code"]: one["names"] for part in (before, after) for one in part["entries"]}
    country = after["association"]["country"]
    found = [
        Move(code, *Words.name(country, names[code]), old.get(code), new.get(code))
        for code in names
        if old.get(code) is not None or new.get(code) is not None
    ]
    return sorted(found, key=lambda one: (one.by is None, -abs(one.by or 0), one.code))


def _finer(entry: Part, digits: int) -> int | None:
    units: int | None = entry["score"] if entry["state"] == "rated" else None
    return None if units is None else units * 10**digits


def slopes(given: Sequence[Move]) -> MoveChart:
    """Lines of all who were rated twice, at most `MOST` of them at even distances."""
    twice = [(one.before, one.after) for one in given if one.by is not None]
    known = evenly([(old or 0, new or 0) for old, new in twice])
    upright = axis(value for pair in known for value in pair)
    drawn = [(SIDE - upright.at(old), SIDE - upright.at(new), new - old) for old, new in known]
    return MoveChart(
        upright,
        tuple((left, right) for left, right, by in drawn if by > 0),
        tuple((left, right) for left, right, by in drawn if by < 0),
        tuple((left, right) for left, right, by in drawn if by == 0),
    )
