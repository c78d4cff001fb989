"""What an edition says of how sure it is: ranges of scores and places, and what is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.scoring.exact import rounded_units
from rankings.scoring.ranges import Range, ranges
from rankings.scoring.ranges_fast import fast
from rankings.scoring.rank import Placing
from rankings.scoring.rubric import Ranges, Rubric
from rankings.scoring.score import Scorer
from rankings.scoring.spread import Spread

# How places are printed.
PRINTED, AS_RANGES, BANDS_ONLY = "printed", "ranges", "bands"
# Why they are not.
RANKABILITY, SENSITIVITY = "rankability", "sensitivity"
# So many hexadecimal digits of the digest of the inputs are the seed.
SEED_DIGITS = 16

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sure:
    """A ranking with its ranges: what stands at its head, and each agency's line."""

    head: dict[str, Any]
    entries: list[Entry]


def sure(
    scorer: Scorer,
    spreads: Sequence[Spread],
    placings: Mapping[str, Placing],
    entries: Sequence[Entry],
    inputs: str,
    holds: bool,
) -> Sure:
    """The lines of a ranking with their ranges.

    `inputs` is the digest of all inputs in hex. `holds`: other choices in the method would hardly
    change places; where they would, only bands are printed.
    """
    rules, seed = scorer.rubric.ranges or Ranges(), inputs[:SEED_DIGITS]
    found = ranges(scorer, spreads, placings, int(seed, 16), fast(scorer))
    places, because = printed(rules, found.rankability, holds)
    share = found.rankability
    head = {
        "draws": rules.draws,
        "seed": seed,
        "rankability": None if share is None else _thousandths(share),
        "pairs": {"apart": found.apart, "all": found.pairs},
        "places": places,
        "because": because,
    }
    with_places = places != BANDS_ONLY
    lines = [_line(one, found.agencies.get(one["code"]), with_places) for one in entries]
    return Sure(head, lines if with_places else sorted(lines, key=_by_band(scorer.rubric)))


def printed(rules: Ranges, rankability: Fraction | None, holds: bool) -> tuple[str, str | None]:
    """How places are printed, and why not plainly."""
    if not holds:
        return BANDS_ONLY, SENSITIVITY
    if rankability is None or rankability < rules.place_ranges_from:
        return BANDS_ONLY, RANKABILITY
    return (PRINTED, None) if rankability >= rules.places_from else (AS_RANGES, RANKABILITY)


def _line(entry: Entry, one: Range | None, with_places: bool) -> Entry:
    if one is None:
        return entry | {"range": None}
    found = {
        "score": list(one.score),
        "rank": list(one.rank) if with_places else None,
        "bands": dict(one.bands),
        "borderline": one.borderline,
        "alike": one.alike,
    }
    return entry | {"range": found, "rank": entry["rank"] if with_places else None}


def _by_band(rubric: Rubric) -> Any:
    order = {band.id: at for at, band in enumerate(rubric.bands)}

    def key(entry: Entry) -> tuple[int, str]:
        return order.get(entry["band"], len(order)), entry["code"]

    return key


def _thousandths(share: Fraction) -> int:
    return rounded_units(share.numerator * 1000, share.denominator, "half_up")
