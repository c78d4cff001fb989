"""The workbook of a self-assessment: `write` what an agency downloads, `read` what it sends back.

Its form is told in `docs/workbook.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rankings.adapters import assessment_workbook_sheets as sheets
from rankings.adapters.assessment_workbook_page import Book
from rankings.adapters.assessment_workbook_reading import ABOUT, ANSWERS, FORMAT, Filled, filled
from rankings.adapters.assessment_workbook_words import Words, asked
from rankings.adapters.capped import Limits
from rankings.adapters.workbook import MAX_BYTES, USUAL, read_forms
from rankings.errors import Invalid, Problem
from rankings.scoring.source import Code

__all__ = ["FORMAT", "Filled", "Given", "Heading", "read", "write"]

LARGE = f"is larger than {MAX_BYTES // 1_000_000} MB; take out pictures and sheets of your own"
NO_FILE = "is not a file"


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose workbook it is, for which cycle, by which rubric; codes are as in addresses."""

    association: str
    association_name: str
    agency: str
    agency_name: str
    cycle: str
    cycle_name: str
    rubric_sha256: str
    downloaded_at: datetime


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
    sheets.about(book, words, title, _about(code, language, heading), footer)
    sheets.instructions(book, words, footer)
    page = sheets.answers(book, words, lines, footer)
    ranges = sheets.lists(book, words, questions, footer)
    sheets.validate(page, words, questions, ranges, longest_note)
    return book.bytes()


def _about(code: Code, language: str, heading: Heading) -> Mapping[str, str]:
    moment = heading.downloaded_at.astimezone(UTC)
    return {
        "format": FORMAT,
        "association_name": heading.association_name,
        "association": heading.association,
        "agency_name": heading.agency_name,
        "agency": heading.agency,
        "cycle_name": heading.cycle_name,
        "cycle": heading.cycle,
        "rubric": code.rubric.code,
        "rubric_version": code.rubric.version,
        "rubric_sha256": heading.rubric_sha256,
        "language": language,
        "downloaded_at": f"{moment:%Y-%m-%d %H:%M} UTC",
    }


def read(file: Path, name: str = "", limits: Limits = USUAL) -> Filled:
    """What stands in a workbook that was sent; `name` is what the sender calls it.

    Raises Invalid where it is not a workbook of ours or must not be opened. What is wrong with
    single cells is told in `problems`.
    """
    name = name or file.name
    _refuse_size(file, name)
    try:
        forms = read_forms(file, (ABOUT, ANSWERS), limits)
    except Invalid as invalid:
        renamed = {file.name: name}
        raise Invalid(
            Problem(renamed.get(one.place, one.place), one.value, one.remedy)
            for one in invalid.problems
        ) from None
    return filled(forms[ABOUT], forms[ANSWERS])


def _refuse_size(file: Path, name: str) -> None:
    if not file.is_file():
        raise Invalid([Problem(name, "", NO_FILE)])
    if (size := file.stat().st_size) > MAX_BYTES:
        raise Invalid([Problem(name, f"{size:,} bytes", LARGE)])
