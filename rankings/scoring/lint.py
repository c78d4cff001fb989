"""What in a rubric tells agencies apart badly: seen in a rehearsal, or in the rubric alone.

Findings are warnings. A rubric that has some may still be what its association wants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from rankings.scoring.moves import parts_by_value
from rankings.scoring.rank import Standing, rank, standing
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rubric import TOTAL, Node, Requirement, Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Points
from rankings.scoring.score import Scorecard
from rankings.scoring.tree import BY_VALUE, Shape, Tree
from rankings.scoring.workings import Workings

SAME_EVERYWHERE, DECIDES_ALONE, CROWDED = "same_everywhere", "decides_alone", "crowded_band"
UNREACHABLE = "unreachable_band"
# Of fewer agencies nothing is said.
LEAST = 10
HALF = Fraction(1, 2)
# Contributions to the total are added up in whole millionths of a point.
MICRO = 10**6


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning: about which indicator, node or band, and how much of all it is (thousandths).

    `share` is of the rated agencies, or for `decides_alone` of the variance of the totals; None
    where the rubric alone was looked at.
    """

    kind: str
    code: str
    share: int | None = None

    def values(self) -> dict[str, object]:
        """The finding as a run report has it."""
        return {"kind": self.kind, "code": self.code, "share": self.share}


@dataclass(slots=True)
class _Sums:
    """What has been seen of one indicator or node."""

    counted: int = 0
    worths: set[Fraction] = field(default_factory=set)
    own: int = 0
    product: int = 0


