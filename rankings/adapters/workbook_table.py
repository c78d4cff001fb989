"""A sheet of ours that came back: its columns by their ids, its rows by theirs, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rankings.adapters.assessment_workbook_words import N_
from rankings.adapters.workbook_cells import FORMULA
from rankings.adapters.workbook_form import TEMPLATE, Form
from rankings.adapters.workbook_sheet import ERROR, MERGED
from rankings.adapters.zawgyi import unicode_text
from rankings.errors import Invalid, Problem

ABOUT, ID = "About", "id"
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
    """A cell that somebody fills in; without `text` it cannot be read, and a problem says why.

    `before` is what stood there when the workbook was downloaded. `converted` says that the text
    was typed in Zawgyi.
    """

    place: str
    text: str | None
    before: str | None = ""
    converted: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet: the ids of all its columns, of those compared, and of those typed into."""

    columns: Sequence[str]
    compared: Sequence[str]
    typed: Sequence[str]


def facts(about: Form, form: str) -> Mapping[str, str]:
    """The facts of the first sheet by id; Invalid where it is of another form."""
    found = {about.text(row, KEY): about.text(row, VALUE) for row in about.rows}
    if found.get("format") != form:
        said = found.get("format", "")
        raise Invalid([Problem(ABOUT, said, f"is not a workbook of this page; {TEMPLATE}")])
    return found


class Table:
    """Goes through the rows, and notes what cannot be read; Invalid where no row has its columns.

    One row names the columns, whatever the language and the order.
    """

    def __init__(self, form: Form, kind: Kind) -> None:
        self._form, self._kind = form, kind
        self._columns = _columns(form, kind)
        self._faults = {(one.row, one.column): one for one in form.faults}
        self.problems: list[Problem] = []

    def rows(self) -> Iterator[tuple[int, str]]:
        """Every row with an id, in the order of the sheet, as its number and the id."""
        touched = {row for row, _ in self._faults} | self._form.rows.keys()
        for number in sorted(touched):
            identity = self._form.text(number, self._columns[ID])
            if identity in (ID, HEADING):
                continue
            self._refuse_outside(number)
            if not identity:
                self._refuse_unnamed(number)
                continue
            for column in self._kind.compared:
                self._refuse_unreadable(number, self._columns[column])
            yield number, identity

    def place(self, row: int, column: str = ID) -> str:
        """The address of a cell."""
        return self._form.place(row, self._columns[column])

    def cell(self, row: int, column: str, before: str = "") -> Cell:
        """A cell, and what stood there by the column `before`."""
        was = self._readable(row, before) if before else ""
        return Cell(self.place(row, column), self._readable(row, column), was)

    def prose(self, row: int, column: str, before: str) -> Cell:
        """A text that was typed in Zawgyi in Unicode; what was downloaded stays as it is."""
        cell = self.cell(row, column, before)
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
        for name in (ID, *self._kind.typed):
            column = self._columns[name]
            if self._form.text(row, column):
                self.problems.append(self._form.problem(row, column, NO_ID))
            else:
                self._refuse_unreadable(row, column)


def _columns(form: Form, kind: Kind) -> Mapping[str, int]:
    for cells in form.rows.values():
        found = {text: column for column, text in enumerate(cells) if text in kind.columns}
        if found.keys() >= set(kind.compared):
            return found
    lost = f"has lost the row that names its columns; {TEMPLATE}"
    raise Invalid([Problem(form.name, "", lost)])
