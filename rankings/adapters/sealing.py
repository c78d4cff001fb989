"""Seals small secrets that the database keeps but must not tell."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rankings.errors import Unavailable

# It keeps this key apart from all others that come from the same secret.
PURPOSE = b"rankings: secrets of second factors"


class Sealer:
    """Seals and opens with a key that follows from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        key = HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(secret_key.encode())
        self._fernet = Fernet(urlsafe_b64encode(key))

    def seal(self, plain: bytes) -> bytes:
        """The sealed form; it says nothing of when it was made."""
        return self._fernet.encrypt_at_time(plain, 0)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed; Unavailable where it was altered or sealed with another key."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise Unavailable("This was sealed with another secret key.") from error
