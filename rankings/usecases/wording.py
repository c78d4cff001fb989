"""Words that people write for others to read: cleaned, and counted as a reader sees them."""

from __future__ import annotations

import re
import unicodedata

from rankings.errors import Problem

# Invisible, but Khmer and Burmese words are parted and joined by them: one at a time is enough.
JOINING = "\u200b\u200c\u200d"
JOINER = "\u200d"
# After these the next letter is written below the one before: Khmer coeng, Burmese virama.
STACKING = "\u17d2\u1039"
# Real scripts put up to six marks on a letter.
MOST_MARKS = 12
# The remedies.
PILED = "has too many marks on one letter: write it plainly"
NO_LETTERS = "must have letters or numbers"

_RUNS = re.compile(f"([{JOINING}])[{JOINING}]+")
_BLANK = re.compile("[ \u00a0]*\n[ \u00a0]*")
_LINES = re.compile("\n{3,}")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_MARKS = {"Mn", "Mc", "Me"}
# Drawn as nothing or as a blank, though they are letters, marks or signs.
_EMPTY = {
    *(0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE0F),
    *range(0xE0100, 0xE01F0),
}


def cleaned(text: str) -> str:
    """The text without what nobody sees: controls, direction marks, floods of joiners or lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    kept = "".join(one for one in text if one == "\n" or _is_kept(one))
    kept = unicodedata.normalize("NFC", kept)
    kept = _LINES.sub("\n\n", _BLANK.sub("\n", _RUNS.sub(r"\1", kept)))
    return kept.strip().strip(JOINING).strip()


def length(text: str) -> int:
    """How many letters a reader counts: marks and letters below others are part of theirs."""
    count, before = 0, ""
    for one in text:
        count += not _joins(before, one)
        before = "" if _is_flag(before) and _is_flag(one) else one
    return count


def is_piled(text: str) -> bool:
    """Whether marks are heaped on a letter as no script does."""
    run = 0
    for one in text:
        run = run + 1 if unicodedata.category(one) in _MARKS else 0
        if run > MOST_MARKS:
            return True
    return False


def faults(place: str, text: str, least: int, most: int) -> list[Problem]:
    """What is wrong with a cleaned text: empty, too short or long, or heaped; else nothing."""
    if is_piled(text):
        return [Problem(place, text[:20], PILED)]
    if not any(one.isalnum() for one in text):
        return [Problem(place, text[:20], NO_LETTERS)]
    # A letter of a real script has few characters.
    is_long = length(text) > most or len(text) > 4 * most
    if length(text) < least or is_long:
        return [Problem(place, text[:20], size(least, most))]
    return []


def size(least: int, most: int) -> str:
    """The remedy for a text that is too short or too long."""
    return f"must have {least} to {most} characters"


def _is_kept(one: str) -> bool:
    if one in JOINING:
        return True
    return unicodedata.category(one) not in _UNSEEN and ord(one) not in _EMPTY


def _joins(before: str, one: str) -> bool:
    """Whether a character is drawn as part of the one before."""
    if not before:
        return False
    if unicodedata.category(one) in _MARKS or one in JOINING or _is_tone(one):
        return True
    return before in STACKING or before == JOINER or (_is_flag(before) and _is_flag(one))


def _is_tone(one: str) -> bool:
    """A colour of skin."""
    return "\U0001f3fb" <= one <= "\U0001f3ff"


def _is_flag(one: str) -> bool:
    """Half of a flag."""
    return "\U0001f1e6" <= one <= "\U0001f1ff"
