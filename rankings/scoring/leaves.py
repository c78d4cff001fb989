"""The value of one indicator for one record: its worth, what of it counts, how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from rankings.scoring.conditions import Fact
from rankings.scoring.evidence import Credit, strongest
from rankings.scoring.exact import log_position
from rankings.scoring.record import Answer, Asked, Count, Events, Record, RecordError
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Points, Proportion, Rate

ONE, ZERO = Fraction(1), Fraction(0)
# Distinct answers, or (good, asked) pairs, that are kept worked out per indicator.
VALUES_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Leaf:
    """`value` and `credited` are whole numbers over `unit`; `sure` is the confidence as (n, d).

    `basis` is the grade of evidence, `none` for silence, `interviews` or `events`; `told` is what
    the receipt tells: the option, the value, good and asked, or the raw rate.
    """

    value: int
    credited: int
    unit: int
    sure: tuple[int, int]
    basis: str
    told: tuple[Fact, ...] = ()

    @property
    def worth(self) -> Fraction:
        return Fraction(self.value, self.unit)


LeafOf = Callable[[Record, Credit, date], Leaf | None]
Worth = Callable[[Fact, str, Credit], Leaf]


def leaf(value: Fraction, credit: Fraction, sure: Fraction, basis: str, *told: Fact) -> Leaf:
    """A leaf from exact fractions."""
    n, d = value.numerator, value.denominator
    credited, of = credit.numerator, credit.denominator
    return Leaf(n * of, n * credited, d * of, sure.as_integer_ratio(), basis, told)


SILENT = leaf(ZERO, ZERO, ZERO, "none")


def leaf_of(indicator: Indicator, rubric: Rubric) -> LeafOf:
    """The function that scores this indicator; it answers None where nothing can be counted."""
    rule, higher = indicator.rule, rubric.scale.higher_is_better
    if isinstance(rule, Proportion):
        return _proportion(indicator, rule, higher)
    if isinstance(rule, Rate):
        return _rate(indicator, rule)
    return _answered(indicator, rubric, worth_of(indicator, rubric))


def worth_of(indicator: Indicator, rubric: Rubric) -> Worth:
    """What an answer to a level, numeric or points indicator is worth, on evidence of a grade."""
    return {
        Level: _level,
        Numeric: _numeric,
        Points: _points,
    }[type(indicator.rule)](indicator, rubric)


def _answered(indicator: Indicator, rubric: Rubric, worth: Worth) -> LeafOf:
    """Silence earns nothing, or the full penalty; of the answers the strongest counts."""
    code, evidence = indicator.id, rubric.evidence
    silent: Leaf | None = SILENT
    if not rubric.scale.higher_is_better:
        full = indicator.max
        silent = None if full is None else leaf(full, ONE, ZERO, "none")

    @lru_cache(maxsize=VALUES_KEPT)
    def counting(given: tuple[Answer, ...], credit: Credit, as_of: date) -> Leaf:
        grade, answer = strongest(given, evidence, as_of)
        return worth(answer.value, grade, credit)

    def answered(record: Record, credit: Credit, as_of: date) -> Leaf:
        given = record.answers.get(code)
        if given:
            return counting(tuple(given), credit, as_of)
        if silent is None:
            raise RecordError(f"{code}: silence has no penalty here; the indicator needs a max")
        return silent

    return answered


def _level(indicator: Indicator, rubric: Rubric) -> Worth:
    rule = indicator.rule
    points = {one.id: one.points for one in rule.options} if isinstance(rule, Level) else {}

    def worth(value: Fact, grade: str, credit: Credit) -> Leaf:
        if value not in points:
            raise RecordError(f"{indicator.id}: {value!r} is not one of {', '.join(points)}")
        return leaf(points[str(value)], credit[grade], credit.sure(grade), grade, value)

    return worth


def _numeric(indicator: Indicator, rubric: Rubric) -> Worth:
    rule, top = indicator.rule, indicator.max or ZERO
    if not isinstance(rule, Numeric):
        raise AssertionError(indicator.type)
    # A penalty is 0 at the best goalpost and full at the worst one.
    zero, full = rule.worst, rule.best
    if not rubric.scale.higher_is_better:
        zero, full = full, zero

    def worth(value: Fact, grade: str, credit: Credit) -> Leaf:
        v = number(indicator.id, value)
        inside = min(max(v, min(zero, full)), max(zero, full))
        if rule.transform == "log" and v <= 0:
            raise RecordError(f"{indicator.id}: a logarithm needs a value above 0, not {v}")
        if rule.transform == "log":
            position = log_position(inside, zero, full)
        else:
            position = (inside - zero) / (full - zero)
        return leaf(top * position, credit[grade], credit.sure(grade), grade, v)

    return worth


def _points(indicator: Indicator, rubric: Rubric) -> Worth:
    rule = indicator.rule
    if not isinstance(rule, Points):
        raise AssertionError(indicator.type)

    def worth(value: Fact, grade: str, credit: Credit) -> Leaf:
        v = number(indicator.id, value)
        if not rule.takes(v):
            raise RecordError(f"{indicator.id}: {v} is outside {rule.min} to {rule.max}")
        return leaf(v, ONE, ONE, grade, v)

    return worth


def number(code: str, value: Fact) -> Fraction:
    """The value as a number; RecordError where it is a word."""
    if isinstance(value, str):
        raise RecordError(f"{code}: {value!r} is not a number")
    return value


def _proportion(indicator: Indicator, rule: Proportion, higher: bool) -> LeafOf:
    code, best = indicator.id, indicator.max or ZERO

    @lru_cache(maxsize=VALUES_KEPT)
    def worth(good: int, asked: int) -> Leaf | None:
        if asked + rule.m == 0:
            return None
        share = (good + rule.m * rule.p0) / (asked + rule.m)
        sure = Fraction(asked) / (asked + rule.m)
        value = best * (share if higher else 1 - share)
        return leaf(value, ONE, sure, "interviews", Fraction(good), Fraction(asked))

    def proportion(record: Record, credit: Credit, as_of: date) -> Leaf | None:
        given = record.interviews.get(code, Asked(0, 0))
        if not 0 <= given.good <= given.asked:
            raise RecordError(f"{code}: {given.good} good answers of {given.asked} asked")
        few = given.asked < rule.min_respondents
        return worth(0, 0) if few else worth(given.good, given.asked)

    return proportion


def _rate(indicator: Indicator, rule: Rate) -> LeafOf:
    code = indicator.id

    def rate(record: Record, credit: Credit, as_of: date) -> Leaf | None:
        given = record.events.get(code, Events((), ()))
        events, exposure = weighted_events(code, rule, given), weighted_exposure(code, rule, given)
        usual = rule.benchmark_of(record.facts.get(rule.peers_by or ""))
        base = exposure + usual.k
        if base == 0:
            return None
        raw = (events + usual.k * usual.mu) / base
        value = along(rule.curve, raw / usual.mu if rule.shrunk else raw)
        told = (events / exposure,) if exposure else ()
        return leaf(value, ONE, exposure / base, "events", *told)

    return rate


def weighted_events(code: str, rule: Rate, given: Events) -> Fraction:
    """Events by severity, outcome and step; RecordError for words that the rubric lacks."""
    total = ZERO
    for count in given.counts:
        if count.number < 0:
            raise RecordError(f"{code}: {count.number} events")
        total += count.number * weight_of(code, rule, count)
    return total


def weight_of(code: str, rule: Rate, count: Count) -> Fraction:
    """What one event of a count weighs; RecordError for words that the rubric lacks."""
    weight = ONE
    for kind, weights, name in (
        ("severity", rule.severity, count.severity),
        ("outcome", rule.outcome, count.outcome),
    ):
        if name is not None and name not in weights:
            raise RecordError(f"{code}: {name!r} is not a {kind} of this rubric")
        weight *= ONE if name is None else weights[name]
    step = count.step or 0
    return weight * rule.steps[step] if step < len(rule.steps) else ZERO


def weighted_exposure(code: str, rule: Rate, given: Events) -> Fraction:
    """Exposure by step, in units of `per` (thousands of workers)."""
    if any(units < 0 for units in given.exposure):
        raise RecordError(f"{code}: an exposure below 0")
    weighted = (units * step for units, step in zip(given.exposure, rule.steps, strict=False))
    return sum(weighted, ZERO) / rule.per


def along(curve: Sequence[tuple[Fraction, Fraction]], rate: Fraction) -> Fraction:
    """The value of a piecewise linear curve, level beyond its ends; no curve gives the rate."""
    if not curve:
        return rate
    if rate <= curve[0][0]:
        return curve[0][1]
    for (left, high), (right, low) in zip(curve, curve[1:], strict=False):
        if rate <= right:
            return high + (low - high) * (rate - left) / (right - left)
    return curve[-1][1]
