"""CSV files and files of other kinds: what is read, what is refused, and in which words."""

import csv
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rankings.adapters import sheets
from rankings.adapters.sheets import Line
from tests.adapters.sheet_files import TABLES, VIETNAMESE, Table, expected, refused, written


def test_blank_rows_are_skipped_and_numbers_kept(tmp_path: Path) -> None:
    file = written(tmp_path, b"\n,,\nagency,workers,\n\n,\nA,1,\n;,2\n", "table.csv")
    found = sheets.read(file)
    assert found.header == ("agency", "workers")
    assert found.lines == (Line(6, ("A", "1")), Line(7, (";", "2")))


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("agency,workers\nA,1\n", [(2, "A", "1")]),
        ("\ufeffagency;workers\r\nA;1,5\r\n", [(2, "A", "1,5")]),
        ('"agency, code";workers\n"A;B";1\n', [(2, "A;B", "1")]),
        ('agency,workers\n"A\r\nB",1\nC,2', [(2, "A\nB", "1"), (4, "C", "2")]),
        ('agency,workers\n"say ""no""",=1+1\n', [(2, 'say "no"', "=1+1")]),
        (f"agency,workers\n{VIETNAMESE}, 1 \n", [(2, normalize("NFC", VIETNAMESE), "1")]),
    ],
)
def test_a_csv_file_is_read(
    content: str, lines: list[tuple[int, str, str]], tmp_path: Path
) -> None:
    found = sheets.read(written(tmp_path, content.encode(), "table.csv"))
    assert [(line.number, *line.cells) for line in found.lines] == lines


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"agency,workers\nA,1\nB,\xff\n", "row 3: 'ff': is not UTF-8; save it as CSV UTF-8"),
        (b"agency,workers\nA,\xe1", "row 2: 'e1': is not UTF-8"),
        ("agency,workers\n".encode("utf-16"), "'UTF-16': is not UTF-8"),
        (b"PK\x03\x04", "is a workbook that is named .csv"),
        (b'agency,workers\nA,"1\n', "row 2: '': cannot be read: unexpected end of data"),
        (b'agency,workers\nA,"1"2\n', "row 2: '': cannot be read: ',' expected"),
        (
            b"agency,workers\nA\n",
            "row 2: 'A': the row has 1 cells, the header 2; look for a missing",
        ),
        (b"agency,workers\nA,1,2\n", "row 2, column 3: '2': cannot be taken"),
        (b"agency\tworkers\nA\t1\n", "separate columns by commas"),
        (b"agency,workers\nA,\x001\n", "row 2, column workers: '\\x001': holds the invisible"),
        ("agency,workers\n\u202eA,1\n".encode(), "U+202E"),
        (b"agency,workers\nA," + b"x" * 5_001, "may have 5,000 characters"),
        (b"agency,workers\nA," + b"x" * 200_000, "row 2: '': cannot be read: field larger than"),
        (b"agency,agency\n", "row 1, column 1: 'agency': stands twice"),
        (b",".join(b"c%d" % n for n in range(61)), "a table may have 60 columns"),
        (b"", "file: '': holds no table"),
        (b"\n,,\n", "file: '': holds no table"),
    ],
)
def test_a_csv_file_that_is_wrong_says_where(content: bytes, words: str, tmp_path: Path) -> None:
    assert words in refused(written(tmp_path, content, "table.csv"))[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("table.xls", "is the form of Excel 97 to 2003; save it as .xlsx"),
        ("table.XLSM", "may hold macros; save it as .xlsx"),
        ("table.xlsb", "is a binary workbook; save it as .xlsx"),
        ("table.ods", "is an OpenDocument table; save it as .xlsx"),
        ("table.pdf", "is not a table; save it as .xlsx or as .csv"),
        ("table", "is not a table"),
    ],
)
def test_another_kind_of_file_has_its_own_words(name: str, words: str, tmp_path: Path) -> None:
    [problem] = refused(written(tmp_path, b"", name))
    assert problem.startswith(name)
    assert words in problem


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert "is not a file" in refused(tmp_path / "folder.csv")[0]
    assert "cannot be opened: No such file" in refused(tmp_path / "none.csv")[0]
    for name, size in (("big.xlsx", 5_000_001), ("big.csv", 50_000_001)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
        assert f"is larger than {size // 1_000_000} MB" in refused(tmp_path / name)[0]


def test_every_problem_is_named_up_to_fifty(tmp_path: Path) -> None:
    content = "agency,workers\n" + "\u2066,\u2067\n" * 20
    assert len(refused(written(tmp_path, content.encode(), "table.csv"))) == 40
    content = "agency,workers\n" + "\u2066,\u2067\n" * 90
    assert len(refused(written(tmp_path, content.encode(), "table.csv"))) == 50


@given(TABLES, st.sampled_from(",;"), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=150, deadline=None)
def test_any_clean_table_comes_back_from_csv(
    tmp_path_factory: pytest.TempPathFactory,
    table: Table,
    delimiter: str,
    ends: str,
) -> None:
    # The header of a single column does not tell what separates columns.
    assume(delimiter == "," or len(table[0]) > 1)
    file = tmp_path_factory.mktemp("csv") / "table.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows([table[0], *table[1]])
    found = sheets.read(file)
    assert [found.header, *(line.cells for line in found.lines)] == expected(table)
