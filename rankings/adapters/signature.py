"""Ed25519 keys of associations, outside the database, and what is signed with them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from rankings.errors import Conflict, Invalid, NotFound, Problem

PEM = serialization.Encoding.PEM


def private_file(folder: Path, association: str) -> Path:
    """Where the key lies that only the publishing host needs."""
    return folder / f"{association}.private.pem"


def public_file(folder: Path, association: str) -> Path:
    """Where the key lies that every reading host needs."""
    return folder / f"{association}.public.pem"


def make(folder: Path, association: str, seed: bytes | None = None) -> Ed25519PublicKey:
    """A new pair of keys; Conflict where there is one. A seed (32 bytes) is for demonstrations."""
    key = Ed25519PrivateKey.from_private_bytes(seed) if seed else Ed25519PrivateKey.generate()
    folder.mkdir(parents=True, exist_ok=True)
    secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = private_file(folder, association)
    try:
        with open(file, "xb", opener=_for_the_owner_alone) as out:
            out.write(secret)
    except FileExistsError:
        raise Conflict(f"{file} is there already; a key is never overwritten.") from None
    public_file(folder, association).write_bytes(public_pem(key.public_key()))
    return key.public_key()


def _for_the_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def private(folder: Path, association: str) -> Ed25519PrivateKey:
    """The signing key of an association; NotFound where this host has none."""
    file = private_file(folder, association)
    key = serialization.load_pem_private_key(_read(file, "rankings keys make"), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Invalid([Problem(str(file), "", "is not an Ed25519 key")])
    return key


def public(folder: Path, association: str) -> Ed25519PublicKey:
    """The public key of an association; NotFound where this host has none."""
    return public_key(_read(public_file(folder, association), "copy it from the publishing host"))


def _read(file: Path, remedy: str) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no key {file}: {remedy}.") from None


def public_key(pem: bytes) -> Ed25519PublicKey:
    """A public key from its PEM text; Invalid where it is none."""
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Invalid([Problem("key", "", "is not an Ed25519 public key in PEM form")])
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The form that OpenSSL reads."""
    return key.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key's 32 bytes, in hex: what an association prints on paper."""
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return hashlib.sha256(key.public_bytes(*raw)).hexdigest()


def is_signed(key: Ed25519PublicKey, signature: bytes, body: bytes) -> bool:
    """Whether the signature of a body is this key's."""
    try:
        key.verify(signature, body)
    except InvalidSignature:
        return False
    return True
