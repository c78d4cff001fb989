"""One record and a rubric in, one scorecard out: exact, without a clock, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import compress
from math import lcm

from rankings.scoring.bands import Limiter
from rankings.scoring.conditions import Fact, Of, holds
from rankings.scoring.evidence import Credit, credits_of, overclaims
from rankings.scoring.exact import FIFTY, rounded
from rankings.scoring.leaves import Leaf, leaf_of
from rankings.scoring.moves import extreme, geometric, moved
from rankings.scoring.rating import Rated, Rater
from rankings.scoring.record import DISPUTED, NOT_APPLICABLE, Record, RecordError
from rankings.scoring.rubric import TOTAL, Rubric
from rankings.scoring.rules import Points, Proportion
from rankings.scoring.tree import BY_VALUE, Branch, Shape, Tree
from rankings.scoring.workings import Workings, facts_of

RATED = "rated"
INSUFFICIENT = "insufficient_evidence"
UNDER_REVIEW = "under_review"
HUNDRED = Fraction(100)

Leaves = Sequence[Leaf | None]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The result of one agency. Without rating (`state` is not `rated`) all numbers are None.

    `points` is the total, rounded; `published` is points clamped into the band; `band` and
    `points_band` are ids (None without bands, and for quantiles until `rank` has seen everybody);
    `confidence` is in percent. `tie_break` and `group` are the facts that `rank` needs.
    """

    id: str
    state: str
    exact: Fraction | None = None
    points: Fraction | None = None
    published: Fraction | None = None
    confidence: Fraction | None = None
    band: str | None = None
    points_band: str | None = None
    limiters: tuple[Limiter, ...] = ()
    tie_break: tuple[Fact | None, ...] = ()
    group: Fact | None = None
    workings: Workings | None = None
    overclaimed: bool = False


