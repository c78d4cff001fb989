"""The draws of `ranges` with NumPy: the same whole numbers, hundreds of times faster.

It serves rubrics whose nodes are weighted means or sums and whose conditions ask for nodes and for
facts that no draw changes; where one asks for more, or a number would not fit into 64 bits, the
plain way is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rankings.scoring import ranges
from rankings.scoring.conditions import Condition, names
from rankings.scoring.ranges import BAND_APART, BLOCK, DRAWS_A_WORD, Drawn, Way, agency_key
from rankings.scoring.rating import Rated
from rankings.scoring.rubric import TOTAL, Requirement, Rubric
from rankings.scoring.score import Scorer
from rankings.scoring.spread import SHARED_BY, Spread, Varying
from rankings.scoring.tree import Shape
from rankings.scoring.workings import Workings

Whole = NDArray[np.int64]
Drawing = NDArray[np.uint16]
# No sum may reach this: 64 bits with room for rounding.
LARGEST = 2**62
NODES = ("pillars_at_least", "nodes_at_least")
STANDING = ("confidence_at_least", "interviews_at_least")
# So many draws are put in order at a time.
AT_A_TIME = 128


def fast(scorer: Scorer) -> Way:
    """NumPy where the rubric allows it."""
    if not serves(scorer):
        return ranges.plain(scorer)
    linear = Linear(scorer)
    return Way(linear.draw, rank_ranges)


def serves(scorer: Scorer) -> bool:
    """Whether every rule of the rubric can be drawn here."""
    rubric = scorer.rubric
    conditions = [cap.when for cap in rubric.caps]
    for band in rubric.bands:
        conditions += [one.when for one in band.requires if one.limit is None]
        codes = {one.code for one in band.requires if one.limit is not None}
        if not codes <= {*NODES, *STANDING}:
            return False
    return not scorer.special and all(_stands(rubric, one) for one in conditions)


def _stands(rubric: Rubric, condition: Condition | None) -> bool:
    """Whether a condition asks only for what no draw changes."""
    known = {field.id for field in rubric.fields}
    return all(of.name in known for of in names(condition))


@dataclass(frozen=True, slots=True)
class Node:
    """A node as a weighted sum: of each leaf so much, over the record's unit x `unit`."""

    coefficients: tuple[int, ...]
    unit: int


