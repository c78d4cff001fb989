"""What stands in a workbook that came back: whose it is, and each row by its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rankings.adapters.assessment_workbook_words import does_not_apply
from rankings.adapters.workbook_form import Form
from rankings.adapters.workbook_table import ABOUT, Cell, Kind, Table, facts
from rankings.errors import Problem

__all__ = ["ABOUT", "ANSWERS", "COLUMNS", "FORMAT", "Cell", "Filled", "Row", "filled"]

FORMAT = "self-assessment 1"
ANSWERS = "Answers"
COLUMNS = (
    *("id", "article", "question", "answer", "note", "evidence", "accepted"),
    *("answer_before", "note_before", "evidence_before"),
)
# What is compared, and what an agency types.
KIND = Kind(
    COLUMNS,
    ("id", "answer", "note", "evidence", "answer_before", "note_before"),
    ("answer", "note", "evidence"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in the row of an indicator; `place` is where its id stands."""

    indicator: str
    place: str
    answer: Cell
    note: Cell
    evidence: Cell


@dataclass(frozen=True, slots=True)
class Filled:
    """A workbook that was filled in; `about` are the facts of its first sheet by id.

    `does_not_apply` are the words that workbooks of any language have for it.
    """

    about: Mapping[str, str]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    does_not_apply: frozenset[str]


def filled(about: Form, answers: Form) -> Filled:
    """The two sheets together; Invalid where they are not ours."""
    known = facts(about, FORMAT)
    table = Table(answers, KIND)
    rows = tuple(
        Row(
            identity,
            table.place(number),
            table.cell(number, "answer", "answer_before"),
            table.prose(number, "note", "note_before"),
            table.cell(number, "evidence"),
        )
        for number, identity in table.rows()
    )
    return Filled(known, rows, tuple(table.problems), does_not_apply())
