"""What the workbooks of a code of conduct share: whose it is, how to, rows, lists, validation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from rankings.adapters.assessment_workbook_page import (
    HEADER,
    KEY,
    LABEL,
    LOCKED,
    NUMBER,
    PROSE,
    TITLE,
    Book,
    Page,
    Style,
    Text,
    readable,
)
from rankings.adapters.assessment_workbook_words import Say, Words
from rankings.adapters.edition_columns import short
from rankings.adapters.workbook_table import ABOUT
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rules import Indicator, Level, Numeric, Points
from rankings.scoring.source import Code

INSTRUCTIONS, LISTS = "Instructions", "Lists"
HEADER_ROWS, HEADER_HEIGHT, INPUT_HEIGHT = 2, 24.0, 46.0
# What a number cell keeps without loss.
DECIMAL = re.compile(r"-?(0|[1-9]\d{0,8})(\.\d{0,5}[1-9])?", re.ASCII)
# What spreadsheet programs take for the texts of a validation.
MAX_PROMPT, MAX_TITLE = 250, 32
FAR = 10**12
# In which column of the lists the words of a choice stand.
CHOICE = "C"


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
class Layout:
    """A sheet with a row per indicator.

    `widths` has all columns in their order. Of `values` one is `chosen` from a list or typed as a
    number; `prose` is typed beside it. Columns after `printed` are left out on paper. `hint` is
    the text of the rubric that is shown while a value is chosen.
    """

    name: str
    widths: Mapping[str, float]
    styles: Mapping[str, Style]
    values: Sequence[str]
    chosen: str
    prose: str
    printed: str
    hint: str

    def letter(self, column: str) -> str:
        """Where a column stands."""
        return get_column_letter(list(self.widths).index(column) + 1)


def about_values(code: Code, language: str, heading: Heading, form: str) -> dict[str, str]:
    """The facts of the first sheet by id."""
    moment = heading.downloaded_at.astimezone(UTC)
    return {
        "format": form,
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


def about(
    book: Book, title: str, labels: Mapping[str, str], known: Mapping[str, str], footer: str
) -> None:
    """Whose workbook this is, a fact a row: id, label, value."""
    page = book.page(ABOUT, (16, 34, 80), footer)
    page.add(Text("", KEY), Text(title, TITLE))
    page.add()
    for key, label in labels.items():
        page.add(Text(key, KEY), Text(label, LABEL), Text(known[key], PROSE))


def instructions(book: Book, _: Say, steps: Sequence[str], footer: str) -> None:
    """How to fill it in."""
    page = book.page(INSTRUCTIONS, (6, 110), footer)
    page.add(Text("", KEY), Text(_("How to fill in this workbook"), TITLE))
    page.add()
    for number, step in enumerate(steps, start=1):
        page.add(Text(str(number), LABEL), Text(step, PROSE), lowest=22)


def rows(
    book: Book,
    layout: Layout,
    names: Mapping[str, str],
    lines: Sequence[tuple[Indicator, Mapping[str, str]]],
    footer: str,
) -> Page:
    """A row per indicator below two rows of headers: ids of the columns, and their names."""
    columns = list(layout.widths)
    page = book.page(layout.name, list(layout.widths.values()), footer)
    page.add(*(Text(column, KEY) for column in columns))
    page.add(*(Text(names[column], HEADER) for column in columns), lowest=HEADER_HEIGHT)
    for indicator, cells in lines:
        found = (_text(layout, column, cells[column], indicator) for column in columns)
        page.add(*found, lowest=INPUT_HEIGHT)
    sheet = page.sheet
    sheet.freeze_panes = f"D{HEADER_ROWS + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROWS}:{get_column_letter(len(columns))}{page.row}"
    sheet.print_title_rows = f"{HEADER_ROWS}:{HEADER_ROWS}"
    sheet.print_area = f"A{HEADER_ROWS}:{layout.letter(layout.printed)}{page.row}"
    return page


def _text(layout: Layout, column: str, text: str, indicator: Indicator) -> Text:
    """A cell; numbers are stored as such where that loses nothing."""
    style = layout.styles[column]
    if isinstance(indicator.rule, Level) or column not in layout.values:
        return Text(text, style)
    if column == layout.chosen:
        style = NUMBER
    return Text(text, style, number=DECIMAL.fullmatch(text) is not None)


def lists(book: Book, widths: Sequence[float], names: Sequence[str], footer: str) -> Page:
    """What can be chosen; `offer` adds the choices of one cell."""
    page = book.page(LISTS, widths, footer)
    page.add(*(Text(name, HEADER) for name in names), lowest=HEADER_HEIGHT)
    page.sheet.freeze_panes = "A2"
    page.sheet.print_title_rows = "1:1"
    return page


def offer(page: Page, identity: str, question: str, choices: Sequence[Sequence[str]]) -> str:
    """Choices, a row each: the words, and what else is said of it. Gives the words' area."""
    first = page.row + 1
    for said in choices:
        page.add(
            Text(identity, LOCKED), Text(question, LOCKED), *(Text(one, PROSE) for one in said)
        )
        question = ""
    return f"{LISTS}!${CHOICE}${first}:${CHOICE}${page.row}" if choices else ""


