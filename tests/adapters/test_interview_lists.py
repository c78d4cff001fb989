"""Deployment lists: numbers come in; names, telephones and hostile files do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from rankings.adapters import interview_list
from rankings.errors import Invalid
from tests.adapters.hostile_workbooks import PARTS


def test_a_list_is_read_from_a_file_and_from_a_text(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("worker,destination,state\nD-1,jp,abroad\nD-2,KR,\n", encoding="utf-8")
    found = [row.values for row in interview_list.read(file).rows]
    assert found == [
        {"worker": "D-1", "destination": "JP", "state": "abroad"},
        {"worker": "D-2", "destination": "KR", "state": None},
    ]
    text = interview_list.pasted(" D-1 \r\n\r\nD-2\n")
    assert [row.values["worker"] for row in text.rows] == ["D-1", "D-2"]


@pytest.mark.parametrize("column", ["name", "telephone", "passport", "Họ tên", "worker2"])
def test_columns_with_contacts_are_refused_with_the_reason(tmp_path: Path, column: str) -> None:
    book, file = Workbook(), tmp_path / "list.xlsx"
    page = book.create_sheet("List", 0)
    page.append(["worker", column])
    page.append(["D-1", "x"])
    book.save(file)
    with pytest.raises(Invalid, match="stay in your own list") as refused:
        interview_list.read(file)
    assert [one.value for one in refused.value.problems] == [column]


@pytest.mark.parametrize(
    "number", ["0912345678", "0084912345678", "84912345678", "B1234567", "012345678901", "Chị Hoa"]
)
def test_numbers_that_tell_who_it_is_are_refused(number: str) -> None:
    found = interview_list.pasted(f"D-1\n{number}\n")
    assert [row.values["worker"] for row in found.rows] == ["D-1"]
    assert found.problems[0].place == "row 2, column worker"


@pytest.mark.parametrize("number", ["1", "17", "000123", "2026/0017", "VN-17.a", "10000234"])
def test_numbers_of_lists_are_taken(number: str) -> None:
    assert interview_list.pasted(number).problems == []


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(Invalid):
        interview_list.pasted("1\n" * 100_001)


@pytest.mark.parametrize("case", ["macros", "external link", "laughs", "XXE", "no workbook"])
def test_hostile_workbooks_are_refused_as_everywhere(tmp_path: Path, case: str) -> None:
    make, why = PARTS[case]
    file = tmp_path / "list.xlsx"
    file.write_bytes(make())
    with pytest.raises(Invalid) as refused:
        interview_list.read(file)
    assert why in str(refused.value)
