"""How high a row must be for its wrapped text: what programs measure is too low when printed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import ceil
from unicodedata import category, east_asian_width

# In points, at size 10: the line of most scripts, and of the tall ones.
LINE, PADDING = 13.0, 3.0
# First and last character of a script, width of its letters in digits, height of its line.
NARROW, WIDE = frozenset(" iljtfrI.,;:'()|/-!"), 1.9
TALL = (
    ("\u1000", "\u109f", 1.4, 21.0),
    ("\u1780", "\u17ff", 1.2, 17.0),
    ("\u3000", "\u9fff", WIDE, 14.0),
)
# Lines break before they are full, and the text stands a little away from the edge.
FILLED = 0.9


def height(cells: Iterable[tuple[str, float]]) -> float:
    """The height of a row of (text, width of the column) in points."""
    return max((_lines(text, width) for text, width in cells), default=LINE) + PADDING


@lru_cache(maxsize=8192)
def _lines(text: str, width: float) -> float:
    if len(text) * 2 < width and text.isascii():
        return LINE
    letters = [_letter(one) for one in text]
    long = sum(wide for wide, _ in letters)
    tallest = max((tall for _, tall in letters), default=LINE)
    return max(1, ceil(long / (width * FILLED))) * tallest


@lru_cache(maxsize=8192)
def _letter(one: str) -> tuple[float, float]:
    """Width in digits and height of the line of one character."""
    if category(one) in {"Mn", "Cf"}:
        return 0.0, LINE
    for first, last, wide, tall in TALL:
        if first <= one <= last:
            return wide, tall
    if one in NARROW:
        return 0.55, LINE
    return (WIDE if east_asian_width(one) in "WF" else 1.25 if one.isupper() else 1.0), LINE
