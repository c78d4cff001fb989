"""A table of rated units, one row each, as records for the scorer (`docs/rubric.md`, The table)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rankings.adapters.cells import CellError
from rankings.adapters.columns import Plan, plan_of
from rankings.adapters.rows import Row
from rankings.errors import Invalid, Problem
from rankings.scoring.record import Record
from rankings.scoring.rubric import Rubric

MAX_PROBLEMS = 50
# Tables of official results repeat few patterns of values; so many are kept read.
PATTERNS_KEPT = 20_000

Pattern = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One row: its number as in the file, and its cells that decide the score."""

    line: int
    pattern: Pattern
    record: Record


def units(rubric: Rubric, lines: Iterable[str]) -> Iterator[Unit]:
    """Every row of the table.

    Raises Invalid at the end of the table, or after 50 problems, if there was any.
    """
    rows = _rows(lines)
    table = _Table(_plan(rubric, next(rows, (1, []))[1]))
    for line, cells in rows:
        unit = table.unit(line, cells)
        if len(table.problems) >= MAX_PROBLEMS:
            break
        if unit is not None:
            yield unit
    if table.problems:
        raise Invalid(table.problems)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells]
    except (csv.Error, UnicodeDecodeError) as error:
        # Text is decoded some rows ahead.
        where = "row" if isinstance(error, csv.Error) else "after row"
        place = f"{where} {reader.line_num}"
        raise Invalid([Problem(place, "", f"cannot be read as UTF-8 CSV: {error}")]) from error


def _plan(rubric: Rubric, header: list[str]) -> Plan:
    try:
        return plan_of(rubric, header)
    except CellError as error:
        raise Invalid([Problem("header", ",".join(header)[:200], str(error))]) from error


class _Table:
    """The rows so far: which ids were seen, which patterns read, what was wrong."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.used = plan, plan.used
        self.problems: list[Problem] = []
        self._seen: set[str] = set()
        self._kept: dict[Pattern, Row] = {}

    def unit(self, line: int, cells: list[str]) -> Unit | None:
        """The unit of a row, or None after noting what is wrong with it."""
        code = cells[self.plan.id] if len(cells) == self.plan.width else ""
        if not code or code in self._seen:
            self._wrong(f"row {line}, column id", code, self._why(cells, code))
            return None
        self._seen.add(code)
        pattern = tuple([cells[at] for at in self.used])
        row = self._kept.get(pattern) or self._read(line, cells)
        if row is None:
            return None
        if len(self._kept) < PATTERNS_KEPT:
            self._kept[pattern] = row
        return Unit(line, pattern, row.record(code))

    def _why(self, cells: list[str], code: str) -> str:
        if len(cells) != self.plan.width:
            many = f"the row has {len(cells)} cells, the header {self.plan.width}"
            return f"cannot be found: {many}; look for a missing comma or quotation mark"
        return "is not unique" if code else "must not be empty"

    def _read(self, line: int, cells: list[str]) -> Row | None:
        row, before = Row(), len(self.problems)
        for reader in self.plan.readers:
            try:
                reader.read(cells, row)
            except CellError as error:
                column = reader.columns[0] if error.column is None else error.column
                place = f"row {line}, column {self.plan.header[column]}"
                self._wrong(place, cells[column], str(error))
        return row if len(self.problems) == before else None

    def _wrong(self, place: str, value: str, remedy: str) -> None:
        self.problems.append(Problem(place, value[:60], remedy))
