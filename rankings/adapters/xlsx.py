"""Workbooks: typed cells, the same bytes for the same content, rows streamed past openpyxl."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as StyledCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from rankings.adapters.xlsx_heights import height
from rankings.adapters.xlsx_looks import DATE, NUMBER, TEXT, Look, header
from rankings.adapters.xlsx_package import Archive, Part, Strings, clean

Row = Sequence[str]
Cell = tuple[Look, str]
# A column's letter, the number of its style, and what writes a value.
Place = tuple[str, int, Callable[[str], str]]

# In points: what openpyxl writes as the height of rows, and a header with room for filter buttons.
DEFAULT_HEIGHT, HEADER_HEIGHT = 16.0, 26.0
NORMAL = 10.0
# The day 0 of a workbook is 1899-12-30.
DAY_0 = date(1899, 12, 30).toordinal()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its stable id, how its cells look, its width in characters."""

    id: str
    look: Look
    width: float


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that is one table with one header row. Cells are texts, empty where there is none:
    numbers as decimals with a point, dates as in ISO 8601. Cells that are not `numbered` do not
    say where they are, they only stand in order: a long table is half as large then."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    count: int
    numbered: bool = True

    @property
    def widths(self) -> list[float]:
        return [column.width for column in self.columns]

    @property
    def height(self) -> int:
        """A table has at least one row below its header, if only an empty one."""
        return max(self.count, 1) + 1


@dataclass(frozen=True, slots=True)
class Notes:
    """A sheet of free lines, each with its own looks."""

    title: str
    widths: Sequence[float]
    rows: Sequence[Sequence[Cell]]

    @property
    def height(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class About:
    """The properties of the document; `footer` is printed on every page."""

    title: str
    subject: str
    author: str
    day: date
    footer: str


def write(path: Path, about: About, sheets: Sequence[Table | Notes]) -> None:
    """A workbook of these sheets, in one pass over their rows."""
    book = Workbook()
    del book[book.sheetnames[0]]
    book.properties = _properties(about)
    # There is nothing to calculate, so nobody is asked to save what they only read.
    book.calculation.fullCalcOnLoad = False
    parts: dict[str, Part] = {}
    strings = Strings()
    for number, sheet in enumerate(sheets, start=1):
        page: Worksheet = book.create_sheet(sheet.title)
        _lay_out(page, sheet.widths, about)
        if isinstance(sheet, Table):
            _make_table(page, sheet)
        parts[f"xl/worksheets/sheet{number}.xml"] = _area(sheet), _lines(page, sheet, strings)
    with Archive(path, parts) as archive:
        # Not Workbook.save, which would write the present time into the properties.
        ExcelWriter(book, archive).write_data()
        archive.add("xl/sharedStrings.xml", strings.lines())


def _area(sheet: Table | Notes) -> str:
    return f"A1:{get_column_letter(len(sheet.widths))}{sheet.height}"


def _properties(about: About) -> DocumentProperties:
    midnight = datetime.combine(about.day, datetime.min.time())
    return DocumentProperties(
        title=clean(about.title),
        subject=clean(about.subject),
        creator=clean(about.author),
        lastModifiedBy=clean(about.author),
        language="en",
        created=midnight,
        modified=midnight,
    )


def _lay_out(page: Worksheet, widths: Sequence[float], about: About) -> None:
    """A4 landscape, as wide as the page, with a footer."""
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.sheet_view.showGridLines = False
    page.sheet_format.defaultRowHeight = DEFAULT_HEIGHT
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.page_margins = PageMargins(0.4, 0.4, 0.45, 0.6, 0.3, 0.3)
    # An ampersand begins a code in a footer.
    left = HeaderFooterPart(text=clean(about.footer).replace("&", "&&"))
    page.HeaderFooter.oddFooter = HeaderFooterItem(
        left=left, center=HeaderFooterPart(text="&A"), right=HeaderFooterPart(text="&P / &N")
    )


def _make_table(page: Worksheet, sheet: Table) -> None:
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    table = ExcelTable(displayName=f"{sheet.title}_table", ref=_area(sheet))
    table.tableColumns = [
        TableColumn(id=number, name=column.id)
        for number, column in enumerate(sheet.columns, start=1)
    ]
    table.autoFilter = AutoFilter(ref=_area(sheet))
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    page.add_table(table)


def _lines(page: Worksheet, sheet: Table | Notes, strings: Strings) -> Iterator[str]:
    """The rows as XML."""
    if isinstance(sheet, Notes):
        for number, cells in enumerate(sheet.rows, start=1):
            places = _places(page, [look for look, _ in cells], strings)
            texts = [text for _, text in cells]
            yield _row(number, _height(cells, sheet.widths), places, texts)
        return
    columns = sheet.columns
    titles = _places(page, [header(column.look) for column in columns], strings)
    yield _row(1, HEADER_HEIGHT, titles, [column.id for column in columns])
    places = _places(page, [column.look for column in columns], strings)
    wrapped = [(at, column.width) for at, column in enumerate(columns) if column.look.kind == TEXT]
    empty = () if sheet.count else ([""] * len(columns),)
    for number, row in enumerate(chain(sheet.rows, empty), start=2):
        high = height((row[at], width) for at, width in wrapped)
        yield _row(number, high, places, row, sheet.numbered)


def _height(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    """The height of a line of notes; large letters need more, and what does not wrap no more."""
    size = max((look.font.sz or NORMAL for look, _ in cells), default=NORMAL)
    pairs = zip(cells, widths, strict=False)
    wrapped = [(text, width) for (look, text), width in pairs if look.alignment.wrap_text]
    return height(wrapped) * size / NORMAL


def _places(page: Worksheet, looks: Sequence[Look], strings: Strings) -> list[Place]:
    """Letter and number of the style of each column, and what writes its values."""
    write_value: dict[str, Callable[[str], str]]
    write_value = {TEXT: strings.value, NUMBER: _number, DATE: _day}
    found = []
    for number, look in enumerate(looks, start=1):
        cell = StyledCell(page, row=1, column=1)
        cell.font, cell.fill, cell.border = look.font, look.fill, look.border
        cell.alignment, cell.number_format = look.alignment, look.format
        found.append((get_column_letter(number), cell.style_id, write_value[look.kind]))
    return found


def _row(number: int, high: float, places: Sequence[Place], row: Row, numbered: bool = True) -> str:
    starts = [f'<c r="{letter}{number}"' if numbered else "<c" for letter, _, _ in places]
    cells = [
        f'{start} s="{style}"{value(text) if text else "/>"}'
        for start, (_, style, value), text in zip(starts, places, row, strict=True)
    ]
    tall = "" if high <= DEFAULT_HEIGHT else f' ht="{high:g}" customHeight="1"'
    return f'<row r="{number}"{tall}>{"".join(cells)}</row>'


def _number(text: str) -> str:
    return f"><v>{text}</v></c>"


@lru_cache(maxsize=8192)
def _day(text: str) -> str:
    return f"><v>{date.fromisoformat(text).toordinal() - DAY_0}</v></c>"
