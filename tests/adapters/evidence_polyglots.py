"""Files that are two things at once: what they pretend to be, and what they carry."""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from collections.abc import Callable

from tests.adapters.evidence_files import (
    MAIN,
    excel,
    pdf,
    picture,
    text,
    types,
    word,
    word_entries,
)
from tests.adapters.hostile_zips import Entry, pack

# It stands in whatever a file carries beside what it shows.
PAYLOAD = b"<script>payload()</script>"
HTML = b"<!DOCTYPE html><html>" + PAYLOAD + b"</html>"
PHAR = b"<?php " + PAYLOAD + b" __HALT_COMPILER();"
LNK = b"L\0\0\0\x01\x14\x02\0" + bytes(60) + PAYLOAD
EXE = b"MZ\x90\0" + bytes(60) + PAYLOAD


def archive(**end: object) -> bytes:
    return pack([Entry("run.class", PAYLOAD, method=0)], **end)  # type: ignore[arg-type]


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(marker: int, content: bytes) -> bytes:
    """A JPEG file with one more segment after its first mark."""
    body = picture("JPEG")
    return body[:2] + segment(marker, content) + body[2:]


def png(kind: bytes, content: bytes) -> bytes:
    """A PNG file with one more chunk after its head."""
    body = picture("PNG")
    chunk = struct.pack(">L", len(content)) + kind + content
    return body[:33] + chunk + struct.pack(">L", zlib.crc32(kind + content)) + body[33:]


def webp(kind: bytes, content: bytes) -> bytes:
    """A WebP file with one more chunk at its end."""
    body = (
        picture("WEBP")
        + kind
        + struct.pack("<L", len(content))
        + content
        + b"\0" * (len(content) % 2)
    )
    return body[:4] + struct.pack("<L", len(body) - 8) + body[8:]


def commented(content: bytes) -> bytes:
    """A PDF file with a comment after its first line."""
    line, _, rest = pdf().partition(b"\n")
    return line + b"\n%" + content.replace(b"\n", b" ") + b"\n" + rest


def at(place: int, mark: bytes) -> bytes:
    """A PDF file in which a mark stands at a place."""
    filled = commented(b" " * (place + 10))
    return filled[:place] + mark + filled[place + len(mark) :]


def zip_that_ends_as_pdf() -> bytes:
    body = pdf()
    tail = b"\n%%EOF\n"
    return body + archive(prefix=b"", comment=len(tail), tail=tail)


def tar() -> bytes:
    """An archive whose first file has the name of a PDF file's first line."""
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as file:
        info = tarfile.TarInfo("%PDF-1.4")
        info.size = len(PAYLOAD)
        file.addfile(info, io.BytesIO(PAYLOAD))
    return body.getvalue() + pdf()


