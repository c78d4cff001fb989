"""Workbooks that come back: which are read, what is wrong with a cell, what is refused whole."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from rankings.adapters import assessment_workbook as workbook
from rankings.adapters.assessment_workbook_reading import COLUMNS
from rankings.adapters.catalogues import LANGUAGES
from rankings.adapters.workbook_form import Fault, Form, FormRows, area_of
from rankings.usecases.workbook_changes import Comparison
from tests.adapters.assessment_workbooks import (
    FIRST,
    SHEET,
    SHIPPED,
    compared,
    edited,
    letter,
    parts_of,
    repacked,
    rows,
    shuffle,
    typed,
    written,
)
from tests.adapters.edition_samples import COC, KH
from tests.adapters.hostile_zips import KIND
from tests.office import Convert

UNCHANGED = {COC: Comparison(rows=43), KH: Comparison(rows=50)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rubric", SHIPPED)
def test_what_nobody_touched_changes_nothing(rubric: str, language: str, tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx", rubric, language)
    assert compared(file, rubric) == UNCHANGED[rubric]
    assert compared(edited(file, lambda book: None), rubric) == UNCHANGED[rubric]


def test_what_libreoffice_saved_untouched_changes_nothing(tmp_path: Path, convert: Convert) -> None:
    file = convert(written(tmp_path / "w.xlsx", KH, "my"), "xlsx")
    assert compared(file, KH) == UNCHANGED[KH]


def shuffled(book: Workbook) -> None:
    shuffle(book["Answers"])


def turned(book: Workbook) -> None:
    """The columns in another order, with one between them."""
    page = book["Answers"]
    page.move_range(f"D1:D{page.max_row}", cols=10)
    page.move_range(f"A1:A{page.max_row}", cols=11)


def filtered(book: Workbook) -> None:
    for row in range(FIRST, FIRST + 20):
        book["Answers"].row_dimensions[row].hidden = True


def hidden(book: Workbook) -> None:
    for column in "AHIJ":
        book["Answers"].column_dimensions[column].hidden = True
    book["Lists"].sheet_state = "hidden"


def reordered(book: Workbook) -> None:
    book.move_sheet("Answers", -2)
    book.move_sheet("About", 3)
    book.create_sheet("my own", 0)["A1"] = "=1+1"


def lost(book: Workbook) -> None:
    del book["Lists"]
    del book["Instructions"]


def spread(book: Workbook) -> None:
    page = book["Answers"]
    page.insert_rows(FIRST + 4, 3)
    page.insert_rows(1, 2)
    page.cell(page.max_row + 5, 3).value = "filled in with the director"


def other_words(book: Workbook) -> None:
    """Headers, questions and articles are ours; whatever stands there is not compared."""
    for column in "BCG":
        for row in range(2, 20):
            book["Answers"][f"{column}{row}"] = "=1+1" if row % 2 else "changed"
    book["Answers"].merge_cells("B5:B9")


def same_answers(book: Workbook) -> None:
    page = book["Answers"]
    for row in range(FIRST, page.max_row + 1):
        cell = page[f"{letter('answer')}{row}"]
        if isinstance(cell.value, str):
            cell.value = f"  {cell.value.upper()} "


DRESSES: Mapping[str, Callable[[Workbook], None]] = {
    "sorted": shuffled,
    "other order of columns": turned,
    "filtered": filtered,
    "hidden columns": hidden,
    "other order of sheets": reordered,
    "without lists": lost,
    "with empty rows": spread,
    "other words": other_words,
    "in capitals": same_answers,
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_a_workbook_of_any_dress_changes_nothing(
    dress: Callable[[Workbook], None], tmp_path: Path
) -> None:
    file = edited(written(tmp_path / "w.xlsx"), dress)
    assert compared(file) == UNCHANGED[COC]


def shared(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The texts of the answers in a list of their own, as Excel writes them."""
    texts: dict[str, int] = {}
    xml, *found = parts[SHEET].decode().split('t="inlineStr"><is>')
    for one in found:
        text, _, rest = one.partition("</is>")
        xml += f't="s"><v>{texts.setdefault(text, len(texts))}</v>{rest}'
    listed = "".join(f"<si>{text}</si>" for text in texts)
    link = f'<Relationship Id="s" Type="{KIND}/sharedStrings" Target="sharedStrings.xml"/></Rel'
    relations = "xl/_rels/workbook.xml.rels"
    return {
        **parts,
        SHEET: xml.encode(),
        "xl/sharedStrings.xml": f"<sst>{listed}</sst>".encode(),
        relations: parts[relations].replace(b"</Rel", link.encode()),
    }


