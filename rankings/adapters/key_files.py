"""Files of keys and roots in a folder: private ones for the owner alone, none overwritten."""

from __future__ import annotations

import os
import re
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rankings.adapters import folders, key_roots
from rankings.adapters.key_roots import Root, Signed
from rankings.errors import Conflict, Invalid, NotFound, Problem

PEM = serialization.Encoding.PEM
ASSOCIATION = re.compile(r"[a-z][a-z0-9-]{1,29}", re.ASCII)
NUMBERED = re.compile(r"\.root-([1-9][0-9]*)\.json$", re.ASCII)


def root_file(folder: Path, association: str, number: int) -> Path:
    """Where a taken root lies."""
    return folder / f"{association}.root-{number}.json"


def signed_roots(folder: Path, association: str) -> tuple[Signed, ...]:
    """All roots that were taken, the first one first; Invalid where one is missing between."""
    if not ASSOCIATION.fullmatch(association):
        return ()
    found = folder.glob(f"{association}.root-*.json")
    numbers = sorted(int(name[1]) for file in found if (name := NUMBERED.search(file.name)))
    if numbers != list(range(1, len(numbers) + 1)):
        raise Invalid([Problem("keys", str(folder), "a root between the others is missing")])
    files = (root_file(folder, association, number) for number in numbers)
    return tuple(key_roots.read(file.read_bytes()) for file in files)


def roots(folder: Path, association: str) -> tuple[Root, ...]:
    """All roots that were taken, checked from the first; empty where there is none."""
    found = signed_roots(folder, association)
    if not found:
        return ()
    chain = key_roots.checked(found)
    if chain[0].association != association:
        raise Invalid([Problem("keys", chain[0].association, f"is no root of {association}")])
    return chain


def keep_root(folder: Path, signed: Signed) -> Path:
    """Keep a root that was checked; Conflict where another one of its number is there."""
    file = root_file(folder, signed.root.association, signed.root.number)
    if file.exists() and key_roots.read(file.read_bytes()).root != signed.root:
        raise Conflict(f"{file} is there already; a root is never overwritten.")
    folder.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{uuid4().hex}")
    beside.write_bytes(signed.body)
    beside.replace(file)
    folders.sync(folder)
    return file


def write_private(file: Path, key: Ed25519PrivateKey, passphrase: bytes | None = None) -> None:
    """A private key for the owner alone; Conflict where the file is there."""
    sealed: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        sealed = serialization.BestAvailableEncryption(passphrase)
    secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, sealed)
    try:
        with open(file, "xb", opener=_for_the_owner_alone) as out:
            out.write(secret)
    except FileExistsError:
        raise Conflict(f"{file} is there already; a key is never overwritten.") from None


def _for_the_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def read_private(file: Path, passphrase: bytes | None = None) -> Ed25519PrivateKey:
    """A private key; Invalid where it is none or the passphrase is another one."""
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=passphrase)
    except FileNotFoundError:
        raise NotFound(f"There is no key {file}: rankings keys make.") from None
    except (ValueError, TypeError):
        remedy = "is no private key, or its passphrase is another one"
        raise Invalid([Problem(str(file), "", remedy)]) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Invalid([Problem(str(file), "", "is not an Ed25519 key")])
    return key


def privates(folder: Path, association: str) -> dict[str, Path]:
    """The files of private edition keys on this host, by public key in hex."""
    files = (folder / f"{association}.private.pem", *folder.glob(f"{association}.*.private.pem"))
    found = [file for file in files if file.is_file()]
    return {key_roots.public_hex(read_private(file).public_key()): file for file in found}
