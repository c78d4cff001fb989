"""How a total came about: leaves and node values over one common unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rankings.scoring.conditions import Fact, Of
from rankings.scoring.leaves import Leaf
from rankings.scoring.record import Record
from rankings.scoring.tree import Shape, Tree


@dataclass(frozen=True, slots=True)
class Move:
    """By how much a step (or `rounding`) moved a node; a line of the receipt."""

    node: str
    step: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Workings:
    """Values are whole numbers over (`unit` x the place's unit in the shape), leaves first."""

    leaves: Sequence[Leaf | None]
    shape: Shape
    unit: int
    values: list[int]
    moves: list[Move]
    marks: Mapping[str, str]

    def value(self, place: int) -> Fraction | None:
        """The value of a place in the tree, None where it is insufficient."""
        units = self.shape.units[place]
        return Fraction(self.values[place], self.unit * units) if units else None

    def reaches(self, place: int, limit: Fraction) -> bool:
        """Whether the value of a place is at least `limit`, compared in whole numbers."""
        whole = self.unit * self.shape.units[place]
        return whole > 0 and self.values[place] * limit.denominator >= limit.numerator * whole


def facts_of(
    tree: Tree, record: Record, workings: Workings, built_in: Mapping[str, Fraction]
) -> Callable[[Of], Fact | None]:
    """What a condition may ask: the tree's values before credit, options, fields, totals."""

    def fact(of: Of) -> Fact | None:
        place = tree.places.get(of.name)
        if place is None:
            return built_in.get(of.name, record.facts.get(of.name))
        if place >= tree.leaves:
            return workings.value(place)
        leaf = workings.leaves[place]
        if leaf is None:
            return None
        if of.option:
            return leaf.told[0] if leaf.told else None
        return leaf.worth

    return fact
