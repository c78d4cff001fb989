"""The workbook of a rubric: `write` what is taken along, `read` the rubric that comes back.

Its form is told in `docs/rubric.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rankings.adapters import rubric_workbook_edit as edit
from rankings.adapters import rubric_workbook_sheets as sheets
from rankings.adapters import workbook_sheets
from rankings.adapters.assessment_workbook_page import INPUT, KEY, LABEL, PROSE, TITLE, Book, Text
from rankings.adapters.assessment_workbook_words import say
from rankings.adapters.capped import Limits
from rankings.adapters.rubric_workbook_columns import ABOUT, FORMAT, LABELS, OTHER, SHEETS
from rankings.adapters.workbook import USUAL, read_sent
from rankings.adapters.workbook_table import facts
from rankings.errors import Invalid, Problem
from rankings.scoring import source as sources
from rankings.scoring.source import RubricSource

__all__ = ["FORMAT", "Heading", "read", "write"]

OTHER_RUBRIC = "is the workbook of another version: upload it on the page of that version"


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose rubric it is; `sha256` names the text, `next_version` is what is proposed."""

    association: str
    association_name: str
    sha256: str
    next_version: str
    downloaded_at: datetime


def write(source: RubricSource, language: str, heading: Heading) -> bytes:
    """The workbook of a sound rubric; the same bytes for the same input."""
    code, _ = sources.read(source), say(language)
    name = f"{code.rubric.code} {code.rubric.version}"
    book = Book(name, heading.association_name, heading.downloaded_at, language)
    _about(book, name, heading, language)
    workbook_sheets.instructions(book, _, sheets.steps(_), name)
    document = sources.toml("rubric.toml", source.document)
    names = sheets.names(code, language)
    for sheet in SHEETS:
        sheets.entries(book, sheet, document, (names, _), name)
    sheets.labels(book, source, name)
    sheets.others(book, document, _, name)
    return book.bytes()


def _about(book: Book, name: str, heading: Heading, language: str) -> None:
    _, moment = say(language), heading.downloaded_at.astimezone(UTC)
    page = book.page(ABOUT, (16, 34, 80), name)
    page.add(Text("", KEY), Text(name, TITLE))
    page.add()
    page.add(Text("format", KEY), Text(_("Form"), LABEL), Text(FORMAT, PROSE))
    for key, label, value in (
        ("association", _("Association"), heading.association),
        ("rubric", _("Rubric"), name),
        ("sha256", "SHA-256", heading.sha256),
        ("downloaded_at", _("Downloaded"), f"{moment:%Y-%m-%d %H:%M} UTC"),
    ):
        page.add(Text(key, KEY), Text(label, LABEL), Text(value, PROSE))
    version = Text(heading.next_version, INPUT)
    page.add(Text("version", KEY), Text(_("Number of the new version"), LABEL), version)


def read(
    file: Path, base: RubricSource, heading: Heading, name: str = "", limits: Limits = USUAL
) -> RubricSource:
    """The rubric that a workbook makes of `base`; what it does not change keeps its very text.

    Invalid names everything that is wrong by sheet, cell and value.
    """
    wanted = (ABOUT, *(sheet.name for sheet in SHEETS), LABELS, OTHER)
    forms = read_sent(file, name, wanted, limits)
    known = facts(forms[ABOUT], FORMAT)
    if (known.get("association"), known.get("sha256")) != (heading.association, heading.sha256):
        raise Invalid([Problem(ABOUT, known.get("rubric", ""), OTHER_RUBRIC)])
    return edit.edited(base, forms, known.get("version", ""))
