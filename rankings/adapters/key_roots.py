"""Root documents: which keys may sign an association's editions, and from when to when.

A root names three holders and is good where two of them signed it, and from root 2 on also two
holders of the root before. So a chain of roots leads from the first one to today's keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from rankings.canonical import canonical, digest
from rankings.errors import Invalid, Problem

FORMAT = "rankings-keys/1"
HOLDERS, THRESHOLD = 3, 2
LARGEST = 1_000_000
PUBLIC, SIGNATURE = 32, 64


@dataclass(frozen=True, slots=True)
class EditionKey:
    """A public key (32 bytes in hex) and its first and last day; `last` is None while in use."""

    public: str
    first: date
    last: date | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key's 32 bytes, in hex."""
        return digest(bytes.fromhex(self.public))

    @property
    def key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public))

    def is_valid(self, day: date) -> bool:
        """Both its first and its last day are days of the key."""
        return self.first <= day and (self.last is None or day <= self.last)

    def values(self) -> dict[str, Any]:
        last = self.last.isoformat() if self.last else None
        return {"public": self.public, "first": self.first.isoformat(), "last": last}


@dataclass(frozen=True, slots=True)
class Root:
    """What holders sign. `before` is the fingerprint of the root before; None in root 1."""

    association: str
    number: int
    holders: tuple[str, ...]
    editions: tuple[EditionKey, ...]
    before: str | None = None

    def values(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "association": self.association,
            "number": self.number,
            "holders": list(self.holders),
            "threshold": THRESHOLD,
            "editions": [one.values() for one in self.editions],
            "before": self.before,
        }

    @property
    def body(self) -> bytes:
        """The bytes that are signed."""
        return canonical(self.values())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what is signed, in hex: what an association prints on paper."""
        return digest(self.body)


@dataclass(frozen=True, slots=True)
class Signed:
    """A root and its signatures (hex), by the public key (hex) of the holder."""

    root: Root
    signatures: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        return {"root": self.root.values(), "signatures": dict(self.signatures)}

    @property
    def body(self) -> bytes:
        """The file."""
        return canonical(self.values())


def public_hex(key: Ed25519PublicKey) -> str:
    """The 32 bytes of a public key in hex."""
    return key.public_bytes_raw().hex()


def sign(signed: Signed, key: Ed25519PrivateKey) -> Signed:
    """The root with one more signature."""
    mine = {public_hex(key.public_key()): key.sign(signed.root.body).hex()}
    return replace(signed, signatures={**signed.signatures, **mine})


def read(body: bytes) -> Signed:
    """A root file; Invalid where it is not written as one. Signatures are not checked here."""
    found = _loaded(body)
    try:
        signed = _signed(found)
        is_canonical = signed.body == body
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused(f"is no root of keys: {error!r}") from error
    if not is_canonical:
        raise _refused("is not written as a root is written")
    return signed


def read_chain(body: bytes) -> tuple[Root, ...]:
    """The roots in `keys.json`, checked from the first; a file of root 1 alone is a chain too."""
    found = _loaded(body)
    if set(found) != {"roots"}:
        return checked([read(body)])
    try:
        pieces = [canonical(one) for one in found["roots"]]
        is_canonical = canonical(found) == body
    except (TypeError, ValueError) as error:
        raise _refused(f"is no chain of roots: {error!r}") from error
    if not is_canonical:
        raise _refused("is not written as a chain of roots is written")
    return checked([read(piece) for piece in pieces])


def write_chain(chain: Sequence[Signed]) -> bytes:
    """`keys.json`: all roots, the first one first."""
    return canonical({"roots": [one.values() for one in chain]})


def checked(chain: Sequence[Signed]) -> tuple[Root, ...]:
    """The roots of a chain that begins with root 1; Invalid where one link does not hold."""
    if not chain:
        raise _refused("holds no root")
    check(chain[0], None)
    for before, signed in pairwise(chain):
        check(signed, before.root)
    return tuple(one.root for one in chain)


def check(signed: Signed, before: Root | None) -> None:
    """Invalid where a root is not the next one, or fewer than two of three signed on a side."""
    root = signed.root
    if root.number == 1 and before is None:
        if root.before is not None:
            raise _refused("is the first root and names one before it")
    elif before is None:
        raise _refused(f"is root {root.number}, which comes without the roots before it")
    else:
        _check_next(root, before)
    _check_signatures(signed, before)


def _check_next(root: Root, before: Root) -> None:
    named = (root.association, root.number, root.before)
    if named != (before.association, before.number + 1, before.fingerprint):
        raise _refused(f"is not the root that follows root {before.number}")
    if len(root.editions) < len(before.editions):
        raise _refused("leaves out an edition key of the root before")
    for old, new in zip(before.editions, root.editions, strict=False):
        if (old.public, old.first) != (new.public, new.first):
            raise _refused("leaves out or changes an edition key of the root before")
        if old.last and (new.last is None or new.last > old.last):
            raise _refused("lets an edition key end later than the root before")


def _check_signatures(signed: Signed, before: Root | None) -> None:
    known = {*signed.root.holders, *(before.holders if before else ())}
    for public, signature in signed.signatures.items():
        if public not in known:
            raise _refused("is signed by somebody who is not a holder")
        if not _is_signed(public, signature, signed.root.body):
            raise _refused("bears a signature that is not the holder's")
    for root in (signed.root, before) if before else (signed.root,):
        many = sum(one in signed.signatures for one in root.holders)
        if many < THRESHOLD:
            remedy = f"is signed by {many} of the {HOLDERS} holders of root {root.number}"
            raise _refused(f"{remedy}; {THRESHOLD} are needed")


def _is_signed(public: str, signature: str, body: bytes) -> bool:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    try:
        key.verify(bytes.fromhex(signature), body)
    except InvalidSignature:
        return False
    return True


def _loaded(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST:
        raise _refused(f"is larger than {LARGEST} bytes")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _refused("is no JSON") from error
    if not isinstance(found, dict):
        raise _refused("is no root of keys")
    return found


def _signed(found: Mapping[str, Any]) -> Signed:
    signatures = {
        _hex(public, PUBLIC): _hex(signature, SIGNATURE)
        for public, signature in found["signatures"].items()
    }
    return Signed(_root(found["root"]), signatures)


def _root(found: Mapping[str, Any]) -> Root:
    root = Root(
        association=_text(found["association"]),
        number=found["number"],
        holders=tuple(_hex(one, PUBLIC) for one in found["holders"]),
        editions=tuple(_edition(one) for one in found["editions"]),
        before=None if found["before"] is None else _hex(found["before"], PUBLIC),
    )
    if type(root.number) is not int or root.number < 1:
        raise ValueError("its number is none")
    check_shape(root)
    return root


def check_shape(root: Root) -> None:
    """ValueError where a root has not three holders, no edition key, or one key twice."""
    if len(set(root.holders)) != HOLDERS or len(root.holders) != HOLDERS:
        raise ValueError(f"it has not {HOLDERS} different holders")
    keys = [one.public for one in root.editions]
    if not keys or len({*keys, *root.holders}) != len(keys) + HOLDERS:
        raise ValueError("it has no edition key, or one key twice")
    if any(one.last and one.last < one.first for one in root.editions):
        raise ValueError("an edition key ends before it begins")


def _edition(found: Mapping[str, Any]) -> EditionKey:
    last = found["last"]
    return EditionKey(
        public=_hex(found["public"], PUBLIC),
        first=date.fromisoformat(found["first"]),
        last=None if last is None else date.fromisoformat(last),
    )


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise ValueError("a name is no text")
    return found


def _hex(found: Any, size: int) -> str:
    if bytes.fromhex(found).hex() != found or len(found) != 2 * size:
        raise ValueError("a key, fingerprint or signature is not hex of its length")
    return _text(found)


def _refused(remedy: str) -> Invalid:
    return Invalid([Problem("keys", "", remedy)])
