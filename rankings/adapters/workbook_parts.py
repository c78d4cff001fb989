"""The parts of a workbook: which may be there, and that none declares entities."""

from __future__ import annotations

import re

from rankings.adapters import workbook_gate
from rankings.adapters.workbook_gate import ANEW, Part, Refused, refuse_if

# What a table needs, and what spreadsheet programs add unasked; only the first five are read.
ALLOWED = re.compile(
    r"""
    xl/workbook\.xml | xl/_rels/workbook\.xml\.rels | xl/worksheets/[^/]+\.xml
    | xl/sharedstrings\.xml | xl/styles\.xml
    | \[content_types\]\.xml | _rels/\.rels | docprops/[^/]+\.xml | docprops/thumbnail\.\w+
    | docmetadata/[^/]+\.xml | customxml/([^/]+/)*[^/]+\.(xml|rels)
    | xl/worksheets/_rels/[^/]+\.rels | xl/theme/[^/]+\.xml | xl/theme/_rels/[^/]+\.rels
    | xl/tables/[^/]+\.xml | xl/comments(/?[^/]+)?\.xml | xl/threadedcomments/[^/]+\.xml
    | xl/persons/[^/]+\.xml | xl/calcchain\.xml | xl/metadata\.xml
    | xl/printersettings/[^/]+\.bin
    | xl/drawings/[^/]+\.(xml|vml) | xl/drawings/_rels/[^/]+\.rels
    | xl/media/[^/]+\.(png|jpe?g|gif|emf|wmf)
    """,
    re.VERBOSE,
)
# In the words of spreadsheet programs.
REFUSED = (
    ("vbaproject", "macros"),
    ("vbadata", "macros"),
    ("macrosheets", "macros"),
    ("externallinks", "links to other workbooks"),
    ("embeddings", "embedded files"),
    ("activex", "ActiveX controls"),
    ("ctrlprops", "form controls"),
    ("customui", "its own menus"),
    ("connections", "data connections"),
    ("querytables", "data connections"),
    ("pivot", "pivot tables"),
    ("charts", "charts"),
    (".bin", "binary sheets (.xlsb)"),
    ("content.xml", "an OpenDocument table (.ods)"),
)
NEEDED = ("[content_types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
WORDS = ("<!DOCTYPE", "<!ENTITY")
FORBIDDEN = [word.encode(form) for word in WORDS for form in ("utf-8", "utf-16-le", "utf-16-be")]
OVERLAP = max(map(len, FORBIDDEN)) - 1
ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']\s*([^\"']*)")
ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii", b"utf-16")

Parts = dict[str, Part]


def parts_of(file: bytes) -> Parts:
    """The parts by folded name, after every check; raises Refused."""
    parts = {part.name.casefold(): part for part in workbook_gate.parts_of(file)}
    for name, part in parts.items():
        if not name.endswith("/"):
            _refuse_unknown(name)
            _check(file, part)
    missing = [name for name in NEEDED if name not in parts]
    refuse_if(bool(missing), f"is not a workbook; {ANEW}", "".join(missing[:1]))
    return parts


def _refuse_unknown(name: str) -> None:
    if ALLOWED.fullmatch(name):
        return
    what = next((words for sign, words in REFUSED if sign in name), "parts that no table needs")
    raise Refused(f"holds {what}; copy the table alone into a new workbook", name)


def _check(file: bytes, part: Part) -> None:
    """Reads all of a part, so that its length and sum are right, and looks for declarations."""
    pieces = workbook_gate.unpacked(file, part)
    if part.name.casefold().endswith((".xml", ".rels", ".vml")):
        window = b""
        for piece in pieces:
            if not window:
                _refuse_encoding(piece, part)
            window += piece
            found = any(word in window for word in FORBIDDEN)
            refuse_if(found, f"declares entities or a document type; {ANEW}", part.name)
            window = window[-OVERLAP:]
    else:
        for _ in pieces:
            pass


def _refuse_encoding(start: bytes, part: Part) -> None:
    """In other encodings the declarations would look different."""
    told = ENCODING.search(start[:400].replace(b"\0", b""))
    usual = told is None or told[1].strip().lower() in ENCODINGS
    refuse_if(not usual, f"is not in UTF-8; {ANEW}", part.name)
