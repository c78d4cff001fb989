"""A sheet that is a form: any cell may stand anywhere, and each fault keeps its own place."""

from __future__ import annotations

from dataclasses import dataclass, field

from rankings.adapters.sheet_rows import Cells, Rows, letters, shown
from rankings.adapters.workbook_gate import LESS, Refused
from rankings.adapters.workbook_sheet import RANGE, Meaning, Sheet, address
from rankings.errors import Problem

MAX_ROWS, MAX_FAULTS, MAX_MERGED = 5_000, 500, 2_000
TEMPLATE = "use the workbook downloaded here"


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be read; row 1 is the first, column 0 is A."""

    row: int
    column: int
    value: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells, the last row and column included."""

    rows: tuple[int, int]
    columns: tuple[int, int]

    def covers(self, row: int, column: int) -> bool:
        """Whether a cell belongs to it."""
        (top, bottom), (left, right) = self.rows, self.columns
        return top <= row <= bottom and left <= column <= right


@dataclass(slots=True)
class Form:
    """A sheet by rows that are not blank; cells are clean texts, the last one is not empty."""

    name: str
    rows: dict[int, tuple[str, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)

    def place(self, row: int, column: int) -> str:
        """Where a cell stands, as spreadsheet programs write it: `Answers!D12`."""
        return f"{self.name}!{letters(column)}{row}"

    def text(self, row: int, column: int) -> str:
        """What stands in a cell, empty where nothing does."""
        cells = self.rows.get(row, ())
        return cells[column] if column < len(cells) else ""

    def problem(self, row: int, column: int, remedy: str) -> Problem:
        """What is wrong with a cell that can be read."""
        return Problem(self.place(row, column), shown(self.text(row, column)), remedy)


class FormRows(Rows):
    """Takes every row as it is; there is no header, and nothing is refused for its place."""

    def __init__(self, form: Form) -> None:
        super().__init__("xlsx", MAX_ROWS)
        self._into = form

    def add(self, number: int, cells: Cells) -> None:
        clean = self._clean(number, cells)
        while clean and not clean[-1]:
            clean.pop()
        if not clean:
            return
        if len(self._into.rows) >= MAX_ROWS:
            raise Refused(f"has more than {MAX_ROWS:,} rows in one sheet; {LESS}", self._into.name)
        self._into.rows[number] = tuple(clean)

    def wrong_at(self, number: int, column: int, value: str, remedy: str) -> None:
        if len(self._into.faults) >= MAX_FAULTS:
            what = f"has more than {MAX_FAULTS} cells that cannot be read; {LESS}"
            raise Refused(what, self._into.name)
        self._into.faults.append(Fault(number, column, shown(value), remedy))


class FormSheet(Sheet):
    """Reads a form; a filter hides rows, and hidden cells count as well as others."""

    def __init__(self, form: Form, meaning: Meaning) -> None:
        super().__init__(FormRows(form), meaning)
        self._into = form

    def _end_row(self) -> None:
        self.rows.add(self._row, self._found)

    def finish(self) -> None:
        if len(self.merged) > MAX_MERGED:
            raise Refused(f"has too many merged cells; {LESS}", self._into.name)
        self._into.merged = [area_of(text) for text in self.merged if RANGE.fullmatch(text)]


def area_of(text: str) -> Area:
    """D5:E7 as an area."""
    first, _, last = text.partition(":")
    (left, top), (right, bottom) = address(first), address(last or first)
    return Area((min(top, bottom), max(top, bottom)), (min(left, right), max(left, right)))