class Rehearsal:
    """Takes the scorecards of all agencies, one by one, and says what the rubric does to them."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric, self._tree = rubric, Tree(rubric)
        self._by_value = any(node.aggregate in BY_VALUE for node in rubric.nodes)
        pillars = {pillar.id for pillar in rubric.pillars}
        below = [node.id for node in rubric.nodes if node.id not in {TOTAL, *pillars}]
        self._indicators = [one.id for one in rubric.indicators]
        self._sums = {code: _Sums() for code in [*self._indicators, *below]}
        self._standings: list[Standing] = []
        self._total = self._square = 0

    def add(self, card: Scorecard) -> None:
        """Take one agency; those without rating say nothing."""
        place, workings = standing(self.rubric, card), card.workings
        if place is None or workings is None or card.exact is None:
            return
        self._standings.append(place)
        total = _micro(card.exact.numerator, card.exact.denominator)
        self._total += total
        self._square += total * total
        shares = self._shares(workings)
        for code, sums in self._sums.items():
            at = self._tree.places[code]
            part = _contribution(workings, at, shares[at])
            sums.own += part
            sums.product += part * total
        for at, code in enumerate(self._indicators):
            leaf, sums = workings.leaves[at], self._sums[code]
            if leaf is not None:
                sums.counted += 1
                # Two different worths say as much as a thousand.
                if len(sums.worths) < 2:
                    sums.worths.add(leaf.worth)

    def bands(self) -> dict[str, int]:
        """How many are in each band, the best first."""
        placings = rank(self.rubric, self._standings)
        many = Counter(one.band for one in placings.values())
        return {band.id: many[band.id] for band in self.rubric.bands}

    def findings(self) -> list[Finding]:
        """Every warning, in the order of the rubric: indicators, nodes, bands."""
        rated = len(self._standings)
        if rated < LEAST:
            return []
        return [*self._same(rated), *self._alone(rated), *self._crowded(rated)]

    def _shares(self, workings: Workings) -> list[Fraction] | tuple[Fraction, ...]:
        shape: Shape = workings.shape
        if not self._by_value:
            return shape.shares
        return self._tree.shares(shape.branches, lambda branch: parts_by_value(branch, workings))

    def _same(self, rated: int) -> Iterator[Finding]:
        for code in self._indicators:
            sums = self._sums[code]
            if sums.counted >= LEAST and len(sums.worths) == 1:
                yield Finding(SAME_EVERYWHERE, code, thousandths(sums.counted, rated))

    def _alone(self, rated: int) -> Iterator[Finding]:
        variance = rated * self._square - self._total**2
        for code, sums in self._sums.items():
            together = rated * sums.product - sums.own * self._total
            if variance and 2 * together > variance:
                yield Finding(DECIDES_ALONE, code, thousandths(together, variance))

    def _crowded(self, rated: int) -> Iterator[Finding]:
        for band, many in self.bands().items():
            if 2 * many > rated:
                yield Finding(CROWDED, band, thousandths(many, rated))


def thousandths(part: int, whole: int) -> int:
    """A share in thousandths, half up; `whole` is above 0."""
    return (2000 * part + whole) // (2 * whole)


def _micro(numerator: int, denominator: int) -> int:
    return numerator * MICRO // denominator


def _contribution(workings: Workings, place: int, share: Fraction) -> int:
    """What a part of the tree gives to the total, in millionths of a point."""
    unit = workings.unit * (workings.shape.units[place] or 1)
    return _micro(workings.values[place] * share.numerator, unit * share.denominator)


def static(rubric: Rubric) -> list[Finding]:
    """Bands that no answers reach, though the rubric is sound: the credit of even the best proof
    is too little. Says nothing where that is open."""
    attainable = _Attainable(rubric)
    return [
        Finding(UNREACHABLE, band.id)
        for band in rubric.bands[:-1]
        if attainable.misses(band.cut) or any(map(attainable.fails, band.requires))
    ]


class _Attainable:
    """The best value that each part can have with the best answers, proved as well as can be."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self._higher = rubric.scale.higher_is_better
        self._best = max if self._higher else min
        # A question that does not apply may leave only better ones; then nothing is sure.
        optional = any(
            one.not_applicable or one.empty == NOT_APPLICABLE for one in rubric.indicators
        )
        self._unsure = optional and (not self._higher or self._credit() < 1)

    def misses(self, cut: Fraction | None) -> bool:
        """Whether the best total does not reach a cut; never of quantiles."""
        best = None if self._unsure else self.of(self.rubric.total)
        if cut is None or best is None or self.rubric.banding.by != "points":
            return False
        # Rounding of the total may lift it by less than one unit.
        unit = Fraction(1, 10**self.rubric.scale.decimals)
        return best + unit <= cut if self._higher else best - unit >= cut

    def fails(self, one: Requirement) -> bool:
        """Whether a condition of a band asks for more than there can be."""
        if one.limit is None or self._unsure or not self._higher:
            return False
        if one.code == "confidence_at_least":
            return self._sure() * 100 < one.limit
        parts: dict[str, list[Node | Indicator]] = {
            "pillars_at_least": list(self.rubric.pillars),
            "nodes_at_least": [part for part in self.rubric.parts() if part.id == one.of],
        }
        best = [self.of(part) for part in parts.get(one.code, [])]
        return any(value is not None and value < one.limit for value in best)

    def of(self, part: Node | Indicator) -> Fraction | None:
        """The best value of a part, None where it is open."""
        if isinstance(part, Indicator):
            return self._of_indicator(part)
        if part.adjust:
            return None
        children = [one for one in self.rubric.children(part.id) if part.start in (None, one.id)]
        known = [value for one in children if (value := self.of(one)) is not None]
        if len(known) < len(children):
            return None
        # A geometric mean is at best the best of its children.
        by_value = {"highest": max(known), "lowest": min(known), "geometric": self._best(known)}
        value = by_value.get(part.aggregate)
        if value is None:
            value = _weighed(part, children, known)
        return value if part.round_to is None else self._rounded(value, part.round_to)

    def _of_indicator(self, one: Indicator) -> Fraction | None:
        if self._higher:
            graded = isinstance(one.rule, Level | Numeric)
            return one.max and one.max * (self._credit() if graded else 1)
        if isinstance(one.rule, Points):
            return one.rule.min
        if isinstance(one.rule, Level):
            return min(option.points for option in one.rule.options)
        return Fraction(0)

    def _credit(self) -> Fraction:
        return max(self.rubric.evidence.credit.values(), default=Fraction(1))

    def _sure(self) -> Fraction:
        """The highest confidence, 0 to 1; interviews and events come close to 1 where many are."""
        graded = all(isinstance(one.rule, Level | Numeric) for one in self.rubric.indicators)
        evidence = self.rubric.evidence
        known = [evidence.confidence.get(grade, Fraction(1)) for grade in evidence.credit]
        return max(known, default=Fraction(1)) if graded else Fraction(1)

    def _rounded(self, value: Fraction, to: Fraction) -> Fraction:
        """Rounded to the better side."""
        return to * (ceil(value / to) if self._higher else value // to)


def _weighed(part: Node, children: list[Node | Indicator], best: list[Fraction]) -> Fraction:
    """A sum, or a mean."""
    weights = [Fraction(1) if one.weight is None else one.weight for one in children]
    total = sum((w * value for w, value in zip(weights, best, strict=True)), Fraction(0))
    return total if part.aggregate in ("sum", "start") else total / sum(weights)
