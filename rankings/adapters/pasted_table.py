"""A small table that somebody pastes into a page: CSV with named columns, in any order."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from rankings.adapters.csv_cells import LINE_END, MARK, guarded, unguarded
from rankings.errors import Invalid, Problem

LONGEST, MOST_ROWS = 400_000, 5_000
# What spreadsheet programs of different countries put between cells.
BETWEEN = (",", ";", "\t")


def rows(text: str, columns: Sequence[str], needed: Sequence[str]) -> list[dict[str, str]]:
    """The rows below the header, blank ones left out; absent columns read as empty.

    Invalid names a column that is unknown, missing or double, and a row that is too long.
    """
    text = text.removeprefix(MARK).replace("\0", "").strip()
    if len(text) > LONGEST:
        raise Invalid([Problem("table", f"{len(text)} characters", f"send at most {LONGEST}")])
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=_between(text), strict=True))
    except csv.Error as error:
        raise Invalid([Problem("table", text[:40], f"is not CSV: {error}")]) from None
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    _refuse_header(header, columns, needed)
    return _records(header, lines[1:])


def written(columns: Sequence[str], given: Sequence[Mapping[str, str]]) -> str:
    """The same table as a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow(columns)
    writer.writerows([guarded(row.get(name, "")) for name in columns] for row in given)
    return MARK + out.getvalue()


def _between(text: str) -> str:
    first = text.partition("\n")[0]
    return max(BETWEEN, key=first.count)


def _refuse_header(header: list[str], columns: Sequence[str], needed: Sequence[str]) -> None:
    known = f"columns are {', '.join(columns)}"
    problems = [
        Problem("header", name[:40], f"is no column; {known}")
        for name in header
        if name not in columns
    ]
    problems += [Problem("header", name, "is missing") for name in needed if name not in header]
    problems += [
        Problem("header", name, "stands twice") for name in columns if header.count(name) > 1
    ]
    if problems:
        raise Invalid(problems[:50])


def _records(header: list[str], lines: list[list[str]]) -> list[dict[str, str]]:
    if len(lines) > MOST_ROWS:
        raise Invalid([Problem("table", f"{len(lines)} rows", f"send at most {MOST_ROWS}")])
    problems, found = [], []
    for number, cells in enumerate(lines, start=1):
        if not any(map(str.strip, cells)):
            continue
        if len(cells) > len(header):
            what = f"has {len(cells)} cells, the header {len(header)}"
            problems.append(Problem(f"row {number}", ",".join(cells)[:40], what))
        clean = (unguarded(cell.strip()) for cell in cells)
        found.append(dict(zip(header, clean, strict=False)))
    if problems:
        raise Invalid(problems[:50])
    return found
