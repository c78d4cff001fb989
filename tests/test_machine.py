"""The parts of the machine that other tests lean on do work."""

from pathlib import Path

import openpyxl
from playwright.sync_api import Page

from tests.office import Convert


def test_the_browser_shows_a_page(page: Page) -> None:
    page.set_content("<h1>Xin chào</h1>")
    assert page.inner_text("h1") == "Xin chào"


def test_the_office_program_computes_a_formula(tmp_path: Path, convert: Convert) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "=1+2"
    book.save(tmp_path / "sum.xlsx")
    done = openpyxl.load_workbook(convert(tmp_path / "sum.xlsx", "xlsx"), data_only=True)
    assert done.active is not None
    assert done.active["A1"].value == 3
