"""A sheet as rows of typed values; every cell that cannot be read is a problem with its place."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rankings.adapters.cells import CellError
from rankings.adapters.import_columns import Column
from rankings.adapters.sheets import Line, Sheet
from rankings.errors import Invalid, Problem

MAX_SHOWN = 60
# The column in which a file that came back says what is wrong with its rows.
ERRORS = "errors"
ROW = re.compile(r"(?:cell [A-Z]+|row )(\d+)", re.ASCII)
UNKNOWN = "is not a column of this kind of file: correct or remove it; there may be {}"
NO_VAULT = (
    "is not a column of this kind of file; words, names and contacts of workers may not come in "
    "here, since there is no sealed place for them yet: remove the column"
)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row: values by column, None where a cell is empty, and the words for their places."""

    values: dict[str, Any]
    place: Callable[[str], str]


@dataclass(slots=True)
class TypedRows:
    """The rows that can be read; `faulty` is how many cannot."""

    rows: list[TypedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    faulty: int = 0

    @property
    def count(self) -> int:
        """All rows of the file."""
        return len(self.rows) + self.faulty


def typed(sheet: Sheet, columns: Sequence[Column], no_free_text: bool) -> TypedRows:
    """The rows of a sheet; Invalid where its columns are not those of its kind."""
    by_id = {column.id: column for column in columns}
    _check_header(sheet, by_id, no_free_text)
    plan = [(at, by_id[name]) for at, name in enumerate(sheet.header)]
    absent = {column.id: None for column in columns if column.id not in sheet.header}
    found = TypedRows()
    for line in sheet.lines:
        _read(sheet, line, plan, absent, found)
    return found


def _check_header(sheet: Sheet, by_id: dict[str, Column], no_free_text: bool) -> None:
    remedy = NO_VAULT if no_free_text else UNKNOWN.format(", ".join(by_id))
    problems = [
        Problem("header", name[:MAX_SHOWN], remedy) for name in sheet.header if name not in by_id
    ]
    problems += [
        Problem("header", name, "is missing: add the column")
        for name, column in by_id.items()
        if column.required and name not in sheet.header
    ]
    if problems:
        raise Invalid(problems)


def _read(
    sheet: Sheet,
    line: Line,
    plan: Sequence[tuple[int, Column]],
    absent: dict[str, Any],
    found: TypedRows,
) -> None:
    values, problems = dict(absent), []
    for at, column in plan:
        cell = line.cells[at]
        try:
            values[column.id] = _value(cell, column)
        except CellError as error:
            place = sheet.place(line, at)
            problems.append(Problem(place, cell[:MAX_SHOWN], str(error)))
    if problems:
        found.problems += problems
        found.faulty += 1
    else:
        found.rows.append(TypedRow(values, lambda name: _place(sheet, line, name)))


def _place(sheet: Sheet, line: Line, name: str) -> str:
    if name in sheet.header:
        return sheet.place(line, sheet.header.index(name))
    return f"row {line.number}, column {name}"


def _value(cell: str, column: Column) -> Any:
    if cell:
        return column.read(cell)
    if column.required:
        raise CellError("must not be empty")
    return None


def digest(sheet: Sheet) -> str:
    """SHA-256 over the rows, whatever program saved them and in whatever order of columns."""
    order = sorted(range(len(sheet.header)), key=sheet.header.__getitem__)
    found = hashlib.sha256()
    for cells in (sheet.header, *(line.cells for line in sheet.lines)):
        found.update(json.dumps([cells[at] for at in order]).encode())
    return found.hexdigest()


def without_errors(sheet: Sheet) -> Sheet:
    """The sheet as it was before it said what is wrong; so a corrected one is taken as it is."""
    if sheet.header[-1] != ERRORS:
        return sheet
    lines = [replace(line, cells=line.cells[:-1]) for line in sheet.lines]
    return replace(sheet, header=sheet.header[:-1], lines=tuple(lines))


def asked(sheet: Sheet, items: Collection[str]) -> Sheet:
    """The rows of workers who were asked: with a day or an answer.

    A questionnaire names those who were drawn, and some of them nobody reaches.
    """
    filled = [at for at, name in enumerate(sheet.header) if name in {*items, "interviewed_on"}]
    lines = [line for line in sheet.lines if any(line.cells[at] for at in filled)]
    return replace(sheet, lines=tuple(lines)) if filled else sheet


def faults(problems: Sequence[Problem]) -> dict[int, list[str]]:
    """What is wrong by the number of the row in the file."""
    found: dict[int, list[str]] = {}
    for one in problems:
        if row := ROW.match(one.place):
            where = one.place.partition("(")[2].rstrip(")") or one.place.rpartition(" ")[2]
            found.setdefault(int(row[1]), []).append(f"{where}: {one.remedy}")
    return found