def validate(
    page: Page,
    layout: Layout,
    words: Words,
    indicators: Sequence[Indicator],
    ranges: Mapping[str, str],
    longest: int,
) -> None:
    """What may be typed into the open cells, and what the program says while one is chosen."""
    chosen, prose = layout.letter(layout.chosen), layout.letter(layout.prose)
    for row, indicator in enumerate(indicators, start=HEADER_ROWS + 1):
        rule = _validation(words, indicator, ranges.get(indicator.id, ""))
        rule.allow_blank = True
        rule.errorTitle = cut(indicator.id, MAX_TITLE)
        rule.promptTitle = rule.errorTitle
        rule.prompt = cut(words.of("indicators", indicator.id, layout.hint), MAX_PROMPT) or None
        rule.showInputMessage = rule.prompt is not None
        rule.add(f"{chosen}{row}")
        page.sheet.add_data_validation(rule)
    _ = words.say
    short_text = DataValidation(
        type="textLength",
        operator="lessThanOrEqual",
        formula1=str(longest),
        allow_blank=True,
        showErrorMessage=True,
        error=cut(_("Write at most %(most)d characters.") % {"most": longest}, MAX_PROMPT),
    )
    short_text.add(f"{prose}{HEADER_ROWS + 1}:{prose}{page.row}")
    page.sheet.add_data_validation(short_text)


def _validation(words: Words, indicator: Indicator, choices: str) -> DataValidation:
    rule, _ = indicator.rule, words.say
    if isinstance(rule, Level):
        return one_of(choices, _("Choose one of the answers."))
    if NOT_APPLICABLE in words.choices(indicator):
        # A list that offers it, beside which any number may be typed; it is checked on the way in.
        return DataValidation(type="list", formula1=choices, showErrorMessage=False)
    low, high = _ends(rule)
    return DataValidation(
        type="decimal",
        operator="between",
        formula1=low,
        formula2=high,
        showErrorMessage=True,
        error=cut(words.limits(indicator), MAX_PROMPT),
    )


def one_of(choices: str, remedy: str) -> DataValidation:
    """Nothing but the words of an area."""
    return DataValidation(
        type="list", formula1=choices, showErrorMessage=True, error=cut(remedy, MAX_PROMPT)
    )


def _ends(rule: object) -> tuple[str, str]:
    """The least and the greatest number that a program lets in."""
    if isinstance(rule, Points):
        low = str(-FAR) if rule.min is None else short(rule.min)
        return low, str(FAR) if rule.max is None else short(rule.max)
    logarithmic = isinstance(rule, Numeric) and rule.transform == "log"
    return "0.000001" if logarithmic else str(-FAR), str(FAR)


def cut(text: str, most: int) -> str:
    """A text that is cut where a program would refuse a longer one."""
    text = readable(text)
    return text if len(text) <= most else text[: most - 1] + "…"
