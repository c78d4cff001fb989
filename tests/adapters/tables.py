"""A rubric with every kind of column, and a table read with it."""

import io
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from rankings.adapters import table
from rankings.errors import Invalid
from rankings.rehearsal import Wanted, score_table
from rankings.scoring.record import Record
from tests.scoring.builders import DAY, scorer_of

LEVEL = """options = [
  { id = "no", points = 0 }, { id = "half", points = 50 }, { id = "yes", points = 100 },
]"""
WIDE = f"""
finding_codes = ["fee", "late"]
[evidence]
credit = {{ audit = 1, document = 0.9, self = 0.6 }}
[[indicators]]
id = "level"
type = "level"
not_applicable = true
{LEVEL}
[[indicators]]
id = "days"
type = "numeric"
empty = "not_answered"
worst = 30
best = 10
[[indicators]]
id = "talks"
type = "proportion"
empty = "not_applicable"
p0 = 0.5
m = 10
[[indicators]]
id = "cases"
type = "rate"
empty = "not_answered"
mu = 10
k = 0.5
severity = {{ minor = 1, serious = 10 }}
outcome = {{ proven = 1, remedied = 0.5 }}
steps = [1, 0.5]
curve = [[0, 100], [4, 0]]
[[indicators]]
id = "extra"
type = "points"
empty = "not_answered"
min = 0
max = 100
[banding]
buffer = 1
[[bands]]
id = "good"
at_least = 50
[[bands]]
id = "poor"
[[caps]]
id = "K1"
ceiling = "poor"
findings = ["fee"]
months = 12
[[caps]]
id = "K2"
ceiling = "poor"
findings = ["late"]
until = "answered"
[[states]]
id = "too_new"
when = {{ of = "months", below = 12 }}
[[fields]]
id = "months"
[[fields]]
id = "town"
type = "text"
[[fields]]
id = "member"
type = "yes_no"
"""
RUBRIC = scorer_of(WIDE)
SMALL = scorer_of('[[indicators]]\nid = "x"\ntype = "points"\nmin = 0\nmax = 100\n')
# The fewest columns that a table for the wide rubric can have.
LEAST = "id,level,days,talks.good,talks.asked,cases.exposure,extra"


def record(columns: str, cells: str) -> Record:
    """The one row of a table with these columns beside the fewest possible."""
    given = dict(zip(columns.split(","), cells.split(","), strict=True)) if columns else {}
    usual = {"id": "one", "level": "yes"}
    names = [*LEAST.split(","), *(name for name in given if name not in LEAST.split(","))]
    row = [given.get(name, usual.get(name, "")) for name in names]
    [unit] = table.units(RUBRIC.rubric, [",".join(names) + "\n", ",".join(row) + "\n"])
    return unit.record


def problems(columns: str, cells: str) -> list[str]:
    try:
        record(columns, cells)
    except Invalid as error:
        return [str(problem) for problem in error.problems]
    return []


def small(lines: Iterable[str], day: date = DAY, **wanted: Any) -> str:
    """The result of a table of the smallest rubric."""
    out = io.StringIO(newline="")
    score_table(SMALL, lines, day, out, Wanted(**wanted))
    return out.getvalue()


def refused(text: str) -> list[str]:
    """The problems of a table of the smallest rubric, of which nothing must be written."""
    out = io.StringIO(newline="")
    try:
        score_table(SMALL, io.StringIO(text, newline=""), DAY, out, Wanted())
    except Invalid as error:
        assert out.getvalue() == ""
        return [str(problem) for problem in error.problems]
    raise AssertionError(out.getvalue())


def receipts(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
