"""How the cells of one indicator become answers, interviews or events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from operator import itemgetter

from rankings.adapters.cells import CellError, number, read_at, whole
from rankings.adapters.rows import Row
from rankings.scoring.conditions import Fact
from rankings.scoring.record import Answer, Asked, Count, Events
from rankings.scoring.rubric import GRADES
from rankings.scoring.rules import Indicator, Level, Points, Proportion, Rate

# Distinct texts that are kept read per indicator.
VALUES_KEPT = 4096

Fill = Callable[[Sequence[str], Row], None]


def filler(indicator: Indicator, places: dict[str, int]) -> Fill:
    """The function that reads this indicator's cells; CellError where a column is missing."""
    if isinstance(indicator.rule, Proportion):
        return _proportion(indicator, places)
    if isinstance(indicator.rule, Rate):
        return _rate(indicator, indicator.rule, places)
    return _graded(indicator, places)


def _graded(indicator: Indicator, places: dict[str, int]) -> Fill:
    code = indicator.id
    named = zip(GRADES, [code, *(f"{code}.{grade}" for grade in GRADES[1:])], strict=True)
    columns = [(grade, places[name]) for grade, name in named if name in places]
    value = _value(indicator)
    if len(columns) == 1:
        return _alone(code, *columns[0], value)
    pick = itemgetter(*(at for _, at in columns))

    @lru_cache(maxsize=VALUES_KEPT)
    def answers(texts: tuple[str, ...]) -> tuple[Answer, ...]:
        cells = {at: text for (_, at), text in zip(columns, texts, strict=True)}
        return tuple(Answer(read_at(cells, at, value), grade) for grade, at in columns if cells[at])

    def fill(cells: Sequence[str], row: Row) -> None:
        texts = pick(cells)
        row.answers[code] = answers(texts if isinstance(texts, tuple) else (texts,))

    return fill


def _alone(code: str, grade: str, at: int, value: Callable[[str], Fact]) -> Fill:
    """One column, as official tables have it: no choice between grades."""

    def fill(cells: Sequence[str], row: Row) -> None:
        row.answers[code] = (Answer(value(cells[at]), grade),)

    return fill


def _value(indicator: Indicator) -> Callable[[str], Fact]:
    rule = indicator.rule
    if isinstance(rule, Level):
        return _option(rule)
    return _within(rule) if isinstance(rule, Points) else number


def _option(rule: Level) -> Callable[[str], Fact]:
    options = {option.id for option in rule.options}

    def option(text: str) -> Fact:
        if text not in options:
            raise CellError(f"is not one of {', '.join(one.id for one in rule.options)}")
        return text

    return option


def _within(rule: Points) -> Callable[[str], Fact]:
    def within(text: str) -> Fact:
        value = number(text)
        if not rule.takes(value):
            raise CellError(_limits(rule.min, rule.max))
        return value

    return within


def _limits(low: Fraction | None, high: Fraction | None) -> str:
    if high is None:
        return f"must be at least {low}"
    return f"must be at most {high}" if low is None else f"must be from {low} to {high}"


def _proportion(indicator: Indicator, places: dict[str, int]) -> Fill:
    code = indicator.id
    good, asked = places.get(f"{code}.good"), places.get(f"{code}.asked")
    if good is None or asked is None:
        raise CellError(f"{code} needs both columns {code}.good and {code}.asked")

    def fill(cells: Sequence[str], row: Row) -> None:
        if not cells[good] or not cells[asked]:
            raise CellError("good and asked go together: fill both or leave both empty")
        given = Asked(read_at(cells, good, whole), read_at(cells, asked, whole))
        if given.good > given.asked:
            raise CellError(f"is more than the {given.asked} who were asked")
        row.interviews[code] = given

    return fill


def exposures(code: str, rule: Rate) -> dict[str, int]:
    """The columns of a rate's exposure, each with its 12-month step."""
    steps = {f"{code}.exposure.{step}": step for step in range(len(rule.steps))}
    return {f"{code}.exposure": 0} | steps


def counts(code: str, rule: Rate) -> dict[str, Count]:
    """The columns of a rate's events, each with what one event in it counts as."""
    one, start = Fraction(1), f"{code}.events"
    found: dict[str, Count] = {}
    steps = (None, *range(len(rule.steps)))
    for named in product((None, *rule.severity), (None, *rule.outcome), steps):
        name = ".".join([start, *(str(part) for part in named if part is not None)])
        found.setdefault(name, Count(one, *named))
    return found


def _rate(indicator: Indicator, rule: Rate, places: dict[str, int]) -> Fill:
    code, steps = indicator.id, len(rule.steps)
    spent = [(places[n], at) for n, at in exposures(code, rule).items() if n in places]
    counted = [(places[n], one) for n, one in counts(code, rule).items() if n in places]
    if not spent:
        raise CellError(f"{code} needs a column {code}.exposure")

    def fill(cells: Sequence[str], row: Row) -> None:
        exposure = [Fraction(0)] * steps
        for at, step in spent:
            exposure[step] += read_at(cells, at, _not_below_0)
        events = [
            Count(read_at(cells, at, _not_below_0), one.severity, one.outcome, one.step)
            for at, one in counted
            if cells[at]
        ]
        row.events[code] = Events(events, exposure)

    return fill


def _not_below_0(text: str) -> Fraction:
    value = number(text or "0")
    if value < 0:
        raise CellError("must not be below 0")
    return value
