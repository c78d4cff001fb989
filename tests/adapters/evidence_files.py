"""Evidence files of every kind: small good ones, and files of kinds that are not taken."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache

from PIL import Image
from pypdf import PdfWriter

from tests.adapters.hostile_zips import Entry, entries, pack

OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "word/document.xml": f"{OFFICE}.wordprocessingml.document.main+xml",
    "xl/workbook.xml": f"{OFFICE}.spreadsheetml.sheet.main+xml",
}
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARAGRAPH = "<w:p><w:r><w:t>Hợp đồng</w:t></w:r></w:p>"


def text(body: str = PARAGRAPH) -> str:
    """The main part of a Word file."""
    return f'<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>'


BOOK = "<workbook><sheets/></workbook>"


def types(*main: str, more: str = "") -> str:
    said = "".join(f'<Override PartName="/{one}" ContentType="{MAIN[one]}"/>' for one in main)
    return f'<Types><Default Extension="xml" ContentType="application/xml"/>{said}{more}</Types>'


def relation(kind: str, target: str, more: str = "") -> str:
    one = f'<Relationship Id="r9" Type="{KINDS}/{kind}" Target="{target}" {more}/>'
    return f"<Relationships>{one}</Relationships>"


def word(more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A text with one paragraph; `more` adds or replaces parts."""
    return office("word/document.xml", text(), more)


def excel(more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook without sheets; `more` adds or replaces parts."""
    return office("xl/workbook.xml", BOOK, more)


def office(main: str, content: str, more: Mapping[str, str | bytes] | None) -> bytes:
    return pack(office_entries(main, content, more))


def office_entries(
    main: str, content: str, more: Mapping[str, str | bytes] | None = None
) -> list[Entry]:
    usual: dict[str, str | bytes] = {
        "[Content_Types].xml": types(main),
        "_rels/.rels": relation("officeDocument", main),
        main: content,
    }
    texts = {**usual, **(more or {})}
    return entries(
        {name: one if isinstance(one, bytes) else one.encode() for name, one in texts.items()}
    )


def word_entries() -> list[Entry]:
    return office_entries("word/document.xml", text())


@cache
def pdf() -> bytes:
    """One empty page."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    body = io.BytesIO()
    writer.write(body)
    return body.getvalue()


def picture(
    form: str, mode: str = "RGB", size: tuple[int, int] = (40, 20), **options: object
) -> bytes:
    """A picture whose left half is red."""
    image = Image.new("RGB", size, "white")
    image.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
    body = io.BytesIO()
    image.convert(mode).save(body, form, **options)
    return body.getvalue()


def good() -> dict[str, bytes]:
    """By ending: one small file of every kind that is taken."""
    return {
        ".pdf": pdf(),
        ".jpg": picture("JPEG"),
        ".png": picture("PNG"),
        ".webp": picture("WEBP"),
        ".docx": word(),
        ".xlsx": excel(),
    }


def others() -> dict[str, bytes]:
    """By word: files of kinds that are not taken."""
    return {
        "GIF": picture("GIF"),
        "ZIP": pack([Entry("letter.txt", b"hello")]),
        "HTML": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        "SVG": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "old Office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "program": b"MZ\x90\0" + bytes(200) + b"PE\0\0" + bytes(200),
    }
