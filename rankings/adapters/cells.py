"""Cells of a table as values: exact decimals, dates, words; an error says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

# What programs and spreadsheets write for yes and no.
YES_NO = {"yes": "yes", "true": "yes", "1": "yes", "no": "no", "false": "no", "0": "no"}
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,2})?", re.ASCII)


class CellError(ValueError):
    """A cell that cannot be read; its text is the rule and the remedy, `column` its place."""

    def __init__(self, remedy: str, column: int | None = None) -> None:
        super().__init__(remedy)
        self.column = column


def read_at(cells: Sequence[str] | Mapping[int, str], column: int, read: Callable[[str], T]) -> T:
    """The value of one cell; its CellError knows the column."""
    try:
        return read(cells[column])
    except CellError as error:
        raise CellError(str(error), column) from error


@lru_cache(maxsize=65_536)
def number(text: str) -> Fraction:
    """A decimal with a point, exactly."""
    if not NUMBER.fullmatch(text):
        raise CellError("must be a number such as 12.5, without spaces or thousands separators")
    return Fraction(Decimal(text))


def whole(text: str) -> int:
    """A whole number from 0 on."""
    value = number(text)
    if value.denominator != 1 or value < 0:
        raise CellError("must be a whole number from 0 on")
    return int(value)


def day(text: str) -> date:
    """A date such as 2026-03-01."""
    try:
        return date.fromisoformat(text if DAY.fullmatch(text) else "")
    except ValueError:
        raise CellError("must be a date such as 2026-03-01") from None


def cap_day(text: str) -> date:
    """The day of a finding, where yes and no are possible too."""
    try:
        return day(text)
    except CellError:
        raise CellError("must be a date such as 2026-03-01, or yes or no") from None


def yes_no(text: str) -> str:
    """The word yes or no."""
    if text.lower() not in YES_NO:
        raise CellError("must be yes or no")
    return YES_NO[text.lower()]
