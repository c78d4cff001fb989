"""Workbooks of invented self-assessments: downloaded, changed as people change them, compared."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rankings.adapters import assessment_workbook as workbook
from rankings.adapters.assessment_workbook import Given, Heading
from rankings.adapters.assessment_workbook_reading import COLUMNS
from rankings.adapters.rubric_files import source
from rankings.errors import Invalid, Problem
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rules import Indicator, Level
from rankings.scoring.source import Code, RubricSource
from rankings.scoring.source import read as code_of
from rankings.usecases import rubrics
from rankings.usecases import workbook_changes as changes
from rankings.usecases.answers import Questions
from rankings.usecases.workbook_changes import Comparison, Current, Whose
from tests.adapters.edition_samples import COC, KH, RUBRICS

SHIPPED, FIRST = (COC, KH), 3
# The answers.
SHEET = "xl/worksheets/sheet3.xml"
AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
NAME = "Công ty Cổ phần Nhân lực Quốc tế Ví Dụ"
NOTES = (
    "We keep one register for all branches.",
    "Sổ đăng ký ở trụ sở chính; hai chi nhánh",
    "បញ្ជី​តែមួយ​សម្រាប់​សាខា​ទាំងអស់",
    "ရုံးခွဲအားလုံးအတွက် စာအုပ်တစ်အုပ်တည်း ထားရှိပါသည်။",
    "支店ごとの名簿があります",
    "first line\nsecond line",
    "- 12 of 40 workers\n- the rest in May",
)
# A number with limits, one that may not apply, one above 0, labels that look alike.
SMALL = """
code = "small"
version = "2.0.0"
languages = ["en", "vi"]
[evidence]
credit = { audit = 1, document = 0.9, self = 0.6 }
confidence = { audit = 1, document = 0.8, self = 0.3 }
[missing]
empty = "not_answered"
[total]
[[indicators]]
id = "share"
type = "points"
min = 0
max = 100
[[indicators]]
id = "days"
type = "numeric"
worst = 90
best = 10
not_applicable = true
[[indicators]]
id = "wage"
type = "numeric"
transform = "log"
worst = 1
best = 100
[[indicators]]
id = "alike"
type = "level"
not_applicable = true
options = [{ id = "1", points = 0 }, { id = "2", points = 50 }, { id = "3", points = 100 }]
[[bands]]
id = "all"
"""
LABELS = """
title = "{0}"
summary = "{0}"
[bands.all]
label = "{0}"
meaning = "{0}"
[indicators.share]
question = "{0} share"
guidance = "{0}"
evidence = "{0}"
reason = "{0}"
[indicators.days]
question = "{0} days"
guidance = "{0}"
evidence = "{0}"
reason = "{0}"
[indicators.wage]
question = "{0} wage"
guidance = "{0}"
evidence = "{0}"
reason = "{0}"
[indicators.alike]
question = "{0} alike"
guidance = "{0}"
evidence = "{0}"
[indicators.alike.options.1]
label = "{1}"
reason = "{0}"
[indicators.alike.options.2]
label = "{2}"
reason = "{0}"
[indicators.alike.options.3]
label = "{3}"
reason = "{0}"
"""


@cache
def held(rubric: str) -> tuple[Code, RubricSource]:
    """A shipped rubric, or the small one."""
    if rubric != "small":
        text = source(RUBRICS / rubric)
    else:
        words = {
            "en": LABELS.format("en", "Often", "often", "Does not apply to us"),
            "vi": LABELS.format("vi", "3", "Có", "Không"),
        }
        text = RubricSource(SMALL, words)
    return code_of(text), text


def code(rubric: str) -> Code:
    return held(rubric)[0]


def whose(rubric: str) -> Whose:
    return Whose("vamas", "VN-00011", "2026", rubrics.digest(held(rubric)[1]))


def heading(rubric: str) -> Heading:
    return Heading(
        association="vamas",
        association_name="Hiệp hội Ví Dụ (VAMAS)",
        agency="VN-00011",
        agency_name=NAME,
        cycle="2026",
        cycle_name="Assessment 2026",
        rubric_sha256=whose(rubric).rubric_sha256,
        downloaded_at=AT,
    )


def value(indicator: Indicator, random: Random) -> str:
    """Any answer that the rubric allows."""
    if indicator.not_applicable and random.random() < 0.2:
        return NOT_APPLICABLE
    if isinstance(indicator.rule, Level):
        return random.choice(indicator.rule.options).id
    return random.choice(["37.5", "1", "80", "12.25"])


def answered(rubric: str, seed: int = 1) -> dict[str, Given]:
    """Two thirds of the questions are answered, a third with notes, some with evidence."""
    random, found = Random(seed), {}
    for indicator in Questions(code(rubric)).asked.values():
        if random.random() < 0.67:
            note = random.choice(NOTES) if random.random() < 0.5 else ""
            files = [("payroll 2026.pdf", "ab" * 32)] if random.random() < 0.2 else []
            found[indicator.id] = Given(value(indicator, random), note, files)
    return found


def current(answers: Mapping[str, Given]) -> dict[str, Current]:
    """The same answers as they are stored."""
    return {one: Current(given.value, given.note, "A", AT) for one, given in answers.items()}


def written(
    file: Path, rubric: str = COC, language: str = "en", answers: Mapping[str, Given] | None = None
) -> Path:
    """A downloaded workbook."""
    given = answered(rubric) if answers is None else answers
    file.write_bytes(workbook.write(code(rubric), language, heading(rubric), given))
    return file


def compared(
    file: Path, rubric: str = COC, answers: Mapping[str, Given] | None = None
) -> Comparison:
    """What a workbook changes in the answers with which it was downloaded."""
    given = answered(rubric) if answers is None else answers
    return changes.compare(code(rubric), whose(rubric), workbook.read(file), current(given))


def edited(file: Path, change: Callable[[Workbook], object]) -> Path:
    """The workbook as another program saves it, after some change."""
    book = openpyxl.load_workbook(file)
    change(book)
    book.save(file)
    return file


def letter(column: str) -> str:
    return get_column_letter(COLUMNS.index(column) + 1)


def rows(page: Worksheet) -> dict[str, int]:
    """The number of each row by its id."""
    return {
        str(page.cell(row, 1).value): row
        for row in range(FIRST, page.max_row + 1)
        if page.cell(row, 1).value
    }


def typed(book: Workbook, indicator: str, column: str, text: str | None) -> str:
    """Type a text into a cell, where a leading = makes no formula; gives the cell's address."""
    page = book["Answers"]
    cell = page[f"{letter(column)}{rows(page)[indicator]}"]
    cell.value = text
    if text is not None:
        cell.data_type = "s"
    return f"Answers!{cell.coordinate}"


