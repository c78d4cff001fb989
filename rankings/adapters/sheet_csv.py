"""An untrusted .csv file, row by row: UTF-8, comma or semicolon, lines as an editor counts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from rankings.adapters.sheet_rows import Rows
from rankings.errors import Invalid, Problem

MAX_BYTES = 50_000_000
MAX_ROWS = 1_000_000
HEAD_BYTES = 65_536

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
OTHER_FORMS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SAVE = "save it as CSV UTF-8 (comma delimited)"
SHORT = "the row has {} cells, the header {}; look for a missing comma, or save the table as .xlsx"
QUOTES = "cannot be read: {}; look for a quotation mark that is not closed or stands alone"


def read(file: Path) -> Rows:
    """All rows; raises Invalid."""
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    _refuse_other_forms(file.name, head)
    rows = Rows("csv", MAX_ROWS)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            _add(rows, lines, delimiter_of(head.decode("utf-8", "replace")))
    except UnicodeDecodeError:
        raise Invalid([*rows.problems, _not_utf8(file)]) from None
    rows.finish()
    return rows


def delimiter_of(text: str) -> str:
    """Comma or semicolon, whichever the header has more of outside of quotation marks."""
    bare = "".join(text.lstrip("\ufeff\r\n ").split('"')[::2])
    header = bare.replace("\r", "\n").partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _refuse_other_forms(name: str, head: bytes) -> None:
    if head.startswith(UTF_16):
        raise Invalid([Problem(name, "UTF-16", f"is not UTF-8; {SAVE}")])
    if head.startswith(OTHER_FORMS):
        raise Invalid([Problem(name, "", f"is a workbook that is named .csv; {SAVE}")])


def _not_utf8(file: Path) -> Problem:
    """The first line that is not UTF-8; its reader does not know, for text is decoded ahead."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                bad = line[error.start : error.end].hex(" ")
                return Problem(f"row {number}", bad, f"is not UTF-8; {SAVE}")
    return Problem(file.name, "", f"is not UTF-8; {SAVE}")


def _add(rows: Rows, lines: Iterable[str], delimiter: str) -> None:
    for number, cells in _numbered(rows, lines, delimiter):
        if len(cells) < len(rows.header) and any(map(str.strip, cells)):
            remedy = SHORT.format(len(cells), len(rows.header))
            rows.wrong(f"row {number}", delimiter.join(cells), remedy)
        else:
            rows.add(number, cells)


def _numbered(rows: Rows, lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line on which it starts."""
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        rows.wrong(f"row {start}", "", QUOTES.format(error))
        raise Invalid(rows.problems) from None
