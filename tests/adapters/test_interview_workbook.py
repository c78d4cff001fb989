"""The questionnaire as a workbook: downloaded, filled in, taken in as any file of its kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from rankings.adapters import import_rows, interview_workbook, sheets
from rankings.adapters.import_columns import columns
from rankings.adapters.import_rows import TypedRows
from rankings.adapters.interview_workbook import FREE_ROWS
from rankings.scoring.rules import Proportion
from tests.adapters.assessment_workbooks import code, heading
from tests.adapters.edition_samples import COC

CODE = code(COC)
ITEMS = [one.id for one in CODE.rubric.indicators if isinstance(one.rule, Proportion)]
WAITING = [("VN-00011/D-1", "abroad"), ("VN-00011/D-2", ""), ("VN-00011/D-3", "returned")]


def written(language: str = "en") -> bytes:
    labels = CODE.labels[language]
    return interview_workbook.write(labels, language, heading(COC), ITEMS, WAITING)


def read(file: Path) -> TypedRows:
    sheet = import_rows.asked(sheets.read(file), ITEMS)
    return import_rows.typed(sheet, columns("interviews", ITEMS), no_free_text=False)


@pytest.mark.parametrize("language", ["en", "vi", "km", "my", "ja"])
def test_the_rows_that_were_filled_in_come_in_and_the_others_wait(
    tmp_path: Path, language: str
) -> None:
    file = tmp_path / "q.xlsx"
    file.write_bytes(written(language))
    assert read(file).count == 0
    book = openpyxl.load_workbook(file)
    page = book["Interviews"]
    page["C2"], page["F2"], page["G2"] = date(2026, 3, 1), "yes", "no"
    free = len(WAITING) + 2
    for column, text in zip("ABCDEF", ("X-1", "VN-00011", "2026-03-02", "returned"), strict=False):
        page[f"{column}{free}"] = text
    page[f"E{free}"], page[f"F{free}"] = "agency", "no"
    book.save(file)
    found = read(file)
    assert found.problems == []
    said = [(row.values["interview"], row.values["chosen_by"]) for row in found.rows]
    assert said == [("VN-00011/D-1", "association"), ("X-1", "agency")]
    assert str(found.rows[0].values["interviewed_on"]) == "2026-03-01"


def test_the_same_questionnaire_is_the_same_bytes_and_has_every_question(tmp_path: Path) -> None:
    assert written() == written()
    file = tmp_path / "q.xlsx"
    file.write_bytes(written("vi"))
    book = openpyxl.load_workbook(file)
    page = book["Interviews"]
    assert page.max_row == 1 + len(WAITING) + FREE_ROWS
    told = " ".join(str(cell.value) for row in book["Questions"].iter_rows() for cell in row)
    for item in ITEMS:
        assert CODE.labels["vi"].of("indicators", item, "question") in told
    prompts = {one.promptTitle for one in page.data_validations.dataValidation}
    assert set(ITEMS) <= prompts


def test_the_numbers_are_locked_and_the_answers_are_open(tmp_path: Path) -> None:
    file = tmp_path / "q.xlsx"
    file.write_bytes(written())
    page = openpyxl.load_workbook(file)["Interviews"]
    assert page.protection.sheet
    locked = {one: page[f"{one}2"].protection.locked for one in "ABCDEF"}
    assert locked == {"A": True, "B": True, "C": False, "D": False, "E": True, "F": False}
