"""Rows of an untrusted sheet as they come: cleaned, counted, every fault with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from rankings.errors import Invalid, Problem

MAX_PROBLEMS = 50
MAX_COLUMNS = 60
MAX_CHARACTERS = 5_000

# Characters that turn the reading direction hide what a name says; half a surrogate pair is none.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LINE_ENDS = re.compile(r"\r\n?")
LEFT_OVER = "cannot be taken: the header names no column for it; name the column or empty the cell"
UNNAMED = "has no name in the header; name the column or delete it"
WIDE = f"lies too far right: a table may have {MAX_COLUMNS} columns"
LONG = f"is too long: a cell may have {MAX_CHARACTERS:,} characters"

Cells = Sequence[str]


def letters(column: int) -> str:
    """A, B, … Z, AA for 0, 1, … 25, 26."""
    name = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        name, column = chr(ord("A") + rest) + name, column - 1
    return name


def place_of(form: str, header: Cells, number: int, column: int) -> str:
    """Where a cell stands, in the words of its kind of file."""
    name = header[column] if column < len(header) else ""
    if form == "csv":
        return f"row {number}, column {name or column + 1}"
    return f"cell {letters(column)}{number}" + (f" ({name})" if name else "")


def shown(text: str) -> str:
    """The beginning of a text, safe to print: no half characters."""
    return text[:60].encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(slots=True)
class Rows:
    """The table so far; what comes in is raw text, what is kept is clean."""

    form: str
    max_rows: int
    header: tuple[str, ...] = ()
    lines: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    first: int = 1
    last: int = 0

    def add(self, number: int, cells: Cells) -> None:
        """Takes the next row; the first that is not blank is the header."""
        clean = self._clean(number, cells)
        if not any(clean):
            return
        self.last = number
        if self.header:
            self._line(number, clean)
        else:
            self._head(number, clean)

    def wrong(self, place: str, value: str, remedy: str) -> None:
        self.problems.append(Problem(place, shown(value), remedy))
        if len(self.problems) >= MAX_PROBLEMS:
            raise Invalid(self.problems)

    def wrong_at(self, number: int, column: int, value: str, remedy: str) -> None:
        self.wrong(place_of(self.form, self.header, number, column), value, remedy)

    def finish(self) -> None:
        if not self.header and not self.problems:
            self.wrong("first sheet" if self.form == "xlsx" else "file", "", "holds no table")
        if self.problems:
            raise Invalid(self.problems)

    def _clean(self, number: int, cells: Cells) -> list[str]:
        clean = []
        for column, text in enumerate(cells):
            # Most cells; the slow way gives the same.
            plain = len(text) <= MAX_CHARACTERS and text.isascii() and text.isprintable()
            clean.append(text.strip() if plain else self._text(number, column, text))
        return clean

    def _text(self, number: int, column: int, raw: str) -> str:
        text = LINE_ENDS.sub("\n", raw)
        if bad := FORBIDDEN.search(text):
            what = f"holds the invisible character U+{ord(bad[0]):04X}; type the text anew"
            self.wrong_at(number, column, text, what)
            return ""
        text = normalize("NFC", text).strip()
        # Whoever cut the raw text off left twice as much.
        if len(text) > MAX_CHARACTERS or len(raw) >= 2 * MAX_CHARACTERS:
            self.wrong_at(number, column, text, LONG)
            return ""
        return text

    def _head(self, number: int, cells: list[str]) -> None:
        header = cells[: last_filled(cells) + 1]
        if len(header) > MAX_COLUMNS:
            self.wrong_at(number, len(header) - 1, header[-1], WIDE)
        for column, name, remedy in header_faults(header):
            self.wrong_at(number, column, name, remedy)
        self.header, self.first = tuple(header), number

    def _line(self, number: int, cells: list[str]) -> None:
        width = len(self.header)
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        for column in range(width, len(cells)):
            if cells[column]:
                self.wrong_at(number, column, cells[column], LEFT_OVER)
        if len(self.lines) >= self.max_rows:
            self.wrong(f"row {number}", "", f"is one too many: at most {self.max_rows:,} rows")
            raise Invalid(self.problems)
        self.lines.append((number, tuple(cells[:width])))


def last_filled(cells: Cells) -> int:
    return max((column for column, text in enumerate(cells) if text), default=-1)


def header_faults(header: Cells) -> Iterator[tuple[int, str, str]]:
    """Column, name and remedy of what cannot stay in a header."""
    times = Counter(name.casefold() for name in header)
    for column, name in enumerate(header):
        if not name:
            yield column, name, UNNAMED
        elif times[name.casefold()] > 1:
            yield column, name, "stands twice in the header; name each column once"
        elif "\n" in name or "\t" in name:
            yield column, name, "must be one word on one line; separate columns by commas"
