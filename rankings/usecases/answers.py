"""Answers as they are written down: the option's id, a number, or that it does not apply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from rankings.scoring.conditions import Fact
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rules import Indicator, Level, Numeric, Points
from rankings.scoring.source import Code
from rankings.usecases.incoming import Given, Wrong

# Without an exponent: a few characters would be a number of a gigabyte.
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15}|/[1-9]\d{0,14})?", re.ASCII)


class Questions:
    """The indicators of a rubric that are answered, by an agency or by an auditor."""

    def __init__(self, code: Code) -> None:
        self.asked: Mapping[str, Indicator] = {
            one.id: one
            for one in code.rubric.indicators
            if isinstance(one.rule, Level | Numeric | Points)
        }
        self._labels = {
            (one.id, labels.of("indicators", one.id, "options", option.id, "label")): option.id
            for labels in code.labels.values()
            for one in self.asked.values()
            if isinstance(one.rule, Level)
            for option in one.rule.options
        }

    def answer(self, given: Given, column: str) -> str:
        """The answer in a column to the row's `indicator`; Wrong where it is none."""
        indicator = self.asked.get(given["indicator"])
        if indicator is None:
            raise Wrong("indicator", "is not a question of the cycle's rubric")
        text = given[column]
        if text == NOT_APPLICABLE:
            if not indicator.not_applicable:
                raise Wrong(column, "the rubric does not allow not_applicable here")
            return NOT_APPLICABLE
        if isinstance(indicator.rule, Level):
            return self._option(indicator.id, indicator.rule, text, column)
        return _number(indicator, text, column)

    def _option(self, indicator: str, rule: Level, text: str, column: str) -> str:
        options = [option.id for option in rule.options]
        if text in options:
            return str(text)
        known = self._labels.get((indicator, text))
        if known is None:
            raise Wrong(column, f"is not one of {', '.join(options)}, nor the label of one")
        return known


def _number(indicator: Indicator, text: str, column: str) -> str:
    if not NUMBER.fullmatch(text):
        raise Wrong(column, "must be a number such as 12.5")
    value = Fraction(text)
    rule = indicator.rule
    if isinstance(rule, Points) and not rule.takes(value):
        raise Wrong(column, f"must be from {rule.min} to {rule.max}")
    if isinstance(rule, Numeric) and rule.transform == "log" and value <= 0:
        raise Wrong(column, "must be above 0")
    return str(text)


def value(indicator: Indicator, text: str) -> Fact | None:
    """A stored answer as the scorer takes it; None where this rubric does not know it (any more).

    Findings of an earlier cycle may speak of options that a later version has given up.
    """
    rule = indicator.rule
    if isinstance(rule, Level):
        return text if any(option.id == text for option in rule.options) else None
    return Fraction(text) if NUMBER.fullmatch(text) else None
