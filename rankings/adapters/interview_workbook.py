"""The questionnaire as a workbook: a row for each worker to be asked, read as any file of its kind.

Its first sheet is the file of interviews that `docs/files.md` describes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from rankings.adapters.assessment_workbook_page import (
    HEADER,
    INPUT,
    LABEL,
    LOCKED,
    PROSE,
    TITLE,
    Book,
    Page,
    Text,
)
from rankings.adapters.assessment_workbook_words import Say, say
from rankings.adapters.import_columns import COLUMNS
from rankings.adapters.workbook_sheets import (
    HEADER_HEIGHT,
    MAX_PROMPT,
    MAX_TITLE,
    Heading,
    cut,
    instructions,
    one_of,
)
from rankings.scoring.labels import Labels

INTERVIEWS, QUESTIONS = "Interviews", "Questions"
FIXED = {"interview": 27, "agency": 13, "interviewed_on": 17, "worker": 19, "chosen_by": 15}
ANSWER = 10
# Rows for workers of whom the association heard otherwise.
FREE_ROWS = 20
STATES = ("abroad", "returned", "before_departure")
# A day that is typed becomes a day in any country's program.
DAY = replace(INPUT, format="yyyy-mm-dd")


def write(
    labels: Labels,
    language: str,
    heading: Heading,
    items: Sequence[str],
    waiting: Sequence[tuple[str, str]],
) -> bytes:
    """A workbook for those who wait, as number and state; the same bytes for the same input."""
    _ = say(language)
    title = f"{heading.agency} · {heading.cycle_name}"
    book = Book(title, heading.association_name, heading.downloaded_at, language)
    footer = f"{heading.agency} · {heading.cycle}"
    page = _rows(book, heading.agency, items, waiting, footer)
    _validate(page, _, labels, items)
    _questions(book, _, labels, items, footer)
    instructions(book, _, _steps(_), footer)
    return book.bytes()


def _rows(
    book: Book, agency: str, items: Sequence[str], waiting: Sequence[tuple[str, str]], footer: str
) -> Page:
    columns = [column.id for column in COLUMNS["interviews"]]
    widths = [*(FIXED[column] for column in columns), *(ANSWER for _item in items)]
    page = book.page(INTERVIEWS, widths, footer)
    page.add(*(Text(name, HEADER) for name in (*columns, *items)), lowest=HEADER_HEIGHT)
    empty = [Text("", INPUT) for _item in items]
    for number, state in waiting:
        known = (Text(number, LOCKED), Text(agency, LOCKED), Text("", DAY), Text(state, INPUT))
        page.add(*known, Text("association", LOCKED), *empty, lowest=HEADER_HEIGHT)
    for _row in range(FREE_ROWS):
        fresh = (Text("", INPUT), Text("", INPUT), Text("", DAY), Text("", INPUT))
        page.add(*fresh, Text("", INPUT), *empty, lowest=HEADER_HEIGHT)
    page.sheet.freeze_panes = "B2"
    page.sheet.print_title_rows = "1:1"
    return page


def _validate(page: Page, _: Say, labels: Labels, items: Sequence[str]) -> None:
    """Lists for words, and the question while an answer is chosen."""
    last, first_item = page.row, len(FIXED) + 1
    rules = {
        "D": one_of(f'"{",".join(STATES)}"', _("Choose one of the answers.")),
        "E": one_of('"association,agency"', _("Choose one of the answers.")),
    }
    for at, item in enumerate(items, start=first_item):
        rule = one_of('"yes,no"', _("Choose one of the answers."))
        question = labels.of("indicators", item, "question")
        rule.promptTitle, rule.prompt = cut(item, MAX_TITLE), cut(question, MAX_PROMPT)
        rule.showInputMessage = True
        rules[get_column_letter(at)] = rule
    for letter, rule in rules.items():
        _add(page, rule, f"{letter}2:{letter}{last}")


def _add(page: Page, rule: DataValidation, area: str) -> None:
    rule.allow_blank = True
    rule.add(area)
    page.sheet.add_data_validation(rule)


def _questions(book: Book, _: Say, labels: Labels, items: Sequence[str], footer: str) -> None:
    """What each column of answers asks, and when it is a yes."""
    page = book.page(QUESTIONS, (8, 60, 70), footer)
    page.add(Text("", LABEL), Text(_("Questions for workers"), TITLE))
    page.add()
    for item in items:
        texts = [labels.of("indicators", item, part) for part in ("question", "guidance")]
        page.add(Text(item, LABEL), *(Text(text, PROSE) for text in texts))


def _steps(_: Say) -> Sequence[str]:
    """How an interview is made and written down."""
    return (
        _("Ask first whether the worker agrees to be asked. Nobody of the agency may be there."),
        _("Write no name, no telephone number and no words of the worker into this workbook."),
        _("interviewed_on: the day. worker: where the worker is. Answers: yes or no."),
        _("Leave an answer empty where the worker does not know or does not answer."),
        _("Leave the row of a worker whom you did not reach as it is: it is left out."),
        _("Workers whom the agency named go into the free rows, with agency in chosen_by."),
        _("Save as .xlsx. Upload it on the page Import a file, as Interviews."),
    )