class Scorer:
    """A rubric made ready; `score` may be called for any number of records, in any order."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.tree = Tree(rubric)
        self.codes = tuple(one.id for one in rubric.indicators)
        # Best values as (n, d); nothing can be lost where lower is better, so none is known there.
        highest = [one.max for one in rubric.indicators if rubric.scale.higher_is_better]
        ratios = (None if one is None else one.as_integer_ratio() for one in highest)
        self.best = tuple(ratios) or (None,) * len(self.codes)
        self.by_value = any(node.aggregate in BY_VALUE for node in rubric.nodes)
        self.special = self.by_value or any(
            node.adjust or node.round_to is not None for node in rubric.nodes
        )
        self._unit = lcm(FIFTY if self.special else 1, *(best[1] for best in self.best if best))
        self._credits = credits_of(rubric.evidence)
        self._leaves = [leaf_of(one, rubric) for one in rubric.indicators]
        self.rater = Rater(rubric, self.tree)
        self._states = {state.id for state in rubric.states} | {INSUFFICIENT, UNDER_REVIEW}
        rules = [one.rule for one in rubric.indicators]
        self._interviews = any(isinstance(rule, Proportion) for rule in rules)
        self._doubtful = not all(isinstance(rule, Points) for rule in rules)
        self._caps = {cap.id for cap in rubric.caps}
        self._indicators = set(self.codes)
        self._optional = {
            one.id for one in rubric.indicators if one.not_applicable or one.empty == NOT_APPLICABLE
        }

    def score(self, record: Record, as_of: date) -> Scorecard:
        """The scorecard of a record on a day.

        Raises RecordError where the record holds something that the rubric does not know.
        """
        self._refuse_unknown(record)
        state = self._state(record)
        if state:
            return Scorecard(record.id, state)
        overclaimed = overclaims(self.rubric, record)
        leaves = self._counted(record, as_of, overclaimed)
        if DISPUTED in record.marks.values() and self._disputed_too_much(record, leaves):
            return Scorecard(record.id, UNDER_REVIEW)
        shape = self.tree.shape(tuple([leaf is not None for leaf in leaves]))
        if not shape.sufficient:
            return Scorecard(record.id, INSUFFICIENT)
        workings = self._workings(record, leaves, shape)
        return self._card(self.on_its_way(record, as_of, workings, overclaimed))

    def again(self, record: Record, as_of: date, card: Scorecard, leaves: Leaves) -> Scorecard:
        """The scorecard if those leaves that count had turned out otherwise.

        Nothing else is asked again: not which leaves count, and not whether claims were too high.
        """
        if card.workings is None:
            raise ValueError(f"{card.id} is {card.state}: there is nothing to vary")
        workings = self._workings(record, leaves, card.workings.shape)
        return self._card(self.on_its_way(record, as_of, workings, card.overclaimed))

    def credit(self, overclaimed: bool) -> Credit:
        """What each grade of evidence earns."""
        return self._credits[overclaimed]

    def _refuse_unknown(self, record: Record) -> None:
        known = self._indicators
        for given in (record.answers, record.interviews, record.events, record.marks):
            if given and not given.keys() <= known:
                unknown = ", ".join(sorted(given.keys() - known))
                raise RecordError(f"{unknown}: the rubric has no such indicator")
        for code, mark in record.marks.items():
            if mark != DISPUTED and (mark != NOT_APPLICABLE or code not in self._optional):
                raise RecordError(f"{code}: the rubric does not allow {mark} here")
        if not record.caps.keys() <= self._caps:
            unknown = ", ".join(sorted(record.caps.keys() - self._caps))
            raise RecordError(f"{unknown}: the rubric has no such cap")

    def _state(self, record: Record) -> str | None:
        if record.state and record.state not in self._states:
            raise RecordError(f"{record.state!r} is not a state of this rubric")
        if record.state:
            return record.state
        for state in self.rubric.states:
            if state.when and holds(state.when, lambda of: record.facts.get(of.name)):
                return state.id
        return None

    def _counted(self, record: Record, as_of: date, overclaimed: bool) -> list[Leaf | None]:
        credit, marks = self._credits[overclaimed], record.marks
        if not marks:
            return [leaf(record, credit, as_of) for leaf in self._leaves]
        return [
            None if code in marks else leaf(record, credit, as_of)
            for code, leaf in zip(self.codes, self._leaves, strict=True)
        ]

    def _disputed_too_much(self, record: Record, leaves: Leaves) -> bool:
        disputed = [record.marks.get(code) == DISPUTED for code in self.codes]
        full = self.tree.shape(
            tuple(leaf is not None or out for leaf, out in zip(leaves, disputed, strict=True))
        )
        share = sum(weight for weight, out in zip(full.weights, disputed, strict=True) if out)
        return share > self.rubric.missing.disputed_above * sum(full.weights)

    def _workings(self, record: Record, leaves: Leaves, shape: Shape) -> Workings:
        unit = lcm(self._unit, *{leaf.unit for leaf in leaves if leaf is not None})
        values = [leaf.credited * (unit // leaf.unit) if leaf else 0 for leaf in leaves]
        values += [0] * len(self.tree.nodes)
        workings = Workings(leaves, shape, unit, values, [], record.marks)
        for branch in shape.branches:
            values[branch.place] = (
                self._special(record, branch, workings) if self.special else branch.value(values)
            )
        return workings

    def _special(self, record: Record, branch: Branch, workings: Workings) -> int:
        """A node of a rubric where some are geometric, rounded or adjusted."""
        node = branch.node
        if node.aggregate == "geometric":
            value = geometric(branch, workings)
        elif node.aggregate in BY_VALUE:
            value = extreme(branch, workings)
        else:
            value = branch.value(workings.values)
        if not node.adjust and node.round_to is None:
            return value
        facts = facts_of(self.tree, record, workings, {})
        unit = workings.unit * branch.unit
        return moved(node, value, unit, facts, workings.moves, self.rubric.scale)

    def on_its_way(
        self, record: Record, as_of: date, workings: Workings, overclaimed: bool
    ) -> Rated:
        """A total with everything that its rating asks for."""
        scale = self.rubric.scale
        exact = workings.value(self.tree.places[TOTAL]) or Fraction(0)
        points = rounded(exact, scale.decimals, scale.rounding)
        confidence = confidence_of(workings) if self._doubtful else HUNDRED
        built_in = {"points": points, "confidence": confidence}
        if self._interviews:
            built_in["interviews"] = Fraction(interviewed(record, workings.leaves))
        facts = facts_of(self.tree, record, workings, built_in)
        return Rated(record, as_of, exact, points, confidence, facts, workings, overclaimed)

    def _card(self, rated: Rated) -> Scorecard:
        rubric, record, facts = self.rubric, rated.record, rated.facts
        rating = self.rater.rating(rated)
        within = rubric.banding.within
        return Scorecard(
            id=record.id,
            state=RATED,
            exact=rated.exact,
            points=rated.points,
            published=rating.published,
            confidence=rated.confidence,
            band=rating.band,
            points_band=rating.points_band,
            limiters=rating.limiters,
            tie_break=tuple(facts(Of(rule.of)) for rule in rubric.rank.tie_break),
            group=record.facts.get(within) if within else None,
            workings=rated.workings,
            overclaimed=rated.overclaimed,
        )


def confidence_of(workings: Workings) -> Fraction:
    """Percent of the effective weight that is known for sure: sum of weight x confidence."""
    weights = workings.shape.weights
    sure = [(0, 1) if leaf is None else leaf.sure for leaf in workings.leaves]
    # Few distinct confidences among many leaves: their weights are added up first.
    sums = {each: sum(compress(weights, map(each.__eq__, sure))) for each in set(sure)}
    common = lcm(*(unit for _, unit in sums))
    known = sum(part * n * (common // d) for (n, d), part in sums.items())
    return Fraction(100 * known, common * (sum(weights) or 1))


def interviewed(record: Record, leaves: Leaves) -> int:
    """How many workers were interviewed: as recorded, else the most that were asked one item."""
    if record.interviewed is not None:
        return record.interviewed
    asked = [leaf.told[1] for leaf in leaves if leaf is not None and leaf.basis == "interviews"]
    return max((int(n) for n in asked), default=0)
