"""A table that was refused, as a workbook in which each row says what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from rankings.adapters import import_rows, xlsx
from rankings.adapters.sheets import Sheet
from rankings.adapters.xlsx import About, Column, Table
from rankings.adapters.xlsx_looks import PROSE, WORD
from rankings.errors import Problem

TITLE = "Corrections"
NARROW, WIDE = 20, 70


def write(sheet: Sheet, problems: Sequence[Problem], association: str, today: date) -> bytes:
    """The rows as they came, all cells as text, with one more column `errors`."""
    wrong = import_rows.faults(problems)
    columns = [Column(name, WORD, NARROW) for name in sheet.header]
    rows = [[*line.cells, "\n".join(wrong.get(line.number, ()))] for line in sheet.lines]
    table = Table(TITLE, [*columns, Column(import_rows.ERRORS, PROSE, WIDE)], rows, len(rows))
    about = About(TITLE, TITLE, association, today, TITLE)
    with TemporaryDirectory(prefix="corrections-") as folder:
        file = Path(folder, "corrections.xlsx")
        xlsx.write(file, about, [table])
        return file.read_bytes()
