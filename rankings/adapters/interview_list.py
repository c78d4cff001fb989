"""A deployment list from which workers are drawn: numbers only, from a file or as it was pasted."""

from __future__ import annotations

import re
from pathlib import Path

from rankings.adapters import import_rows, sheets
from rankings.adapters.cells import CellError
from rankings.adapters.import_columns import Column, country, one_of
from rankings.adapters.import_rows import TypedRows
from rankings.adapters.sheets import Line, Sheet
from rankings.errors import Invalid, Problem

# With the agency's code before it, it fits into the `interview` column of a file.
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,19}", re.ASCII)
# Numbers by which somebody could be called or looked up: telephones, identity cards, passports.
PERSONAL = re.compile(r"0[1-9]\d{7,9}|(00)?(84|855|95)\d{8,10}|0\d{11}|[A-Z]{1,2}\d{7,8}", re.ASCII)
MOST_ROWS, MOST_SHOWN = 100_000, 60
CONTACTS = (
    "is not taken: names, telephone numbers and everything else stay in your own list; keep the "
    "columns worker, destination and state"
)
TOO_MANY = f"has more than {MOST_ROWS:,} lines"


def reference(cell: str) -> str:
    """A list's own number."""
    if not NUMBER.fullmatch(cell):
        raise CellError("must be letters, digits and / . _ - only, at most 20")
    if PERSONAL.fullmatch(cell):
        raise CellError(
            "looks like the number of a telephone, identity card or passport: number the lines"
        )
    return cell


COLUMNS = (
    Column("worker", reference),
    Column("destination", country, False),
    Column("state", one_of("abroad", "returned", "before_departure"), False),
)
KNOWN = tuple(column.id for column in COLUMNS)


def read(file: Path) -> TypedRows:
    """The lines of an .xlsx or .csv file; Invalid where it has other columns."""
    sheet = sheets.read(file)
    strange = [name for name in sheet.header if name not in KNOWN]
    if strange:
        raise Invalid([Problem("header", name[:MOST_SHOWN], CONTACTS) for name in strange])
    return import_rows.typed(sheet, COLUMNS, no_free_text=True)


def pasted(text: str) -> TypedRows:
    """One number in each line; empty lines are left out."""
    lines = [
        Line(number, (line.strip(),))
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    if len(lines) > MOST_ROWS:
        raise Invalid([Problem("list", str(len(lines)), TOO_MANY)])
    return import_rows.typed(Sheet(("worker",), tuple(lines)), COLUMNS, no_free_text=True)
