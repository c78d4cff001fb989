"""What people typed, made into values; every fault is named at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from rankings.errors import Invalid, Problem

MISSING = "must not be empty"
TOO_LONG = "is too long"
NO_DAY = "must be a day such as 2026-01-31"
NOT_YET = "lies in the future"
NO_CHOICE = "is not one of the choices"
NO_NUMBER = "must be a whole number in the range"
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1950, 2100
# Marks that turn the direction of text make a name look like another one.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST_SHOWN = 100


class Typed:
    """Takes fields one by one; `done` refuses what could not be taken."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, place: str, value: str, remedy: str) -> None:
        """Note a fault."""
        self.problems.append(Problem(place, value[:_LONGEST_SHOWN], remedy))

    def done(self) -> None:
        """Invalid where there was a fault."""
        if self.problems:
            raise Invalid(self.problems)

    def text(self, place: str, given: str, longest: int, required: bool = True) -> str | None:
        """One line of text of at most so many characters; None where it is empty."""
        kept = line(given)
        if required and not kept:
            self.refuse(place, given, MISSING)
        if len(kept) > longest:
            self.refuse(place, given, TOO_LONG)
        return kept or None

    def day(self, place: str, given: str, latest: date | None = None) -> date:
        """A day as ISO 8601 writes it, until `latest`; any day where it cannot be read."""
        found = _day(given.strip())
        if not given.strip():
            self.refuse(place, given, MISSING)
        elif found is None:
            self.refuse(place, given, NO_DAY)
        elif latest is not None and found > latest:
            self.refuse(place, given, NOT_YET)
        return found or date.min

    def one_of(self, place: str, given: str, known: Collection[str]) -> str:
        """One of the words."""
        if given not in known:
            self.refuse(place, given, NO_CHOICE if given else MISSING)
        return given

    def whole(self, place: str, given: str, least: int, most: int) -> int:
        """A whole number in digits of any script; `least` where it cannot be read."""
        text = digits(given.strip())
        number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
        if number is None or not least <= number <= most:
            self.refuse(place, given, NO_NUMBER if text else MISSING)
            return least
        return number


def line(given: str) -> str:
    """Text in one line, composed, without control characters and turning marks.

    Empty where nothing of it can be seen.
    """
    text = unicodedata.normalize("NFC", _TURNING.sub("", given))
    kept = "".join(" " if one.isspace() else one for one in text)
    kept = " ".join("".join(one for one in kept if _stays(one)).split())
    return kept if any(unicodedata.category(one)[0] in "LNPS" for one in kept) else ""


def digits(text: str) -> str:
    """Digits of any script as those of ASCII; the rest stays."""
    return "".join(str(unicodedata.decimal(one, one)) for one in text)


def _stays(one: str) -> bool:
    return unicodedata.category(one) not in ("Cc", "Cs")


def _day(text: str) -> date | None:
    if not DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
