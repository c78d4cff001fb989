"""What a cell of a workbook holds, as text: numbers, dates, yes and no; escapes undone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from math import floor

DAMAGED = "is damaged; type the cell anew"
NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
MAX_DIGITS = 15

# Built in, by number: the dates of all languages, and the times.
DATES = {14, 15, 16, 17, 22, *range(27, 32), 34, 35, 36, *range(50, 59)}
TIMES = {18, 19, 20, 21, 32, 33, 45, 46, 47}
ELAPSED = re.compile(r"\[(h+|m+|s+)\]")
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
LAST_DAY = date.max.toordinal()
LEAP_DAY_THAT_NEVER_WAS = 60

FORMULA = "is a formula; put its value in its place (copy, paste as values)"
# So LibreOffice saves yes and no; what the cell is said to show is not looked at.
CONSTANTS = {"TRUE()": "yes", "FALSE()": "no"}
YES_NO = {"1": "yes", "0": "no", "true": "yes", "false": "no"}


class CellFault(ValueError):
    """A cell that cannot be taken; its text is the remedy."""


def unescaped(text: str) -> str:
    """Characters that XML cannot hold stand as _x000D_ in a workbook."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def number(raw: str) -> str:
    """The shortest exact decimal: 12 and 12.5, never 12.0 or an exponent."""
    if raw.isascii() and raw.isdigit() and len(raw) <= MAX_DIGITS:
        return raw.lstrip("0") or "0"
    if not NUMBER.fullmatch(raw):
        raise CellFault(DAMAGED)
    value = Decimal(repr(float(raw)))
    if not value.is_finite():
        raise CellFault(DAMAGED)
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if "." not in text and len(text.lstrip("-")) > MAX_DIGITS:
        raise CellFault(f"has more digits than a number cell keeps ({MAX_DIGITS}); make it a text")
    return "0" if text == "-0" else text


def constant(formula: str) -> str:
    if formula not in CONSTANTS:
        raise CellFault(FORMULA)
    return CONSTANTS[formula]


def yes_no(raw: str) -> str:
    if raw not in YES_NO:
        raise CellFault(DAMAGED)
    return YES_NO[raw]


def day(raw: str, since_1904: bool) -> str:
    """A serial number of days as 2026-03-01."""
    if not NUMBER.fullmatch(raw):
        raise CellFault(DAMAGED)
    serial = float(raw)
    if not 0 <= serial <= LAST_DAY:
        raise CellFault("is not a day; type it as 2026-03-01")
    seconds = round(serial * 86_400)
    days, rest = floor(seconds / 86_400), seconds % 86_400
    if rest:
        raise CellFault("has a time of day; keep the date alone")
    return _day(days, since_1904).isoformat()


def _day(days: int, since_1904: bool) -> date:
    if since_1904:
        first = date(1904, 1, 1)
    else:
        if days in (0, LEAP_DAY_THAT_NEVER_WAS):
            raise CellFault("is a day that never was; type it as 2026-03-01")
        # The first spreadsheets took 1900 for a leap year.
        first = date(1899, 12, 31 if days < LEAP_DAY_THAT_NEVER_WAS else 30)
    try:
        return first + timedelta(days)
    except OverflowError:
        raise CellFault("is not a day; type it as 2026-03-01") from None


def iso_day(raw: str) -> str:
    """A day as strict workbooks write it, perhaps with midnight."""
    text, _, time = raw.removesuffix("Z").partition("T")
    if time.strip("0:."):
        raise CellFault("has a time of day; keep the date alone")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CellFault(DAMAGED) from None


def time(_raw: str) -> str:
    raise CellFault("is a time of day; a table has dates and numbers only")


def kind_of_format(identity: int, code: str | None) -> str:
    """What numbers of this format mean: date, time or number."""
    if code is None:
        return "date" if identity in DATES else "time" if identity in TIMES else "number"
    bare = LITERAL.sub("", ELAPSED.sub("h", code)).lower()
    bare = bare.replace("general", "")
    clock = "h" in bare or "s" in bare
    if any(sign in bare for sign in "dyg") or ("m" in bare and not clock):
        return "date"
    return "time" if clock else "number"
