"""Checks of single indicators: options, goalposts, benchmarks, curves."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rankings.scoring.reading import ID, shown
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Benchmark, Indicator, Level, Numeric, Points, Proportion, Rate

Found = Iterator[tuple[str, str]]

# Words that a cell may hold instead of an option.
RESERVED_OPTIONS = {"not_applicable", "not_answered", "disputed"}


def indicator_problems(rubric: Rubric) -> Found:
    """Problems of every indicator, each under its own place."""
    for indicator in rubric.indicators:
        found = [*_rule(indicator, rubric.scale.higher_is_better), *_peers(indicator, rubric)]
        for key, sentence in found:
            yield f"indicators[{indicator.id}]{key and '.'}{key}", sentence


def _rule(indicator: Indicator, higher: bool) -> Found:
    rule = indicator.rule
    if isinstance(rule, Level):
        return _level(indicator, rule)
    if isinstance(rule, Numeric):
        return _numeric(rule)
    if isinstance(rule, Proportion):
        return _proportion(rule)
    return _rate(indicator, rule, higher) if isinstance(rule, Rate) else _points(rule)


def _level(indicator: Indicator, rule: Level) -> Found:
    points = [option.points for option in rule.options]
    if len(points) < 2:
        yield "options", "needs at least two options"
        return
    yield from _option_ids([option.id for option in rule.options])
    if points[0] < 0 or any(b <= a for a, b in zip(points, points[1:], strict=False)):
        yield "options", "must be in ascending order of points from 0 on, no two equal"
    if points[-1] != indicator.max:
        yield "options", f"has no best option: none is worth the maximum of {shown(indicator.max)}"


def _option_ids(ids: list[str]) -> Found:
    if len(set(ids)) < len(ids):
        yield "options", "two options have the same id"
    for code in ids:
        if not ID.fullmatch(code):
            yield "options", f"{code!r} must be at most 60 letters, digits, dots, - and _"
    if not RESERVED_OPTIONS.isdisjoint(ids):
        yield "options", f"{', '.join(sorted(RESERVED_OPTIONS))} are reserved"


def _numeric(rule: Numeric) -> Found:
    if rule.worst == rule.best:
        yield "best", "must differ from worst"
    if rule.transform == "log" and min(rule.worst, rule.best) <= 0:
        yield "transform", "a logarithm needs worst and best above 0"


def _proportion(rule: Proportion) -> Found:
    if rule.shrunk and not 0 < rule.p0 < 1:
        yield "p0", f"{shown(rule.p0)} must be above 0 and below 1"
    if rule.shrunk and rule.m <= 0:
        yield "m", f"{shown(rule.m)} must be above 0"


def _rate(indicator: Indicator, rule: Rate, higher: bool) -> Found:
    above = _benchmark("", rule.benchmark) if rule.shrunk else {}
    for group, usual in rule.peers.items():
        above |= _benchmark(f"peers.{group}.", usual)
    for key, number in {**above, "per": rule.per}.items():
        if number <= 0:
            yield key, f"{shown(number)} must be above 0"
    yield from _weights(rule)
    if not rule.curve and higher:
        yield "curve", "is missing: without it the value is the rate, and a higher rate scores more"
    if rule.curve:
        yield from _curve(indicator, rule, higher)


def _benchmark(place: str, usual: Benchmark) -> dict[str, Fraction]:
    return {f"{place}mu": usual.mu, f"{place}k": usual.k}


def _peers(indicator: Indicator, rubric: Rubric) -> Found:
    rule = indicator.rule
    if not isinstance(rule, Rate):
        return
    texts = {field.id for field in rubric.fields if field.type == "text"}
    if rule.peers_by is not None and rule.peers_by not in texts:
        yield "peers_by", f"{rule.peers_by!r} is not a field of type text"
    if rule.peers and rule.peers_by is None:
        yield "peers", "need peers_by: the field that says which group an agency is in"


def _weights(rule: Rate) -> Found:
    for name in (*rule.severity, *rule.outcome):
        if "." in name or not ID.fullmatch(name):
            yield "", f"{name!r} must be letters, digits, - and _; it is part of a column's name"
    weights = {f"severity.{name}": weight for name, weight in rule.severity.items()}
    weights |= {f"outcome.{name}": weight for name, weight in rule.outcome.items()}
    weights |= {f"steps.{at}": weight for at, weight in enumerate(rule.steps)}
    for key, weight in weights.items():
        if weight < 0:
            yield key, f"{shown(weight)} must not be below 0"


def _curve(indicator: Indicator, rule: Rate, higher: bool) -> Found:
    """From the maximum downwards; of a penalty from 0 upwards."""
    rates = [rate for rate, _ in rule.curve]
    values = [value for _, value in rule.curve]
    if any(later <= earlier for earlier, later in zip(rates, rates[1:], strict=False)):
        yield "curve", "rates must ascend, none twice"
    if values != sorted(values, reverse=higher):
        yield (
            "curve",
            f"a higher rate must not have a {'higher value' if higher else 'lower penalty'}",
        )
    if indicator.max is not None and (max(values) != indicator.max or min(values) < 0):
        yield "curve", f"must run between 0 and the maximum of {shown(indicator.max)}, and reach it"


def _points(rule: Points) -> Found:
    if rule.min is not None and rule.max is not None and rule.min >= rule.max:
        yield "min", "must be below max"
