"""The workbook of an audit: `write` what an auditor takes along, `read` what comes back.

Its form is told in `docs/audit-workbook.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rankings.adapters import audit_workbook_sheets as sheets
from rankings.adapters import workbook_sheets
from rankings.adapters.assessment_workbook_page import Book
from rankings.adapters.assessment_workbook_words import Words, asked
from rankings.adapters.audit_workbook_reading import FORMAT, METHOD, SHEETS, Filled, filled
from rankings.adapters.audit_workbook_sheets import Line, Visit
from rankings.adapters.audit_workbook_words import WAYS, facts, steps
from rankings.adapters.capped import Limits
from rankings.adapters.workbook import USUAL, read_sent
from rankings.adapters.workbook_sheets import Heading
from rankings.scoring.source import Code

__all__ = ["FORMAT", "Filled", "Heading", "Line", "Taken", "Visit", "read", "write"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken along: the audit's key, the visit, and what is known of each indicator."""

    audit: str
    visit: Visit
    lines: Mapping[str, Line]


def write(
    code: Code, language: str, heading: Heading, taken: Taken, longest_reason: int = 1_000
) -> bytes:
    """The workbook with what has been found so far; the same bytes for the same input."""
    words = Words(code, language, WAYS)
    title = f"{heading.agency} · {heading.cycle_name}"
    book = Book(title, heading.association_name, heading.downloaded_at, language)
    footer = f"{heading.agency} · {heading.cycle} · {code.rubric.code} {code.rubric.version}"
    questions = asked(code.rubric)
    lines = [(one, taken.lines.get(one.id, Line())) for one in questions]
    known = workbook_sheets.about_values(code, language, heading, FORMAT) | {"audit": taken.audit}
    workbook_sheets.about(book, title, facts(words.say), known, footer)
    workbook_sheets.instructions(book, words.say, steps(words.say), footer)
    page = sheets.findings(book, words, lines, footer)
    visit = sheets.visit_sheet(book, words, taken.visit, footer)
    ranges = sheets.lists(book, words, questions, taken.visit, footer)
    sheets.validate_visit(visit, words, taken.visit, ranges[METHOD])
    workbook_sheets.validate(page, sheets.LAYOUT, words, questions, ranges, longest_reason)
    return book.bytes()


def read(file: Path, name: str = "", limits: Limits = USUAL) -> Filled:
    """What stands in a workbook that was sent; `name` is what the sender calls it.

    Raises Invalid where it is not a workbook of ours or must not be opened. What is wrong with
    single cells is told in `problems`.
    """
    return filled(read_sent(file, name, SHEETS, limits))
