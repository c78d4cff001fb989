"""Nodes that are more than a weighted mean: geometric ones, rounded ones, adjusted ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul

from rankings.scoring.conditions import Facts, holds
from rankings.scoring.exact import FIFTY, geometric_mean, log_mean_shares, rounded_units
from rankings.scoring.rubric import Node, Scale
from rankings.scoring.tree import Branch
from rankings.scoring.workings import Move, Workings


def children_of(branch: Branch, workings: Workings) -> list[Fraction]:
    """The children's values of a geometric node, none below its floor."""
    floor = branch.node.floor or Fraction(0)
    values = (workings.value(place) for place in branch.children)
    return [max(value or Fraction(0), floor) for value in values]


def geometric(branch: Branch, workings: Workings) -> int:
    """A geometric node's value over the record's unit, which holds 50 decimal places."""
    mean = geometric_mean(children_of(branch, workings), branch.weights)
    return int(mean * workings.unit)


def extreme(branch: Branch, workings: Workings) -> int:
    """The lowest or highest child, over the record's unit x the branch's own."""
    children = [workings.values[place] for place in branch.children]
    values: list[int] = list(map(mul, branch.coefficients, children))
    return min(values) if branch.node.aggregate == "lowest" else max(values)


def parts_by_value(branch: Branch, workings: Workings) -> Sequence[Fraction]:
    """What one point of each child is worth in a node whose values decide that."""
    if branch.node.aggregate == "geometric":
        return _geometric_parts(branch, workings)
    # The first child that has the value carries it all.
    values = [workings.value(place) for place in branch.children]
    extremes = [value for value in values if value is not None]
    lowest = branch.node.aggregate == "lowest"
    chosen = values.index(min(extremes) if lowest else max(extremes))
    return [Fraction(at == chosen) for at in range(len(values))]


def _geometric_parts(branch: Branch, workings: Workings) -> Sequence[Fraction]:
    """Log-mean weights; nothing where the node is 0."""
    values = children_of(branch, workings)
    mean = workings.value(branch.place) or Fraction(0)
    if mean <= 0:
        return [Fraction(0)] * len(values)
    parts = log_mean_shares(values, branch.weights, mean)
    return [Fraction(round(part * FIFTY), FIFTY) for part in parts]


def moved(node: Node, value: int, unit: int, facts: Facts, moves: list[Move], scale: Scale) -> int:
    """The value (over `unit`) after the node's steps and rounding; each is noted in `moves`."""
    for step in node.adjust:
        if step.when is None or holds(step.when, facts):
            after = value + int(step.add * unit)
            if step.at_least is not None:
                after = max(after, int(step.at_least * unit))
            if step.at_most is not None:
                after = min(after, int(step.at_most * unit))
            value = _noted(node, step.id, value, after, unit, moves)
    if node.round_to is None:
        return value
    whole = int(node.round_to * unit)
    after = rounded_units(value, whole, scale.rounding) * whole
    return _noted(node, "rounding", value, after, unit, moves)


def _noted(node: Node, step: str, before: int, after: int, unit: int, moves: list[Move]) -> int:
    if after != before:
        moves.append(Move(node.id, step, Fraction(after - before, unit)))
    return after