def parts_of(file: Path) -> dict[str, bytes]:
    """What is packed in a workbook."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(file: Path, parts: Mapping[str, bytes]) -> Path:
    """The workbook of these parts."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def hides_nothing(file: Path, *sheets: str) -> None:
    """These sheets, all shown whole and locked without a password, and nothing that acts."""
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == list(sheets)
    for page in book:
        assert page.sheet_state == "visible"
        assert not [one for one in page.column_dimensions.values() if one.hidden]
        assert not [one for one in page.row_dimensions.values() if one.hidden]
        assert page.protection.sheet
        assert page.protection.password is None
    with zipfile.ZipFile(file) as archive:
        names = " ".join(archive.namelist())
    assert not re.search("vba|external|embed|activeX|connection", names, re.IGNORECASE)


def without_formulas(file: Path) -> None:
    """Nothing in a workbook is calculated, linked, or typed as anything but text and numbers."""
    for name, content in parts_of(file).items():
        xml = content.decode("utf-8", "replace")
        assert not re.search(r"<f[ >/]|<hyperlink|TargetMode|\bt=\"(e|str)\"", xml), name


def shuffle(page: Worksheet) -> None:
    """As a sort leaves it: the cells of each row stay together."""
    held = [
        [(cell.value, cell.data_type) for cell in page[row]]
        for row in range(FIRST, page.max_row + 1)
    ]
    Random(5).shuffle(held)
    for number, line in enumerate(held, start=FIRST):
        for column, (value, kind) in enumerate(line, start=1):
            page.cell(number, column).value = value
            page.cell(number, column).data_type = kind


def refused(file: Path, name: str = "") -> tuple[Problem, ...]:
    with pytest.raises(Invalid) as refusal:
        workbook.read(file, name)
    return refusal.value.problems
