"""Evidence files: name, first bytes and contents must agree before one is taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rankings.adapters import evidence_doubles, evidence_names, evidence_process
from rankings.adapters.capped import Limits
from rankings.adapters.evidence_kinds import (
    BY_ENDING,
    KINDS,
    MAX_BYTES,
    OLD_OFFICE,
    PDF,
    Fault,
    Kind,
    Unfit,
    word_for,
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file as it may be kept: `stored` are the bytes as given, or a picture encoded anew."""

    name: str
    media_type: str
    given_sha256: str
    stored: bytes
    stored_sha256: str
    has_active_content: bool

    @property
    def size(self) -> int:
        """Bytes of what is kept."""
        return len(self.stored)


def accept(name: str, body: bytes | Path, limits: Limits = evidence_process.USUAL) -> Accepted:
    """Take a PDF, JPEG, PNG, WebP, Word or Excel file of 1 to 10,000,000 bytes.

    Raises Unfit, an Invalid whose sentence says what to do; the file is read in a process of its
    own within the limits.
    """
    plain = evidence_names.safe(name)
    try:
        kind = _kind(plain)
        given = _bytes(body)
        _refuse_other(given, kind, plain)
        active, anew = evidence_process.ask(given, kind, limits)
    except Unfit as unfit:
        raise unfit.named(plain) from None
    stored = anew or given
    return Accepted(
        name=plain,
        media_type=kind.media_type,
        given_sha256=hashlib.sha256(given).hexdigest(),
        stored=stored,
        stored_sha256=hashlib.sha256(stored).hexdigest(),
        has_active_content=active,
    )


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix


def _kind(name: str) -> Kind:
    kind = BY_ENDING.get(_ending(name))
    if kind is None:
        raise Unfit(Fault.ENDING)
    return kind


def _bytes(body: bytes | Path) -> bytes:
    """All of the file, unless it is empty or larger than is taken."""
    size = body.stat().st_size if isinstance(body, Path) else len(body)
    if size == 0:
        raise Unfit(Fault.EMPTY)
    if size > MAX_BYTES:
        raise Unfit(Fault.TOO_LARGE)
    return body.read_bytes() if isinstance(body, Path) else body


def _refuse_other(body: bytes, kind: Kind, name: str) -> None:
    found, ending = word_for(body), _ending(name)
    if found == kind.word == PDF.word:
        evidence_doubles.refuse_two_in_one(body)
    if found == kind.word or {found, kind.word} <= {"ZIP", "Word", "Excel"}:
        # The parts of a ZIP file tell more than its first bytes.
        return
    if found == OLD_OFFICE:
        raise Unfit(Fault.OLD_OFFICE)
    if found in KINDS:
        right = KINDS[found].endings[0]
        raise Unfit(Fault.MISNAMED, found=found, ending=ending, right=right)
    if found:
        raise Unfit(Fault.OTHER_KIND, found=found, ending=ending)
    raise Unfit(Fault.NOT_THAT_KIND, ending=ending)
