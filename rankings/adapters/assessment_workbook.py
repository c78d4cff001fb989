"""The workbook of a self-assessment: `write` what an agency downloads, `read` what it sends back.

Its form is told in `docs/workbook.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rankings.adapters import assessment_workbook_sheets as sheets
from rankings.adapters import workbook_sheets
from rankings.adapters.assessment_workbook_page import Book
from rankings.adapters.assessment_workbook_reading import ABOUT, ANSWERS, FORMAT, Filled, filled
from rankings.adapters.assessment_workbook_words import Words, asked, facts, steps
from rankings.adapters.capped import Limits
from rankings.adapters.workbook import USUAL, read_sent
from rankings.adapters.workbook_sheets import Heading
from rankings.scoring.source import Code

__all__ = ["FORMAT", "Filled", "Given", "Heading", "read", "write"]


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of one indicator: the stored value and note, and evidence as name, SHA-256."""

    value: str = ""
    note: str = ""
    evidence: Sequence[tuple[str, str]] = ()


def write(
    code: Code,
    language: str,
    heading: Heading,
    answers: Mapping[str, Given],
    longest_note: int = 1_000,
) -> bytes:
    """The workbook with what has been answered so far; the same bytes for the same input."""
    words = Words(code, language)
    title = f"{heading.agency} · {heading.cycle_name}"
    book = Book(title, heading.association_name, heading.downloaded_at, language)
    footer = f"{heading.agency} · {heading.cycle} · {code.rubric.code} {code.rubric.version}"
    questions = asked(code.rubric)
    lines = [
        (one, sheets.Line(given.value, given.note, given.evidence))
        for one in questions
        for given in [answers.get(one.id, Given())]
    ]
    known = workbook_sheets.about_values(code, language, heading, FORMAT)
    workbook_sheets.about(book, title, facts(words.say), known, footer)
    workbook_sheets.instructions(book, words.say, steps(words.say), footer)
    page = sheets.answers(book, words, lines, footer)
    ranges = sheets.lists(book, words, questions, footer)
    workbook_sheets.validate(page, sheets.LAYOUT, words, questions, ranges, longest_note)
    return book.bytes()


def read(file: Path, name: str = "", limits: Limits = USUAL) -> Filled:
    """What stands in a workbook that was sent; `name` is what the sender calls it.

    Raises Invalid where it is not a workbook of ours or must not be opened. What is wrong with
    single cells is told in `problems`.
    """
    forms = read_sent(file, name, (ABOUT, ANSWERS), limits)
    return filled(forms[ABOUT], forms[ANSWERS])
