"""Ed25519 keys of associations, outside the database, and what is signed with them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from rankings.adapters import key_files
from rankings.errors import Conflict, Invalid, NotFound, Problem

PEM = serialization.Encoding.PEM
# So much of a fingerprint is enough to tell an association's own keys apart.
SHORT = 16


def private_file(folder: Path, association: str) -> Path:
    """Where the first key lies that only the publishing host needs."""
    return folder / f"{association}.private.pem"


def public_file(folder: Path, association: str) -> Path:
    """Where the first key lies that every reading host needs."""
    return folder / f"{association}.public.pem"


def make(folder: Path, association: str, seed: bytes | None = None) -> Ed25519PublicKey:
    """A new pair of keys; Conflict where there is one. A seed (32 bytes) is for demonstrations."""
    key = Ed25519PrivateKey.from_private_bytes(seed) if seed else Ed25519PrivateKey.generate()
    folder.mkdir(parents=True, exist_ok=True)
    key_files.write_private(private_file(folder, association), key)
    public_file(folder, association).write_bytes(public_pem(key.public_key()))
    return key.public_key()


def make_next(folder: Path, association: str) -> Ed25519PublicKey:
    """One more edition key, which signs once a root that lists it is taken.

    Conflict where there is one already that no root lists.
    """
    waiting = unlisted(folder, association)
    if waiting:
        raise Conflict(f"{waiting[0]} waits to be listed in a root already.")
    key = Ed25519PrivateKey.generate()
    short = fingerprint(key.public_key())[:SHORT]
    key_files.write_private(folder / f"{association}.{short}.private.pem", key)
    return key.public_key()


def unlisted(folder: Path, association: str) -> list[Path]:
    """Private edition keys on this host that no root lists; without a root all but the first."""
    chain = key_files.roots(folder, association)
    known = {one.public for one in chain[-1].editions} if chain else set()
    found = key_files.privates(folder, association)
    first = private_file(folder, association)
    return [
        file for public, file in found.items() if public not in known and (chain or file != first)
    ]


def private(folder: Path, association: str) -> Ed25519PrivateKey:
    """The signing key of an association; NotFound where this host has none.

    That is the private half of the last key that the newest root lists, or the only key there is.
    """
    chain = key_files.roots(folder, association)
    if not chain:
        return key_files.read_private(private_file(folder, association))
    wanted = chain[-1].editions[-1]
    file = key_files.privates(folder, association).get(wanted.public)
    if file is None:
        raise NotFound(f"There is no private key {wanted.fingerprint[:SHORT]} in {folder}.")
    return key_files.read_private(file)


def public(folder: Path, association: str) -> Ed25519PublicKey:
    """The public half of the signing key; NotFound where this host has none."""
    chain = key_files.roots(folder, association)
    if chain:
        return chain[-1].editions[-1].key
    file = public_file(folder, association)
    try:
        return public_key(file.read_bytes())
    except FileNotFoundError:
        raise NotFound(f"There is no key {file}: copy it from the publishing host.") from None


def public_key(pem: bytes) -> Ed25519PublicKey:
    """A public key from its PEM text; Invalid where it is none."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
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
