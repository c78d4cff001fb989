"""The zip behind a workbook: openpyxl's parts, and rows and texts that are streamed past it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.xml.constants import REL_NS, SHEET_MAIN_NS

# The area of a sheet, and its rows.
Part = tuple[str, Iterator[str]]

# What openpyxl writes of a sheet without rows, with and without lxml.
NO_AREA = re.compile(r'(?<=<dimension ref=")A1:A1(?=")')
NO_ROWS = re.compile(r"<sheetData ?/>|<sheetData></sheetData>")
# What XML 1.0 cannot hold: most control characters, halves of surrogate pairs, U+FFFE, U+FFFF.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Readers turn `_x0041_` into `A`; the first underscore is written so that they do not.
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
SPACED = re.compile(r"^\s|\s$|[\n\r\t]|\s\s")
LINES_AT_ONCE, SMALLEST = 500, 9
# What is changed in openpyxl's parts: two must also name the shared strings.
CHANGES = {
    "[Content_Types].xml": (
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    ),
    "xl/_rels/workbook.xml.rels": (
        "</Relationships>",
        f'<Relationship Id="strings" Type="{REL_NS}/sharedStrings" '
        'Target="/xl/sharedStrings.xml"/></Relationships>',
    ),
}
# Excel marks texts such as the band 5 with a green corner unless it is told that they are meant.
NUMBERS_AS_TEXT = '<ignoredErrors><ignoredError sqref="{}" numberStoredAsText="1"/></ignoredErrors>'


def clean(text: str) -> str:
    """The text with U+FFFD where XML allows no such character."""
    return ILLEGAL.sub("\ufffd", text)


class Strings(dict[str, int]):
    """Every text of a workbook and its place in the list of shared strings."""

    def __missing__(self, text: str) -> int:
        place = self[text] = len(self)
        return place

    def value(self, text: str) -> str:
        """What stands in a cell after its style: exactly this text, never a formula."""
        return f' t="s"><v>{self[text]}</v></c>'

    def lines(self) -> Iterator[str]:
        """The list as XML."""
        yield f'<sst xmlns="{SHEET_MAIN_NS}" uniqueCount="{len(self)}">'
        for text in self:
            # A carriage return that is not escaped would be read as a line feed.
            shown = escape(ESCAPED.sub("_x005F_", clean(text)), {"\r": "&#13;"})
            space = ' xml:space="preserve"' if SPACED.search(text) else ""
            yield f"<si><t{space}>{shown}</t></si>"
        yield "</sst>"


class Archive(ZipFile):
    """A zip of always the same order and times; rows are put into the sheets of openpyxl."""

    def __init__(self, path: Path, parts: Mapping[str, Part]) -> None:
        super().__init__(path, "w", ZIP_DEFLATED, compresslevel=SMALLEST)
        self._parts = parts

    def add(self, name: str, lines: Iterator[str]) -> None:
        """A part that is written line by line; what has no time of its own is of 1980-01-01."""
        with self.open(name, "w") as out:
            while some := "".join(islice(lines, LINES_AT_ONCE)):
                out.write(some.encode())

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: bytes | str,  # type: ignore[override]  # openpyxl gives nothing else
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """A part of openpyxl's, with its changes."""
        name, text = str(zinfo_or_arcname), data if isinstance(data, str) else data.decode()
        self.add(name, iter([text.replace(*CHANGES.get(name, ("", "")))]))

    def write(self, filename: object, arcname: object = None, *_: object) -> None:
        """A sheet: what openpyxl wrote around the rows, and the rows."""
        area, lines = self._parts[str(arcname)]
        head, tail = NO_ROWS.split(Path(str(filename)).read_text("utf-8"))
        head = NO_AREA.sub(area, head)
        tail = tail.replace("<tableParts", NUMBERS_AS_TEXT.format(area) + "<tableParts")
        rows = chain([f"{head}<sheetData>"], lines, [f"</sheetData>{tail}"])
        self.add(str(arcname), rows)
