"""PDF files: read as far as their objects, never shown; what could act is found and told."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader, filters
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject

from rankings.adapters.evidence_kinds import Fault, Kind, Unfit

# Keys that carry or start something; actions, annotations and parts of the same kind.
_KEYS = {"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA"}
_ACTS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition"),
    *("/RichMediaExecute", "/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D"),
    *("/EmbeddedFile",),
}
_LONG = ("JavaScript", "Launch", "EmbeddedFile", "RichMedia", "SubmitForm", "ImportData")
# The library imports it when it needs it, which a process without files could not do.
NEEDED = (filters,)


def _escaped(word: str) -> str:
    """A pattern for a name, each letter of which may be written as #xx."""
    either = (rf"(?:{sign}|#(?i:{ord(sign):02x}))" for sign in word)
    return "/" + "".join(either)


_ACTIVE = re.compile("|".join(map(_escaped, _LONG)).encode())


def check(body: bytes, kind: Kind) -> tuple[bool, bytes]:
    """Whether it holds scripts, files, or actions that start by themselves; raises Unfit.

    The library's own errors mean that it cannot be read.
    """
    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted:
        raise Unfit(Fault.PASSWORD)
    if not reader.pages:
        raise Unfit(Fault.DAMAGED)
    return bool(_ACTIVE.search(body)) or _is_active(reader), b""


def _is_active(reader: PdfReader) -> bool:
    """Looks at every object of the file; one that cannot be read may be anything."""
    try:
        found = map(reader.get_object, _references(reader))
        return any(map(_may_act, found)) or _may_act(reader.trailer)
    except PyPdfError:
        return True


def _may_act(whole: PdfObject | None) -> bool:
    return _is_act(whole) or any(map(_acts, _dictionaries(whole)))


def _references(reader: PdfReader) -> Iterator[IndirectObject]:
    for generation, places in reader.xref.items():
        for number in list(places):
            yield IndirectObject(number, generation, reader)
    for number in list(reader.xref_objStm):
        yield IndirectObject(number, 0, reader)


def _dictionaries(whole: PdfObject | None) -> Iterator[DictionaryObject]:
    """All dictionaries in an object, without those that it only refers to."""
    waiting: list[object] = [whole]
    while waiting:
        found = waiting.pop()
        if isinstance(found, DictionaryObject):
            yield found
            waiting.extend(dict.values(found))
        elif isinstance(found, ArrayObject):
            waiting.extend(list.__iter__(found))


def _acts(found: DictionaryObject) -> bool:
    if not _KEYS.isdisjoint(found):
        return True
    said = (dict.get(found, key) for key in ("/S", "/Subtype", "/Type"))
    return any(_is_act(one) for one in said) or _opens(found)


def _is_act(found: object) -> bool:
    return isinstance(found, NameObject) and found in _ACTS


def _opens(found: DictionaryObject) -> bool:
    """Whether something else than a place in the file itself is shown when it opens."""
    if "/OpenAction" not in found:
        return False
    action = found["/OpenAction"]
    return isinstance(action, DictionaryObject) and dict.get(action, "/S") != "/GoTo"
