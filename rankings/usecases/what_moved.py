"""From one score to another of the same agency: which answers moved it, and which would most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm

from rankings.scoring.exact import shared_out
from rankings.scoring.receipt import Receipt, receipt
from rankings.scoring.record import Answer, Record
from rankings.scoring.rules import Indicator, Level
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


@dataclass(frozen=True, slots=True)
class Side:
    """A scorecard, and what made it."""

    scorer: Scorer
    card: Scorecard

    @property
    def decimals(self) -> int:
        """How many decimals are published."""
        return self.scorer.rubric.scale.decimals


def changes(scorer: Scorer, one: Scorecard, other: Scorecard) -> tuple[Change, ...]:
    """What moved from one scorecard to the other, adding up to the difference of their scores.

    Only answers whose worth really changed are named: tenths that rounding shifted are not theirs.
    """
    return between(Side(scorer, one), Side(scorer, other))


def between(one: Side, other: Side) -> tuple[Change, ...]:
    """The same from one rubric to another, in units of the finer one's last decimal."""
    if one.card.workings is None or other.card.workings is None:
        return ()
    decimals = max(one.decimals, other.decimals)
    before, after = _told(one, decimals), _told(other, decimals)
    named = _indicators(before, after) + _steps(before, after)
    rest = after.points - before.points - sum(change.amount for change in named)
    ends = [Change(ROUNDING, ROUNDING, rest), Change(LIMITS, LIMITS, after.limits - before.limits)]
    return (*named, *(end for end in ends if end.amount))


@dataclass(frozen=True, slots=True)
class _Told:
    """A receipt in units of some decimal: what each indicator earned exactly, and the rest."""

    points: int
    limits: int
    sum: int
    earned: dict[str, Fraction]
    steps: dict[tuple[str, str], int]


def _told(side: Side, decimals: int) -> _Told:
    slip = receipt(side.scorer, side.card)
    finer: int = 10 ** (decimals - side.decimals)
    return _Told(
        points=slip.points * finer,
        limits=(slip.published - slip.points) * finer,
        sum=slip.sums[0] * finer,
        earned=_earned(side.card, slip, decimals),
        steps={(node, step): units * finer for node, step, units in slip.steps},
    )


def _indicators(before: _Told, after: _Told) -> list[Change]:
    codes = after.earned | before.earned
    was, now = (
        {code: one.earned.get(code, Fraction(0)) for code in codes} for one in (before, after)
    )
    moved = {code: now[code] - was[code] for code in codes if now[code] != was[code]}
    common = lcm(*(amount.denominator for amount in moved.values()))
    parts = [int(amount * common) for amount in moved.values()]
    wanted = after.sum - before.sum
    least = sum(part // common for part in parts)
    units = shared_out(parts, common, min(max(wanted, least), least + len(parts)))
    return [Change(INDICATOR, code, unit) for code, unit in zip(moved, units, strict=True)]


def _earned(card: Scorecard, slip: Receipt, decimals: int) -> dict[str, Fraction]:
    """What each indicator earns, exactly, in units of a decimal."""
    scale: int = 10**decimals
    leaves = card.workings.leaves if card.workings else []
    return {
        line.indicator: Fraction(0)
        if leaf is None
        else line.share * Fraction(leaf.credited, leaf.unit) * scale
        for line, leaf in zip(slip.lines, leaves, strict=True)
    }


def _steps(before: _Told, after: _Told) -> list[Change]:
    was, becomes = before.steps, after.steps
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
