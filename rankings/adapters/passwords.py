"""Passwords by argon2id: slow on purpose, a few at a time, and every run is counted."""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b64encode
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

KIBIBYTES, PASSES, LANES = 65_536, 3, 4
# Each run takes its memory for itself, so a flood of tries waits in a queue.
AT_ONCE = 4
SALT_BYTES, HASH_BYTES = 16, 32


class Hasher:
    """Hashes and compares; `runs` says how often argon2 was at work.

    `unknown` looks like the hash of a password that nobody knows: comparing with it takes as long
    as with any other, so that tries for people who are not there tell nothing by their time.
    """

    def __init__(
        self, kibibytes: int = KIBIBYTES, passes: int = PASSES, lanes: int = LANES
    ) -> None:
        self.runs = 0
        self.unknown = _unknown(kibibytes, passes, lanes)
        self._argon2 = PasswordHasher(passes, kibibytes, lanes, HASH_BYTES, SALT_BYTES)
        self._counting, self._queue = Lock(), BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """A salted hash that names its own parameters."""
        self._count()
        with self._queue:
            return self._argon2.hash(_same(password))

    def matches(self, hashed: str, password: str) -> bool:
        """Is it the password of this hash? Text that is no hash matches nothing."""
        self._count()
        with self._queue:
            try:
                return self._argon2.verify(hashed, _same(password))
            except (VerificationError, InvalidHashError):
                return False

    def is_old(self, hashed: str) -> bool:
        """Was it made with other parameters than today's?"""
        return self._argon2.check_needs_rehash(hashed)

    def _count(self) -> None:
        with self._counting:
            self.runs += 1


def _same(password: str) -> bytes:
    """One form for what looks the same: keyboards differ in how they compose a letter."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")


def _unknown(kibibytes: int, passes: int, lanes: int) -> str:
    salt, digest = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(HASH_BYTES)
    return f"$argon2id$v=19$m={kibibytes},t={passes},p={lanes}${_plain(salt)}${_plain(digest)}"


def _plain(value: bytes) -> str:
    return b64encode(value).decode().rstrip("=")
