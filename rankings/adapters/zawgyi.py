"""Burmese text in the Zawgyi encoding as Unicode; all other text as it is."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from unicodedata import normalize

from myanmartools import ZawgyiDetector

from rankings.adapters.zawgyi_letters import (
    KILLER,
    KINZI,
    LETTERS,
    MARKS,
    ORDER,
    RA,
    VIRAMA,
    YA,
    E,
)

BURMESE = re.compile(r"[\u1000-\u109f]")

# A written syllable in Unicode, in normal form C (which puts the dot before the killer). In each
# row of the alphabet the first and third letter stand on themselves and the next, the last on all.
ROWS = (
    "\u1000\u1001\u1002\u1003",
    "\u1005\u1006\u1007\u1008",
    "\u100b\u100c\u100d\u100e",
    "\u1010\u1011\u1012\u1013",
    "\u1015\u1016\u1017\u1018",
)
LAST = ("", "\u1009\u100a\u1025", "\u100f", "\u1014", "\u1019")
PAIRS = [
    pair
    for row, last in zip(ROWS, LAST, strict=True)
    for pair in (
        rf"{row[0]}{VIRAMA}[{row[:2]}]",
        rf"{row[2]}{VIRAMA}[{row[2:]}]",
        *([rf"[{last}]{VIRAMA}[{row}{last}]"] if last else []),
    )
]
PAIRS += [rf"{twin}{VIRAMA}{twin}" for twin in "\u101a\u101c\u101d\u101e"]
PAIRS += [rf"\u101f{VIRAMA}\u1019"]
LETTER = r"[\u1000-\u1021\u1023-\u1027\u1029\u102a\u103f\u104e]"
WITH_YA = r"[\u1000-\u1002\u1005\u1010\u1015-\u1019\u101a\u101c\u101e\u101f]"
WITH_RA = r"[\u1000-\u1005\u1010\u1012-\u1019\u101e]"
# Only "man" and the formal "I" go on after a killer.
ONSET = (
    rf"(?:{KINZI})?(?:(?:{'|'.join(PAIRS)})[\u103b\u103c]?|\u1000\u103a\u103b|\u1014\u103a(?=\u102f)"
    rf"|{WITH_YA}\u103b\u103c?|{WITH_RA}\u103c|{LETTER})\u103d?\u103e?"
)
RHYME = (
    r"(?:\u1031(?:[\u102b\u102c]\u1037?\u103a?)?|\u1032|[\u102b\u102c]|\u1037?\u103a"
    r"|[\u102d\u102e]?[\u102f\u1030]?\u1036?)\u1037?\u1038?"
)
SYLLABLE = ONSET + RHYME
UNICODE = re.compile(rf"(?:{SYLLABLE}|[\u1040-\u104f]|[^\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f])*")

# A written syllable in Zawgyi: drawn before the letter, the letter, drawn around it.
# The digits 0 and 7 look like the letters wa and ra, and 4 like "the said".
SIGNS = re.compile(
    r"(?P<said>[\u104e\u1044]\u1004\u1039\u1038|\u104e)"
    r"|(?P<before>[\u1031\u103b\u107e-\u1084]*)"
    r"(?:(?P<letter>[\u1000-\u1027\u1029\u102a\u103f\u106a\u106b\u106e\u106f\u1086"
    r"\u108f-\u1092\u1097])"
    r"|(?P<digit>[\u1040\u1047]))"
    r"(?P<around>[\u102b-\u1030\u1032-\u103a\u103c-\u103e\u105a\u1060-\u1069\u106c\u106d"
    r"\u1070-\u107d\u1085\u1087-\u108e\u1093-\u1096]*)"
)
SAID = "\u104e\u1004\u103a\u1038"
DIGIT, WORD = re.compile(r"[\u1040-\u1049]"), re.compile(r"[\u1000-\u103f\u105a-\u1097]")
# As in two words only: "man" and the formal "I".
EARLY_KILLER = re.compile(r"\u1039[\u103a\u107d\u102f\u1033]")
RA_CLOSED = re.compile(r"[\u1000-\u1021]\u1039")

# Every Burmese text in Zawgyi but the shortest has one; the scripts of neighbours seldom.
TELLTALE = re.compile(r"[\u1039\u103a-\u103d]|\b\u1031")

# How likely Zawgyi must be before text is changed that would be sound Burmese then, or not.
TOLD, UNTOLD, STILL_UNSOUND = 0.05, 0.5, 0.99


def unicode_text(text: str) -> tuple[str, str | None]:
    """The text in Unicode, and what it was if that was Zawgyi."""
    text = normalize("NFC", text)
    if not BURMESE.search(text):
        return text, None
    converted = normalize("NFC", SIGNS.sub(_syllable, text))
    if converted == text or UNICODE.fullmatch(text) or _likelihood(text) < _needed(text, converted):
        return text, None
    return converted, text


def _needed(text: str, converted: str) -> float:
    if not UNICODE.fullmatch(converted):
        return STILL_UNSOUND
    return TOLD if TELLTALE.search(text) else UNTOLD


def _likelihood(text: str) -> float:
    return float(_detector().get_zawgyi_probability(text))


@lru_cache(maxsize=1)
def _detector() -> ZawgyiDetector:
    with warnings.catch_warnings():
        # It opens its model in a way that Python 3.11 calls old and 3.13 took back into favour.
        warnings.simplefilter("ignore", DeprecationWarning)
        return ZawgyiDetector()


def _syllable(found: re.Match[str]) -> str:
    """One Zawgyi syllable in the order of Unicode."""
    if found["said"]:
        return SAID
    if found["digit"] and not _is_letter(found):
        return found[0]
    letter = {"\u1040": "\u101d", "\u1047": "\u101b"}.get(found["digit"]) or found["letter"]
    signs = [
        mark for sign in found["before"] + found["around"] for mark in MARKS.get(sign, (sign,))
    ]
    marks = sorted(dict.fromkeys(signs), key=_place)
    if EARLY_KILLER.match(found["around"]):
        marks.sort(key=lambda mark: mark != KILLER)
    kinzi = KINZI if KINZI in marks else ""
    below = "".join(mark for mark in marks if mark != KINZI)
    return kinzi + _joined(LETTERS.get(letter, letter), below)


def _place(mark: str) -> int:
    return -1 if mark.startswith(VIRAMA) else ORDER.find(mark)


def _joined(letter: str, marks: str) -> str:
    """Letters that Unicode has as one where Zawgyi writers made them of two."""
    if letter == "\u1025" and marks.startswith("\u102e"):
        return "\u1026" + marks[1:]
    if letter == "\u1025" and marks.startswith((KILLER, "\u102c", "\u1037", VIRAMA)):
        return "\u1009" + marks
    if letter == "\u1005" and YA in marks:
        return "\u1008" + marks.replace(YA, "")
    if letter == "\u101e":
        return {RA: "\u1029", f"{RA}{E}\u102c{KILLER}": "\u102a"}.get(marks, letter + marks)
    return letter + marks


def _is_letter(found: re.Match[str]) -> bool:
    """Whether a digit stands where only the letter of its shape can."""
    if found["before"] or found["around"].strip("\u1038"):
        return True
    text, (start, end) = found.string, found.span()
    if DIGIT.match(text[start - 1 : start]) or DIGIT.match(text[end : end + 1]):
        return False
    if found["digit"] == "\u1047":
        return bool(RA_CLOSED.match(text, end))
    return bool(WORD.match(text[start - 1 : start]) or WORD.match(text, end))
