"""Tables as spreadsheet programs save them: what is read, and what is wrong with a cell."""

import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rankings.adapters import sheets, workbook_child
from rankings.adapters.sheets import Line, Sheet
from tests.adapters.hostile_workbooks import made, rows, value
from tests.adapters.hostile_zips import Entry, pack, parts, sheet
from tests.adapters.sheet_files import TABLES, VIETNAMESE, Table, expected, refused, written
from tests.office import Convert

HEADER = ["agency", "workers", "since", "heard", "note"]
ROW = ["VN-00015", 12.5, date(2026, 3, 1), True, "ok"]
GOLDEN = (Line(2, ("VN-00015", "12.5", "2026-03-01", "yes", "ok")),)
KHMER, BURMESE = "ទីភ្នាក់ងារ", "မြန်မာအလုပ်အကိုင်"


def active(book: Workbook) -> Worksheet:
    assert isinstance(book.active, Worksheet)
    return book.active


def saved(folder: Path, dress: Callable[[Worksheet], object] = lambda page: None) -> Path:
    """The golden table, dressed up."""
    book = Workbook()
    page = active(book)
    page.append(HEADER)
    page.append(ROW)
    dress(page)
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


def validated(page: Worksheet) -> None:
    validation = DataValidation(type="list", formula1='"yes,no"')
    validation.add("D2:D100")
    page.add_data_validation(validation)


def second_sheet(page: Worksheet) -> None:
    assert page.parent
    other = page.parent.create_sheet("lists")
    other.sheet_state = "veryHidden"
    other["A1"] = "=1+1"
    other.merge_cells("B1:C9")


def named(page: Worksheet) -> None:
    assert isinstance(page.parent, Workbook)
    page.parent.defined_names["kinds"] = DefinedName("kinds", attr_text="Sheet!$A$1:$A$9")


def far_hidden(page: Worksheet) -> None:
    page.column_dimensions["H"].hidden = True
    page.row_dimensions[9].hidden = True
    page.merge_cells("G4:H5")


def trailing(page: Worksheet) -> None:
    for number in (4, 9):
        page.cell(number, 1).font = Font(bold=True)


