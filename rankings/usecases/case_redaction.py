"""A summary for the agency must not tell who complained: what is refused, before anybody reads."""

from __future__ import annotations

import re
import unicodedata

# In letters.
LONGEST_SUMMARY, LONGEST_ANSWER, LONGEST_NOTE = 1_000, 2_000, 2_000

EMAIL, PHONE, PASSPORT, ADDRESS, CODE = "email", "phone", "passport", "address", "code"

# A number of a telephone has at least so many digits, sums of money are written in groups of three.
MINUS = "\N{MINUS SIGN}"
_PHONE = re.compile(r"(?:\+[ (]?[1-9]|(?<!\d)0)(?:[ .\-()/]{0,3}\d){7,14}")
_LONG = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){8,}")
_MONEY = re.compile(r"(?<!\d)(?<!\d[ .,\-])[1-9]\d{0,2}(?:[ .,]\d{3}){1,4}(?![ .,\-]?\d)")
_EMAIL = re.compile(
    r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.|\s?\(dot\)\s?)\w+", re.IGNORECASE
)
_PASSPORT = re.compile(r"\b[A-Z]{1,3}[ \-]?\d{6,9}\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"https?://|www\.|\b(?:facebook|fb|zalo|telegram|t\.me|viber|line id|tiktok)\b", re.IGNORECASE
)
_RECEIPT = re.compile(r"\b\d{4}[ \-]?\d{4}[ \-]?\d{4}[ \-]?\d{4}\b")


def found(text: str) -> list[str]:
    """Which marks of a person a text holds: `code`, `email`, `passport`, `address`, `phone`.

    Digits of other scripts are read as such; sums of money are none of these.
    """
    plain = "".join(_ascii(letter) for letter in unicodedata.normalize("NFKC", text))
    marks = {CODE: _RECEIPT, EMAIL: _EMAIL, PASSPORT: _PASSPORT, ADDRESS: _ADDRESS}
    held = [mark for mark, pattern in marks.items() if pattern.search(plain)]
    numbers = _MONEY.sub(" ", plain)
    return [*held, PHONE] if _PHONE.search(numbers) or _LONG.search(numbers) else held


def _ascii(letter: str) -> str:
    if unicodedata.category(letter) == "Pd" or letter == MINUS:
        return "-"
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)
