"""Receipts of complaints: sixteen digits that find a case and open it, and stand nowhere."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock
from typing import Final
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DIGITS: Final = 16
# Nobody types more around sixteen digits.
LONGEST: Final = 100
KIBIBYTES, PASSES, LANES = 65_536, 3, 1
# Each run takes its memory for itself, so a flood of tries waits in a queue.
AT_ONCE: Final = 2
HALF: Final = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """What follows from a receipt: `lookup` finds the case, `key` opens it."""

    lookup: bytes
    key: bytes = field(repr=False)


def new_receipt() -> str:
    """Sixteen random digits from the operating system."""
    return _digits(secrets.randbelow(10**DIGITS))


def digits(text: str) -> str:
    """What was typed as sixteen ASCII digits, or nothing.

    Digits of any script are taken, spaces and dashes between them are left out.
    """
    if len(text) > LONGEST:
        return ""
    kept = [sign for sign in text if not _is_between(sign)]
    read = "".join(str(unicodedata.decimal(sign, "x")) for sign in kept)
    return read if len(read) == DIGITS and read.isdecimal() else ""


class Receipts:
    """Opens receipts, slowly on purpose; `runs` says how often argon2 was at work.

    The salt is the same for all, or a case could not be found by its receipt. It and the pepper
    follow from the installation's secret, so the database alone cannot be searched for receipts.
    """

    def __init__(self, secret_key: str, kibibytes: int = KIBIBYTES, passes: int = PASSES) -> None:
        self.runs = 0
        self._salt, self._pepper, self._drawing = (
            _derived(secret_key, purpose) for purpose in ("salt", "pepper", "drawing")
        )
        self._costs = {"time_cost": passes, "memory_cost": kibibytes, "parallelism": LANES}
        self._counting, self._queue = Lock(), BoundedSemaphore(AT_ONCE)

    def open(self, receipt: str) -> Opened:
        """What follows from sixteen digits, by one run of argon2."""
        with self._counting:
            self.runs += 1
        secret = hmac.digest(self._pepper, receipt.encode(), "sha256")
        with self._queue:
            both = hash_secret_raw(
                secret, self._salt, hash_len=2 * HALF, type=Type.ID, **self._costs
            )
        return Opened(both[:HALF], both[HALF:])

    def drawn(self, nonce: bytes) -> str:
        """The receipt of a form whose random number is `nonce`: sent twice it gets the same."""
        return _digits(int.from_bytes(self._drawn(nonce, "receipt")) % 10**DIGITS)

    def drawn_id(self, nonce: bytes, what: str) -> UUID:
        """The key of what a form brings; nobody can tell which forms came first."""
        return UUID(bytes=self._drawn(nonce, what)[:16], version=4)

    def _drawn(self, nonce: bytes, what: str) -> bytes:
        return hmac.digest(self._drawing, what.encode() + b"\0" + nonce, "sha256")


def _digits(number: int) -> str:
    return f"{number:0{DIGITS}}"


def _is_between(sign: str) -> bool:
    """Spaces, also those without a width, and dashes."""
    return unicodedata.category(sign) in ("Zs", "Cf", "Pd", "Cc") or sign in ".\u2212"


def _derived(secret_key: str, purpose: str) -> bytes:
    info = f"rankings: receipts of complaints: {purpose}".encode()
    return HKDF(SHA256(), length=HALF, salt=None, info=info).derive(secret_key.encode())
