"""What stands in a workbook that came back: whose it is, and each row by its id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rankings.adapters.assessment_workbook_words import N_, does_not_apply
from rankings.adapters.workbook_cells import FORMULA
from rankings.adapters.workbook_form import TEMPLATE, Form
from rankings.adapters.workbook_sheet import ERROR, MERGED
from rankings.adapters.zawgyi import unicode_text
from rankings.errors import Invalid, Problem

FORMAT = "self-assessment 1"
ABOUT, ANSWERS = "About", "Answers"
COLUMNS = (
    *("id", "article", "question", "answer", "note", "evidence", "accepted"),
    *("answer_before", "note_before", "evidence_before"),
)
# What is compared, and what an agency types.
COMPARED = ("id", "answer", "note", "evidence", "answer_before", "note_before")
TYPED = ("answer", "note", "evidence")
# So every language heads the ids of the rows.
HEADING = "№"
# Where a fact stands in its row of the first sheet.
KEY, VALUE = 0, 2

NO_ID = N_("This stands in a row without its number. Put it in the row of its question.")
OUTSIDE = N_("This stands outside of the columns. Put it into a note, or delete it.")
# What is said of a table is said here in a sentence that the catalogues have.
SENTENCES = {
    FORMULA: N_("This is a formula. Type its value instead."),
    ERROR: N_("This is an error value. Type what is right, or nothing."),
    MERGED: N_("These cells are merged. Split them, and fill in each one."),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that an agency fills in; without `text` it cannot be read, and a problem says why.

    `before` is what stood there when the workbook was downloaded. `converted` says that the text
    was typed in Zawgyi.
    """

    place: str
    text: str | None
    before: str | None = ""
    converted: bool = False


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
    facts = _facts(about)
    columns = _columns(answers)
    reader = Reader(answers, columns)
    rows = tuple(reader.rows())
    return Filled(facts, rows, tuple(reader.problems), does_not_apply())


def _facts(about: Form) -> Mapping[str, str]:
    facts = {about.text(row, KEY): about.text(row, VALUE) for row in about.rows}
    if facts.get("format") != FORMAT:
        found = facts.get("format", "")
        raise Invalid([Problem(ABOUT, found, f"is not a workbook of this page; {TEMPLATE}")])
    return facts


def _columns(answers: Form) -> Mapping[str, int]:
    """Where each column stands: one row names them all, whatever the language and the order."""
    for cells in answers.rows.values():
        found = {text: column for column, text in enumerate(cells) if text in COLUMNS}
        if found.keys() >= set(COMPARED):
            return found
    raise Invalid([Problem(ANSWERS, "", f"has lost the row that names its columns; {TEMPLATE}")])


class Reader:
    """Goes through the rows, and notes what cannot be read."""

    def __init__(self, form: Form, columns: Mapping[str, int]) -> None:
        self._form, self._columns = form, columns
        self._faults = {(one.row, one.column): one for one in form.faults}
        self.problems: list[Problem] = []

    def rows(self) -> Iterator[Row]:
        """Every row that names an indicator, in the order of the sheet."""
        touched = {row for row, _ in self._faults} | self._form.rows.keys()
        for number in sorted(touched):
            identity = self._text(number, "id")
            if identity in ("id", HEADING):
                continue
            self._refuse_outside(number)
            if identity:
                yield self._row(number, identity)
            else:
                self._refuse_unnamed(number)

    def _text(self, row: int, column: str) -> str:
        return self._form.text(row, self._columns[column])

    def _row(self, number: int, identity: str) -> Row:
        for column in COMPARED:
            self._refuse_unreadable(number, self._columns[column])
        return Row(
            identity,
            self._form.place(number, self._columns["id"]),
            self._cell(number, "answer", "answer_before"),
            self._note(number),
            self._cell(number, "evidence"),
        )

    def _cell(self, row: int, column: str, before: str = "") -> Cell:
        place = self._form.place(row, self._columns[column])
        was = self._readable(row, before) if before else ""
        return Cell(place, self._readable(row, column), was)

    def _note(self, row: int) -> Cell:
        """A note that was typed in Zawgyi in Unicode; what was downloaded stays as it is."""
        cell = self._cell(row, "note", "note_before")
        if not cell.text or cell.text == cell.before:
            return cell
        text, typed = unicode_text(cell.text)
        return Cell(cell.place, text, cell.before, converted=typed is not None)

    def _readable(self, row: int, column: str) -> str | None:
        at = self._columns[column]
        if (row, at) in self._faults or self._merged(row, at):
            return None
        return self._form.text(row, at)

    def _merged(self, row: int, column: int) -> bool:
        return any(area.covers(row, column) for area in self._form.merged)

    def _refuse_unreadable(self, row: int, column: int) -> None:
        if fault := self._faults.get((row, column)):
            place = self._form.place(row, column)
            remedy = SENTENCES.get(fault.remedy, fault.remedy)
            self.problems.append(Problem(place, fault.value, remedy))
        elif self._merged(row, column):
            self.problems.append(self._form.problem(row, column, SENTENCES[MERGED]))

    def _refuse_outside(self, row: int) -> None:
        """What stands beside the table would be left out in silence."""
        filled = {at for at, text in enumerate(self._form.rows.get(row, ())) if text}
        faulty = {column for number, column in self._faults if number == row}
        for column in sorted((filled | faulty) - set(self._columns.values())):
            self.problems.append(self._form.problem(row, column, OUTSIDE))

    def _refuse_unnamed(self, row: int) -> None:
        for name in ("id", *TYPED):
            column = self._columns[name]
            if self._form.text(row, column):
                self.problems.append(self._form.problem(row, column, NO_ID))
            else:
                self._refuse_unreadable(row, column)
