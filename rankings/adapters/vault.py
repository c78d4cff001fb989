"""Seals complaints: who takes one in cannot read it again, who has the private key can."""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rankings.errors import Unavailable

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
# What is short fills whole steps, what is long the next power of two: lengths tell little.
STEP: Final = 4_096
SHORT: Final = 4 * STEP
# The first byte of what is sealed says how: later ways get other numbers.
SEALED, WRAPPED, LOCKED = b"\x01", b"\x02", b"\x03"
PURPOSE: Final = b"rankings: the key of a complaint"
# Where a complaint ends and its padding begins.
END: Final = b"\x80"
ALTERED: Final = "This was altered or sealed with another key."


def make() -> tuple[bytes, bytes]:
    """A new pair of X25519 keys: the raw private and the raw public one, 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def new_key() -> bytes:
    """A case's own key: 32 bytes from the operating system."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(public: bytes, key: bytes, about: str) -> bytes:
    """A key that only the private half of `public` unwraps, and only as the key of `about`."""
    once = X25519PrivateKey.generate()
    sender = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    # The shared key is used this once, so it needs no nonce of its own.
    cipher = AESGCM(_between(shared, sender, public))
    return WRAPPED + sender + cipher.encrypt(bytes(NONCE_BYTES), key, _about(WRAPPED, about))


def unwrap(private: bytes, wrapped: bytes, about: str) -> bytes:
    """The key that was wrapped; Unavailable where it was altered or is for another key."""
    sender, body = wrapped[1 : 1 + KEY_BYTES], wrapped[1 + KEY_BYTES :]
    own = X25519PrivateKey.from_private_bytes(private)
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sender))
        cipher = AESGCM(_between(shared, sender, own.public_key().public_bytes_raw()))
        return cipher.decrypt(bytes(NONCE_BYTES), body, _about(wrapped[:1], about))
    except (InvalidTag, ValueError) as error:
        raise Unavailable(ALTERED) from error


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """What only `key` opens, and only as `about`; lengths are rounded up to whole 4 kB and more."""
    return _encrypt(SEALED, key, _padded(plain), about)


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """What was sealed; Unavailable where it was altered, moved or sealed with another key."""
    padded = _decrypt(SEALED, key, sealed, about)
    return padded[: padded.rindex(END)]


def lock(key: bytes, inner: bytes, about: str) -> bytes:
    """One key under another, without padding: keys are all of one length."""
    return _encrypt(LOCKED, key, inner, about)


def unlock(key: bytes, locked: bytes, about: str) -> bytes:
    """The key under another; Unavailable where it was altered, moved or locked with another."""
    return _decrypt(LOCKED, key, locked, about)


def _encrypt(kind: bytes, key: bytes, plain: bytes, about: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return kind + nonce + AESGCM(key).encrypt(nonce, plain, _about(kind, about))


def _decrypt(kind: bytes, key: bytes, body: bytes, about: str) -> bytes:
    nonce, sealed = body[1 : 1 + NONCE_BYTES], body[1 + NONCE_BYTES :]
    try:
        if body[:1] != kind:
            raise InvalidTag
        return AESGCM(key).decrypt(nonce, sealed, _about(kind, about))
    except (InvalidTag, ValueError) as error:
        raise Unavailable(ALTERED) from error


def _about(kind: bytes, about: str) -> bytes:
    return kind + about.encode()


def _between(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    """The key of this one exchange, bound to both of its sides."""
    info = PURPOSE + sender + receiver
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(shared)


def _padded(plain: bytes) -> bytes:
    size = len(plain) + len(END)
    whole = -(-size // STEP) * STEP if size <= SHORT else 1 << (size - 1).bit_length()
    return plain + END + bytes(whole - size)
