"""Counting a method report: who stands where under which rubric, and whom it moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rankings.scoring.rubric import Rubric
from rankings.scoring.score import RATED

BEFORE, BRIDGE, AFTER = "before", "bridge", "after"

Placed = Mapping[str, Any]
Place = tuple[str, str]


def order(old: Rubric, new: Rubric) -> list[str]:
    """Bands from the best on, those of the old rubric first where both differ."""
    return list(dict.fromkeys([one.id for one in (*old.bands, *new.bands)]))


def place_of(placed: Placed | None) -> Place | None:
    """What an agency is counted under: its band, else its state; None where it was not listed.

    A rated agency of a rubric without bands is counted as rated.
    """
    if placed is None:
        return None
    return ("band", placed["band"]) if placed["band"] is not None else ("state", placed["state"])


def counts(
    agencies: Iterable[Mapping[str, Any]], bands: list[str], when: tuple[str, ...]
) -> dict[str, Any]:
    """How many are where, how many the rubric alone moves from where to where, and the rated."""
    agencies = list(agencies)
    counted = {one: Counter(place_of(agency[one]) for agency in agencies) for one in when}
    moves = Counter((place_of(one[BEFORE]), place_of(one[BRIDGE])) for one in agencies)

    def best_first(place: Place) -> tuple[bool, int, str]:
        return place[0] != "band", bands.index(place[1]) if place[1] in bands else 0, place[1]

    places = sorted({place for one in counted.values() for place in one if place}, key=best_first)
    return {
        "bands": bands,
        "places": [
            {"kind": kind, "code": code} | {one: counted[one][kind, code] for one in when}
            for kind, code in places
        ],
        "moves": [
            {"from": list(one), "to": list(other), "agencies": many}
            for (one, other), many in sorted(moves.items(), key=lambda pair: (-pair[1], str(pair)))
            if one and other and one != other
        ],
        "rated": {one: sum(_is_rated(agency[one]) for agency in agencies) for one in when},
    }


def _is_rated(placed: Placed | None) -> bool:
    return placed is not None and placed["state"] == RATED


def movers(body: Mapping[str, Any], many: int | None = None) -> list[Mapping[str, Any]]:
    """Agencies whose score the rubric moves, the largest movement first."""
    moved = [one for one in body["agencies"] if one["method"]]
    return sorted(moved, key=lambda one: (-abs(one["method"]), one["code"]))[:many]


def changed_places(body: Mapping[str, Any]) -> int:
    """How many agencies the rubric alone moves to another band, or out of the rating or into it."""
    both = ((place_of(one[BEFORE]), place_of(one[BRIDGE])) for one in body["agencies"])
    return sum(one is not None and one != other for one, other in both)
