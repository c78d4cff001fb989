"""What stands in an auditor's workbook that came back: whose it is, the findings, the visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import decimal

from rankings.adapters.assessment_workbook_reading import Row
from rankings.adapters.assessment_workbook_words import N_, does_not_apply, folded
from rankings.adapters.audit_workbook_words import WAYS, method_ids
from rankings.adapters.workbook_form import Form
from rankings.adapters.workbook_table import ABOUT, Cell, Kind, Table, facts
from rankings.errors import Problem

__all__ = ["ABOUT", "FINDINGS", "FORMAT", "VISIT", "Cell", "Filled", "Row", "filled"]

FORMAT = "audit 1"
FINDINGS, VISIT = "Findings", "Visit"
SHEETS = (ABOUT, FINDINGS, VISIT)
COLUMNS = (
    *("id", "article", "question", "claim", "claim_note", "claim_evidence"),
    *("finding", "reason", "finding_before", "reason_before"),
)
KIND = Kind(
    COLUMNS,
    ("id", "finding", "reason", "finding_before", "reason_before"),
    ("finding", "reason"),
)
VISIT_COLUMNS = ("id", "what", "entry", "entry_before")
VISIT_KIND = Kind(VISIT_COLUMNS, ("id", "entry", "entry_before"), ("entry",))
VISITED_ON, METHOD = "visited_on", "method"

NO_LINE = N_("The row of this entry is missing. Download the workbook again.")
NO_DAY = N_("Type the day like 2026-03-01.")
NO_METHOD = N_("Choose from the list of the cell.")
TWICE = N_("This row stands twice. Delete one of them.")


@dataclass(frozen=True, slots=True)
class Filled:
    """A workbook that was filled in; `about` are the facts of its first sheet by id.

    Of a row `answer` is the finding and `note` its reason, so that it is compared as an agency's
    workbook is; there is no evidence. `visit` are the cells of `visited_on`, as an ISO day, and
    `method`, as an id. `does_not_apply` are the words that workbooks of any language have for it.
    """

    about: Mapping[str, str]
    rows: tuple[Row, ...]
    visit: Mapping[str, Cell]
    problems: tuple[Problem, ...]
    does_not_apply: frozenset[str]


def filled(forms: Mapping[str, Form]) -> Filled:
    """The sheets together; Invalid where they are not ours."""
    known = facts(forms[ABOUT], FORMAT)
    table = Table(forms[FINDINGS], KIND)
    rows = tuple(_row(table, number, identity) for number, identity in table.rows())
    visit, wrong = _visit(Table(forms[VISIT], VISIT_KIND))
    problems = (*table.problems, *wrong)
    return Filled(known, rows, visit, problems, does_not_apply(WAYS))


def _row(table: Table, number: int, identity: str) -> Row:
    place = table.place(number)
    return Row(
        identity,
        place,
        table.cell(number, "finding", "finding_before"),
        table.prose(number, "reason", "reason_before"),
        Cell(place, ""),
    )


def _visit(table: Table) -> tuple[Mapping[str, Cell], list[Problem]]:
    """The two entries, each as it is stored; a cell that means nothing is a problem."""
    found: dict[str, Cell] = {}
    problems: list[Problem] = []
    for number, identity in table.rows():
        if identity not in MEANINGS:
            continue
        if identity in found:
            problems.append(Problem(table.place(number), identity, TWICE))
        read, remedy = MEANINGS[identity]
        cell = _meant(table.cell(number, "entry", "entry_before"), read)
        if cell.text is None and not _is_noted(table, cell):
            problems.append(Problem(cell.place, _shown(table, number), remedy))
        found[identity] = cell
    missing = [Problem(VISIT, one, NO_LINE) for one in MEANINGS if one not in found]
    return found, [*table.problems, *problems, *missing]


def _is_noted(table: Table, cell: Cell) -> bool:
    return any(one.place == cell.place for one in table.problems)


def _shown(table: Table, number: int) -> str:
    return (table.cell(number, "entry").text or "")[:60]


def _meant(cell: Cell, read: Callable[[str], str | None]) -> Cell:
    """The cell with what its texts mean, where they mean anything."""
    text = read(cell.text) if cell.text else cell.text
    before = read(cell.before) or cell.before if cell.before else cell.before
    return replace(cell, text=text, before=before)


def _day(text: str) -> str | None:
    """A day as 2026-03-01, in digits of any script."""
    digits = "".join(str(decimal(one)) if one.isdecimal() else one for one in text.strip())
    try:
        return date.fromisoformat(digits).isoformat() if len(digits) == len("2026-03-01") else None
    except ValueError:
        return None


def _method(text: str) -> str | None:
    return method_ids().get(folded(text))


MEANINGS = {VISITED_ON: (_day, NO_DAY), METHOD: (_method, NO_METHOD)}