def test_texts_in_a_list_of_their_own_change_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx", language="km")
    repacked(file, shared(parts_of(file)))
    assert compared(file) == UNCHANGED[COC]


def problems(file: Path) -> list[str]:
    return [str(problem) for problem in workbook.read(file).problems]


def formula(book: Workbook) -> None:
    book["Answers"]["D12"] = "=1+1"


def broken_value(book: Workbook) -> None:
    book["Answers"]["E12"] = "#N/A"


def merged(book: Workbook) -> None:
    book["Answers"].merge_cells("D12:D13")


def time_of_day(book: Workbook) -> None:
    book["Answers"]["E12"] = 0.5
    book["Answers"]["E12"].number_format = "hh:mm"


def invisible(book: Workbook) -> None:
    book["Answers"]["E12"] = "exe\u202exod"


def long_text(book: Workbook) -> None:
    book["Answers"]["F12"] = "x" * 5_001


def formula_downloaded(book: Workbook) -> None:
    book["Answers"]["H12"] = "=D12"


def nameless(book: Workbook) -> None:
    book["Answers"]["A12"] = None


def beside(book: Workbook) -> None:
    book["Answers"]["M12"] = "remember"


def calculated(book: Workbook) -> None:
    book["Answers"]["M12"] = "=LEN(E12)"


WRONG = {
    "formula": (formula, ["Answers!D12: '=1+1': This is a formula"]),
    "error value": (broken_value, ["Answers!E12: '#N/A': This is an error value"]),
    "merged": (merged, ["Answers!D12:", "Answers!D13:"]),
    "time": (time_of_day, ["Answers!E12: '0.5': is a time of day"]),
    "invisible": (invisible, ["Answers!E12:"]),
    "long": (long_text, ["Answers!F12:"]),
    "formula as downloaded": (formula_downloaded, ["Answers!H12: '=D12': This is a formula"]),
    "without its number": (nameless, ["Answers!D12:", "Answers!E12:"]),
    "beside": (beside, ["Answers!M12: 'remember': This stands outside of the columns"]),
    "calculated beside": (calculated, ["Answers!M12: '': This stands outside of the columns"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_named_by_its_address(name: str, tmp_path: Path) -> None:
    change, expected = WRONG[name]
    file = written(tmp_path / "w.xlsx")

    def fill(book: Workbook) -> None:
        book["Answers"]["D12"], book["Answers"]["E12"] = "No", "a note"
        change(book)

    found = problems(edited(file, fill))
    assert len(found) == len(expected)
    for one, start in zip(found, expected, strict=True):
        assert one.startswith(start)


def test_a_note_in_zawgyi_becomes_unicode_and_says_so(tmp_path: Path) -> None:
    """«Man» and the capital as old Burmese telephones write them."""
    file = written(tmp_path / "w.xlsx", answers={})
    edited(file, lambda book: typed(book, "1.1", "note", "ျမန္မာ ရန္ကုန္"))
    note = workbook.read(file).rows[0].note
    assert (note.text, note.converted) == ("မြန်မာ ရန်ကုန်", True)


def test_a_form_keeps_what_stands_anywhere() -> None:
    form = Form("Answers")
    taking = FormRows(form)
    taking.add(3, ["", " a ", ""])
    taking.add(4, ["", " "])
    assert form.rows == {3: ("", "a")}
    assert (form.text(3, 1), form.text(3, 9), form.text(9, 1)) == ("a", "", "")
    taking.wrong_at(3, 2, "=1", "is a formula")
    assert form.faults == [Fault(3, 2, "=1", "is a formula")]
    assert form.place(12, 27) == "Answers!AB12"
    assert area_of("B2:A1").covers(2, 1)
    assert not area_of("B2").covers(2, 2)


def test_every_column_is_named_once() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS) == 10
    assert [letter(one) for one in ("id", "answer", "note", "evidence")] == ["A", "D", "E", "F"]


def test_rows_are_found_by_their_id(tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx")
    seen: dict[str, int] = {}
    edited(file, lambda book: seen.update(rows(book["Answers"])))
    assert {row.indicator: row.place for row in workbook.read(file).rows} == {
        one: f"Answers!A{number}" for one, number in seen.items()
    }
