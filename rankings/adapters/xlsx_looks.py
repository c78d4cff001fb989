"""How cells of a workbook look: calm, wrapped, with thin lines; dark teal for headers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

TEXT, NUMBER, DATE = "text", "number", "date"
TEAL, GREY = "FF0B5D57", "FFD5DEDD"
# Everybody has Arial or its twin, and systems fill in other scripts beside it. Lines of tall
# scripts stand far enough apart only in a font of their own; Windows has these two.
FACE = "Arial"
TALL_FACES = {"km": "Leelawadee UI", "my": "Myanmar Text"}

LINE = Side(style="thin", color=GREY)
UNDERLINED = Border(bottom=LINE)
PLAIN = Font(name=FACE, size=10)
WRAPPED = Alignment(wrap_text=True, vertical="top")
INDENTED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
CENTRED = Alignment(horizontal="center", vertical="top")
CENTRED_TEXT = Alignment(horizontal="center", vertical="top", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="top")


@dataclass(frozen=True, slots=True)
class Look:
    """The kind of a cell's value (text, number, date), its number format and its style."""

    kind: str = TEXT
    format: str = "General"
    font: Font = PLAIN
    alignment: Alignment = WRAPPED
    fill: PatternFill = PatternFill()
    border: Border = Border()


# Where somebody edits such a cell, a leading = stays text.
WORD = Look(format="@", alignment=INDENTED, border=UNDERLINED)
SHORT_WORD = Look(format="@", alignment=CENTRED_TEXT, border=UNDERLINED)
PROSE = Look(alignment=INDENTED, border=UNDERLINED)
DAY = Look(DATE, "yyyy-mm-dd", alignment=CENTRED, border=UNDERLINED)
COUNT = Look(NUMBER, "0", alignment=CENTRED, border=UNDERLINED)
ANY_NUMBER = Look(NUMBER, alignment=RIGHT, border=UNDERLINED)
TITLE = Look(
    font=Font(name=FACE, size=18, bold=True, color=TEAL), alignment=Alignment(vertical="center")
)
HEADING = Look(
    font=Font(name=FACE, size=12, bold=True, color=TEAL),
    alignment=Alignment(vertical="bottom"),
    border=UNDERLINED,
)
LABEL = Look(font=Font(name=FACE, size=10, bold=True))
NOTE = Look()
NOTE_DAY = Look(DATE, "yyyy-mm-dd", alignment=Alignment(horizontal="left", vertical="top"))


@cache
def spoken(look: Look, language: str) -> Look:
    """The look of a text that is mostly in this language."""
    face = TALL_FACES.get(language)
    return replace(look, font=Font(name=face, size=10)) if face else look


@cache
def decimal(places: int) -> Look:
    """A number with always so many decimals."""
    return Look(NUMBER, "0." + "0" * places if places else "0", alignment=RIGHT, border=UNDERLINED)


def header(below: Look) -> Look:
    """The header of a column: white on teal, above its values."""
    return Look(
        font=Font(name=FACE, size=8, bold=True, color="FFFFFFFF"),
        alignment=below.alignment,
        fill=PatternFill("solid", fgColor=TEAL),
    )
