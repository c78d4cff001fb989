"""Word and Excel files: a sound ZIP file whose parts are XML and pictures and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from rankings.adapters import workbook_gate
from rankings.adapters.evidence_kinds import EXCEL, WORD, Fault, Kind, Unfit
from rankings.adapters.workbook_gate import Part, Refused
from rankings.adapters.workbook_xml import NO_MEMORY

TYPES = "[content_types].xml"
_MAIN = {
    WORD.word: ".wordprocessingml.document.main+xml",
    EXCEL.word: ".spreadsheetml.sheet.main+xml",
}
_ALLOWED = re.compile(
    r"""
    \[content_types\]\.xml
    | ([^/]+/)*[^/]+\.(xml|rels|vml|png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp|wdp|odttf|ttf)
    | package/services/metadata/core-properties/[^/]+\.psmdcp
    | _rels/\.rels | (word|xl)/printersettings/[^/]+\.bin
    """,
    re.VERBOSE,
)
# What names of parts, types of contents and kinds of relations tell, in small letters.
_SIGNS = {
    "vba": Fault.MACROS,
    "macro": Fault.MACROS,
    "dialogsheet": Fault.MACROS,
    "attachedtoolbars": Fault.MACROS,
    "customui": Fault.MACROS,
    "extensibility": Fault.MACROS,
    "keymapcustomizations": Fault.MACROS,
    "embedding": Fault.EMBEDDED,
    "oleobject": Fault.EMBEDDED,
    "activex": Fault.EMBEDDED,
    "relationships/control": Fault.EMBEDDED,
    "relationships/package": Fault.EMBEDDED,
    "afchunk": Fault.EMBEDDED,
    "externallink": Fault.ELSEWHERE,
    "connections": Fault.ELSEWHERE,
    "querytable": Fault.ELSEWHERE,
    "subdocument": Fault.ELSEWHERE,
    "mailmerge": Fault.ELSEWHERE,
    "webextension": Fault.ELSEWHERE,
}
_LINK = re.compile(r"(https?://|mailto:|tel:|(?![/\\])[^:]*$)", re.I)
# Fields of a text and functions of a sheet that start or fetch something.
_FIELD = re.compile(
    r"^\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|RD|LINK|QUOTE\s+\d+)\b",
    re.I | re.M,
)
_FUNCTION = re.compile(
    r"\b(WEBSERVICE|IMAGE|RTD|CALL|REGISTER(\.ID)?|EXEC|DDE)\s*\(|\w\|'[^']*'!", re.I
)
_FIELDS = "instrText"
_SPOKEN = {_FIELDS: _FIELD, "f": _FUNCTION, "definedName": _FUNCTION, "formula1": _FUNCTION}
_MAX_DEPTH = 256
_MAX_TEXT = 100_000
_TOO_MUCH = re.compile("more than|several volumes")


def check(body: bytes, kind: Kind) -> tuple[bool, bytes]:
    """Looks at every part; raises Unfit."""
    try:
        parts = {part.name.casefold(): part for part in workbook_gate.parts_of(body)}
        if TYPES not in parts:
            raise Unfit(Fault.OTHER_KIND, found="ZIP", ending=kind.endings[0])
        for name in parts:
            _refuse_part(name)
        found = [_read(body, part) for part in parts.values() if not part.name.endswith("/")]
        _refuse_other(kind, set().union(*found))
    except Refused as refused:
        raise _unfit(str(refused), refused.value) from None
    return False, b""


def _unfit(rule: str, value: str) -> Unfit:
    if "encrypted" in rule:
        return Unfit(Fault.PASSWORD)
    fault = Fault.TOO_MUCH if _TOO_MUCH.search(rule) else Fault.DAMAGED
    return Unfit(fault, part=value or rule.partition(";")[0])


def _refuse(told: str, part: str = "") -> None:
    small = told.casefold()
    for sign, fault in _SIGNS.items():
        if sign in small:
            raise Unfit(fault, part=part or told)


def _refuse_part(name: str) -> None:
    _refuse(name)
    if not name.endswith("/") and not _ALLOWED.fullmatch(name):
        raise Unfit(Fault.EMBEDDED, part=name)


def _refuse_other(kind: Kind, main: set[str]) -> None:
    """The types of the main parts say what the file is, whatever its name."""
    other = EXCEL if kind == WORD else WORD
    ending = kind.endings[0]
    if len(main) > 1:
        raise Unfit(Fault.TWO_IN_ONE)
    if main == {other.word}:
        raise Unfit(Fault.MISNAMED, found=other.word, ending=ending, right=other.endings[0])
    if main != {kind.word}:
        raise Unfit(Fault.NOT_THAT_KIND, ending=ending)


def _read(body: bytes, part: Part) -> set[str]:
    """Reads all of a part; the words for the file if the part tells what it is."""
    name = part.name.casefold()
    pieces = workbook_gate.unpacked(body, part)
    eye = _Eye(part.name)
    if not name.endswith((".xml", ".rels", ".vml")):
        for _ in pieces:
            pass
        return set()
    try:
        _see(eye, pieces)
    except expat.ExpatError as error:
        if error.code == NO_MEMORY:
            raise MemoryError from None
        # Drawings in VML were never required to be good XML.
        if not name.endswith(".vml"):
            raise Unfit(Fault.DAMAGED, part=part.name) from None
    eye.finish()
    return eye.main


def _see(eye: _Eye, pieces: Iterator[bytes]) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    # What defusedxml does; importing it would bring sockets into the process.
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = eye.declared
    parser.UnparsedEntityDeclHandler = parser.ExternalEntityRefHandler = eye.declared
    parser.StartElementHandler, parser.EndElementHandler = eye.opened, eye.closed
    parser.CharacterDataHandler = eye.heard
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


@dataclass
class _Eye:
    """Sees the elements of one part go by."""

    part: str
    main: set[str] = field(default_factory=set)
    depth: int = 0
    spoken: str = ""
    said: dict[str, list[str]] = field(default_factory=dict)
    length: int = 0

    def declared(self, *_declaration: object) -> NoReturn:
        raise Unfit(Fault.DAMAGED, part=self.part)

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Unfit(Fault.TOO_MUCH, part=self.part)
        bare = name.rpartition(":")[2]
        self.spoken = bare if bare in _SPOKEN else ""
        if bare == "Relationship":
            self._relation(attributes)
        elif "ContentType" in attributes:
            self._type(attributes["ContentType"])
        elif bare in ("fldSimple", "fldChar"):
            self._note(_FIELDS, "\n" + "".join(attributes.values()) + "\n")

    def closed(self, _name: str) -> None:
        self.depth -= 1
        if self.spoken and self.spoken != _FIELDS:
            self._note(self.spoken, "\n")
        self.spoken = ""

    def heard(self, text: str) -> None:
        if self.spoken:
            self._note(self.spoken, text)

    def _note(self, what: str, text: str) -> None:
        self.length += len(text)
        self.said.setdefault(what, []).append(text)
        if self.length > _MAX_TEXT:
            self.finish()

    def finish(self) -> None:
        """Judges what was said so far; a field may be spread over many elements."""
        for what, pieces in self.said.items():
            if _SPOKEN[what].search("".join(pieces)):
                raise Unfit(Fault.ELSEWHERE, part=self.part)
            self.said[what] = ["…", "".join(pieces)[-100:]]
        self.length = 0

    def _type(self, told: str) -> None:
        _refuse(told, self.part)
        self.main |= {word for word, sign in _MAIN.items() if told.endswith(sign)}

    def _relation(self, told: dict[str, str]) -> None:
        kind, target = told.get("Type", ""), told.get("Target", "")
        _refuse(kind, target)
        if told.get("TargetMode", "").lower() != "external":
            return
        if not kind.endswith("/hyperlink") or not _LINK.match(target):
            raise Unfit(Fault.ELSEWHERE, part=target)
