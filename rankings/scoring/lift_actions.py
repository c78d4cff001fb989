"""What an agency can do about its answers itself: a better one that it can prove, or a proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from rankings.scoring.conditions import Fact
from rankings.scoring.leaves import Leaf
from rankings.scoring.record import Answer
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Option, Points
from rankings.scoring.score import Scorecard, Scorer

ZERO, ONE = Fraction(0), Fraction(1)


class Better(NamedTuple):
    """An answer to an indicator and what it is worth; `to` is the option, None for a number."""

    to: str | None
    value: Fact
    worth: Fraction


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer found once more; `place` is that of its indicator in the tree.

    `gain` is in points of the total by the weights alone, above 0 for the better; `sure` is what
    it adds to the confidence, as a share of the weight.
    """

    indicator: str
    place: int
    to: str | None
    answer: Answer
    gain: Fraction
    sure: Fraction


class Offers:
    """What an agency can do itself, worked out as far as it is asked for.

    Workers' voices and complaints are not the agency's to claim; a disputed answer waits for its
    decision. An answer is found again as it was, or by documents if nobody had checked it.
    """

    def __init__(self, scorer: Scorer, card: Scorecard, as_of: date) -> None:
        if card.workings is None:
            raise ValueError(f"{card.id} is {card.state}: there is nothing to better")
        self._rubric, self._as_of = scorer.rubric, as_of
        self._leaves, self._shares = card.workings.leaves, card.workings.shape.shares
        self._credit = scorer.credit(card.overclaimed)
        self._sign = 1 if scorer.rubric.scale.higher_is_better else -1

    def best(self) -> list[Choice]:
        """The best answer to each indicator where that gains anything."""
        found = (
            self._choice(place, leaf, best(self._rubric.indicators[place], self._sign))
            for place, leaf in enumerate(self._leaves)
            if leaf is not None
        )
        return [one for one in found if one is not None]

    def lesser(self, one: Choice) -> list[Choice]:
        """Instead of the best answer: the present one checked, then the next better one."""
        leaf, rule = self._leaves[one.place], self._rubric.indicators[one.place].rule
        if leaf is None or not isinstance(rule, Level):
            return []
        found = (self._choice(one.place, leaf, each) for each in _upto(rule, leaf, self._sign))
        return [each for each in found if each is not None and each.to != one.to]

    def _choice(self, place: int, leaf: Leaf, better: Better | None) -> Choice | None:
        """An answer with what it adds; None where that is nothing."""
        if better is None:
            return None
        indicator, share = self._rubric.indicators[place], self._shares[place]
        grade = proof(self._rubric, leaf.basis)
        earns, sure = self._credit.earns.get(grade, ONE), self._credit.sure(grade)
        if isinstance(indicator.rule, Points):
            earns = sure = ONE
        gain = self._sign * (better.worth * earns - Fraction(leaf.credited, leaf.unit))
        surer = sure - Fraction(*leaf.sure)
        if gain < 0 or (gain == 0 and surer <= 0):
            return None
        answer = Answer(better.value, grade, self._as_of)
        return Choice(indicator.id, place, better.to, answer, share * gain, share * surer)


def proof(rubric: Rubric, basis: str) -> str:
    """How a better answer has to be found: by an audit if this one was, else by documents."""
    return "audit" if basis == "audit" or "document" not in rubric.evidence.credit else "document"


def best(indicator: Indicator, sign: int) -> Better | None:
    """The best answer, where more is better (1) or less is (-1); None where there is none."""
    rule = indicator.rule
    if isinstance(rule, Level):
        # Options stand in ascending order.
        return _option(rule.options[-1 if sign > 0 else 0])
    if isinstance(rule, Numeric):
        return Better(None, rule.best, (indicator.max or ZERO) if sign > 0 else ZERO)
    if isinstance(rule, Points):
        found = indicator.max if sign > 0 else rule.min
        return None if found is None else Better(None, found, found)
    return None


def _upto(rule: Level, leaf: Leaf, sign: int) -> Iterator[Better]:
    """The option as it is, if there is one, and the next better one."""
    told = leaf.told[0] if leaf.told else None
    order = rule.options[::sign]
    now = next((at for at, one in enumerate(order) if one.id == told), None)
    if now is not None:
        yield _option(order[now])
    worth = leaf.worth
    above = (one for one in order if sign * (one.points - worth) > 0)
    yield from (_option(one) for one in islice(above, 1))


def _option(one: Option) -> Better:
    return Better(one.id, one.id, one.points)
