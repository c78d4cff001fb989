"""The workbook of an audit: how it is made, and that nothing in it is dangerous."""

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from rankings.adapters import audit_workbook as workbook
from rankings.adapters.assessment_workbook_words import Words, asked
from rankings.adapters.audit_workbook import Line, Taken
from rankings.adapters.audit_workbook_words import WAYS
from rankings.adapters.catalogues import LANGUAGES
from rankings.scoring.rules import Level
from rankings.usecases.workbook_changes import Comparison
from rankings.usecases.workbook_changes_values import as_in_a_sheet
from tests.adapters.assessment_workbooks import code, heading, hides_nothing, rows, without_formulas
from tests.adapters.audit_workbooks import (
    AUDIT,
    NOBODY,
    VISITED,
    compared,
    letter,
    lines,
    written,
)
from tests.adapters.edition_samples import COC, KH
from tests.adapters.test_edition_injection import PAYLOADS
from tests.office import Convert


def opened(file: Path) -> Workbook:
    return openpyxl.load_workbook(file)


def rule(book: Workbook, sheet: str, place: str) -> DataValidation:
    """What may be typed into a cell."""
    found: list[DataValidation] = book[sheet].data_validations.dataValidation
    return next(one for one in found if place in one.sqref)


def offered(book: Workbook, found: DataValidation) -> list[tuple[str, str]]:
    """The choices of a cell, each with what it means."""
    sheet, _, area = str(found.formula1).partition("!")
    first, _, last = area.replace("$", "").replace("C", "").partition(":")
    page = book[sheet]
    return [
        (page[f"C{row}"].value, page[f"D{row}"].value or "")
        for row in range(int(first), int(last) + 1)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheets_are_five_and_hide_nothing(language: str, tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx", language=language)
    hides_nothing(file, "About", "Instructions", "Findings", "Visit", "Lists")


def test_about_says_which_audit_it_is(tmp_path: Path) -> None:
    page = opened(written(tmp_path / "w.xlsx"))["About"]
    told = {row[0]: row[2] for row in page.iter_rows(min_row=3, values_only=True)}
    assert told["format"] == "audit 1"
    assert told["audit"] == AUDIT
    assert (told["association"], told["agency"], told["cycle"]) == ("vamas", "VN-00011", "2026")
    assert told["rubric_sha256"] == heading(COC).rubric_sha256


def test_only_what_an_auditor_fills_in_is_open(tmp_path: Path) -> None:
    book = opened(written(tmp_path / "w.xlsx"))
    open_cells = {
        (page.title, cell.coordinate.rstrip("0123456789"))
        for page in book
        for row in page.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    wanted = {("Findings", letter("finding")), ("Findings", letter("reason")), ("Visit", "C")}
    assert open_cells == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_offers_its_choices_with_what_they_mean(
    language: str, tmp_path: Path
) -> None:
    book = opened(written(tmp_path / "w.xlsx", language=language))
    words, page = Words(code(COC), language, WAYS), book["Findings"]
    for indicator in asked(code(COC).rubric):
        found = rule(book, "Findings", f"{letter('finding')}{rows(page)[indicator.id]}")
        assert found.allow_blank
        assert len(found.prompt or "") <= 255
        if isinstance(indicator.rule, Level):
            choices = offered(book, found)
            assert [label for label, _ in choices] == list(words.choices(indicator).values())
            assert all(meaning for _, meaning in choices[: len(indicator.rule.options)])
            assert found.showErrorMessage


def test_what_the_agency_says_stands_beside_the_finding(tmp_path: Path) -> None:
    files = [("a.pdf", "ab" * 32), ("b.pdf", "cd" * 32)]
    held = {
        "share": Line("12.5", "about", files, "40", "Half of them."),
        "days": Line(claim="not_applicable"),
    }
    page = opened(written(tmp_path / "w.xlsx", "small", held=held))["Findings"]
    share, days = rows(page)["share"], rows(page)["days"]
    told = {one: page[f"{letter(one)}{share}"].value for one in ("claim", "claim_note", "finding")}
    assert told == {"claim": 12.5, "claim_note": "about", "finding": 40}
    listed = page[f"{letter('claim_evidence')}{share}"].value
    assert listed == "a.pdf · abababababab\nb.pdf · cdcdcdcdcdcd"
    assert page[f"{letter('claim')}{days}"].value == "Does not apply to the agency"


def test_the_visit_takes_a_day_of_the_cycle_and_a_method_of_its_audit(tmp_path: Path) -> None:
    book = opened(written(tmp_path / "w.xlsx"))
    days = rule(book, "Visit", "C3")
    assert (days.type, days.formula1, days.formula2) == ("date", "46023", "46203")
    assert [label for label, _ in offered(book, rule(book, "Visit", "C4"))] == [
        "Visit, announced",
        "Visit, not announced",
        "Video call",
    ]
    assert book["Visit"]["C3"].value == book["Visit"]["D3"].value
    assert str(book["Visit"]["C3"].value).startswith("2026-03-02")
    assert book["Visit"]["C4"].value == "Video call"
    assert opened(written(tmp_path / "w.xlsx", visit=NOBODY))["Visit"]["C3"].value is None


def test_the_same_findings_give_the_same_bytes() -> None:
    taken = Taken(AUDIT, VISITED, lines(KH))
    one, other = (workbook.write(code(KH), "my", heading(KH), taken) for _ in range(2))
    assert one == other
    assert len(one) < 80_000


def test_nothing_that_was_typed_becomes_a_formula(tmp_path: Path, convert: Convert) -> None:
    """Sixty payloads: as notes and files of the agency, and as reasons."""
    levels = [one for one in asked(code(KH).rubric) if isinstance(one.rule, Level)]
    half = len(PAYLOADS) // 2
    held = {
        one.id: Line(
            one.rule.options[0].id, said, [(said, "ab" * 32)], one.rule.options[0].id, reason
        )
        for one, said, reason in zip(levels, PAYLOADS[:half], PAYLOADS[half:], strict=False)
        if isinstance(one.rule, Level)
    }
    assert len(held) == half >= 30
    file = written(tmp_path / "w.xlsx", KH, held=held)
    for path in (file, convert(file, "xlsx")):
        without_formulas(path)
        found = {row.indicator: row.note for row in workbook.read(path).rows}
        for indicator, line in held.items():
            assert found[indicator].before == as_in_a_sheet(line.reason)
        assert compared(path, KH, held) == (Comparison(rows=50), [])


def test_a_heading_that_is_hostile_stays_a_text(tmp_path: Path) -> None:
    for payload in PAYLOADS[::6]:
        bad = replace(heading("small"), agency_name=payload, association_name=payload)
        bad = replace(bad, agency=payload, cycle=payload, cycle_name=payload)
        file = tmp_path / "w.xlsx"
        file.write_bytes(workbook.write(code("small"), "en", bad, Taken(payload, NOBODY, {})))
        with zipfile.ZipFile(file) as archive:
            assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]
        assert workbook.read(file).about["audit"] == as_in_a_sheet(payload)
