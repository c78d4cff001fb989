"""What keeps an agency from the next better band, as the engine itself finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from rankings.scoring.bands import Limiter, place_of
from rankings.scoring.record import Record
from rankings.scoring.rubric import Band, Requirement, Rubric
from rankings.scoring.score import Scorecard, Scorer, interviewed

# Beyond every total, so that a band with this cut is out of reach.
FAR = Fraction(10**12)


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
    rubric = scorer.rubric
    if card.band is None or card.points is None or rubric.banding.by != "points":
        return None
    place = place_of(rubric, card.band) - 1
    if place < 0:
        return None
    # The engine is asked what would hold if the points were enough for just this band.
    asked = Scorer(_within_reach(rubric, place)).score(record, as_of)
    limiters = [one for one in asked.limiters if one.ceiling > place]
    failing = {(one.code, one.of) for one in limiters if one.kind == "condition"}
    return NextBand(
        band=rubric.bands[place].id,
        points=_missing(rubric, place, record.previous_band, card.points),
        shortfalls=tuple(
            shortfall
            for one in rubric.bands[place].requires
            if (one.code, one.of) in failing
            for shortfall in _shortfalls(scorer, record, card, one)
        ),
        limiters=tuple(one for one in limiters if one.kind in ("cap", "overclaim")),
    )


def _within_reach(rubric: Rubric, place: int) -> Rubric:
    """The rubric with its lines moved: any points are enough for this band, none for a better."""
    far = FAR if rubric.scale.higher_is_better else -FAR
    cuts = [far] * place + [None] * (len(rubric.bands) - place)
    bands: list[Band] = [
        replace(band, cut=cut) for band, cut in zip(rubric.bands, cuts, strict=True)
    ]
    return replace(rubric, bands=tuple(bands))


def _missing(rubric: Rubric, place: int, previous: str | None, points: Fraction) -> Fraction:
    """How many points are missing to the line of a band, with the buffer that holds for it."""
    cut = rubric.bands[place].cut
    if cut is None:
        return Fraction(0)
    sign = 1 if rubric.scale.higher_is_better else -1
    buffer = Fraction(0)
    if previous is not None:
        rises = place < place_of(rubric, previous)
        buffer = rubric.banding.buffer if rises else -rubric.banding.buffer
    return max(sign * (cut - points) + buffer, Fraction(0))


def _shortfalls(
    scorer: Scorer, record: Record, card: Scorecard, one: Requirement
) -> Iterator[Shortfall]:
    workings = card.workings
    if workings is None:
        return
    if one.limit is not None and one.code in ("pillars_at_least", "nodes_at_least"):
        pillars = [pillar.id for pillar in scorer.rubric.pillars]
        for node in [str(one.of)] if one.code == "nodes_at_least" else pillars:
            place = scorer.tree.places[node]
            if not workings.reaches(place, one.limit):
                yield Shortfall(one.code, node, one.limit, workings.value(place))
        return
    known = {
        "confidence_at_least": card.confidence,
        "interviews_at_least": Fraction(interviewed(record, workings.leaves)),
    }
    yield Shortfall(one.code, one.of, one.limit, known.get(one.code))
