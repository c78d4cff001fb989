"""Workbooks of invented audits: taken along, changed as people change them, read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from rankings.adapters import audit_workbook as workbook
from rankings.adapters.assessment_workbook import Given
from rankings.adapters.audit_workbook import Filled, Line, Taken, Visit
from rankings.adapters.audit_workbook_reading import COLUMNS
from rankings.usecases import workbook_changes
from rankings.usecases.workbook_changes import Comparison, Current, Told
from tests.adapters.assessment_workbooks import answered, code, heading, rows, whose
from tests.adapters.edition_samples import COC

AUDIT = "0b71791d-dec4-4c9d-802e-9c892a06b927"
METHODS = ("visit_announced", "visit_unannounced", "video")
NOBODY = Visit(date(2026, 1, 1), date(2026, 6, 30), METHODS)
VISITED = Visit(date(2026, 1, 1), date(2026, 6, 30), METHODS, date(2026, 3, 2), "video")
TOLD = Told("Findings", "Choose a finding as well.")


def lines(rubric: str = COC) -> dict[str, Line]:
    """Two thirds of the questions have a claim, and as many others a finding."""
    said, found = answered(rubric), answered(rubric, 2)
    return {
        one: _line(said.get(one, Given()), found.get(one, Given())) for one in {**said, **found}
    }


def _line(said: Given, found: Given) -> Line:
    return Line(said.value, said.note, said.evidence, found.value, found.note)


def written(
    file: Path,
    rubric: str = COC,
    language: str = "en",
    held: Mapping[str, Line] | None = None,
    visit: Visit = VISITED,
) -> Path:
    """A workbook as it is taken along."""
    taken = Taken(AUDIT, visit, lines(rubric) if held is None else held)
    file.write_bytes(workbook.write(code(rubric), language, heading(rubric), taken))
    return file


def current(held: Mapping[str, Line]) -> dict[str, Current]:
    """The same findings as they are stored."""
    return {one: Current(line.found, line.reason) for one, line in held.items() if line.found}


def compared(
    file: Path, rubric: str = COC, held: Mapping[str, Line] | None = None
) -> tuple[Comparison, list[Any]]:
    """What a workbook changes in the findings it was taken along with, and in the visit."""
    filled = workbook.read(file)
    stored = current(lines(rubric) if held is None else held)
    found = workbook_changes.compare(code(rubric), whose(rubric), filled, stored, told=TOLD)
    return found, moved(filled)


def moved(filled: Filled) -> list[Any]:
    """What was changed of the visit."""
    return [(name, cell.text) for name, cell in filled.visit.items() if cell.text != cell.before]


def letter(column: str) -> str:
    return get_column_letter(COLUMNS.index(column) + 1)


def typed(book: Workbook, indicator: str, column: str, text: str | None) -> str:
    """Type a text into a cell, where a leading = makes no formula; gives the cell's address."""
    page = book["Findings"]
    cell = page[f"{letter(column)}{rows(page)[indicator]}"]
    cell.value = text
    if text is not None:
        cell.data_type = "s"
    return f"Findings!{cell.coordinate}"


def visited(book: Workbook, day: Any, method: str | None) -> None:
    """Fill in the visit."""
    book["Visit"]["C3"], book["Visit"]["C4"] = day, method
