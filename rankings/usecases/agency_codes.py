"""Public codes of agencies: country, number, and a check digit that finds slips of the pen."""

from __future__ import annotations

import re

from stdnum.iso7064 import mod_11_10

SHAPE = re.compile(r"([A-Z]{2})-(\d{4,})(\d)", re.ASCII)


def code(country: str, number: int) -> str:
    """The code of the n-th agency of a country, such as `VN-00126`."""
    digits = f"{number:04}"
    return f"{country}-{digits}{_check(country, digits)}"


def number(text: str) -> int | None:
    """The number in a code; None where the text is no code or its check digit is wrong."""
    found = SHAPE.fullmatch(text)
    if found is None or _check(found[1], found[2]) != found[3]:
        return None
    return int(found[2])


def _check(country: str, digits: str) -> str:
    """ISO 7064 MOD 11,10; letters count as two digits, A = 10."""
    letters = "".join(str(ord(letter) - ord("A") + 10) for letter in country)
    return str(mod_11_10.calc_check_digit(letters + digits))
