"""The receipt: what every indicator earned and lost, in printed units that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import mul, sub
from typing import Any, NamedTuple

from rankings.scoring.bands import Limiter
from rankings.scoring.exact import shared_out
from rankings.scoring.moves import children_of, parts_by_value
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.workings import Workings


class Line(NamedTuple):
    """One indicator. The three amounts are whole units of the last printed decimal (tenths).

    `basis` is the grade of evidence, `none`, `interviews`, `events`, `not_applicable`, `disputed`
    or `not_counted`; `share` is the weight of one point of it in the total.
    """

    indicator: str
    basis: str
    told: tuple[object, ...]
    share: Fraction
    earned: int
    lost_performance: int
    lost_unchecked: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Lines and steps add up to `points`, then limiters lead to `published`; all in units.

    earned + lost_performance + lost_unchecked of all lines is `reachable`. The lines are kept as
    columns: there are millions of them.
    """

    id: str
    decimals: int
    points: int
    published: int
    reachable: int
    columns: tuple[Sequence[Any], ...]
    steps: tuple[tuple[str, str, int], ...]
    limiters: tuple[Limiter, ...]

    @property
    def lines(self) -> list[Line]:
        """One line per indicator, in the order of the rubric."""
        return [Line(*row) for row in zip(*self.columns, strict=True)]

    @property
    def sums(self) -> tuple[int, int, int]:
        """Earned, lost to performance, lost because nobody checked."""
        earned, performance, unchecked = self.columns[-3:]
        return sum(earned), sum(performance), sum(unchecked)


def receipt(scorer: Scorer, card: Scorecard) -> Receipt:
    """The receipt of a rated scorecard; ValueError for one that is not rated."""
    workings, points, published = card.workings, card.points, card.published
    if workings is None or points is None or published is None:
        raise ValueError(f"{card.id} is {card.state}: there is nothing to explain")
    scale = 10**scorer.rubric.scale.decimals
    shares, weights, weight_unit = _weights(scorer, workings)
    steps = _steps(scorer, workings)
    unit = weight_unit * workings.unit
    common = lcm(unit, *(amount.denominator for _, _, amount in steps))
    columns = _columns(scorer, workings, weights, common // unit * scale)
    moved = [int(amount * common) * scale for _, _, amount in steps]
    units = points.numerator * (scale // points.denominator)
    totals = shared_out([sum(columns[0]), sum(moved)], common, units)
    earned = shared_out(columns[0], common, totals[0])
    moved_units = shared_out(moved, common, totals[1])
    lost, reachable = _lost(columns, common, sum(earned))
    return Receipt(
        id=card.id,
        decimals=scorer.rubric.scale.decimals,
        points=units,
        published=published.numerator * (scale // published.denominator),
        reachable=reachable,
        columns=(*_found(scorer, workings), shares[: scorer.tree.leaves], earned, *lost),
        steps=tuple((n, s, u) for (n, s, _), u in zip(steps, moved_units, strict=True)),
        limiters=card.limiters,
    )


def _weights(scorer: Scorer, workings: Workings) -> tuple[Sequence[Fraction], Sequence[int], int]:
    """Effective weights, and the same as whole numbers over a common unit."""
    shape = workings.shape
    if not scorer.by_value:
        return shape.shares, shape.weights, shape.weight_unit
    shares = _shares(scorer, workings)[: scorer.tree.leaves]
    whole = lcm(*(share.denominator for share in shares))
    return shares, [int(share * whole) for share in shares], whole


def _shares(scorer: Scorer, workings: Workings) -> Sequence[Fraction]:
    return scorer.tree.shares(
        workings.shape.branches, lambda branch: parts_by_value(branch, workings)
    )


def _steps(scorer: Scorer, workings: Workings) -> list[tuple[str, str, Fraction]]:
    """Adjustments, roundings and floors, each in points of the total."""
    if not scorer.special:
        return []
    shares, places = _shares(scorer, workings), scorer.tree.places
    found = [
        (move.node, move.step, shares[places[move.node]] * move.amount) for move in workings.moves
    ]
    for branch in workings.shape.branches:
        if branch.node.floor is not None:
            raised = zip(branch.children, children_of(branch, workings), strict=True)
            amount = sum(
                shares[place] * (value - (workings.value(place) or 0)) for place, value in raised
            )
            found += [(branch.node.id, "floor", Fraction(amount))] if amount else []
    return found


def _columns(
    scorer: Scorer, workings: Workings, weights: Sequence[int], factor: int
) -> tuple[list[int], list[int], list[int]]:
    """Earned, lost to performance and lost unchecked per leaf, as whole numbers."""
    leaves, unit = workings.leaves, workings.unit
    weights = [weight * factor for weight in weights]
    values = [leaf.value * (unit // leaf.unit) if leaf is not None else 0 for leaf in leaves]
    best = [
        value if top is None else top[0] * unit // top[1]
        for value, top in zip(values, scorer.best, strict=True)
    ]
    # Columns at once instead of row by row: this runs for every indicator of every agency.
    earned = list(map(mul, weights, workings.values))
    worth = list(map(mul, weights, values))
    performance = list(map(sub, map(mul, weights, best), worth))
    return earned, performance, list(map(sub, worth, earned))


def _lost(
    columns: tuple[list[int], list[int], list[int]], common: int, earned: int
) -> tuple[tuple[list[int], list[int]], int]:
    """The two lost columns in units: together with `earned` they are the reachable maximum."""
    exact, performance, unchecked = (sum(column) for column in columns)
    whole = (2 * (exact + performance + unchecked) + common) // (2 * common)
    # Steps may round `earned` away from its own exact sum; no lost total may pay for that.
    least = performance // common + unchecked // common
    most = -(-performance // common) - (-unchecked // common)
    rest = min(max(whole - earned, least), most)
    totals = shared_out([performance, unchecked], common, rest)
    return (
        shared_out(columns[1], common, totals[0]),
        shared_out(columns[2], common, totals[1]),
    ), earned + rest


def _found(scorer: Scorer, workings: Workings) -> tuple[Sequence[Any], ...]:
    """Per indicator its code, its basis, and what the receipt tells of it."""
    marks, leaves = workings.marks, workings.leaves
    bases = [
        leaf.basis if leaf is not None else marks.get(code, "not_counted")
        for code, leaf in zip(scorer.codes, leaves, strict=True)
    ]
    return scorer.codes, bases, [leaf.told if leaf is not None else () for leaf in leaves]
