"""The fewest answers that lift an agency to a band: every step is asked of the whole engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise

from rankings.scoring.bands import place_of
from rankings.scoring.lift_actions import Choice, Offers
from rankings.scoring.next_band import Shortfall, line, shortfalls
from rankings.scoring.record import Record
from rankings.scoring.rubric import Node
from rankings.scoring.rules import Indicator
from rankings.scoring.score import HUNDRED, Scorecard, Scorer
from rankings.scoring.workings import Workings

FLOORS = ("pillars_at_least", "nodes_at_least")


@dataclass(frozen=True, slots=True)
class Goal:
    """The band at `place`, and the agency that is to reach it; nothing ends by itself any more."""

    scorer: Scorer
    record: Record
    as_of: date
    place: int

    def changed(self, plan: Iterable[Choice]) -> Record:
        """The record once the answers of the plan were found; what was claimed stays."""
        answers = dict(self.record.answers)
        for one in plan:
            kept = [each for each in answers.get(one.indicator, ()) if each.grade == "self"]
            answers[one.indicator] = [one.answer, *kept]
        return replace(self.record, answers=answers)

    def after(self, plan: Iterable[Choice]) -> Scorecard:
        """The scorecard after a plan."""
        return self.scorer.score(self.changed(plan), self.as_of)

    def short(self, card: Scorecard) -> Fraction:
        """How much of the exact total is missing to the line; below 0 there is something left."""
        rubric = self.scorer.rubric
        wanted = line(rubric, self.place, self.record.previous_band)
        if wanted is None:
            return Fraction(0)
        sign = 1 if rubric.scale.higher_is_better else -1
        # Rounding may lift the last half unit.
        half = Fraction(1, 2 * 10**rubric.scale.decimals)
        return sign * (wanted - (card.exact or 0)) - half

    def spare(self, plan: Iterable[Choice]) -> Fraction | None:
        """What a plan gains beyond the line; None where weights or points do not tell."""
        if self.scorer.special or self.scorer.rubric.bands[self.place].cut is None:
            return None
        return -self.short(self.after(plan))

    def met(self, card: Scorecard) -> bool:
        """Whether a scorecard is in the band or in a better one."""
        return card.band is not None and place_of(self.scorer.rubric, card.band) <= self.place


def plan(goal: Goal, offers: Offers) -> tuple[Choice, ...] | None:
    """The steps, the greatest gain first; none where all of them together do not reach the band.

    Floors come first, then the greatest gains, then what is surest; steps that prove idle are
    dropped again, and each of the others becomes the least one that still does.
    """
    if goal.met(goal.after(())):
        return ()
    best = _by_gain(goal, offers.best())
    chosen = _enough(goal, best) if goal.met(goal.after(best)) else None
    if chosen is None:
        return None
    least = _least(goal, _needed(goal, chosen), offers)
    return tuple(sorted(least, key=lambda one: (-one.gain, one.place)))


def _by_gain(goal: Goal, best: list[Choice]) -> list[Choice]:
    """The greatest gain first; where weights do not tell it, the engine does."""
    by_weight = sorted(best, key=lambda one: (-one.gain, one.place))
    if not goal.scorer.special:
        return by_weight
    sign = 1 if goal.scorer.rubric.scale.higher_is_better else -1
    return sorted(by_weight, key=lambda one: -sign * (goal.after([one]).exact or Fraction(0)))


def _enough(goal: Goal, best: Sequence[Choice]) -> list[Choice] | None:
    left, chosen = list(best), list[Choice]()
    while not goal.met(card := goal.after(chosen)):
        steps = _next(goal, chosen, card, left)
        if not steps:
            return None
        chosen += steps
        left = [one for one in left if one not in steps]
    return chosen


def _next(
    goal: Goal, chosen: Sequence[Choice], card: Scorecard, left: Sequence[Choice]
) -> Sequence[Choice]:
    """What to do next, by the weights; nothing where nothing would help."""
    scorer = goal.scorer
    if card.workings is None or not left:
        return ()
    rated = scorer.on_its_way(goal.changed(chosen), goal.as_of, card.workings, card.overclaimed)
    lacking = {one.code: one for one in reversed([*shortfalls(scorer, rated, goal.place)])}
    floor = next((lacking[code] for code in FLOORS if code in lacking), None)
    if floor is not None:
        return _into_the_part(scorer, card.workings, floor, left)
    short, unsure = goal.short(card), lacking.get("confidence_at_least")
    if short > 0:
        return _until(short, left, lambda each: each.gain)
    return left[:1] if unsure is None else _checked(unsure, left)


def _checked(unsure: Shortfall, left: Sequence[Choice]) -> Sequence[Choice]:
    """The checks that raise the confidence most."""
    surest = sorted(left, key=lambda each: -each.sure)
    short = ((unsure.wanted or HUNDRED) - (unsure.there or 0)) / HUNDRED
    return _until(short, surest, lambda each: each.sure)


def _into_the_part(
    scorer: Scorer, workings: Workings, low: Shortfall, left: Sequence[Choice]
) -> Sequence[Choice]:
    """The greatest gains inside a part of the tree that is too low."""
    code = str(low.of)
    inside, sign = below(scorer, code), 1 if scorer.rubric.scale.higher_is_better else -1
    share = workings.shape.shares[scorer.tree.places[code]]
    short = sign * ((low.wanted or 0) - (low.there or 0)) * share
    return _until(short, [one for one in left if one.indicator in inside], lambda each: each.gain)


def _until(
    short: Fraction, left: Sequence[Choice], of: Callable[[Choice], Fraction]
) -> Sequence[Choice]:
    """The first steps whose sum is enough, at least one if there is any."""
    sums = accumulate(map(of, left))
    return left[: 1 + next((at for at, one in enumerate(sums) if one >= short), len(left))]


def gains(goal: Goal, card: Scorecard, chosen: Sequence[Choice]) -> list[Fraction]:
    """What each step of a plan adds after those before it, in exact points for the better."""
    if not goal.scorer.special:
        return [one.gain for one in chosen]
    sign = 1 if goal.scorer.rubric.scale.higher_is_better else -1
    after = (goal.after(chosen[: at + 1]) for at in range(len(chosen)))
    totals = [one.exact or Fraction(0) for one in (card, *after)]
    return [sign * (later - earlier) for earlier, later in pairwise(totals)]


def below(scorer: Scorer, code: str) -> set[str]:
    """The indicators of a part of the tree; of an indicator it is that one."""
    found, nodes = {code}, [code]
    while nodes:
        for child in scorer.rubric.children(nodes.pop()):
            found |= {child.id} if isinstance(child, Indicator) else set()
            nodes += [child.id] if isinstance(child, Node) else []
    return found


def _needed(goal: Goal, chosen: Sequence[Choice]) -> list[Choice]:
    """Without the steps that are not needed, the smallest left out first."""
    kept, spare = list(chosen), goal.spare(chosen)
    for one in sorted(chosen, key=lambda each: (each.gain, -each.place)):
        others = [each for each in kept if each is not one]
        if (spare is None or one.gain <= spare) and goal.met(goal.after(others)):
            kept, spare = others, goal.spare(others)
    return kept


def _least(goal: Goal, needed: Sequence[Choice], offers: Offers) -> list[Choice]:
    """Each step no greater than it has to be, the smallest made smaller first."""
    kept, spare = {one.indicator: one for one in needed}, goal.spare(needed)
    for one in sorted(needed, key=lambda each: (each.gain, -each.place)):
        for smaller in offers.lesser(one):
            tried = kept | {one.indicator: smaller}
            fits = spare is None or one.gain - smaller.gain <= spare
            if fits and goal.met(goal.after(tried.values())):
                kept, spare = tried, goal.spare(tried.values())
                break
    return list(kept.values())
