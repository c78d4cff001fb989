"""From one score to another of the same agency: which answers moved it, and which would most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm

from rankings.scoring.exact import shared_out
from rankings.scoring.receipt import Receipt, receipt
from rankings.scoring.record import Answer, Record
from rankings.scoring.rubric import Indicator, Level
from rankings.scoring.score import Scorecard, Scorer

INDICATOR, STEP, ROUNDING, LIMITS = "indicator", "step", "rounding", "limits"


@dataclass(frozen=True, slots=True)
class Change:
    """By how many units of the last decimal something moved the score.

    `kind` is indicator, step (an adjustment of a node), rounding, or limits (caps and clamps).
    """

    kind: str
    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """One answer one option higher: what it adds as a claim, and if an auditor confirms it.

    Both are exact points, over the total before.
    """

    indicator: str
    value: str
    as_claim: Fraction
    if_confirmed: Fraction


def changes(scorer: Scorer, one: Scorecard, other: Scorecard) -> tuple[Change, ...]:
    """What moved from one scorecard to the other, adding up to the difference of their scores.

    Only answers whose worth really changed are named: tenths that rounding shifted are not theirs.
    """
    if one.workings is None or other.workings is None:
        return ()
    before, after = receipt(scorer, one), receipt(scorer, other)
    named = _indicators(scorer, (one, before), (other, after)) + _steps(before, after)
    points = after.points - before.points
    rest = points - sum(change.amount for change in named)
    limits = after.published - before.published - points
    ends = [Change(ROUNDING, ROUNDING, rest), Change(LIMITS, LIMITS, limits)]
    return (*named, *(end for end in ends if end.amount))


def _indicators(
    scorer: Scorer, one: tuple[Scorecard, Receipt], other: tuple[Scorecard, Receipt]
) -> list[Change]:
    before, after = _earned(scorer, *one), _earned(scorer, *other)
    moved = {code: after[code] - before[code] for code in after if after[code] != before[code]}
    common = lcm(*(amount.denominator for amount in moved.values()))
    parts = [int(amount * common) for amount in moved.values()]
    wanted = other[1].sums[0] - one[1].sums[0]
    least = sum(part // common for part in parts)
    units = shared_out(parts, common, min(max(wanted, least), least + len(parts)))
    return [Change(INDICATOR, code, unit) for code, unit in zip(moved, units, strict=True)]


def _earned(scorer: Scorer, card: Scorecard, slip: Receipt) -> dict[str, Fraction]:
    """What each indicator earns, exactly, in units of the last decimal."""
    scale = 10**scorer.rubric.scale.decimals
    leaves = card.workings.leaves if card.workings else []
    return {
        line.indicator: Fraction(0)
        if leaf is None
        else line.share * Fraction(leaf.credited, leaf.unit) * scale
        for line, leaf in zip(slip.lines, leaves, strict=True)
    }


def _steps(before: Receipt, after: Receipt) -> list[Change]:
    was = {(node, step): units for node, step, units in before.steps}
    becomes = {(node, step): units for node, step, units in after.steps}
    moved = {key: becomes.get(key, 0) - was.get(key, 0) for key in was | becomes}
    return [Change(STEP, step, amount) for (_, step), amount in moved.items() if amount]


def next_steps(scorer: Scorer, record: Record, claimed_on: date, as_of: date) -> list[NextStep]:
    """Every claim that lifts the total when it is one option better, the greatest lift first.

    Where a finding counts instead of the claim, another claim lifts nothing and is left out.
    """
    now = scorer.score(record, as_of).exact
    if now is None:
        return []
    found = []
    for indicator in scorer.rubric.indicators:
        value = _next(indicator, record)
        if value is not None:
            claim = Answer(value, "self", claimed_on)
            totals = _totals(scorer, record, (indicator.id, claim), as_of)
            found.append(NextStep(indicator.id, value, *(total - now for total in totals)))
    lifting = [step for step in found if step.as_claim > 0]
    return sorted(lifting, key=lambda step: (-step.as_claim, -step.if_confirmed))


def _totals(
    scorer: Scorer, record: Record, claimed: tuple[str, Answer], as_of: date
) -> tuple[Fraction, Fraction]:
    """The total with a claim in place of the former one, and with an audit that confirms it."""
    indicator, claim = claimed
    kept = [one for one in record.answers.get(indicator, ()) if one.grade != "self"]
    confirmed = claim._replace(grade="audit", given_on=as_of)

    def total(*given: Answer) -> Fraction:
        tried = replace(record, answers={**record.answers, indicator: [*given, *kept]})
        return scorer.score(tried, as_of).exact or Fraction(0)

    return total(claim), total(claim, confirmed)


def _next(indicator: Indicator, record: Record) -> str | None:
    """The next option that is worth more than the claim, or than silence."""
    if not isinstance(indicator.rule, Level) or indicator.id in record.marks:
        return None
    points = {option.id: option.points for option in indicator.rule.options}
    given = [one for one in record.answers.get(indicator.id, ()) if one.grade == "self"]
    now = max((points[str(one.value)] for one in given), default=Fraction(0))
    return next((option.id for option in indicator.rule.options if option.points > now), None)
