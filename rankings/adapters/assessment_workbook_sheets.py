"""The four sheets of a self-assessment's workbook: About, Instructions, Answers, Lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from rankings.adapters.assessment_workbook_page import (
    BEFORE,
    HEADER,
    INPUT,
    KEY,
    LABEL,
    LOCKED,
    NUMBER,
    PROSE,
    QUESTION,
    TITLE,
    Book,
    Page,
    Style,
    Text,
    readable,
)
from rankings.adapters.assessment_workbook_reading import ABOUT, ANSWERS, COLUMNS
from rankings.adapters.assessment_workbook_words import Words, facts, headings, steps
from rankings.adapters.edition_columns import short
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rubric import Indicator, Level, Numeric, Points

INSTRUCTIONS, LISTS = "Instructions", "Lists"
WIDTHS = dict(zip(COLUMNS, (7, 19, 36, 27, 35, 25, 36, 24, 28, 32), strict=True))
STYLES: Mapping[str, Style] = {
    "id": LOCKED,
    "article": LOCKED,
    "question": QUESTION,
    "answer": INPUT,
    "note": INPUT,
    "evidence": INPUT,
    "accepted": LOCKED,
    "answer_before": BEFORE,
    "note_before": BEFORE,
    "evidence_before": BEFORE,
}
# The columns with what was downloaded are for the comparison; paper does not need them.
PRINTED = "accepted"
HEADER_ROWS, HEADER_HEIGHT, INPUT_HEIGHT = 2, 20.0, 46.0
# What a number cell keeps without loss.
DECIMAL = re.compile(r"-?(0|[1-9]\d{0,8})(\.\d{0,5}[1-9])?", re.ASCII)
# What spreadsheet programs take for the texts of a validation.
MAX_PROMPT, MAX_TITLE = 250, 32
FAR = 10**12


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in the row of an indicator; evidence is name and SHA-256."""

    value: str
    note: str
    evidence: Sequence[tuple[str, str]]


def about(book: Book, words: Words, title: str, known: Mapping[str, str], footer: str) -> None:
    """Whose workbook this is, a fact a row: id, label, value."""
    page = book.page(ABOUT, (16, 34, 80), footer)
    page.add(Text("", KEY), Text(title, TITLE))
    page.add()
    for key, label in facts(words.say).items():
        page.add(Text(key, KEY), Text(label, LABEL), Text(known[key], PROSE))


def instructions(book: Book, words: Words, footer: str) -> None:
    """How to fill it in."""
    _ = words.say
    page = book.page(INSTRUCTIONS, (6, 110), footer)
    page.add(Text("", KEY), Text(_("How to fill in this workbook"), TITLE))
    page.add()
    for number, step in enumerate(steps(words.say), start=1):
        page.add(Text(str(number), LABEL), Text(step, PROSE), lowest=22)


def answers(book: Book, words: Words, lines: Sequence[tuple[Indicator, Line]], footer: str) -> Page:
    """A row per indicator below two rows of headers: ids of the columns, and their names."""
    page = book.page(ANSWERS, [WIDTHS[column] for column in COLUMNS], footer)
    page.add(*(Text(column, KEY) for column in COLUMNS))
    names = headings(words.say)
    page.add(*(Text(names[column], HEADER) for column in COLUMNS), lowest=HEADER_HEIGHT)
    for indicator, line in lines:
        cells = _cells(words, indicator, line)
        page.add(*(_text(column, cells, indicator) for column in COLUMNS), lowest=INPUT_HEIGHT)
    last = get_column_letter(len(COLUMNS))
    sheet = page.sheet
    sheet.freeze_panes = f"{get_column_letter(COLUMNS.index('answer') + 1)}{HEADER_ROWS + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROWS}:{last}{page.row}"
    sheet.print_title_rows = f"{HEADER_ROWS}:{HEADER_ROWS}"
    sheet.print_area = f"A{HEADER_ROWS}:{get_column_letter(COLUMNS.index(PRINTED) + 1)}{page.row}"
    return page


def _cells(words: Words, indicator: Indicator, line: Line) -> Mapping[str, str]:
    answer = words.choices(indicator).get(line.value, line.value)
    return {
        "id": indicator.id,
        "article": words.article(indicator),
        "question": words.question(indicator),
        "answer": answer,
        "note": line.note,
        "evidence": "",
        "accepted": words.of("indicators", indicator.id, "evidence"),
        "answer_before": answer,
        "note_before": line.note,
        "evidence_before": "\n".join(f"{name} · {sha256[:12]}" for name, sha256 in line.evidence),
    }


def _text(column: str, cells: Mapping[str, str], indicator: Indicator) -> Text:
    """A cell; numbers are stored as such where that loses nothing."""
    text, style = cells[column], STYLES[column]
    if isinstance(indicator.rule, Level) or column not in ("answer", "answer_before"):
        return Text(text, style)
    if column == "answer":
        style = NUMBER
    return Text(text, style, number=DECIMAL.fullmatch(text) is not None)


def lists(
    book: Book, words: Words, indicators: Sequence[Indicator], footer: str
) -> Mapping[str, str]:
    """What can be chosen, a choice a row; where the choices of each indicator stand."""
    page = book.page(LISTS, (9, 70, 60), footer)
    names = headings(words.say)
    page.add(
        *(Text(names[column], HEADER) for column in ("id", "question", "answer")),
        lowest=HEADER_HEIGHT,
    )
    page.sheet.freeze_panes = "A2"
    page.sheet.print_title_rows = "1:1"
    ranges = {}
    for indicator in indicators:
        first, question = page.row + 1, words.question(indicator)
        for choice in words.choices(indicator).values():
            page.add(Text(indicator.id, LOCKED), Text(question, LOCKED), Text(choice, PROSE))
            question = ""
        if page.row >= first:
            ranges[indicator.id] = f"{LISTS}!$C${first}:$C${page.row}"
    return ranges


def validate(
    page: Page,
    words: Words,
    indicators: Sequence[Indicator],
    ranges: Mapping[str, str],
    longest_note: int,
) -> None:
    """What may be typed into the open cells, and what the program says while one is chosen."""
    answer = get_column_letter(COLUMNS.index("answer") + 1)
    note = get_column_letter(COLUMNS.index("note") + 1)
    for row, indicator in enumerate(indicators, start=HEADER_ROWS + 1):
        rule = _validation(words, indicator, ranges.get(indicator.id, ""))
        rule.allow_blank = True
        rule.errorTitle = cut(indicator.id, MAX_TITLE)
        rule.promptTitle = rule.errorTitle
        rule.prompt = cut(words.of("indicators", indicator.id, "guidance"), MAX_PROMPT) or None
        rule.showInputMessage = rule.prompt is not None
        rule.add(f"{answer}{row}")
        page.sheet.add_data_validation(rule)
    _ = words.say
    short_note = DataValidation(
        type="textLength",
        operator="lessThanOrEqual",
        formula1=str(longest_note),
        allow_blank=True,
        showErrorMessage=True,
        error=cut(_("Write at most %(most)d characters.") % {"most": longest_note}, MAX_PROMPT),
    )
    short_note.add(f"{note}{HEADER_ROWS + 1}:{note}{page.row}")
    page.sheet.add_data_validation(short_note)


def _validation(words: Words, indicator: Indicator, choices: str) -> DataValidation:
    rule, _ = indicator.rule, words.say
    if isinstance(rule, Level):
        return DataValidation(
            type="list",
            formula1=choices,
            showErrorMessage=True,
            error=cut(_("Choose one of the answers."), MAX_PROMPT),
        )
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
