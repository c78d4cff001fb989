"""Reading the XML of a workbook as a stream of elements: no tree, no entities, nothing fetched."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from rankings.adapters import workbook_gate
from rankings.adapters.sheet_rows import MAX_CHARACTERS
from rankings.adapters.workbook_cells import kind_of_format, unescaped
from rankings.adapters.workbook_gate import ANEW, LESS, Refused, refuse_if
from rankings.adapters.workbook_parts import Parts

Attributes = dict[str, str]

MAX_DEPTH = 40
MAX_FORMATS = 65_536
MAX_SHEETS = 1_000
# Enough to see that a text is too long, however its characters were escaped.
MAX_TEXT = 8 * MAX_CHARACTERS
YES = ("1", "true")
NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]


class Elements:
    """What a part is read with; a subclass says what it does with which element."""

    def __init__(self) -> None:
        self.depth, self._length = 0, 0
        self._text: list[str] = []
        self._names: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins; its name has no prefix."""

    def end(self, name: str) -> None:
        """An element ends; `text()` is what stood in it since `listen()`."""

    def listen(self) -> None:
        self._text, self._length = [], 0

    def text(self) -> str:
        return "".join(self._text)

    def hear(self, text: str) -> None:
        if self._length < MAX_TEXT:
            self._text.append(text)
            self._length += len(text)

    def opened(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Refused(f"is nested too deeply; {ANEW}", name)
        self.start(name.rpartition(":")[2], attributes)

    def closed(self, name: str) -> None:
        self.depth -= 1
        self.end(name.rpartition(":")[2])


def _declared(*_declaration: object) -> NoReturn:
    raise Refused(f"declares entities or a document type; {ANEW}")


def read(file: bytes, parts: Parts, name: str, elements: Elements) -> None:
    """Reads one part."""
    part = parts[name]
    parser = expat.ParserCreate()
    parser.buffer_text = True
    # What defusedxml does; importing it would bring sockets into the process.
    parser.StartDoctypeDeclHandler = _declared
    parser.EntityDeclHandler = _declared
    parser.UnparsedEntityDeclHandler = _declared
    parser.ExternalEntityRefHandler = _declared
    parser.StartElementHandler = elements.opened
    parser.EndElementHandler = elements.closed
    parser.CharacterDataHandler = elements.hear
    try:
        for piece in workbook_gate.unpacked(file, part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code == NO_MEMORY:
            raise MemoryError from None
        raise Refused(f"is damaged ({error}); {ANEW}", part.name) from None


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


class Workbook(Elements):
    """The sheets in their order, and from when days are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[SheetName] = []
        self.since_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append(SheetName(attributes.get("name", ""), relation, hidden))
            refuse_if(len(self.sheets) > MAX_SHEETS, f"has too many sheets; {LESS}")
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904", "0") in YES


class Relations(Elements):
    """What a part refers to; nothing but hyperlinks may lie outside of the file."""

    def __init__(self, folder: str, parts: Parts) -> None:
        super().__init__()
        self._folder, self._parts = folder, parts
        self.by_id: dict[str, str] = {}
        self.by_kind: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        if attributes.get("TargetMode", "").lower() == "external":
            refuse_if(kind != "hyperlink", f"refers to a place outside of the file; {LESS}", target)
        else:
            path = posixpath.normpath(posixpath.join("/", self._folder, target))[1:].casefold()
            self.by_id[attributes.get("Id", "")] = path
            self.by_kind.setdefault(kind, path)

    def part(self, path: str, form: str) -> str:
        inside = path in self._parts and path.startswith(form)
        refuse_if(not inside, f"refers to a part that is not in the file; {ANEW}", path)
        return path


@dataclass
class Text:
    """A text in pieces of equal or different looks; how it is pronounced is left out."""

    elements: Elements
    pieces: list[str] = field(default_factory=list)
    spoken: bool = False
    length: int = 0

    def start(self, name: str) -> None:
        if name == "t":
            self.elements.listen()
        elif name == "rPh":
            self.spoken = True

    def end(self, name: str) -> None:
        if name == "rPh":
            self.spoken = False
        elif name == "t" and not self.spoken and self.length < MAX_TEXT:
            self.pieces.append(self.elements.text())
            self.length += len(self.pieces[-1])

    def take(self) -> str:
        """The whole, or as much as shows that it is too long."""
        if not self.pieces:
            return ""
        text = unescaped("".join(self.pieces))[: MAX_CHARACTERS * 2]
        self.pieces, self.length = [], 0
        return text


class SharedStrings(Elements):
    """The texts that cells refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._one = Text(self)

    def start(self, name: str, attributes: Attributes) -> None:
        self._one.start(name)

    def end(self, name: str) -> None:
        self._one.end(name)
        if name == "si":
            self.strings.append(self._one.take())


class Styles(Elements):
    """What the numbers of each cell format mean."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: list[str] = []
        self._codes: dict[int, str] = {}
        self._in_cells = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._codes[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")[:255]
            refuse_if(len(self._codes) > MAX_FORMATS, f"has too many formats; {LESS}")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            identity = whole(attributes.get("numFmtId", "0"))
            self.kinds.append(kind_of_format(identity, self._codes.get(identity)))
            refuse_if(len(self.kinds) > MAX_FORMATS, f"has too many formats; {LESS}")

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


def whole(text: str | None) -> int:
    """A count or place as workbooks write it."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 10:
        raise Refused(f"is damaged; {ANEW}", (text or "")[:60])
    return int(text)
