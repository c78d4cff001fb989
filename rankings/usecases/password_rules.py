"""Which passwords are taken: long ones that are not the first to be guessed.

No list of leaked passwords is at hand offline. Refused are: letters that repeat, runs along the
keyboard or the alphabet, well-known words with little else, the email, the name of an association.
Nothing is asked of capitals, digits or signs, and no password ever grows old.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rankings.errors import Invalid, Problem

SHORTEST, MOST_BYTES = 12, 1_024
# The remedies.
TOO_LONG = f"must not be longer than {MOST_BYTES} bytes"
TOO_SHORT = f"must have at least {SHORTEST} characters; several words are easy to remember"
FOLLOWS = "is too easy to guess: letters that repeat or follow each other"
KNOWN = "is too easy to guess: it is a well-known word or your own name"
DIFFERENT_LETTERS = 5
# So much must be left when words that anybody would try are taken out.
LEFT = 6
RUNS = (
    *("01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"),
    *("qwertzuiop", "azertyuiop", "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik"),
)
WORDS = (
    *("password", "passwort", "passw0rd", "p@ssw0rd", "welcome", "letmein", "iloveyou", "admin"),
    *("administrator", "changeme", "secret", "login", "matkhau", "monkey", "dragon", "football"),
    *("sunshine", "princess", "master", "qwerty", "abc123", "123456", "rankings", "ranking"),
)
# Two of three pairs make it a run.
MOST_OF = 3


def too_long(password: str) -> bool:
    """More bytes than anybody types: it is not even compared."""
    return len(password.encode("utf-8", "replace")) > MOST_BYTES


def check(password: str, known: Iterable[str] = ()) -> None:
    """Invalid where a password cannot be taken; `known` are the email and names close to it.

    The refusal never repeats the password.
    """
    remedy = _fault(password, known)
    if remedy:
        raise Invalid([Problem("password", "", remedy)])


def _fault(password: str, known: Iterable[str]) -> str | None:
    if too_long(password):
        return TOO_LONG
    if len(password) < SHORTEST:
        return TOO_SHORT
    text = _bare(password)
    if len(set(text)) < DIFFERENT_LETTERS or _repeats(text) or _is_run(text):
        return FOLLOWS
    if len(_without(text, known)) < LEFT:
        return KNOWN
    return None


def _bare(text: str) -> str:
    """Letters as they are compared: without case, without gaps."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _repeats(text: str) -> bool:
    """Is it the same piece again and again?"""
    return text in f"{text}{text}"[1:-1]


def _is_run(text: str) -> bool:
    """Do most of its letters follow each other in a run, forwards or backwards?"""
    runs = " ".join([*RUNS, *(run[::-1] for run in RUNS)])
    pairs = [text[at : at + 2] for at in range(len(text) - 1)]
    return MOST_OF * sum(pair in runs for pair in pairs) >= (MOST_OF - 1) * len(pairs)


def _without(text: str, known: Iterable[str]) -> str:
    names = [part for one in known for part in re.split(r"[\W_]+", _bare(one)) if len(part) > 2]
    whole = [_bare(one) for one in known]
    for word in sorted({*WORDS, *names, *whole} - {""}, key=len, reverse=True):
        text = text.replace(word, "")
    return text
