"""The geometry of a receipt's waterfall: what each part added to the score, and what it lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rankings.web.plots import Axis, Segment


@dataclass(frozen=True, slots=True)
class Fall:
    """What one row of a waterfall adds, in units, and what it failed to add.

    `kind` is `part`, `step`, `limit` or `total`; a total stands on its own foot.
    """

    kind: str
    label: str
    earned: int
    performance: int = 0
    unchecked: int = 0


@dataclass(frozen=True, slots=True)
class FallRow:
    """A row of a waterfall with its pieces: `earned`, `lost`, `unchecked`, `less` or `total`."""

    fall: Fall
    segments: tuple[Segment, ...]


def waterfall(falls: Sequence[Fall]) -> tuple[FallRow, ...]:
    """Rows that stand on each other from left to right: each begins where the one before ended.

    What was lost lies beyond what was earned, and nothing stands on it.
    """
    pieces, level = [], 0
    for fall in falls:
        level = 0 if fall.kind == "total" else level
        pieces.append(list(_pieces(fall, level)))
        level += fall.earned
    ends = [0, *(end for row in pieces for _, start, end in row for end in (start, end))]
    low, high = min(ends), max(max(ends), min(ends) + 1)
    along = Axis(low, high, (low, high))
    return tuple(
        FallRow(fall, tuple(_segment(along, *piece) for piece in row))
        for fall, row in zip(falls, pieces, strict=True)
    )


def _pieces(fall: Fall, level: int) -> Iterator[tuple[str, int, int]]:
    kind = "total" if fall.kind == "total" else "earned" if fall.earned >= 0 else "less"
    start = level
    lengths = ((kind, fall.earned), ("lost", fall.performance), ("unchecked", fall.unchecked))
    for kind, length in lengths:
        if length:
            yield kind, start, start + length
        start += length


def _segment(along: Axis, kind: str, start: int, end: int) -> Segment:
    x, right = along.at(min(start, end)), along.at(max(start, end))
    return Segment(kind, end - start, x, right - x)
