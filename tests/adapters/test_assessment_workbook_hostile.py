"""Workbooks of ours that somebody made hostile: refused with a sentence, and nothing is read."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook

from rankings.adapters import assessment_workbook as workbook
from rankings.errors import Invalid
from tests.adapters.assessment_workbooks import SHEET, edited, parts_of, refused, written
from tests.adapters.hostile_workbooks import LAUGHS, PARAMETER, XXE
from tests.adapters.hostile_zips import Entry, entries, pack


def other_format(book: Workbook) -> None:
    book["About"]["C3"] = "self-assessment 9"


def no_columns(book: Workbook) -> None:
    book["Answers"].delete_rows(1)


def renamed(name: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[name].title = "Sheet1"

    return change


def removed(name: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        del book[name]

    return change


def wiped(book: Workbook) -> None:
    book["About"].delete_rows(1, 30)


REFUSED = {
    "renamed About": (renamed("About"), "has no sheet “About”; use the workbook downloaded here"),
    "renamed Answers": (renamed("Answers"), "has no sheet “Answers”; use the workbook"),
    "removed About": (removed("About"), "has no sheet “About”"),
    "removed Answers": (removed("Answers"), "has no sheet “Answers”"),
    "other format": (other_format, "is not a workbook of this page; use the workbook"),
    "wiped": (wiped, "is not a workbook of this page"),
    "no columns": (no_columns, "has lost the row that names its columns; use the workbook"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_our_workbook_is_refused_in_words(name: str, tmp_path: Path) -> None:
    change, words = REFUSED[name]
    (problem,) = refused(edited(written(tmp_path / "w.xlsx"), change))
    assert words in str(problem)


def test_the_sender_reads_the_name_that_the_sender_gave(tmp_path: Path) -> None:
    (tmp_path / "tmp123").write_bytes(b"not a workbook")
    (problem,) = refused(tmp_path / "tmp123", "answers.xlsx")
    assert str(problem).startswith("answers.xlsx: ")


Parts = dict[str, bytes]


def with_part(name: str, content: bytes = b"<a/>") -> Callable[[Parts], bytes]:
    return lambda parts: pack(entries({**parts, name: content}))


def with_text(name: str, text: str) -> Callable[[Parts], bytes]:
    return with_part(name, text.encode())


def with_rows(row: str, count: int) -> Callable[[Parts], bytes]:
    """Our answers with a great many rows behind them."""

    def make(parts: Parts) -> bytes:
        xml = parts[SHEET].decode().replace("</sheetData>", row * count + "</sheetData>")
        return pack(entries({**parts, SHEET: xml.encode()}))

    return make


def linked(parts: Parts) -> bytes:
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    link = '<Relationship Id="x" Type="x/frame" Target="//192.0.2.1/a" TargetMode="External"/>'
    changed = rels.replace("</Relationships>", f"{link}</Relationships>")
    return pack(entries({**parts, "xl/_rels/workbook.xml.rels": changed.encode()}))


def twice(parts: Parts) -> bytes:
    return pack([*entries(parts), Entry(SHEET.upper(), parts[SHEET])])


def outside(parts: Parts) -> bytes:
    return pack([*entries(parts), Entry("xl/worksheets/../../etc/passwd", b"")])


def locked(parts: Parts) -> bytes:
    return pack([Entry(name, content, flags=1) for name, content in parts.items()])


def lying(parts: Parts) -> bytes:
    return pack([Entry(name, content, central={"size": 5}) for name, content in parts.items()])


CELL = '<row><c t="n"><v>1</v></c></row>'
FAULTY = "<row><c><f>1+1</f></c><c><f>1+1</f></c></row>"
MERGES = "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 2_001 + "</mergeCells></worksheet>"

HOSTILE: Mapping[str, tuple[Callable[[Parts], bytes], str]] = {
    "macros": (with_part("xl/vbaProject.bin"), "macros"),
    "other workbooks": (
        with_part("xl/externalLinks/externalLink1.xml"),
        "links to other workbooks",
    ),
    "embedded": (with_part("xl/embeddings/a.bin"), "embedded files"),
    "ActiveX": (with_part("xl/activeX/activeX1.xml"), "ActiveX"),
    "connections": (with_part("xl/connections.xml"), "data connections"),
    "program": (with_part("xl/setup.exe"), "parts that no table needs"),
    "laughs": (with_text(SHEET, LAUGHS), "declares entities"),
    "XXE": (with_text("xl/styles.xml", XXE), "declares entities"),
    "parameter entities": (with_text("docProps/app.xml", PARAMETER), "declares entities"),
    "300 MB": (with_part(SHEET, b" " * 40_000_000), "30 MB in one part"),
    "not XML": (with_text(SHEET, "{}"), "is damaged"),
    "far cell": (with_rows('<row r="1048577"><c/></row>', 1), "rows out of order"),
    "many rows": (with_rows(CELL, 5_001), "more than 5,000 rows"),
    "many formulas": (with_rows(FAULTY, 300), "more than 500 cells that cannot be read"),
    "on the web": (linked, "refers to a place outside"),
    "two of a name": (twice, "two parts of one name"),
    "outside": (outside, ""),
    "encrypted": (locked, "password"),
    "lying sizes": (lying, ""),
    "cut off": (lambda parts: pack(entries(parts))[:-40], "cut off"),
    "something behind": (lambda parts: pack(entries(parts)) + b"PK", "data after its end"),
    "merges": (
        lambda parts: pack(
            entries({**parts, SHEET: parts[SHEET].replace(b"</worksheet>", MERGES.encode())})
        ),
        "too many merged cells",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    make, words = HOSTILE[name]
    file = written(tmp_path / "w.xlsx", "small", answers={})
    file.write_bytes(make(parts_of(file)))
    (problem,) = refused(file)
    assert problem.place == "w.xlsx"
    assert words in str(problem)


def test_a_large_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "w.xlsx").write_bytes(b"PK" + b"\0" * 5_000_000)
    assert "larger than 5 MB" in str(refused(tmp_path / "w.xlsx")[0])
    assert "is not a file" in str(refused(tmp_path)[0])


def test_a_mutated_workbook_is_refused_or_read_but_never_breaks(tmp_path: Path) -> None:
    file, random = written(tmp_path / "w.xlsx", "small", answers={}), Random(4)
    good = file.read_bytes()
    for _ in range(40):
        changed = bytearray(good)
        for _ in range(random.randrange(1, 4)):
            changed[random.randrange(len(changed))] = random.randrange(256)
        file.write_bytes(bytes(changed))
        with suppress(Invalid):
            assert len(workbook.read(file).rows) <= 4
