"""An untrusted table from a spreadsheet program, .xlsx or .csv, as clean text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rankings.adapters import sheet_csv, workbook
from rankings.adapters.sheet_rows import Rows, place_of
from rankings.errors import Invalid, Problem

AS_XLSX = "save it as .xlsx (Excel workbook)"
OTHERS = {
    ".xls": f"is the form of Excel 97 to 2003; {AS_XLSX}",
    ".xlsm": f"may hold macros; {AS_XLSX}",
    ".xltx": f"is a template; {AS_XLSX}",
    ".xltm": f"is a template and may hold macros; {AS_XLSX}",
    ".xlsb": f"is a binary workbook; {AS_XLSX}",
    ".ods": f"is an OpenDocument table; {AS_XLSX}",
    ".numbers": f"is a table of Numbers; {AS_XLSX}",
    ".tsv": "has tabs between its cells; save it as CSV UTF-8 (comma delimited)",
    ".txt": "is plain text; save it as CSV UTF-8 (comma delimited)",
}
UNKNOWN = "is not a table; save it as .xlsx or as .csv (UTF-8)"


@dataclass(frozen=True, slots=True)
class Line:
    """One data row: its number as in the file, and one text per column."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The names of the columns, and the rows that are not blank."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    form: str = "csv"

    def place(self, line: Line, column: int) -> str:
        """Where a cell stands, as its spreadsheet program says it."""
        return place_of(self.form, self.header, line.number, column)


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file that is read."""

    name: str
    read: Callable[[Path], Rows]
    max_bytes: int
    instead: str


FORMS = {
    ".xlsx": Form("xlsx", workbook.read, workbook.MAX_BYTES, "save it as .csv (UTF-8)"),
    ".csv": Form("csv", sheet_csv.read, sheet_csv.MAX_BYTES, "split it into several files"),
}


def read(file: Path) -> Sheet:
    """The whole table; raises Invalid with all that is wrong with it, at most 50 problems."""
    form = _form(file)
    try:
        _refuse_size(file, form)
        rows = form.read(file)
    except OSError as error:
        problem = Problem(file.name, "", f"cannot be opened: {error.strerror}")
        raise Invalid([problem]) from error
    return Sheet(rows.header, tuple([Line(*line) for line in rows.lines]), form.name)


def _form(file: Path) -> Form:
    kind = file.suffix.lower()
    if kind not in FORMS:
        raise Invalid([Problem(file.name, kind, OTHERS.get(kind, UNKNOWN))])
    return FORMS[kind]


def _refuse_size(file: Path, form: Form) -> None:
    size = file.stat().st_size
    if not file.is_file():
        raise Invalid([Problem(file.name, "", "is not a file")])
    if size > form.max_bytes:
        limit = f"is larger than {form.max_bytes // 1_000_000} MB; {form.instead}"
        raise Invalid([Problem(file.name, f"{size:,} bytes", limit)])