DRESSES: dict[str, Callable[[Worksheet], object]] = {
    "plain": lambda page: None,
    "frozen panes": lambda page: setattr(page, "freeze_panes", "A2"),
    "filter": lambda page: setattr(page.auto_filter, "ref", "A1:E2"),
    "comment": lambda page: setattr(page["A2"], "comment", Comment("who?", "me")),
    "hyperlink": lambda page: setattr(page["A2"], "hyperlink", "https://example.org/"),
    "bold": lambda page: setattr(page["B2"], "font", Font(bold=True)),
    "data validation": validated,
    "second sheet, hidden": second_sheet,
    "defined name": named,
    "hidden and merged outside": far_hidden,
    "blank rows": trailing,
    "protection": lambda page: page.protection.enable(),
    "spaces": lambda page: setattr(page["E2"], "value", " \u00a0ok\n"),
    "days from 1904": lambda page: setattr(page.parent, "epoch", CALENDAR_MAC_1904),
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_a_workbook_of_any_dress_is_read(
    dress: Callable[[Worksheet], object], tmp_path: Path
) -> None:
    found = sheets.read(saved(tmp_path, dress))
    assert found.header == tuple(HEADER)
    assert found.lines == GOLDEN


def test_a_streamed_workbook_is_read(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in (HEADER, ROW):
        page.append(row)
    book.save(tmp_path / "table.xlsx")
    assert sheets.read(tmp_path / "table.xlsx").lines == GOLDEN


@pytest.mark.parametrize("through", ["ods", "csv", "xlsx"])
def test_what_libreoffice_saves_is_read(through: str, tmp_path: Path, convert: Convert) -> None:
    file = saved(tmp_path)
    if through == "csv":
        file = written(tmp_path, b"agency,workers,note\nVN-00015,12.5,ok\n", "table.csv")
    elif through == "ods":
        file = convert(file, "ods")
    found = sheets.read(convert(file, "xlsx"))
    assert found.lines[0].cells[:2] == ("VN-00015", "12.5")
    if through != "csv":
        assert found.lines == GOLDEN


def test_a_place_is_named_as_its_program_names_it() -> None:
    line = Line(12, ("a", "b", "c"))
    header = ("agency", "quarter", "workers")
    assert Sheet(header, (line,), "xlsx").place(line, 2) == "cell C12 (workers)"
    assert Sheet(header, (line,), "csv").place(line, 2) == "row 12, column workers"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("12", "12"),
        ("0012", "12"),
        ("12.0", "12"),
        ("12.50", "12.5"),
        ("1.1000000000000001", "1.1"),
        ("1E3", "1000"),
        ("1.5E-7", "0.00000015"),
        ("-0", "0"),
        ("-0.5", "-0.5"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_a_number_is_its_shortest_exact_text(raw: str, text: str, tmp_path: Path) -> None:
    assert sheets.read(written(tmp_path, value(raw)())).lines[0].cells[1] == text


@pytest.mark.parametrize(
    ("code", "raw", "text"),
    [
        ("yyyy\\-mm\\-dd", "46082", "2026-03-01"),
        ("[$-409]d\\-mmm\\-yy;@", "59", "1900-02-28"),
        ("mmm", "1", "1900-01-01"),
        ("ge.m.d", "61", "1900-03-01"),
        ('0 "days"', "12", "12"),
        ("#,##0.00 [$₫-42A]", "1250.5", "1250.5"),
        ("[Red]General", "3", "3"),
        ("0.00E+00", "3", "3"),
    ],
)
def test_a_format_says_what_a_number_means(code: str, raw: str, text: str, tmp_path: Path) -> None:
    written_code = code.replace('"', "&quot;")
    styles = f'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{written_code}"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    rows_ = '<row><c t="inlineStr"><is><t>since</t></is></c></row>'
    page = sheet(f'{rows_}<row><c s="1"><v>{raw}</v></c></row>')
    file = written(tmp_path, made(styles=styles, sheet=page)())
    assert sheets.read(file).lines[0].cells == (text,)


def test_a_time_is_not_a_day(tmp_path: Path) -> None:
    book = Workbook()
    active(book).append(["since"])
    active(book).append([datetime.combine(date(2026, 3, 1), time(12))])
    active(book).append([time()])
    book.save(tmp_path / "table.xlsx")
    assert refused(tmp_path / "table.xlsx") == [
        "cell A2 (since): '46082.5': has a time of day; keep the date alone",
        "cell A3 (since): '0': is a time of day; a table has dates and numbers only",
    ]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ('<c r="A2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
        ('<c r="A2" t="inlineStr"><is><t>東</t><rPh><t>ヒガシ</t></rPh></is></c>', "東"),
        ('<c r="A2" t="s"><v>0</v></c>', "one"),
        ('<c r="A2" t="str"><v>a_x000D_\nb_x005F_x</v></c>', "a\nb_x"),
        ('<c r="A2" t="d"><v>2026-03-01T00:00:00Z</v></c>', "2026-03-01"),
        ('<c t="b"><v>0</v></c>', "no"),
        ('<c t="b"><f>FALSE()</f><v>1</v></c>', "no"),
        (f'<c t="str"><v>{VIETNAMESE}</v></c>', normalize("NFC", VIETNAMESE)),
        (f'<c t="str"><v>{KHMER}\u200b</v></c>', f"{KHMER}\u200b"),
        (f'<c t="str"><v>{BURMESE}</v></c>', BURMESE),
        ('<c t="str"><v>=1+1</v></c>', "=1+1"),
        (f'<c t="str"><v>{"x" * 5_000}</v></c>', "x" * 5_000),
    ],
)
def test_a_text_is_read_however_it_is_written(cells: str, text: str, tmp_path: Path) -> None:
    assert sheets.read(written(tmp_path, rows(cells)())).lines[0].cells == (text, "")


def test_a_workbook_in_other_words_is_read(tmp_path: Path) -> None:
    """Prefixes, absolute targets, UTF-16, data descriptors, ZIP64 sizes."""
    page = '<x:worksheet xmlns:x="a"><x:sheetData><x:row><x:c t="str"><x:v>id</x:v></x:c></x:row>'
    page += "</x:sheetData></x:worksheet>"
    usual = parts(sheet=('<?xml version="1.0" encoding="UTF-16"?>' + page).encode("utf-16"))
    relations = "xl/_rels/workbook.xml.rels"
    usual[relations] = usual[relations].replace(b"worksheets/sheet1", b"/xl/worksheets/Sheet1")
    items = []
    for name, content in usual.items():
        entry = Entry(name, content, flags=8)
        told = entry.truth()
        after = b"PK\x07\x08" + b"".join(
            told[key].to_bytes(4, "little") for key in ("crc", "packed", "size")
        )
        nothing = {"crc": 0, "packed": 0, "size": 0}
        items.append(Entry(name, content, flags=8, local=nothing, after=after))
    for file in (pack(items), pack(items, large={}), pack([*items, Entry("xl/", method=0)])):
        assert sheets.read(written(tmp_path, file)).header == ("id",)


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_any_clean_table_comes_back_from_a_workbook(
    table: Table,
) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for line in (table[0], *table[1]):
        cells = [WriteOnlyCell(page, text or None) for text in line]
        for cell in cells:
            # Else a text that begins with = would be a formula.
            cell.data_type = "s" if cell.value else "n"
        page.append(cells)
    file = io.BytesIO()
    book.save(file)
    header, *lines = workbook_child.answer(file.getvalue())
    assert [header["header"], *(cells for _, cells in lines)] == expected(table)
