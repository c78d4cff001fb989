"""Reading the indicators: one reader per type of rule."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from rankings.scoring.reading import Section, exact, shown
from rankings.scoring.rubric import TOTAL, Missing, Scale
from rankings.scoring.rules import (
    Benchmark,
    Indicator,
    Level,
    Numeric,
    Option,
    Points,
    Proportion,
    Rate,
    Rule,
)

EMPTY = ("insufficient_evidence", "not_answered", "not_applicable")
ONE, ZERO = Fraction(1), Fraction(0)


def indicator(part: Section, scale: Scale, missing: Missing) -> Indicator:
    """One indicator; its type decides which further keys there are."""
    kind = part.choice("type", tuple(RULES), "level")
    if not part.has("type"):
        part.problem("type", f"is missing; it is one of {', '.join(RULES)}")
    found = Indicator(
        id=part.required("id"),
        parent=part.text("parent") or TOTAL,
        weight=part.number("weight"),
        max=None,
        empty=part.choice("empty", EMPTY, missing.empty),
        not_applicable=part.flag("not_applicable") is True,
        rule=(rule := RULES[kind](part)),
    )
    best = _best(part, rule, scale)
    part.close()
    return Indicator(
        found.id, found.parent, found.weight, best, found.empty, found.not_applicable, rule
    )


def _best(part: Section, rule: Rule, scale: Scale) -> Fraction | None:
    if isinstance(rule, Points):
        return rule.max
    given = part.number("max")
    if given is not None and given <= 0:
        part.problem("max", f"{shown(given)} must be above 0")
    if isinstance(rule, Level) and rule.options:
        return given if given is not None else rule.options[-1].points
    if isinstance(rule, Rate) and not rule.curve:
        return given
    return given if given is not None else scale.max


def _level(part: Section) -> Rule:
    options = tuple(
        _closed(Option(each.required("id"), each.required_number("points")), each)
        for each in part.sections("options")
    )
    return Level(options)


def _closed(option: Option, part: Section) -> Option:
    part.close()
    return option


def _numeric(part: Section) -> Rule:
    return Numeric(
        part.required_number("worst"),
        part.required_number("best"),
        part.choice("transform", ("linear", "log"), "linear"),
    )


def _proportion(part: Section) -> Rule:
    shrunk = _shrunk(part, ("p0", "m"))
    return Proportion(
        shrunk,
        part.required_number("p0") if shrunk else ZERO,
        part.required_number("m") if shrunk else ZERO,
        part.whole("min_respondents", 0),
    )


def _rate(part: Section) -> Rule:
    shrunk = _shrunk(part, ("mu", "k", "phi", "peers_by", "peers"))
    return Rate(
        shrunk=shrunk,
        benchmark=_benchmark(part) if shrunk else Benchmark(ZERO, ZERO),
        per=part.number_within("per", Fraction(1000)),
        severity=part.numbers("severity"),
        outcome=part.numbers("outcome"),
        steps=tuple(_list(part, "steps")) or (ONE,),
        curve=_curve(part),
        peers_by=part.text("peers_by") if shrunk else None,
        peers=_peers(part.section("peers")) if shrunk else {},
    )


def _benchmark(part: Section) -> Benchmark:
    phi = part.number_within("phi", ONE)
    if phi == 0:
        part.problem("phi", "must be above 0")
    return Benchmark(part.required_number("mu"), part.required_number("k"), phi)


def _peers(part: Section) -> dict[str, Benchmark]:
    found = {}
    for group in part.table:
        each = part.section(group)
        found[group] = _benchmark(each)
        each.close()
    part.close()
    return found


def _shrunk(part: Section, keys: tuple[str, ...]) -> bool:
    shrunk = part.flag("shrunk") is not False
    for key in () if shrunk else keys:
        if part.has(key):
            part.problem(key, "does not go with shrunk = false")
    return shrunk


def _points(part: Section) -> Rule:
    return Points(part.number("min"), part.number("max"))


def _list(part: Section, key: str) -> list[Fraction]:
    numbers = [exact(value) for value in part.items(key)]
    if None in numbers:
        part.problem(key, "must hold numbers only")
    return [number for number in numbers if number is not None]


def _curve(part: Section) -> tuple[tuple[Fraction, Fraction], ...]:
    points = []
    for pair in part.items("curve"):
        numbers = [exact(value) for value in pair] if isinstance(pair, list) else []
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            part.problem("curve", f"{shown(pair)} must be a pair of numbers, [rate, value]")
        else:
            points.append((numbers[0], numbers[1]))
    return tuple(points)


RULES: dict[str, Callable[[Section], Rule]] = {
    "level": _level,
    "numeric": _numeric,
    "proportion": _proportion,
    "rate": _rate,
    "points": _points,
}