Case = tuple[str, Callable[[], bytes]]
# What these carry is gone once the picture is encoded anew.
CLEANED: dict[str, Case] = {
    "JPEG, ZIP": (".jpg", lambda: picture("JPEG") + archive()),
    "JPEG, HTML behind it": (".jpg", lambda: picture("JPEG") + HTML),
    "JPEG, HTML in a comment": (".jpg", lambda: jpeg(0xFE, HTML)),
    "JPEG, script in a comment": (".jpeg", lambda: jpeg(0xFE, b"*/=1;" + PAYLOAD + b"/*")),
    "JPEG, script in its head": (".jpg", lambda: jpeg(0xE0, b"/*" + PAYLOAD + b"x" * 0x2F00)),
    "JPEG, PHAR": (".jpg", lambda: jpeg(0xFE, PHAR)),
    "JPEG, SVG in XMP": (".jpg", lambda: jpeg(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + HTML)),
    "PNG, ZIP": (".png", lambda: picture("PNG") + archive()),
    "PNG, HTML in a text": (".png", lambda: png(b"tEXt", b"Comment\0" + HTML)),
    "PNG, chunk of its own": (".png", lambda: png(b"prVt", HTML)),
    "PNG, program": (".png", lambda: picture("PNG") + EXE),
    "WebP, ZIP": (".webp", lambda: picture("WEBP") + archive()),
    "WebP, HTML in a chunk": (".webp", lambda: webp(b"html", HTML)),
}
REFUSED: dict[str, Case] = {
    "GIF, ZIP": (".jpg", lambda: picture("GIF") + archive()),
    "GIF, script": (".png", lambda: b"GIF89a=1;" + PAYLOAD),
    "BMP, script": (".png", lambda: b"BM=1;" + PAYLOAD),
    "SVG as PNG": (".png", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + PAYLOAD),
    "HTML with the mark of PNG": (".png", lambda: b"\x89PNG\r\n\x1a\n" + HTML),
    "HTML with the mark of JPEG": (".jpg", lambda: b"\xff\xd8\xff\xe0" + HTML),
    "HTML with the mark of WebP": (".webp", lambda: b"RIFF\xff\0\0\0WEBP" + HTML),
    "PDF, ZIP behind it": (".pdf", lambda: pdf() + archive()),
    "PDF, ZIP with an end of PDF": (".pdf", zip_that_ends_as_pdf),
    "PDF, ZIP in a comment": (".pdf", lambda: commented(archive())),
    "PDF in a ZIP": (".pdf", lambda: pack([Entry("a.pdf", pdf(), method=0)])),
    "PDF, Word": (".pdf", lambda: pdf() + word() + b"\n%%EOF"),
    "PDF, HTML in a comment": (".pdf", lambda: commented(HTML)),
    "PDF, HTML before it": (".pdf", lambda: HTML + pdf()),
    "PDF, HTML behind it": (".pdf", lambda: pdf() + HTML),
    "PDF, SVG": (".pdf", lambda: commented(b"<svg onload=1>" + PAYLOAD)),
    "PDF, PHP": (".pdf", lambda: commented(PHAR)),
    "PDF, PHAR": (".pdf", lambda: commented(b"__HALT_COMPILER(); ?>" + PAYLOAD)),
    "PDF, MHT": (".pdf", lambda: b"%PDF-1.4: a\r\nMIME-Version: 1.0\r\n\r\n" + pdf()),
    "PDF, TAR": (".pdf", tar),
    "PDF, disc": (".pdf", lambda: at(32_769, b"CD001")),
    "PDF, RAR": (".pdf", lambda: commented(b"Rar!\x1a\x07\x01\0" + PAYLOAD)),
    "PDF, 7z": (".pdf", lambda: commented(b"7z\xbc\xaf\x27\x1c" + PAYLOAD)),
    "PDF, program before it": (".pdf", lambda: EXE + pdf()),
    "PDF, program behind it": (".pdf", lambda: pdf() + EXE),
    "PDF, shortcut before it": (".pdf", lambda: LNK + pdf()),
    "shortcut": (".pdf", lambda: LNK),
    "MHT": (".docx", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n" + HTML),
    "Word, program before it": (".docx", lambda: pack(word_entries(), prefix=EXE)),
    "Word, HTML before it": (".docx", lambda: HTML + word()),
    "Word, HTML behind it": (".docx", lambda: word() + HTML),
    "Word, HTML in a ZIP comment": (
        ".docx",
        lambda: pack(word_entries(), comment=len(HTML), tail=HTML),
    ),
    "Word, JAR": (".docx", lambda: word({"META-INF/MANIFEST.MF": "", "run.class": PAYLOAD})),
    "Word, Android": (".docx", lambda: word({"classes.dex": PAYLOAD})),
    "Word, OpenDocument": (".docx", lambda: word({"mimetype": "application/vnd.oasis"})),
    "Word, Excel": (
        ".docx",
        lambda: word({"xl/workbook.xml": "<a/>", "[Content_Types].xml": types(*MAIN)}),
    ),
    "Excel, HTML page": (".xlsx", lambda: excel({"xl/help.html": HTML})),
    "Word, other text": (".docx", lambda: word({"word/page.mht": text()})),
}
