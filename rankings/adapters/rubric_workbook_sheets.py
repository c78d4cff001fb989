"""The sheets of a rubric's workbook as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from rankings.adapters.assessment_workbook_page import (
    BEFORE,
    HEADER,
    INPUT,
    KEY,
    LOCKED,
    NUMBER,
    QUESTION,
    Book,
    Page,
    Text,
)
from rankings.adapters.assessment_workbook_words import Say
from rankings.adapters.rubric_workbook_columns import (
    BANDS_IDS,
    BEHIND,
    ID,
    LABELS,
    NAME,
    NODES,
    NUM,
    OTHER,
    REST,
    RULES_SHEET,
    SPARE_LABELS,
    Column,
    Document,
    Sheet,
    kind,
    place,
    rest,
    rule,
    said,
)
from rankings.adapters.rubric_workbook_columns import entries as entries_of
from rankings.adapters.rubric_workbook_columns import others as others_of
from rankings.adapters.workbook_sheets import DECIMAL, HEADER_HEIGHT, HEADER_ROWS
from rankings.adapters.workbook_table import HEADING
from rankings.scoring.difference import flat
from rankings.scoring.source import Code, RubricSource, toml
from rankings.scoring.writing import inline

# Of a list of ids, with room for those that are typed.
LAST_ROW = 5_000
LABEL_HEIGHT = 18.0

Names = Mapping[str, str]


def steps(_: Say) -> list[str]:
    """How to fill it in."""
    return [
        _("White cells can be changed, grey ones cannot. Ids never change."),
        _("Write the number of the new version on the first sheet."),
        _("A new entry goes into an empty row at the end of its sheet, with a new id."),
        _("The id of a new answer is the id of its question, a slash, and its own: 3.2/none."),
        _("Every text stands on the sheet Labels, once in each language."),
        _("Entries are removed, and further rules changed, in the text of the rubric only."),
        _("Upload the workbook where you downloaded it. You see all changes before any is kept."),
    ]


def names(code: Code, language: str) -> Names:
    """What entries are called, by their place in the rubric."""
    spoken = [one for one in (language, *code.rubric.languages) if one in code.labels]
    if not spoken:
        return {}
    found: dict[str, str] = {}
    for path, text in code.labels[spoken[0]].texts.items():
        match path:
            case (list_name, identity, *more) if more in ([], ["label"], ["question"]):
                found[f"{list_name}[{identity}]"] = text
            case ("indicators", identity, "options", option, "label"):
                found[f"indicators[{identity}].options[{option}]"] = text
    return found


def entries(
    book: Book, sheet: Sheet, document: Document, words: tuple[Names, Say], footer: str
) -> None:
    """A row per entry below two rows of headers, and empty rows for new ones."""
    known, _ = words
    page = book.page(sheet.name, [one.width for one in sheet.columns], footer)
    page.add(*(Text(one.key, KEY) for one in sheet.columns))
    page.add(*(Text(_(one.words), HEADER) for one in sheet.columns), lowest=HEADER_HEIGHT)
    for identity, entry in entries_of(document, sheet):
        page.add(*_cells(sheet, identity, entry, document, known))
    for _row in range(sheet.spare):
        page.add(*(Text("", _spare(column)) for column in sheet.columns))
    _finish(page, len(sheet.columns), "C" if sheet.columns[1].kind == NAME else "B")
    _offer(page, sheet, document)


def _cells(
    sheet: Sheet, identity: str, entry: Document, document: Document, known: Names
) -> Iterator[Text]:
    for column in sheet.columns:
        if column.kind == ID:
            yield Text(identity, LOCKED)
        elif column.kind == NAME:
            yield Text(known.get(place(sheet, identity), ""), QUESTION)
        elif column.kind == REST:
            yield Text(rest(sheet, entry), BEFORE)
        else:
            value = rule(document, identity) if sheet is RULES_SHEET else entry.get(column.key)
            yield _input(kind(sheet, identity, column)[0], value)


def _input(how: str, value: Any) -> Text:
    text = said(value)
    if how != NUM:
        return Text(text, INPUT)
    return Text(text, NUMBER, number=DECIMAL.fullmatch(text) is not None)


def _spare(column: Column) -> Any:
    if column.kind in (NAME, REST):
        return LOCKED
    return NUMBER if column.kind == NUM else INPUT


def _finish(page: Page, columns: int, first: str) -> None:
    sheet = page.sheet
    sheet.freeze_panes = f"{first}{HEADER_ROWS + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROWS}:{get_column_letter(columns)}{page.row}"
    sheet.print_title_rows = f"{HEADER_ROWS}:{HEADER_ROWS}"


def _offer(page: Page, sheet: Sheet, document: Document) -> None:
    """What may be chosen: the words of a list, or the ids of another sheet."""
    if sheet is RULES_SHEET:
        rows = enumerate(entries_of(document, sheet), start=HEADER_ROWS + 1)
        for row, (identity, _entry) in rows:
            _list(page, kind(sheet, identity, sheet.columns[1])[1], f"B{row}")
        return
    for at, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(at)
        _list(page, column.choices, f"{letter}{HEADER_ROWS + 1}:{letter}{page.row}")


def _list(page: Page, choices: tuple[str, ...], cells: str) -> None:
    if not choices:
        return
    formula = f'"{",".join(choices)}"'
    if choices in ((NODES,), (BANDS_IDS,)):
        formula = f"{choices[0][1:]}!$A${HEADER_ROWS + 1}:$A${LAST_ROW}"
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.add(cells)
    page.sheet.add_data_validation(rule)


def labels(book: Book, source: RubricSource, footer: str) -> None:
    """Every text, a column per language."""
    languages = list(source.labels)
    texts = {one: dict(flat(toml(one, source.labels[one]))) for one in languages}
    page = book.page(LABELS, (44, *(60 for _one in languages)), footer)
    page.add(*(Text(one, KEY) for one in ("id", *languages)))
    page.add(*(Text(one, HEADER) for one in (HEADING, *languages)), lowest=HEADER_HEIGHT)
    for path in dict.fromkeys(path for one in languages for path in texts[one]):
        found = (Text(str(texts[one].get(path, "")), INPUT) for one in languages)
        page.add(Text(BEHIND.join(path), LOCKED), *found, lowest=LABEL_HEIGHT)
    for _row in range(SPARE_LABELS if languages else 0):
        page.add(*(Text("", INPUT) for _one in ("id", *languages)))
    _finish(page, 1 + len(languages), "B")


def others(book: Book, document: Document, _: Say, footer: str) -> None:
    """What the workbook has no cells for, so that nobody takes it for gone."""
    page = book.page(OTHER, (24, 110), footer)
    page.add(Text("id", KEY), Text("text", KEY))
    header = _("What stays as it is; change it in the text of the rubric")
    page.add(Text(HEADING, HEADER), Text(header, HEADER), lowest=HEADER_HEIGHT)
    for key, value in others_of(document).items():
        page.add(Text(key, LOCKED), Text(inline(value), LOCKED))
