"""The kinds of evidence file, and what a file really is by its first bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rankings.errors import Invalid, Problem

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
# The largest picture that is kept; only PNG can grow much when it is encoded anew.
MAX_STORED = 20_000_000


class Fault(StrEnum):
    """Why a file is not taken; the sentences in other languages are found by it."""

    ENDING = "ending"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    MISNAMED = "misnamed"
    OTHER_KIND = "other_kind"
    NOT_THAT_KIND = "not_that_kind"
    OLD_OFFICE = "old_office"
    TWO_IN_ONE = "two_in_one"
    DAMAGED = "damaged"
    TOO_MUCH = "too_much"
    PIXELS = "pixels"
    MOVES = "moves"
    PASSWORD = "password"
    MACROS = "macros"
    EMBEDDED = "embedded"
    ELSEWHERE = "elsewhere"


_SAVE = "save it as PDF, JPEG, PNG, WebP, Word (.docx) or Excel (.xlsx)"
SENTENCES = {
    Fault.ENDING: f"is of a kind that is not taken: {_SAVE}",
    Fault.EMPTY: "is empty: choose the file again",
    Fault.TOO_LARGE: "is larger than 10 MB: make it smaller, or hand it in as several files",
    Fault.MISNAMED: "is a %(found)s file, but its name says %(ending)s: rename it to %(right)s",
    Fault.OTHER_KIND: f"is a %(found)s file, but its name says %(ending)s: {_SAVE}",
    Fault.NOT_THAT_KIND: "is not what its name says (%(ending)s): open it and save it anew",
    Fault.OLD_OFFICE: (
        "is an old or password-protected Office file: remove its password and save it as .docx "
        "or .xlsx"
    ),
    Fault.TWO_IN_ONE: "is a file of another kind as well: open it and save it anew",
    Fault.DAMAGED: "cannot be read: open it and save it anew",
    Fault.TOO_MUCH: "holds too much to be checked: hand it in as several smaller files",
    Fault.PIXELS: "has more than 40 million pixels: make the picture smaller",
    Fault.MOVES: "is a moving picture: save one picture of it",
    Fault.PASSWORD: "is protected by a password: remove the password, or print it to a new PDF",
    Fault.MACROS: "holds macros: save it without macros, or as PDF",
    Fault.EMBEDDED: "holds other files, or a chart copied from a workbook: save it as PDF",
    Fault.ELSEWHERE: "fetches contents from elsewhere: save it as PDF",
}


class Unfit(Invalid):
    """A file that is not taken: its fault, and what the sentence of the fault names."""

    def __init__(self, fault: Fault, name: str = "", **values: str) -> None:
        self.fault, self.name, self.values = fault, name, values
        value = values.get("found") or values.get("part") or name
        super().__init__([Problem(name, value[:60], SENTENCES[fault] % values)])

    def named(self, name: str) -> Unfit:
        """The same of a file of this name."""
        return Unfit(self.fault, name, **self.values)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that is taken; `reader` names the module part that reads it."""

    word: str
    media_type: str
    endings: tuple[str, ...]
    reader: str


PDF = Kind("PDF", "application/pdf", (".pdf",), "pdf")
JPEG = Kind("JPEG", "image/jpeg", (".jpg", ".jpeg"), "image")
PNG = Kind("PNG", "image/png", (".png",), "image")
WEBP = Kind("WebP", "image/webp", (".webp",), "image")
_OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = Kind("Word", f"{_OFFICE}.wordprocessingml.document", (".docx",), "office")
EXCEL = Kind("Excel", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",), "office")

KINDS = {kind.word: kind for kind in (PDF, JPEG, PNG, WEBP, WORD, EXCEL)}
BY_ENDING = {ending: kind for kind in KINDS.values() for ending in kind.endings}

OLD_OFFICE = "old Office"
# Where a mark stands, the mark, and the word for such a file.
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", PDF.word),
    (0, b"\xff\xd8\xff", JPEG.word),
    (0, b"\x89PNG\r\n\x1a\n", PNG.word),
    (8, b"WEBP", WEBP.word),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftyp", "video"),
    (0, b"RIFF", "sound or video"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (0, b"{\\rtf", "RTF"),
    (0, b"MZ", "program"),
    (0, b"\x7fELF", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"#!", "program"),
    (0, b"L\0\0\0\x01\x14\x02\0", "shortcut"),
    (0, b"\x1f\x8b", "packed"),
    (0, b"7z\xbc\xaf\x27\x1c", "packed"),
    (0, b"Rar!\x1a\x07", "packed"),
)
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"<svg", "SVG"),
    (b"<html", "HTML"),
    (b"<!doctype html", "HTML"),
    (b"<script", "HTML"),
    (b"mime-version:", "mail"),
    (b"<?xml", "XML"),
)
_ZIPS: tuple[tuple[bytes, str], ...] = (
    (b"mimetypeapplication/vnd.oasis", "OpenDocument"),
    (b"word/document", WORD.word),
    (b"xl/workbook.bin", "Excel binary"),
    (b"xl/workbook", EXCEL.word),
    (b"ppt/presentation", "PowerPoint"),
)


def word_for(body: bytes) -> str:
    """The word for what a file really is; empty where nobody knows."""
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((word for sign, word in _ZIPS if sign in body), "ZIP")
    marked = (word for at, mark, word in _MARKS if body[at : at + len(mark)] == mark)
    start = body[:1024].lower()
    return next(marked, next((word for sign, word in _STARTS if sign in start), ""))