class Linear:
    """Draws agencies of a rubric that `serves`."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer, self.rubric = scorer, scorer.rubric
        self.draws = scorer.rubric.ranges.draws if scorer.rubric.ranges else 0
        self._nodes: dict[int, tuple[Shape, dict[int, Node]]] = {}
        needed = [one for band in self.rubric.bands for one in band.requires]
        self._needed = {self._total, *(at for one in needed for at in self._places(one))}

    @property
    def _total(self) -> int:
        return self.scorer.tree.places[TOTAL]

    def _places(self, one: Requirement) -> Iterator[int]:
        places = self.scorer.tree.places
        if one.code == "pillars_at_least":
            yield from (places[pillar.id] for pillar in self.rubric.pillars)
        elif one.code == "nodes_at_least":
            yield places[str(one.of)]

    def draw(self, one: Spread, seed: int) -> Drawn:
        """The same as `ranges.draw`."""
        workings = one.card.workings
        if workings is None:
            raise ValueError(f"{one.card.id} is {one.card.state}: there is nothing to draw")
        unit = self._unit(one, workings)
        nodes = self._linear(workings.shape)
        if self._is_large(nodes, unit):
            return ranges.draw(self.scorer, one, seed)
        numbers = self._numbers(one, seed)
        values = {at: self._value(node, one, unit, numbers) for at, node in nodes.items()}
        rated = self._rated(one, workings)
        points = self._points(values[self._total], unit * nodes[self._total].unit)
        bands = self._bands(points, values, nodes, unit, rated)
        return self._drawn(points, bands)

    def _unit(self, one: Spread, workings: Workings) -> int:
        """A common unit of all values that a draw can meet."""
        varying = {each.place for each in one.varying}
        fixed = [leaf for at, leaf in enumerate(workings.leaves) if leaf and at not in varying]
        return lcm(*{leaf.unit for leaf in fixed}, *{each.unit for each in one.varying})

    def _is_large(self, nodes: dict[int, Node], unit: int) -> bool:
        """Whether a sum, or what rounding multiplies it with, could pass 64 bits."""
        highest = max((int(best[0] / best[1]) + 1 for best in self.scorer.best if best), default=1)
        scale = 2 * 10**self.rubric.scale.decimals * 2
        return any(
            (sum(node.coefficients) * highest + node.unit) * unit * scale >= LARGEST
            for node in nodes.values()
        )

    def _numbers(self, one: Spread, seed: int) -> Drawing:
        """A row of draws for each indicator of the rubric."""
        blocks = -(-self.draws // (BLOCK * DRAWS_A_WORD))
        key = np.array([seed, agency_key(one.record.id)], dtype=np.uint64)
        words = np.random.Philox(key=key).random_raw(self.scorer.tree.leaves * blocks * BLOCK)
        rows = words.astype("<u8", copy=False).view("<u2").reshape(self.scorer.tree.leaves, -1)
        found: Drawing = rows[:, : self.draws]
        return found

    def _value(self, node: Node, one: Spread, unit: int, numbers: Drawing) -> Whole:
        """The numerators of a node in every draw."""
        varying = {each.place for each in one.varying}
        leaves = [
            None if at in varying else leaf
            for at, leaf in enumerate(one.card.workings.leaves if one.card.workings else ())
        ]
        worth = [leaf.credited * (unit // leaf.unit) if leaf else 0 for leaf in leaves]
        base = sum(map(int.__mul__, node.coefficients, worth))
        found: Whole = np.full(self.draws, base, dtype=np.int64)
        for each in one.varying:
            times = node.coefficients[each.place]
            if times:
                moves = [times * value for value in each.credited(unit)]
                found += np.array(moves, dtype=np.int64)[_chosen(each, numbers[each.place])]
        return found

    def _linear(self, shape: Shape) -> dict[int, Node]:
        """The nodes that are asked for, worked out once per shape."""
        held = self._nodes.get(id(shape))
        if held is None or held[0] is not shape:
            held = self._nodes[id(shape)] = shape, dict(self._worked_out(shape))
        return held[1]

    def _worked_out(self, shape: Shape) -> Iterator[tuple[int, Node]]:
        leaves = self.scorer.tree.leaves
        sums: dict[int, list[int]] = {}
        for branch in shape.branches:
            row = [0] * leaves
            for place, times in zip(branch.children, branch.coefficients, strict=True):
                if place < leaves:
                    row[place] += times
                else:
                    row = [one + times * other for one, other in zip(row, sums[place], strict=True)]
            sums[branch.place] = row
            if branch.place in self._needed:
                yield branch.place, Node(tuple(row), shape.units[branch.place])

    def _rated(self, one: Spread, workings: Workings) -> Rated:
        record = replace(one.record, previous_band=None)
        return self.scorer.on_its_way(record, one.as_of, workings, one.card.overclaimed)

    def _points(self, values: Whole, unit: int) -> Whole:
        """Rounded units of the last decimal, as `exact.rounded_units` rounds."""
        doubled, twice = values * (2 * 10**self.rubric.scale.decimals), 2 * unit
        whole = (doubled + unit) // twice
        if self.rubric.scale.rounding != "half_up":
            whole -= ((doubled + unit) % twice == 0) & (whole % 2 == 1)
        return np.asarray(whole)

    def _bands(
        self,
        points: Whole,
        values: dict[int, Whole],
        nodes: dict[int, Node],
        unit: int,
        rated: Rated,
    ) -> Whole | None:
        """The place of the band in every draw: the best one at or below all ceilings that holds."""
        if not self.rubric.bands:
            return None
        rater = self.scorer.rater
        start = np.full(self.draws, len(self.rubric.bands) - 1, dtype=np.int64)
        for at in range(len(self.rubric.bands) - 2, -1, -1):
            start[points >= rater.cuts.threshold(at)] = at
        worst = max((one.ceiling for one in rater.ceilings(rated)), default=0)
        least = np.maximum(start, worst)
        final = np.full(self.draws, len(self.rubric.bands) - 1, dtype=np.int64)
        for at in range(len(self.rubric.bands) - 1, -1, -1):
            holds = least <= at
            for one in self.rubric.bands[at].requires:
                holds &= self._holds(one, values, nodes, unit, rated)
            final[holds] = at
        return final

    def _holds(
        self,
        one: Requirement,
        values: dict[int, Whole],
        nodes: dict[int, Node],
        unit: int,
        rated: Rated,
    ) -> Any:
        """Where a condition holds: in all draws or none, or as its nodes say."""
        if one.limit is None or one.code not in NODES:
            return self.scorer.rater.met(one, rated)
        holds = np.ones(self.draws, dtype=bool)
        for place in self._places(one):
            if place not in nodes:
                return False
            whole = unit * nodes[place].unit * one.limit.numerator
            holds &= values[place] >= -(-whole // one.limit.denominator)
        return holds

    def _drawn(self, points: Whole, bands: Whole | None) -> Drawn:
        scores, many = points, len(self.rubric.bands)
        if bands is not None:
            scores = self._published(points, bands)
        low, high = ranges.ends(self.draws)
        ordered = np.sort(scores)
        counts = np.bincount(bands, minlength=many) if bands is not None else ()
        return Drawn(
            low=int(ordered[low]),
            high=int(ordered[high]),
            bands=tuple(int(one) for one in counts),
            total=int(scores.sum()),
            squares=int((scores * scores).sum()),
            keys=self._keys(scores, points, bands),
        )

    def _published(self, points: Whole, bands: Whole) -> Whole:
        """Points clamped into the band."""
        edges = self.scorer.rater.cuts.edges
        if edges is None:
            return points
        far = np.iinfo(np.int64)
        lows = np.array([far.min if low is None else low for low, _ in edges])
        highs = np.array([far.max if high is None else high for _, high in edges])
        return np.clip(points, lows[bands], highs[bands])

    def _keys(self, scores: Whole, points: Whole, bands: Whole | None) -> NDArray[np.int32]:
        by = self.rubric.rank.by
        keys = scores if by == "published" else points
        if by == "band" and bands is not None:
            keys = points - BAND_APART * bands
        found: NDArray[np.int32] = keys.astype(np.int32)
        return found


def _chosen(one: Varying, draws: Drawing) -> Any:
    """Which of its values each draw stands for, as `Varying.chosen` says."""
    if not one.choices:
        return draws // SHARED_BY
    lower, higher = one.edges
    return (draws >= lower).view(np.int8) + (draws >= higher).view(np.int8)


def rank_ranges(keys: Sequence[Any], ties: Sequence[int], dense: bool) -> list[tuple[int, int]]:
    """The same as `ranges.rank_ranges`."""
    if not keys:
        return []
    many, draws = len(keys), len(keys[0])
    # There are millions of them, and seldom more than 32,767 places.
    ranks = np.empty((many, draws), dtype=np.int16 if many < 2**15 else np.int32)
    extra = np.array(ties, dtype=np.int64)
    times = int(extra.max()) + 1
    for start in range(0, draws, AT_A_TIME):
        stop = min(start + AT_A_TIME, draws)
        block = np.stack([one[start:stop] for one in keys], axis=1).astype(np.int64)
        block = block * times + extra
        for at, column in enumerate(block, start=start):
            ordered = np.unique(column) if dense else np.sort(column)
            ranks[:, at] = len(ordered) - np.searchsorted(ordered, column, side="right") + 1
    low, high = ranges.ends(draws)
    ranks.sort(axis=1)
    return [(int(one[low]), int(one[high])) for one in ranks]
