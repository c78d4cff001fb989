"""Reading a parsed TOML document key by key, so that every mistake is named with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rankings.scoring.exact import decimal_text

# Numbers of a rubric have at most so many digits before or after the point.
MAX_DIGITS = 30
LARGEST = 10**MAX_DIGITS
# A number that no decimal can say, such as "1/3".
RATIO = re.compile(r"\d{1,15}/[1-9]\d{0,14}", re.ASCII)
# No list of a rubric is longer.
MAX_ITEMS = 1000
MAX_SHOWN = 60
ID = re.compile(r"\w[\w.-]{0,59}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file: where, and a sentence that says what is wrong and what to do."""

    file: str
    key: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.sentence}"


class RubricError(ValueError):
    """A rubric that cannot be used; `problems` names every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def exact(value: object) -> Fraction | None:
    """A TOML number, or a text n/d, as a fraction; None for anything else and absurd sizes."""
    if isinstance(value, str) and RATIO.fullmatch(value):
        return Fraction(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if isinstance(value, int):
        return Fraction(value) if abs(value) < LARGEST else None
    if not value.is_finite() or not -MAX_DIGITS <= value.adjusted() <= MAX_DIGITS:
        return Fraction(0) if value == 0 else None
    return Fraction(value) if len(value.as_tuple().digits) <= MAX_DIGITS else None


def shown(value: object) -> str:
    """A value as a person wrote it, cut short: never a type of this program."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction):
        return _digits(Fraction(value))
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def _digits(value: Fraction) -> str:
    """A number as a decimal; one without an end as n/d."""
    if abs(value.numerator) >= LARGEST**2:
        return "a huge number"
    for decimals in range(MAX_DIGITS * 2):
        if (value * 10**decimals).denominator == 1:
            return decimal_text(value, decimals)
    return str(value)


class Section:
    """A table of the document. Reading a key marks it as known; `close` names the rest."""

    def __init__(self, file: str, place: str, table: object, problems: list[Problem]) -> None:
        self.file, self.place, self.problems = file, place, problems
        self.known: set[str] = set()
        self.table: Mapping[str, Any] = table if isinstance(table, dict) else {}
        if not isinstance(table, dict):
            self.problem("", "must be a table of keys and values")

    def problem(self, key: str, sentence: str) -> None:
        place = ".".join(part for part in (self.place, key) if part)
        self.problems.append(Problem(self.file, place or "(file)", sentence))

    def has(self, key: str) -> bool:
        return key in self.table

    def _get(self, key: str) -> Any:
        self.known.add(key)
        return self.table.get(key)

    def text(self, key: str) -> str | None:
        """A non-empty text, or None where the key is absent."""
        value = self._get(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self.problem(key, f"{shown(value)} must be a text that is not empty")
        return None

    def required(self, key: str) -> str:
        """A non-empty text; its absence is a problem."""
        if not self.has(key):
            self.problem(key, "is missing")
        return self.text(key) or ""

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of a few words."""
        value = self._get(key)
        if value is None:
            return default
        if value not in choices:
            self.problem(key, f"{shown(value)} is not one of {', '.join(choices)}")
            return default
        return str(value)

    def number(self, key: str) -> Fraction | None:
        """A finite decimal, or None where the key is absent."""
        value = self._get(key)
        if value is None:
            return None
        number = exact(value)
        if number is None:
            self.problem(key, f"{shown(value)} must be a number of at most {MAX_DIGITS} digits")
        return number

    def number_within(
        self, key: str, default: Fraction, least: int = 0, most: int | None = None
    ) -> Fraction:
        """A number between `least` and `most`, both included."""
        number = self.number(key)
        if number is None:
            return default
        if number < least or (most is not None and number > most):
            limits = f"from {least} to {most}" if most is not None else f"at least {least}"
            self.problem(key, f"{shown(number)} must be {limits}")
        return number

    def required_number(self, key: str) -> Fraction:
        if not self.has(key):
            self.problem(key, "is missing")
        return self.number(key) or Fraction(0)

    def whole(self, key: str, default: int, most: int = 1000) -> int:
        """A whole number from 0 to `most`."""
        number = self.number(key)
        if number is None:
            return default
        if number.denominator != 1 or not 0 <= number <= most:
            self.problem(key, f"{shown(number)} must be a whole number from 0 to {most}")
            return default
        return int(number)

    def optional_whole(self, key: str, most: int = 1000) -> int | None:
        return self.whole(key, 0, most) if self.has(key) else None

    def flag(self, key: str) -> bool | None:
        """True or false, or None where the key is absent."""
        value = self._get(key)
        if value is None or isinstance(value, bool):
            return value
        self.problem(key, f"{shown(value)} must be true or false")
        return None

    def items(self, key: str) -> list[Any]:
        """A list; empty where the key is absent."""
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(key, f"{shown(value)} must be a list")
            return []
        if len(value) > MAX_ITEMS:
            self.problem(key, f"has {len(value)} entries; at most {MAX_ITEMS}")
            return []
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, none twice."""
        found = self.items(key)
        words = [word for word in found if isinstance(word, str) and word]
        if len(words) < len(found):
            self.problem(key, "must hold texts only")
        if len(set(words)) < len(words):
            self.problem(key, "names something twice")
        return tuple(words)

    def section(self, key: str) -> Section:
        """A table; an absent one reads as empty."""
        value = self._get(key)
        place = ".".join(part for part in (self.place, key) if part)
        return Section(self.file, place, {} if value is None else value, self.problems)

    def sections(self, key: str) -> list[Section]:
        """A list of tables, each placed by its id where it has one."""
        found = []
        for at, table in enumerate(self.items(key), start=1):
            name = table.get("id") if isinstance(table, dict) else None
            name = name[:MAX_SHOWN] if isinstance(name, str) else at
            prefix = f"{self.place}." if self.place else ""
            found.append(Section(self.file, f"{prefix}{key}[{name}]", table, self.problems))
        return found

    def numbers(self, key: str) -> dict[str, Fraction]:
        """A table of numbers by name."""
        inner = self.section(key)
        values = {name: inner.number(name) for name in inner.table}
        return {name: value for name, value in values.items() if value is not None}

    def close(self) -> None:
        """Name every key that nothing asked for."""
        for key in self.table:
            if key not in self.known:
                self.problem(str(key), f"is not a key of this format; known here: {self._known()}")

    def _known(self) -> str:
        return ", ".join(sorted(self.known)) or "none"
