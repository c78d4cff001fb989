"""What lifts an agency one band: what has to end first, then the fewest answers that do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import ceil, lcm
from typing import Any

from rankings.scoring import lift_plan
from rankings.scoring.bands import Limiter, place_of
from rankings.scoring.evidence import months_after
from rankings.scoring.exact import fraction_text, shared_out
from rankings.scoring.lift_actions import Choice, Offers
from rankings.scoring.lift_plan import Goal
from rankings.scoring.next_band import NextBand, next_band
from rankings.scoring.record import Record
from rankings.scoring.rubric import Cap, Rubric
from rankings.scoring.score import Scorecard, Scorer

# Rubrics without those of their caps that stand in somebody's way, kept ready.
SCORERS_KEPT = 16


@dataclass(frozen=True, slots=True)
class Blocker:
    """What stands in the way whatever the points: a cap, an over-claim, or a condition.

    `until` is the last day on which a cap is in force, None where something has to happen first.
    Of a condition, `of` is the part that is too low, `wanted` what it asks for.
    """

    kind: str
    code: str
    of: str | None = None
    wanted: Fraction | None = None
    there: Fraction | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One answer that has to be found: an option (None: the best value), and on which grade.

    `gain` is in units of the last printed decimal; the gains of a plan add up.
    """

    indicator: str
    to: str | None
    grade: str
    gain: int


@dataclass(frozen=True, slots=True)
class Lift:
    """How to reach `band`, the next better one; `missing` units of points are short of its line.

    `plan` is None where no answers reach it, and empty where only the blockers have to end;
    `points` are the units after it.
    """

    band: str
    missing: int
    blockers: tuple[Blocker, ...]
    plan: tuple[Action, ...] | None
    points: int | None


def lift(scorer: Scorer, record: Record, card: Scorecard, as_of: date) -> Lift | None:
    """What lifts a scored record one band in the next cycle, when this one is the band before.

    None without a rating, in the best band, and where bands are not given by points.
    """
    return lift_now(scorer, replace(record, previous_band=card.points_band), card, as_of)


def lift_now(scorer: Scorer, record: Record, card: Scorecard, as_of: date) -> Lift | None:
    """The same within this cycle, against the band before that the record names."""
    found = next_band(scorer, record, card, as_of)
    if found is None or card.points is None:
        return None
    scale: int = 10**scorer.rubric.scale.decimals
    chosen, points = None, None
    if not card.overclaimed:
        goal = _freed(scorer, record, as_of, found)
        chosen = lift_plan.plan(goal, Offers(scorer, card, as_of))
    actions = None
    if chosen is not None:
        actions, points = _actions(goal, card, chosen)
    return Lift(
        band=found.band,
        missing=ceil(found.points * scale),
        blockers=(*_blockers(scorer.rubric, record, card, found),),
        plan=actions,
        points=points,
    )


def _blockers(
    rubric: Rubric, record: Record, card: Scorecard, found: NextBand
) -> Iterator[Blocker]:
    for one in found.limiters:
        if one.kind == "cap":
            yield Blocker("cap", one.code, until=_last_day(rubric, record, one))
    if card.overclaimed:
        yield Blocker("overclaim", "overclaim")
    for short in found.shortfalls:
        yield Blocker("condition", short.code, short.of, short.wanted, short.there)


def _last_day(rubric: Rubric, record: Record, limiter: Limiter) -> date | None:
    cap, event = _cap(rubric, limiter.code), record.caps.get(limiter.code)
    if cap.months is None or event is None or event.found_on is None:
        return None
    return months_after(event.found_on, cap.months)


def _cap(rubric: Rubric, code: str) -> Cap:
    return next(one for one in rubric.caps if one.id == code)


def _freed(scorer: Scorer, record: Record, as_of: date, found: NextBand) -> Goal:
    """The same agency after everything ended that ends without it, and with workers asked."""
    caps = {one.code for one in found.limiters if one.kind == "cap"}
    lasting = frozenset(code for code in caps if _cap(scorer.rubric, code).when is not None)
    wanted = [
        ceil(one.wanted)
        for one in found.shortfalls
        if one.code == "interviews_at_least" and one.wanted is not None
    ]
    freed = replace(
        record,
        caps={code: event for code, event in record.caps.items() if code not in caps},
        interviewed=max(wanted, default=record.interviewed),
    )
    place = place_of(scorer.rubric, found.band)
    return Goal(_without(scorer, lasting) if lasting else scorer, freed, as_of, place)


@lru_cache(maxsize=SCORERS_KEPT)
def _without(scorer: Scorer, caps: frozenset[str]) -> Scorer:
    kept = tuple(one for one in scorer.rubric.caps if one.id not in caps)
    return Scorer(replace(scorer.rubric, caps=kept))


def _actions(
    goal: Goal, card: Scorecard, chosen: Sequence[Choice]
) -> tuple[tuple[Action, ...], int]:
    """The steps in turn, each with what it adds, and the points after all of them."""
    scale = goal.scorer.rubric.scale
    before, after = card.points or Fraction(0), goal.after(chosen).points or Fraction(0)
    sign, unit = 1 if scale.higher_is_better else -1, 10**scale.decimals
    gains = [unit * gain for gain in lift_plan.gains(goal, card, chosen)]
    printed = _printed(gains, int(sign * unit * (after - before)))
    return tuple(
        Action(one.indicator, one.to, one.answer.grade, gain)
        for one, gain in zip(chosen, printed, strict=True)
    ), int(unit * after)


def _printed(gains: Sequence[Fraction], wanted: int) -> list[int]:
    """Whole units that add up to what is printed before and after, as far as gains allow it."""
    common = lcm(*(gain.denominator for gain in gains))
    parts = [int(gain * common) for gain in gains]
    least = sum(part // common for part in parts)
    return shared_out(parts, common, min(max(wanted, least), least + len(parts)))


def values(rubric: Rubric, found: Lift) -> dict[str, Any]:
    """A lift as plain values, the form that it has in an edition."""
    plan = found.plan
    return {
        "band": found.band,
        "missing": found.missing,
        "blockers": [_blocker(one) for one in found.blockers],
        "plan": None if plan is None else [_action(one) for one in plan],
        "points": found.points,
    }


def _blocker(one: Blocker) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "code": one.code,
        "of": one.of,
        "wanted": None if one.wanted is None else fraction_text(one.wanted),
        "there": None if one.there is None else fraction_text(one.there),
        "until": None if one.until is None else one.until.isoformat(),
    }


def _action(one: Action) -> dict[str, Any]:
    return {"indicator": one.indicator, "to": one.to, "grade": one.grade, "gain": one.gain}
