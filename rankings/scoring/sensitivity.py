"""Would another choice of rules give another ranking? The rubric, varied one choice at a time.

Every scenario changes one choice that could as well have been made otherwise (OECD/JRC Handbook on
Constructing Composite Indicators, 2008, step 7). It asks about the method, not about the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from rankings.scoring.leaves import Leaf
from rankings.scoring.rank import Placing, Standing, rank, standing
from rankings.scoring.record import DISPUTED, Record
from rankings.scoring.rubric import Node, Rubric
from rankings.scoring.scenarios import Scenario, scenarios
from rankings.scoring.score import (
    INSUFFICIENT,
    UNDER_REVIEW,
    Leaves,
    Scorecard,
    Scorer,
)
from rankings.scoring.tree import Branch, Mask, Shape, Tree

# The ranking holds if places move by at most this share of the rated on average, and if this share
# of the bands stays in that share of the scenarios.
MOST_SHIFT = Fraction(5, 100)
SAME_BANDS, OF_SCENARIOS = Fraction(8, 10), Fraction(9, 10)
# There is a tree per scenario, so each keeps few patterns of missing leaves.
SHAPES_KEPT = 64


class Sensitivity:
    """Rates every agency in every scenario and keeps only what decides places and bands.

    Agencies that the rubric itself does not rate have no part in it.
    """

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self._scorers = [_Varied(each, rubric) for each in scenarios(rubric)]
        self._base: list[Standing] = []
        self._kept: list[list[Standing | None]] = [[] for _ in self._scorers]
        self._equal: dict[tuple[object, ...], Standing] = {}

    def add(self, record: Record, as_of: date, card: Scorecard) -> None:
        """Rate one agency in every scenario; `card` is its scorecard by the rubric itself."""
        place = standing(self.rubric, card)
        if place is None:
            return
        self._base.append(place)
        for scorer, kept in zip(self._scorers, self._kept, strict=True):
            varied = scorer.varied(record, as_of, card)
            kept.append(self._shared(standing(scorer.rubric, varied)))

    def values(self) -> dict[str, Any]:
        """What a run report says of it; `mean_shift` in hundredths of a place.

        `rank` is from the best to the worst place, the published one among them.
        """
        base = rank(self.rubric, self._base)
        found = [
            _compared(scorer.scenario, base, self._placings(scorer, kept))
            for scorer, kept in zip(self._scorers, self._kept, strict=True)
        ]
        return {
            "scenarios": [one.values() for one in found],
            "agencies": {code: _agency(place, found) for code, place in sorted(base.items())},
            "mean_shift": _hundredths(_mean_shift(found)),
            "holds": _holds(len(base), found),
        }

    def _shared(self, place: Standing | None) -> Standing | None:
        """Equal standings are kept once, whoever has them: there are scenarios x agencies."""
        if place is None:
            return None
        return self._equal.setdefault(
            (place.key, place.group, place.band), Standing("", place.key, place.group, place.band)
        )

    def _placings(self, scorer: _Varied, kept: Sequence[Standing | None]) -> dict[str, Placing]:
        named = [
            Standing(base.id, one.key, one.group, one.band)
            for base, one in zip(self._base, kept, strict=True)
            if one is not None
        ]
        return rank(scorer.rubric, named)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One scenario: whose band stays, the place of each, and how far all moved together."""

    id: str
    same: frozenset[str]
    ranks: Mapping[str, int]
    moved: int

    @property
    def mean_shift(self) -> Fraction:
        """In places."""
        return Fraction(self.moved, len(self.ranks) or 1)

    def values(self) -> dict[str, Any]:
        shift = _hundredths(self.mean_shift)
        return {"id": self.id, "same_bands": len(self.same), "mean_shift": shift}


def _compared(
    scenario: Scenario, base: Mapping[str, Placing], placings: Mapping[str, Placing]
) -> _Outcome:
    """Whoever is not rated in the scenario is last, and in another band."""
    last = Placing("", len(base), None)
    ranks = {code: placings.get(code, last).rank or 0 for code in base}
    same = [code for code, one in placings.items() if one.band == base[code].band]
    moved = sum(abs(ranks[code] - (one.rank or 0)) for code, one in base.items())
    return _Outcome(scenario.id, frozenset(same), ranks, moved)


