"""From a total to a rating: points, band, what limits it, and the published score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rankings.scoring import bands
from rankings.scoring.bands import Limiter
from rankings.scoring.conditions import Fact, Of, holds
from rankings.scoring.record import Record
from rankings.scoring.rubric import Cap, Requirement, Rubric
from rankings.scoring.tree import Tree
from rankings.scoring.workings import Workings

Facts = Callable[[Of], Fact | None]


@dataclass(frozen=True, slots=True)
class Rating:
    """Band and score together. Bands are ids, None where the rubric gives none by points."""

    published: Fraction
    band: str | None = None
    points_band: str | None = None
    limiters: tuple[Limiter, ...] = ()


@dataclass(frozen=True, slots=True)
class Rated:
    """One total on its way to a rating."""

    record: Record
    as_of: date
    exact: Fraction
    points: Fraction
    confidence: Fraction
    facts: Facts
    workings: Workings
    overclaimed: bool


class Rater:
    """The bands, conditions and caps of a rubric made ready."""

    def __init__(self, rubric: Rubric, tree: Tree) -> None:
        self.rubric = rubric
        self._by_cuts = bool(rubric.bands) and rubric.banding.by == "points"
        self.cuts = bands.Cuts(rubric)
        self._pillars = [tree.places[pillar.id] for pillar in rubric.pillars]
        self._places = tree.places

    def rating(self, rated: Rated) -> Rating:
        """The rating of a total; quantile bands are left to `rank`, which sees everybody."""
        if not self._by_cuts:
            return Rating(rated.points)
        rubric, points = self.rubric, rated.points
        start = self.cuts.band(points, rated.record.previous_band)
        final, found = bands.limited(
            rubric, start, self.ceilings(rated), lambda one: self.met(one, rated)
        )
        score = self.cuts.published(points, final)
        if score is not points:
            found = bands.with_amount(found, final, score - points)
        return Rating(score, rubric.bands[final].id, rubric.bands[start].id, tuple(found))

    def ceilings(self, rated: Rated) -> list[Limiter]:
        """Caps in force and over-claiming, each with the best band that it leaves."""
        rubric = self.rubric
        ceilings = ((cap.id, self._ceiling(cap, rated)) for cap in rubric.caps)
        found = [Limiter("cap", code, place) for code, place in ceilings if place is not None]
        rule = rubric.evidence.overclaim
        if rated.overclaimed and rule:
            place = bands.place_of(rubric, rule.ceiling)
            found.append(Limiter("overclaim", "overclaim", place))
        return found

    def _ceiling(self, cap: Cap, rated: Rated) -> int | None:
        if cap.when is not None:
            holding = holds(cap.when, rated.facts)
            return bands.place_of(self.rubric, cap.ceiling) if holding else None
        event = rated.record.caps.get(cap.id)
        return bands.cap_ceiling(self.rubric, cap, event, rated.as_of) if event else None

    def met(self, one: Requirement, rated: Rated) -> bool:
        """Whether a band's condition holds; one about something insufficient does not."""
        if one.limit is None:
            return one.when is None or holds(one.when, rated.facts)
        if one.code in ("each_at_most", "each_at_least"):
            return _each(one.code, one.limit, rated.workings)
        if one.code == "pillars_at_least":
            return all(rated.workings.reaches(place, one.limit) for place in self._pillars)
        if one.code == "nodes_at_least":
            return rated.workings.reaches(self._places[str(one.of)], one.limit)
        value = rated.facts(Of(one.code.removesuffix("_at_least")))
        return isinstance(value, Fraction) and value >= one.limit


def _each(code: str, limit: Fraction, workings: Workings) -> bool:
    """Compared in whole numbers: this runs for every single value of every unit."""
    n, d = limit.numerator, limit.denominator
    gaps = [leaf.value * d - n * leaf.unit for leaf in workings.leaves if leaf is not None]
    return max(gaps) <= 0 if code == "each_at_most" else min(gaps) >= 0
