"""The signed notice: one small JSON document with its signature."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from rankings.adapters.signature import is_signed
from rankings.canonical import canonical
from rankings.errors import Invalid, Problem


def sign(key: Ed25519PrivateKey, notice: dict[str, Any]) -> bytes:
    """The notice with the signature of its canonical JSON."""
    signature = key.sign(canonical(notice)).hex()
    return canonical({"notice": notice, "signature": signature})


def read(key: Ed25519PublicKey, body: bytes) -> dict[str, Any]:
    """The notice in a signed document; Invalid where one byte is not what was signed."""
    try:
        held = json.loads(body)
        notice: dict[str, Any] = held["notice"]
        signed = is_signed(key, bytes.fromhex(held["signature"]), canonical(notice))
        whole = canonical({"notice": notice, "signature": held["signature"].lower()}) == body
    except (ValueError, KeyError, TypeError, AttributeError):
        signed = whole = False
    if not (signed and whole):
        raise Invalid([Problem("notice", "", "is not what this key signed")])
    return notice
