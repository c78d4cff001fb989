"""The cells of the first sheet of a workbook, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rankings.adapters import workbook_cells as cells
from rankings.adapters.sheet_rows import MAX_COLUMNS, WIDE, Rows, last_filled
from rankings.adapters.workbook_gate import ANEW, LESS, Refused
from rankings.adapters.workbook_xml import YES, Attributes, Elements, Text, whole

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# Inside of the elements worksheet and sheetData.
ROW_DEPTH = 3
MAX_CELLS_OF_TEXT = 20_000_000
ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
RANGE = re.compile(r"(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})(?::(\$?[A-Za-z]{1,3}\$?[0-9]{1,7}))?")

ERROR = "is an error value; type what is right, or nothing"
HIDDEN_ROW = "stands in a hidden row; show the row (clear the filter) or delete it"
HIDDEN_COLUMN = "stands in a hidden column; show the column or delete it"
MERGED = "are merged; split them and fill each cell"
MUCH = f"holds too much text; {LESS}"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the cells of the sheet refer to."""

    strings: list[str]
    kinds: list[str]
    since_1904: bool


@dataclass(slots=True)
class Cell:
    """A cell while it is read."""

    column: int
    kind: str
    style: str
    value: str = ""
    formula: str | None = None


class Sheet(Elements):
    """Hands rows to `rows`, and notes what is hidden and merged until the end."""

    def __init__(self, rows: Rows, meaning: Meaning) -> None:
        super().__init__()
        self.rows, self.meaning = rows, meaning
        self.hidden: list[tuple[int, int]] = []
        self.merged: list[str] = []
        self._row, self._row_hidden, self._rows_hidden = 0, False, False
        self._column, self._cell, self._inline = -1, Cell(0, "", ""), Text(self)
        self._found: list[str] = []
        self._room = MAX_CELLS_OF_TEXT
        self._data = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": lambda _: self.listen(),
            "v": lambda _: self.listen(),
            "t": lambda _: self._inline.start("t"),
            "rPh": lambda _: self._inline.start("rPh"),
        }
        self._around = {
            "sheetData": self._start_data,
            "col": self._columns,
            "mergeCell": self._merge,
            "sheetFormatPr": self._defaults,
        }
        self._starts: Mapping[str, Callable[[Attributes], None]] = self._around
        self._ends: Mapping[str, Callable[[], None]] = {
            "v": self._end_value,
            "c": self._end_cell,
            "row": self._end_row,
            "f": self._end_formula,
            "t": lambda: self._inline.end("t"),
            "rPh": lambda: self._inline.end("rPh"),
            "sheetData": self._end_data,
        }

    def start(self, name: str, attributes: Attributes) -> None:
        if act := self._starts.get(name):
            act(attributes)

    def end(self, name: str) -> None:
        if self._starts is self._data and (act := self._ends.get(name)):
            act()

    def _start_data(self, _attributes: Attributes) -> None:
        self._starts = self._data

    def _end_data(self) -> None:
        self._starts = self._around

    def finish(self) -> None:
        """What is only known after the last row."""
        width = len(self.rows.header)
        for first, last in self.hidden:
            for column in range(first - 1, min(last, width)):
                name = self.rows.header[column]
                self.rows.wrong_at(self.rows.first, column, name, HIDDEN_COLUMN)
        for area in self.merged:
            self._refuse_merged(area, width)

    def _defaults(self, attributes: Attributes) -> None:
        self._rows_hidden = attributes.get("zeroHeight") in YES

    def _columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in YES:
            pair = whole(attributes.get("min")), whole(attributes.get("max"))
            if 1 <= pair[0] <= MAX_COLUMNS:
                self.hidden.append(pair)

    def _merge(self, attributes: Attributes) -> None:
        area = attributes.get("ref", "")
        if not RANGE.fullmatch(area):
            raise Refused(f"is damaged; {ANEW}", area)
        self.merged.append(area)

    def _refuse_merged(self, area: str, width: int) -> None:
        column, number = address(area.partition(":")[0])
        if column < width and number <= self.rows.last:
            self.rows.wrong(f"cells {area}", "", MERGED)

    def _start_row(self, attributes: Attributes) -> None:
        number = whole(attributes["r"]) if "r" in attributes else self._row + 1
        if self.depth != ROW_DEPTH or not self._row < number <= LAST_ROW:
            raise Refused(f"has rows out of order; {ANEW}", f"row {number}")
        self._row, self._column, self._found = number, -1, []
        self._row_hidden = attributes.get("hidden", "1" if self._rows_hidden else "0") in YES

    def _start_cell(self, attributes: Attributes) -> None:
        column, row = self._column + 1, self._row
        if "r" in attributes:
            column, row = address(attributes["r"])
        in_order = self._column < column < LAST_COLUMN
        if row != self._row or self.depth != ROW_DEPTH + 1 or not in_order:
            raise Refused(f"has cells out of order; {ANEW}", attributes.get("r", ""))
        self._column = column
        self._cell = Cell(column, attributes.get("t", "n"), attributes.get("s", ""))
        self._inline.take()

    def _end_formula(self) -> None:
        self._cell.formula = self.text()

    def _end_value(self) -> None:
        self._cell.value = self.text()

    def _end_cell(self) -> None:
        cell = self._cell
        try:
            text = self._value(cell)
        except cells.CellFault as fault:
            shown = cell.value if cell.formula is None else f"={cell.formula}"
            self.rows.wrong_at(self._row, cell.column, shown, str(fault))
            return
        if not text:
            return
        if cell.column >= MAX_COLUMNS:
            self.rows.wrong_at(self._row, cell.column, text, WIDE)
            return
        self._room -= len(text)
        if self._room < 0:
            raise Refused(MUCH)
        self._found.extend([""] * (cell.column - len(self._found)))
        self._found.append(text)

    def _end_row(self) -> None:
        if self._row_hidden and (filled := last_filled(self._found)) >= 0:
            text = self._found[filled]
            self.rows.wrong_at(self._row, filled, text, HIDDEN_ROW)
        self.rows.add(self._row, self._found)

    def _value(self, cell: Cell) -> str:
        inline = self._inline.take()
        if cell.formula is not None:
            return cells.constant(cell.formula)
        if cell.value if cell.kind == "inlineStr" else inline:
            raise cells.CellFault(cells.DAMAGED)
        if not cell.value:
            return inline
        if cell.kind == "s":
            return self._shared(cell.value)
        if cell.kind == "n":
            return self._number(cell)
        return _plain(cell)

    def _shared(self, raw: str) -> str:
        place = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else -1
        if not 0 <= place < len(self.meaning.strings):
            raise cells.CellFault(cells.DAMAGED)
        return self.meaning.strings[place]

    def _number(self, cell: Cell) -> str:
        style = int(cell.style) if cell.style.isascii() and cell.style.isdigit() else 0
        kind = self.meaning.kinds[style] if style < len(self.meaning.kinds) else "number"
        if kind == "date":
            return cells.day(cell.value, self.meaning.since_1904)
        return cells.time(cell.value) if kind == "time" else cells.number(cell.value)


def _plain(cell: Cell) -> str:
    """The kinds that refer to nothing."""
    if cell.kind == "str":
        return cells.unescaped(cell.value)
    if cell.kind == "b":
        return cells.yes_no(cell.value)
    if cell.kind == "d":
        return cells.iso_day(cell.value)
    raise cells.CellFault(ERROR if cell.kind == "e" else cells.DAMAGED)


def address(text: str) -> tuple[int, int]:
    """C12 as column 2 and row 12."""
    found = ADDRESS.fullmatch(text)
    if not found:
        raise Refused(f"is damaged; {ANEW}", text)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, int(found[2])
