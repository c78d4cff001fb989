"""What keeps an agency from the next better band, as the engine itself finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rankings.scoring.bands import Limiter, place_of
from rankings.scoring.rating import Rated
from rankings.scoring.record import Record
from rankings.scoring.rubric import Requirement, Rubric
from rankings.scoring.score import Scorecard, Scorer, interviewed


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A condition of the band that does not hold: what is wanted, and what is there if known.

    `of` is the node that is too low, for a condition on nodes.
    """

    code: str
    of: str | None
    wanted: Fraction | None
    there: Fraction | None


@dataclass(frozen=True, slots=True)
class NextBand:
    """The next better band; `points` are still missing, 0 where they are enough.

    `limiters` are the caps and the over-claim that would hold below it whatever the points.
    """

    band: str
    points: Fraction
    shortfalls: tuple[Shortfall, ...]
    limiters: tuple[Limiter, ...]


def next_band(scorer: Scorer, record: Record, card: Scorecard, as_of: date) -> NextBand | None:
    """What is missing; None at the best band, without a rating, and where bands are shares."""
    rubric, workings = scorer.rubric, card.workings
    if card.band is None or card.points is None or workings is None:
        return None
    place = place_of(rubric, card.band) - 1
    if place < 0 or rubric.banding.by != "points":
        return None
    rated = scorer.on_its_way(record, as_of, workings, card.overclaimed)
    ceilings = scorer.rater.ceilings(rated)
    return NextBand(
        band=rubric.bands[place].id,
        points=missing(rubric, place, record.previous_band, card.points),
        shortfalls=tuple(shortfalls(scorer, rated, place)),
        limiters=tuple(one for one in ceilings if one.ceiling > place),
    )


def shortfalls(scorer: Scorer, rated: Rated, place: int) -> Iterator[Shortfall]:
    """The conditions of a band that do not hold for a total, one for each node that is too low."""
    for one in scorer.rubric.bands[place].requires:
        if not scorer.rater.met(one, rated):
            yield from _shortfalls(scorer, rated, one)


def missing(rubric: Rubric, place: int, previous: str | None, points: Fraction) -> Fraction:
    """How many points are missing to the line of a band."""
    wanted, sign = line(rubric, place, previous), 1 if rubric.scale.higher_is_better else -1
    return Fraction(0) if wanted is None else max(sign * (wanted - points), Fraction(0))


def line(rubric: Rubric, place: int, previous: str | None) -> Fraction | None:
    """The points from which on a band is reached, with the buffer that holds for it."""
    cut, buffer = rubric.bands[place].cut, Fraction(0)
    if cut is None:
        return None
    if previous is not None:
        rises = place < place_of(rubric, previous)
        buffer = rubric.banding.buffer if rises else -rubric.banding.buffer
    return cut + buffer if rubric.scale.higher_is_better else cut - buffer


def _shortfalls(scorer: Scorer, rated: Rated, one: Requirement) -> Iterator[Shortfall]:
    workings = rated.workings
    if one.limit is not None and one.code in ("pillars_at_least", "nodes_at_least"):
        pillars = [pillar.id for pillar in scorer.rubric.pillars]
        for node in [str(one.of)] if one.code == "nodes_at_least" else pillars:
            place = scorer.tree.places[node]
            if not workings.reaches(place, one.limit):
                yield Shortfall(one.code, node, one.limit, workings.value(place))
        return
    known = {
        "confidence_at_least": rated.confidence,
        "interviews_at_least": Fraction(interviewed(rated.record, workings.leaves)),
    }
    yield Shortfall(one.code, one.of, one.limit, known.get(one.code))
