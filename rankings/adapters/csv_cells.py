"""CSV for people who open it in a spreadsheet: no text can become a formula, none is lost."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from rankings.adapters.xlsx_package import clean

# What spreadsheets take for a formula, also behind apostrophes that were there before: so one
# apostrophe can always be taken away again.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
# As RFC 4180 says, and Excel writes.
LINE_END = "\r\n"
MARK = "\ufeff"
WRITTEN_AT_ONCE = 1 << 20


@lru_cache(maxsize=8192)
def guarded(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula."""
    return clean(f"'{text}" if FORMULA.match(text) else text)


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


class CsvFile:
    """A file that grows by rows of cells; it is open only while it is written."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self._lines = io.StringIO(newline="")
        self._lines.write(MARK)
        self._writer = csv.writer(self._lines, lineterminator=LINE_END)
        self._writer.writerow(header)
        path.write_bytes(b"")

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Texts among the cells must have been guarded."""
        self._writer.writerows(rows)
        if self._lines.tell() >= WRITTEN_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Everything added so far is in the file."""
        with self.path.open("ab") as file:
            file.write(self._lines.getvalue().encode())
        self._lines.seek(0)
        self._lines.truncate()


def rows(path: Path) -> Iterator[list[str]]:
    """The rows below the header, still guarded."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        yield from lines
