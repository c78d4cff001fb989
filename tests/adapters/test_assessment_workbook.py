"""The workbook of a self-assessment: how it is made, and that nothing in it is dangerous."""

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from rankings.adapters import assessment_workbook as workbook
from rankings.adapters.assessment_workbook import Given
from rankings.adapters.assessment_workbook_page import readable
from rankings.adapters.assessment_workbook_words import Words, asked, does_not_apply
from rankings.adapters.catalogues import LANGUAGES
from rankings.scoring.rules import Level
from rankings.usecases.answers import Questions
from rankings.usecases.workbook_changes import Comparison
from rankings.usecases.workbook_changes_values import as_in_a_sheet
from tests.adapters.assessment_workbooks import (
    FIRST,
    SHIPPED,
    answered,
    code,
    compared,
    heading,
    hides_nothing,
    letter,
    rows,
    without_formulas,
    written,
)
from tests.adapters.edition_samples import COC, KH
from tests.adapters.test_edition_injection import PAYLOADS
from tests.office import Convert


def opened(file: Path) -> Workbook:
    return openpyxl.load_workbook(file)


def validations(book: Workbook) -> dict[str, DataValidation]:
    """The rule of each cell by its address."""
    found = book["Answers"].data_validations.dataValidation
    return {str(cells): one for one in found for cells in one.sqref.ranges}


@pytest.mark.parametrize("rubric", [*SHIPPED, "small"])
def test_every_question_has_a_row_and_articles_stay_together(rubric: str) -> None:
    found = asked(code(rubric).rubric)
    assert {one.id for one in found} == set(Questions(code(rubric)).asked)
    parents = [one.parent for one in found]
    assert parents == sorted(parents, key=parents.index)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheets_are_four_and_hide_nothing(language: str, tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx", language=language)
    hides_nothing(file, "About", "Instructions", "Answers", "Lists")


def test_about_says_whose_workbook_it_is(tmp_path: Path) -> None:
    page = opened(written(tmp_path / "w.xlsx"))["About"]
    told = {row[0]: row[2] for row in page.iter_rows(min_row=3, values_only=True)}
    assert told == {
        "format": "self-assessment 1",
        "association_name": "Hiệp hội Ví Dụ (VAMAS)",
        "association": "vamas",
        "agency_name": heading(COC).agency_name,
        "agency": "VN-00011",
        "cycle_name": "Assessment 2026",
        "cycle": "2026",
        "rubric": code(COC).rubric.code,
        "rubric_version": "1.0.0",
        "rubric_sha256": heading(COC).rubric_sha256,
        "language": "en",
        "downloaded_at": "2026-07-01 02:00 UTC",
    }


def test_only_what_an_agency_fills_in_is_open(tmp_path: Path) -> None:
    book = opened(written(tmp_path / "w.xlsx"))
    open_cells = {
        (page.title, cell.coordinate.rstrip("0123456789"))
        for page in book
        for row in page.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert open_cells == {("Answers", letter(one)) for one in ("answer", "note", "evidence")}
    assert book["Answers"].freeze_panes == "D3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_offers_the_choices_of_its_question(language: str, tmp_path: Path) -> None:
    book = opened(written(tmp_path / "w.xlsx", language=language))
    rules, page, words = validations(book), book["Answers"], Words(code(COC), language)
    for indicator in asked(code(COC).rubric):
        rule = rules[f"{letter('answer')}{rows(page)[indicator.id]}"]
        assert rule.allow_blank
        assert len(rule.prompt or "") <= 255
        if isinstance(indicator.rule, Level):
            sheet, _, area = str(rule.formula1).partition("!")
            offered = [cell.value for (cell,) in book[sheet][area.replace("$", "")]]
            assert offered == [readable(one) for one in words.choices(indicator).values()]
            assert rule.showErrorMessage


def test_numbers_have_their_limits(tmp_path: Path) -> None:
    book = opened(written(tmp_path / "w.xlsx", "small"))
    rules, page = validations(book), book["Answers"]
    share, days, wage = (
        rules[f"{letter('answer')}{rows(page)[one]}"] for one in ("share", "days", "wage")
    )
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "100")
    assert (wage.type, wage.formula1) == ("decimal", "0.000001")
    # What may not apply is offered as a choice, and any number may be typed beside it.
    assert (days.type, bool(days.showErrorMessage)) == ("list", False)
    assert rules[f"{letter('note')}{FIRST}:{letter('note')}{page.max_row}"].formula1 == "1000"


def test_choices_that_look_alike_are_told_apart() -> None:
    words, alike = Words(code("small"), "en"), asked(code("small").rubric)[-1]
    assert words.choices(alike) == {
        "1": "Often (1)",
        "2": "often (2)",
        "3": "Does not apply to us (3)",
        "not_applicable": "Does not apply to us",
    }
    assert Words(code("small"), "vi").choices(alike)["1"] == "3 (1)"
    assert "Does not apply to us" in does_not_apply()


def test_numbers_are_numbers_and_evidence_is_listed(tmp_path: Path) -> None:
    files = [("a.pdf", "ab" * 32), ("b.pdf", "cd" * 32)]
    answers = {"share": Given("12.5", "", files), "days": Given("1/3")}
    page = opened(written(tmp_path / "w.xlsx", "small", answers=answers))["Answers"]
    share, days = rows(page)["share"], rows(page)["days"]
    assert page[f"{letter('answer')}{share}"].value == 12.5
    assert page[f"{letter('answer_before')}{share}"].value == 12.5
    assert page[f"{letter('answer')}{days}"].value == "1/3"
    listed = page[f"{letter('evidence_before')}{share}"].value
    assert listed == "a.pdf · abababababab\nb.pdf · cdcdcdcdcdcd"


def test_the_same_answers_give_the_same_bytes() -> None:
    one, other = (workbook.write(code(KH), "my", heading(KH), answered(KH)) for _ in range(2))
    assert one == other
    assert len(one) < 60_000


def poisoned(rubric: str, payloads: tuple[str, ...]) -> dict[str, Given]:
    """Every answer has a payload as its note, and as the name of a file."""
    return {
        one.id: Given(one.rule.options[0].id, payload, [(payload, "ab" * 32)])
        for one, payload in zip(asked(code(rubric).rubric), payloads, strict=False)
        if isinstance(one.rule, Level)
    }


@pytest.mark.parametrize("half", [0, 1])
def test_nothing_that_was_typed_becomes_a_formula(
    half: int, tmp_path: Path, convert: Convert
) -> None:
    payloads = PAYLOADS[half::2]
    answers = poisoned(KH, payloads)
    assert len(answers) == len(payloads)
    file = written(tmp_path / "w.xlsx", KH, answers=answers)
    for path in (file, convert(file, "xlsx")):
        without_formulas(path)
        found = {row.indicator: row.note for row in workbook.read(path).rows}
        for indicator, given in answers.items():
            assert found[indicator].before == as_in_a_sheet(given.note)
        assert compared(path, KH, answers) == Comparison(rows=50)


def test_a_heading_that_is_hostile_stays_a_text(tmp_path: Path) -> None:
    for payload in PAYLOADS[::4]:
        bad = replace(heading("small"), agency_name=payload, association_name=payload)
        bad = replace(bad, agency=payload, cycle=payload, cycle_name=payload)
        file = tmp_path / "w.xlsx"
        file.write_bytes(workbook.write(code("small"), "en", bad, {}))
        with zipfile.ZipFile(file) as archive:
            assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]
        assert workbook.read(file).about["agency_name"] == as_in_a_sheet(payload)
