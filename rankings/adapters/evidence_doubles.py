"""Whether a PDF file is a file of another kind as well; looks at bytes and reads nothing."""

from __future__ import annotations

import re

from rankings.adapters.evidence_kinds import Fault, Unfit

_END, _BLANK = b"%%EOF", b"\0\t\n\f\r "
_WEB = re.compile(rb"<(?:html|script|!doctype html|\?php|svg|iframe|body)[\s>/]", re.I)
_MAIL = re.compile(rb"^mime-version:", re.I | re.M)
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"__HALT_COMPILER();")
# Where an image of a disc and a TAR file say what they are.
_AT = ((32769, b"CD001"), (257, b"ustar"))
_ZIP_LIST, _ZIP_END = b"PK\x01\x02", b"PK\x05\x06"
_EMPTY_ZIP = _ZIP_END + bytes(16)


def refuse_two_in_one(body: bytes) -> None:
    """Refuse what other programs would take for a file of their own; raises Unfit."""
    if _END not in body:
        raise Unfit(Fault.DAMAGED)
    also = (
        not body.rstrip(_BLANK).endswith(_END),
        0 <= body.find(_ZIP_LIST) < body.rfind(_ZIP_END) or _EMPTY_ZIP in body,
        any(body[at : at + len(mark)] == mark for at, mark in _AT),
        any(mark in body for mark in _ARCHIVES),
        _WEB.search(body),
        _MAIL.search(body[:4096]),
    )
    if any(also):
        raise Unfit(Fault.TWO_IN_ONE)
