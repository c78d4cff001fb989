"""Places: who stands where, how equals share, and bands that are shares of the rated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rankings.scoring.conditions import Fact
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import RATED, Scorecard

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides the place of one rated agency; a smaller `key` is better."""

    id: str
    key: Key
    group: Fact | None
    band: str | None


@dataclass(frozen=True, slots=True)
class Placing:
    """The place of one agency; no rank where it is not rated."""

    id: str
    rank: int | None
    band: str | None


def standing(rubric: Rubric, card: Scorecard) -> Standing | None:
    """What `rank` needs to know of a scorecard; None where it is not rated."""
    if card.state != RATED or card.points is None or card.published is None:
        return None
    by = {"published": card.published, "exact": card.exact}
    score = by.get(rubric.rank.by, card.points) or Fraction(0)
    key = [_better_first(score, rubric.scale.higher_is_better)]
    if rubric.rank.by == "band":
        key.insert(0, next(at for at, band in enumerate(rubric.bands) if band.id == card.band))
    for rule, fact in zip(rubric.rank.tie_break, card.tie_break, strict=True):
        known = isinstance(fact, Fraction)
        key += [not known, _better_first(fact, rule.highest_first) if known else 0]
    return Standing(card.id, tuple(key), card.group, card.band)


def _better_first(value: object, highest_first: object) -> object:
    number = value if isinstance(value, Fraction) else Fraction(0)
    number = -number if highest_first else number
    # Whole numbers compare ten times faster than fractions.
    return number.numerator if number.denominator == 1 else number


def rank(rubric: Rubric, standings: Iterable[Standing]) -> dict[str, Placing]:
    """The placing of every rated agency by id; the order of the input does not matter."""
    ordered = sorted(standings, key=lambda one: (*one.key, one.id))
    bands = _quantiles(rubric, ordered) if rubric.banding.by == "quantile" else {}
    placings: dict[str, Placing] = {}
    place, before = 0, None
    for at, one in enumerate(ordered, start=1):
        if one.key != before:
            place = at if rubric.rank.ties == "shared" else place + 1
        before = one.key
        placings[one.id] = Placing(one.id, place, bands.get(one.id, one.band))
    return placings


def _quantiles(rubric: Rubric, ordered: Sequence[Standing]) -> dict[str, str]:
    groups: dict[Fact | None, list[Standing]] = {}
    for one in ordered:
        groups.setdefault(one.group, []).append(one)
    found: dict[str, str] = {}
    for group in groups.values():
        better, before = 0, None
        for at, one in enumerate(group):
            if one.key[0] != before:
                better, before = at, one.key[0]
            found[one.id] = _share_band(rubric, Fraction(better, len(group)))
    return found


def _share_band(rubric: Rubric, share_better: Fraction) -> str:
    for band in rubric.bands:
        if band.cut is None or share_better < band.cut:
            return band.id
    raise AssertionError("the last band has no cut")
