"""Sheets of a form: text that stays text, locked and open cells, rows that are high enough."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from rankings.adapters.sheet_rows import FORBIDDEN
from rankings.adapters.xlsx_heights import PADDING, height
from rankings.adapters.xlsx_looks import FACE, GREY, INDENTED, TALL_FACES, TEAL
from rankings.adapters.xlsx_package import ESCAPED, clean

PALE, QUIET = PatternFill("solid", fgColor="FFF1F5F4"), "FF55625F"
WHITE = PatternFill("solid", fgColor="FFFFFFFF")
LINE, STRONG = Side(style="thin", color=GREY), Side(style="thin", color="FF7C8F8C")
BELOW, BOX = Border(bottom=LINE), Border(left=STRONG, right=STRONG, top=STRONG, bottom=STRONG)
NORMAL, HIGHEST = 10.0, 409.0
# In characters: the room that an indented text leaves free, and one that nothing fills.
INDENT, FAR = 1.5, 1_000.0
ALONG = Alignment(vertical="center")
MIDDLE = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
SMALLEST = 9


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How a cell looks, and whether it is open for input; compared by identity, which is cheap."""

    size: float = NORMAL
    bold: bool = False
    colour: str = "FF000000"
    fill: PatternFill = PatternFill()
    border: Border = Border()
    format: str = "@"
    open: bool = False
    wrapped: bool = True
    centred: bool = False


TITLE = Style(18, True, TEAL, wrapped=False)
LABEL = Style(bold=True, border=BELOW)
PROSE = Style(border=BELOW)
KEY = Style(7, colour=QUIET)
# In the middle of its row: tall letters that a system borrows from another font reach higher up.
HEADER = Style(9, True, "FFFFFFFF", PatternFill("solid", fgColor=TEAL), centred=True)
LOCKED = Style(fill=PALE, border=BELOW)
QUESTION = Style(bold=True, fill=PALE, border=BELOW)
BEFORE = Style(9, colour=QUIET, fill=PALE, border=BELOW)
INPUT = Style(fill=WHITE, border=BOX, open=True)
NUMBER = Style(fill=WHITE, border=BOX, format="General", open=True)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a cell with its style; a `number` is stored as one."""

    text: str
    style: Style
    number: bool = False


class Book:
    """A workbook of locked sheets, the same bytes for the same content."""

    def __init__(self, title: str, author: str, at: datetime, language: str) -> None:
        self._book = Workbook()
        del self._book[self._book.sheetnames[0]]
        moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        about = self._book.properties
        about.title, about.creator, about.lastModifiedBy = clean(title), clean(author), ""
        about.created, about.modified, about.language = moment, moment, language
        self._book.calculation.fullCalcOnLoad = False
        self.language = language
        self._looks: dict[Style, StyleArray] = {}

    def page(self, name: str, widths: Sequence[float], footer: str) -> Page:
        """A further sheet."""
        sheet: Worksheet = self._book.create_sheet(name)
        _lay_out(sheet, widths, footer)
        return Page(sheet, widths, self.language, self._looks)

    def bytes(self) -> bytes:
        """The file."""
        file = io.BytesIO()
        with Archive(file, "w", ZIP_DEFLATED, compresslevel=SMALLEST) as archive:
            # Not Workbook.save, which would write the present time into the properties.
            ExcelWriter(self._book, archive).write_data()
        return file.getvalue()


class Archive(ZipFile):
    """A zip in which nothing has a time of its own."""

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: bytes | str,  # type: ignore[override]  # openpyxl gives nothing else
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        with self.open(str(zinfo_or_arcname), "w") as out:
            out.write(data.encode() if isinstance(data, str) else data)

    def write(self, filename: object, arcname: object = None, *_: object) -> None:
        self.writestr(str(arcname), Path(str(filename)).read_bytes())


class Page:
    """A sheet that is written row by row."""

    def __init__(
        self,
        sheet: Worksheet,
        widths: Sequence[float],
        language: str,
        looks: dict[Style, StyleArray],
    ) -> None:
        self.sheet, self._widths, self._language = sheet, widths, language
        self._looks = looks
        self.row = 0

    def add(self, *texts: Text, lowest: float = 0) -> int:
        """The next row and its number; `lowest` is its least height in points."""
        self.row += 1
        high = lowest
        for column, one in enumerate(texts, start=1):
            self._put(column, one)
            size = one.style.size / NORMAL
            wide = (self._widths[column - 1] - INDENT) / size if one.style.wrapped else FAR
            high = max(high, tall(one.text, wide) * size)
        self.sheet.row_dimensions[self.row].height = min(high, HIGHEST)
        return self.row

    def _put(self, column: int, one: Text) -> None:
        cell: Any = self.sheet.cell(self.row, column)
        style = one.style
        if style in self._looks:
            cell._style = copy(self._looks[style])
        else:
            self._paint(cell, style)
            self._looks[style] = copy(cell._style)
        if one.text and one.number:
            cell.value = Decimal(one.text)
        elif one.text:
            # Whatever it begins with, it is a text; readers turn `_x0041_` into `A` otherwise.
            cell.value = ESCAPED.sub("_x005F_", readable(one.text))
            cell.data_type = "s"

    def _paint(self, cell: Any, style: Style) -> None:
        """The looks of a cell, part by part, each of which is looked up in the workbook."""
        face = TALL_FACES.get(self._language, FACE)
        cell.font = _font(face, style.size, style.bold, style.colour)
        cell.alignment = _alignment(style)
        cell.fill, cell.border = style.fill, style.border
        cell.number_format = style.format
        cell.protection = Protection(locked=not style.open)


def _alignment(style: Style) -> Alignment:
    if style.centred:
        return MIDDLE
    return INDENTED if style.wrapped else ALONG


@cache
def _font(face: str, size: float, bold: bool, colour: str) -> Font:
    return Font(name=face, size=size, bold=bold, color=colour)


def readable(text: str) -> str:
    """The text as it is read again: without characters that are refused when they come in."""
    return FORBIDDEN.sub("\ufffd", clean(text.replace("\r\n", "\n").replace("\r", "\n")))


def tall(text: str, width: float) -> float:
    """The height of a text in points at size 10, its own line ends included."""
    return sum(height([(line, width)]) - PADDING for line in text.split("\n")) + PADDING


def _lay_out(sheet: Worksheet, widths: Sequence[float], footer: str) -> None:
    """Locked without a password; A4 landscape, as wide as the page."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    protection = sheet.protection
    protection.sheet = True
    # What stays allowed: to give a long note more room, to sort and to filter.
    protection.formatRows = protection.formatColumns = False
    protection.sort = protection.autoFilter = False
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins = PageMargins(0.4, 0.4, 0.45, 0.6, 0.3, 0.3)
    # An ampersand begins a code in a footer.
    left = HeaderFooterPart(text=clean(footer).replace("&", "&&"))
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=left, center=HeaderFooterPart(text="&A"), right=HeaderFooterPart(text="&P / &N")
    )
