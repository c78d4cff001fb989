"""What the compare page shows: agencies side by side, and whether one is better for sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rankings.errors import NotFound
from rankings.web import range_words, ranking_page
from rankings.web.languages import say as _
from rankings.web.ranking_page import Row
from rankings.web.words import Words

Part = Mapping[str, Any]
# More do not fit on a phone.
MOST = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One agency: its line of the ranking, and its range in a sentence."""

    row: Row
    between: str
    place: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints; `others` may be chosen."""

    sides: tuple[Side, ...]
    verdicts: tuple[str, ...]
    others: tuple[Row, ...]
    most: int = MOST


def page(words: Words, ranking: Part, notice: Part, codes: Sequence[str]) -> Page:
    """The agencies with these codes; NotFound for one that is not listed or too many of them."""
    rows = [ranking_page.row(words, ranking, one, notice) for one in ranking["entries"]]
    by_code = {one.entry["code"]: one for one in rows}
    asked = list(dict.fromkeys(codes))
    if len(asked) > MOST or not set(asked) <= by_code.keys():
        raise NotFound("There is no such agency.")
    rated = sum(one["state"] == "rated" for one in ranking["entries"])
    chosen = [by_code[code] for code in asked]
    return Page(
        sides=tuple(
            Side(
                one,
                range_words.between(words, one.entry),
                range_words.place_of(ranking, one.entry, rated)
                if one.entry["state"] == "rated"
                else "",
            )
            for one in chosen
        ),
        verdicts=tuple(_verdict(one, other) for one, other in combinations(chosen, 2)),
        others=tuple(sorted((one for one in rows if one not in chosen), key=lambda one: one.name)),
    )


def _verdict(one: Row, other: Row) -> str:
    """Which of two is better, if that can be said."""
    names = {"one": one.name, "other": other.name}
    both = (one.entry, other.entry)
    if any(each["state"] != "rated" for each in both):
        return _("%(one)s and %(other)s: one is not rated, so they cannot be compared.", **names)
    if any(not each.get("range") for each in both) or range_words.too_close(*both):
        return _("%(one)s and %(other)s: too close to say which is better.", **names)
    better, worse = (one, other) if one.entry["score"] > other.entry["score"] else (other, one)
    return _("%(better)s is better than %(worse)s.", better=better.name, worse=worse.name)
