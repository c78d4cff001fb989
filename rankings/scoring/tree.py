"""The tree of a rubric, compiled to whole numbers: values upwards, effective weights downwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import itemgetter, mul
from typing import Any

from rankings.scoring.checks_tree import reach
from rankings.scoring.rubric import TOTAL, Node, Rubric

ONE, ZERO = Fraction(1), Fraction(0)
# Patterns of missing leaves that are kept worked out; a table rarely has more.
SHAPES_KEPT = 2048

# Nodes in which the values, not the weights, decide what a point of each child is worth.
BY_VALUE = ("geometric", "lowest", "highest")

Mask = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One node when certain leaves count: its value is sum(coefficient * child) / unit.

    Children are places in the list of values; all values of a record are whole numbers over
    (the record's unit x the place's own unit). `parts` is what one point of a child is worth here
    (of a geometric node: its weight).
    """

    place: int
    node: Node
    children: tuple[int, ...]
    pick: Callable[[Any], Any]
    weights: tuple[int, ...]
    parts: tuple[Fraction, ...]
    coefficients: tuple[int, ...]
    unit: int

    def value(self, values: Sequence[int]) -> int:
        """The weighted sum of the children's values."""
        if len(self.children) == 1:
            return self.coefficients[0] * values[self.children[0]]
        return sum(map(mul, self.coefficients, self.pick(values)))


@dataclass(frozen=True, slots=True)
class Shape:
    """The tree for one pattern of leaves that count."""

    branches: tuple[Branch, ...]
    units: tuple[int, ...]
    shares: tuple[Fraction, ...]
    weights: tuple[int, ...]
    weight_unit: int
    sufficient: bool


class Tree:
    """A rubric's nodes and leaves in the order of calculation; leaves come first."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.nodes = tuple(_children_first(rubric, rubric.total))
        order = [indicator.id for indicator in rubric.indicators] + [one.id for one in self.nodes]
        self.places = {code: place for place, code in enumerate(order)}
        self.leaves = len(rubric.indicators)
        parts = {part.id: part for part in rubric.parts()}
        self._weights = {
            code: ONE if part.weight is None else part.weight for code, part in parts.items()
        }
        self._parts = parts
        self._shapes: dict[Mask, Shape] = {}

    def shape(self, mask: Mask) -> Shape:
        """The tree when exactly the leaves of the mask count; worked out once per mask."""
        found = self._shapes.get(mask)
        if found is None:
            if len(self._shapes) >= SHAPES_KEPT:
                self._shapes.clear()
            found = self._shapes[mask] = self._shape(mask)
        return found

    def _shape(self, mask: Mask) -> Shape:
        units = [1 if counts else 0 for counts in mask] + [0] * len(self.nodes)
        branches = []
        for node in self.nodes:
            branch = self._branch(node, units)
            units[self.places[node.id]] = branch.unit if branch else 0
            if branch:
                branches.append(branch)
        shares = self.shares(branches)
        whole = lcm(*(share.denominator for share in shares[: self.leaves]))
        return Shape(
            branches=tuple(branches),
            units=tuple(units),
            shares=tuple(shares),
            weights=tuple(int(share * whole) for share in shares[: self.leaves]),
            weight_unit=whole,
            sufficient=units[self.places[TOTAL]] > 0,
        )

    def _branch(self, node: Node, units: Sequence[int]) -> Branch | None:
        """The node over those children that count; None where too little of it does."""
        all_children = [child.id for child in self.rubric.children(node.id)]
        counted = [code for code in all_children if units[self.places[code]]]
        whole = sum(self._weights[code] for code in all_children)
        there = sum(self._weights[code] for code in counted)
        enough = there > 0 and there >= node.min_applicable * whole
        if not enough or len(counted) < node.min_children:
            return None
        if node.aggregate == "start":
            if node.start not in counted:
                return None
            counted = [str(node.start)]
        return self._counted(node, all_children, counted, units)

    def _counted(
        self, node: Node, all_children: list[str], counted: list[str], units: Sequence[int]
    ) -> Branch:
        factors = [self._weights[code] for code in counted]
        if node.aggregate == "sum":
            scale = self._scaled_up(all_children, counted)
            factors = [factor * scale for factor in factors]
        common = lcm(*(factor.denominator for factor in factors))
        weights = tuple(int(factor * common) for factor in factors)
        places = tuple(self.places[code] for code in counted)
        level = lcm(*(units[place] for place in places))
        divided_by = common if node.aggregate == "sum" else sum(weights)
        parts = tuple(Fraction(weight, divided_by) for weight in weights)
        return Branch(
            place=self.places[node.id],
            node=node,
            children=places,
            pick=itemgetter(*places),
            weights=weights,
            parts=parts,
            coefficients=tuple(
                (1 if node.aggregate in BY_VALUE else weight) * (level // units[place])
                for weight, place in zip(weights, places, strict=True)
            ),
            unit={"geometric": 1, "lowest": level, "highest": level}.get(
                node.aggregate, level * divided_by
            ),
        )

    def _scaled_up(self, all_children: list[str], counted: list[str]) -> Fraction:
        """A sum without some of its children stands for the whole, if every best is known.

        A penalty that does not apply adds nothing, and the others stay what they are.
        """
        penalties = not self.rubric.scale.higher_is_better
        if penalties or len(counted) == len(all_children):
            return ONE
        best = {code: reach(self.rubric, self._parts[code]) for code in all_children}
        if None in best.values():
            return ONE
        largest = {code: self._weights[code] * (value or ZERO) for code, value in best.items()}
        there = sum(largest[code] for code in counted)
        return sum(largest.values()) / there if there else ONE

    def shares(
        self,
        branches: Sequence[Branch],
        by_value: Callable[[Branch], Sequence[Fraction]] | None = None,
    ) -> list[Fraction]:
        """Effective weight of every place in the total; `by_value` splits nodes of that kind."""
        shares = [ZERO] * len(self.places)
        shares[self.places[TOTAL]] = ONE
        for branch in reversed(branches):
            above = shares[branch.place]
            special = by_value and branch.node.aggregate in BY_VALUE
            parts = by_value(branch) if by_value and special else branch.parts
            for place, part in zip(branch.children, parts, strict=True):
                shares[place] = above * part
        return shares


def _children_first(rubric: Rubric, node: Node) -> Iterator[Node]:
    for child in rubric.children(node.id):
        if isinstance(child, Node):
            yield from _children_first(rubric, child)
    yield node
