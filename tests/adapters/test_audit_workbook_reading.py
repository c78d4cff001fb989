"""Auditors' workbooks that come back: what is read, what is wrong with a cell, what is refused."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook

from rankings.adapters import audit_workbook as workbook
from rankings.adapters.assessment_workbook_words import Words
from rankings.adapters.audit_workbook_reading import Filled
from rankings.adapters.audit_workbook_words import WAYS
from rankings.adapters.catalogues import LANGUAGES
from rankings.errors import Problem
from rankings.usecases.answers import Questions
from rankings.usecases.workbook_changes import Comparison
from tests.adapters.assessment_workbooks import (
    FIRST,
    NOTES,
    code,
    edited,
    rows,
    shuffle,
    value,
)
from tests.adapters.audit_workbooks import (
    NOBODY,
    compared,
    letter,
    lines,
    moved,
    typed,
    visited,
    written,
)
from tests.adapters.edition_samples import COC, KH
from tests.office import Convert

UNCHANGED: Mapping[str, tuple[Comparison, list[Any]]] = {
    COC: (Comparison(rows=43), []),
    KH: (Comparison(rows=50), []),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rubric", [COC, KH])
def test_what_nobody_touched_changes_nothing(rubric: str, language: str, tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx", rubric, language)
    assert compared(file, rubric) == UNCHANGED[rubric]
    assert compared(edited(file, lambda book: None), rubric) == UNCHANGED[rubric]


def test_what_libreoffice_saved_untouched_changes_nothing_in_any_language(
    tmp_path: Path, convert: Convert
) -> None:
    for number, language in enumerate(LANGUAGES):
        rubric = (COC, KH)[number % 2]
        file = convert(written(tmp_path / f"{language}.xlsx", rubric, language), "xlsx")
        assert compared(file, rubric) == UNCHANGED[rubric], language


Edits = dict[tuple[str, str], str]


def edits(rubric: str, language: str, count: int) -> Edits:
    """Other findings and reasons for so many cells of the workbook."""
    random, held = Random(f"{rubric} {language} {count}"), lines(rubric)
    asked, found = Questions(code(rubric)).asked, Edits()
    # A reason needs a finding.
    cells = [(one, "note") for one, line in held.items() if line.found]
    cells += [(one, "answer") for one in asked]
    for one, part in random.sample(cells, min(count, len(cells))):
        line = held.get(one)
        was = "" if line is None else line.found if part == "answer" else line.reason
        becomes = value(asked[one], random) if part == "answer" else random.choice(NOTES)
        if becomes != was:
            found[one, part] = becomes
    return found


def fill(book: Workbook, rubric: str, language: str, wanted: Edits) -> None:
    """Type them in, findings in the words of the language."""
    words, asked = Words(code(rubric), language, WAYS), Questions(code(rubric)).asked
    for (one, part), becomes in wanted.items():
        if part == "answer":
            typed(book, one, "finding", words.choices(asked[one]).get(becomes, becomes))
        else:
            typed(book, one, "reason", becomes)


def reported(found: Comparison) -> Edits:
    return {(one.indicator, one.part): one.becomes for one in found.changes}


@pytest.mark.parametrize("seed", range(8))
def test_random_edits_are_reported_exactly(seed: int, tmp_path: Path) -> None:
    rubric, language = (COC, KH)[seed % 2], LANGUAGES[seed % 5]
    wanted = edits(rubric, language, 10 * seed)
    file = written(tmp_path / "w.xlsx", rubric, language)
    edited(file, lambda book: fill(book, rubric, language, wanted))
    found, visit = compared(file, rubric)
    assert reported(found) == wanted
    assert (found.conflicts, found.problems, visit) == ((), (), [])


def test_a_hundred_edits_saved_by_libreoffice_are_reported_exactly(
    tmp_path: Path, convert: Convert
) -> None:
    wanted = edits(KH, "my", 100)
    assert len(wanted) > 60
    file = written(tmp_path / "w.xlsx", KH, "my")

    def change(book: Workbook) -> None:
        fill(book, KH, "my", wanted)
        visited(book, date(2026, 4, 5), Words(code(KH), "my").say("Visit, announced"))

    found, visit = compared(convert(edited(file, change), "xlsx"), KH)
    assert reported(found) == wanted
    assert visit == [("visited_on", "2026-04-05"), ("method", "visit_announced")]


def shuffled(book: Workbook) -> None:
    shuffle(book["Findings"])


def filtered(book: Workbook) -> None:
    for row in range(FIRST, FIRST + 20):
        book["Findings"].row_dimensions[row].hidden = True


def lost(book: Workbook) -> None:
    del book["Lists"]
    del book["Instructions"]


def turned(book: Workbook) -> None:
    page = book["Findings"]
    page.move_range(f"D1:D{page.max_row}", cols=10)
    book.move_sheet("Visit", -3)


def upside_down(book: Workbook) -> None:
    """The two lines of the visit change places."""
    page = book["Visit"]
    page.move_range("A3:D3", rows=3)


DRESSES: Mapping[str, Callable[[Workbook], None]] = {
    "sorted": shuffled,
    "filtered": filtered,
    "without lists": lost,
    "other order": turned,
    "visit the other way round": upside_down,
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_a_workbook_of_any_dress_changes_nothing(
    dress: Callable[[Workbook], None], tmp_path: Path
) -> None:
    assert compared(edited(written(tmp_path / "w.xlsx"), dress)) == UNCHANGED[COC]


DAYS: Mapping[Any, str | None] = {
    date(2026, 4, 5): "2026-04-05",
    "2026-04-05": "2026-04-05",
    "២០២៦-០៤-០៥": "2026-04-05",
    "၂၀၂၆-၀၄-၀၅": "2026-04-05",
    "05/04/2026": None,
    "2026-02-30": None,
    "April": None,
}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_day_is_read_as_people_type_it_unless_it_is_unclear(day: object, tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx", "small", held={}, visit=NOBODY)
    filled = workbook.read(edited(file, lambda book: visited(book, day, "video")))
    assert filled.visit["visited_on"].text == DAYS[day]
    wrong = [Problem("Visit!C3", str(day), "Type the day like 2026-03-01.")]
    assert list(filled.problems) == ([] if DAYS[day] else wrong)


def with_method(file: Path, text: str) -> Filled:
    """The smallest workbook with an entry for how it was checked."""
    written(file, "small", held={}, visit=NOBODY)
    return workbook.read(edited(file, lambda book: visited(book, None, text)))


def test_a_method_is_known_by_its_words_in_any_language_and_by_its_id(tmp_path: Path) -> None:
    words = {Words(code(COC), one).say("Visit, not announced") for one in LANGUAGES}
    for text in (*words, " VISIT,  not announced", "visit_unannounced"):
        assert moved(with_method(tmp_path / "w.xlsx", text)) == [("method", "visit_unannounced")]
    (problem,) = with_method(tmp_path / "w.xlsx", "by bus").problems
    assert problem == Problem("Visit!C4", "by bus", "Choose from the list of the cell.")


def formula(book: Workbook) -> None:
    book["Findings"]["G12"] = book["Visit"]["C3"] = "=1+1"


def merged(book: Workbook) -> None:
    book["Findings"].merge_cells("G12:H12")


def nameless(book: Workbook) -> None:
    book["Findings"]["A12"] = None


def beside(book: Workbook) -> None:
    book["Findings"]["M12"] = "remember"


def without_line(book: Workbook) -> None:
    book["Visit"].delete_rows(4)


def line_twice(book: Workbook) -> None:
    book["Visit"]["A4"] = "visited_on"


WRONG = {
    "formula": (formula, ["Findings!G12: '=1+1': This is a f", "Visit!C3: '=1+1': This is a f"]),
    "merged": (merged, ["Findings!G12:", "Findings!H12:"]),
    "without its number": (nameless, ["Findings!G12:", "Findings!H12:"]),
    "beside": (beside, ["Findings!M12: 'remember': This stands outside of the columns"]),
    "no line": (without_line, ["Visit: 'method': The row of this entry is missing"]),
    "line twice": (line_twice, ["Visit!A4:", "Visit!C4:", "Visit: 'method'"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_named_by_its_address(name: str, tmp_path: Path) -> None:
    change, expected = WRONG[name]

    def fill_in(book: Workbook) -> None:
        book["Findings"]["G12"], book["Findings"]["H12"] = "No", "a reason"
        change(book)

    found = workbook.read(edited(written(tmp_path / "w.xlsx"), fill_in)).problems
    assert len(found) == len(expected)
    for one, start in zip(map(str, found), expected, strict=True):
        assert one.startswith(start)


def test_a_reason_in_zawgyi_becomes_unicode_and_says_so(tmp_path: Path) -> None:
    """«Man» and the capital as old Burmese telephones write them."""
    file = written(tmp_path / "w.xlsx", held={})
    edited(file, lambda book: typed(book, "1.1", "reason", "ျမန္မာ ရန္ကုန္"))
    reason = workbook.read(file).rows[0].note
    assert (reason.text, reason.converted) == ("မြန်မာ ရန်ကုန်", True)


def test_rows_are_found_by_their_id(tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx")
    seen: dict[str, int] = {}
    edited(file, lambda book: seen.update(rows(book["Findings"])))
    found = {row.indicator: row.note.place for row in workbook.read(file).rows}
    assert found == {one: f"Findings!{letter('reason')}{number}" for one, number in seen.items()}