def _agency(place: Placing, found: Sequence[_Outcome]) -> dict[str, Any]:
    ranks = [place.rank or 0, *(one.ranks[place.id] for one in found)]
    same = sum(place.id in one.same for one in found)
    return {"same": same, "rank": [min(ranks), max(ranks)]}


def _mean_shift(found: Sequence[_Outcome]) -> Fraction:
    return sum((one.mean_shift for one in found), Fraction(0)) / (len(found) or 1)


def _holds(rated: int, found: Sequence[_Outcome]) -> bool:
    if rated < 2:
        return True
    steady = sum(len(one.same) >= SAME_BANDS * rated for one in found)
    return steady >= OF_SCENARIOS * len(found) and _mean_shift(found) <= MOST_SHIFT * rated


def _hundredths(value: Fraction) -> int:
    """Rounded half up."""
    return int(value * 100 + Fraction(1, 2))


class _Varied(Scorer):
    """A scorer for one scenario that takes from the base what the scenario does not change."""

    def __init__(self, scenario: Scenario, base: Rubric) -> None:
        super().__init__(scenario.rubric)
        self.scenario = scenario
        self._tree = _VariedTree(self.rubric, base)
        pairs = list(zip(self.rubric.indicators, base.indicators, strict=True))
        self._rules = [at for at, (mine, its) in enumerate(pairs) if mine.rule != its.rule]
        self._own_credit = self.rubric.evidence != base.evidence

    def varied(self, record: Record, as_of: date, card: Scorecard) -> Scorecard:
        """What `score` says, for a record that is rated by the rubric itself (`card`)."""
        if card.workings is None:
            raise ValueError(f"{card.id} is {card.state}: there is nothing to vary")
        leaves = self._changed(record, as_of, card, card.workings.leaves)
        if DISPUTED in record.marks.values() and self._disputed_too_much(record, leaves):
            return Scorecard(record.id, UNDER_REVIEW)
        shape = card.workings.shape
        if self._tree.is_own:
            shape = self._tree.like(shape, tuple([leaf is not None for leaf in leaves]))
        if not shape.sufficient:
            return Scorecard(record.id, INSUFFICIENT)
        workings = self._workings(record, leaves, shape)
        return self._card(self.on_its_way(record, as_of, workings, card.overclaimed))

    def _changed(self, record: Record, as_of: date, card: Scorecard, base: Leaves) -> Leaves:
        """The base's leaves, with those worked out again that the scenario may change."""
        places = self._rules
        if self._own_credit:
            places = [at for at, leaf in enumerate(base) if leaf and leaf.basis == "self"]
        if not places:
            return base
        leaves: list[Leaf | None] = list(base)
        credit = self.credit(card.overclaimed)
        for at in places:
            if leaves[at] is not None:
                leaves[at] = self._leaves[at](record, credit, as_of)
        return leaves


class _VariedTree(Tree):
    """A tree that takes every branch from the base but those that the scenario changes."""

    def __init__(self, rubric: Rubric, base: Rubric) -> None:
        super().__init__(rubric)
        self._own = _changed_nodes(rubric, base)
        self._base: dict[str, Branch] = {}

    @property
    def is_own(self) -> bool:
        """Whether anything here differs from the base."""
        return bool(self._own)

    def like(self, base: Shape, mask: Mask) -> Shape:
        """The shape for a mask, where the base has this one."""
        if len(self._shapes) >= SHAPES_KEPT:
            self._shapes.clear()
        self._base = {branch.node.id: branch for branch in base.branches}
        return self.shape(mask)

    def _branch(self, node: Node, units: Sequence[int]) -> Branch | None:
        if node.id in self._own:
            return super()._branch(node, units)
        return self._base.get(node.id)


def _changed_nodes(rubric: Rubric, base: Rubric) -> set[str]:
    """Nodes that have another rule or children of other weight, and all above these."""
    pairs = list(zip(rubric.parts(), base.parts(), strict=True))
    changed = {mine.id for mine, its in pairs if replace(mine, weight=its.weight) != its}
    changed &= {node.id for node in rubric.nodes}
    changed |= {mine.parent for mine, its in pairs if mine.parent and mine.weight != its.weight}
    parents = {node.id: node.parent for node in rubric.nodes}
    for code in list(changed):
        above = parents[code]
        while above is not None:
            changed.add(above)
            above = parents[above]
    return changed
