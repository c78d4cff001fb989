"""Which keys a reader trusts on which day, and reading editions and notices with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rankings.adapters import key_files, notice, signature
from rankings.adapters.bundle import Bundle
from rankings.adapters.key_roots import EditionKey, Root, public_hex
from rankings.errors import Invalid, Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trust:
    """Edition keys with their days, the newest last, and the root that names them."""

    keys: tuple[EditionKey, ...]
    root: Root | None = None
    first_root: Root | None = None

    def check(self, key: Ed25519PublicKey, day: date) -> None:
        """Invalid where a key may not sign on a day."""
        public = public_hex(key)
        for one in self.keys:
            if one.public == public:
                return _check_day(one, day)
        raise _refused(f"key {signature.fingerprint(key)} is not the association's")

    def listed(self, key: Ed25519PublicKey) -> EditionKey | None:
        """What is known of a key."""
        public = public_hex(key)
        return next((one for one in self.keys if one.public == public), None)

    def open(self, file: Path) -> Bundle:
        """An edition that a key signed on one of its days; Invalid for every other file."""
        found = self._tried(lambda key: Bundle(file, key))
        try:
            self._check(found.key, found.manifest, "published_on")
        except Invalid:
            found.close()
            raise
        return found

    def notice(self, body: bytes) -> dict[str, Any]:
        """A notice that a key signed on one of its days; Invalid for everything else."""
        key, found = self._tried(lambda key: (key, notice.read(key, body)))
        self._check(key, found, "issued_on")
        return found

    def _tried(self, read: Callable[[Ed25519PublicKey], T]) -> T:
        """What the first of the keys can read, the newest first; the newest one's refusal."""
        first: Invalid | None = None
        for one in reversed(self.keys):
            try:
                return read(one.key)
            except Invalid as refusal:
                first = first or refusal
        raise first or _refused("no key is known")

    def _check(self, key: Ed25519PublicKey, held: dict[str, Any], day: str) -> None:
        """A key that no root names is good for everything that it signed."""
        if self.root is None:
            return
        whose = held.get("association")
        code = whose.get("code") if isinstance(whose, dict) else None
        if code != self.root.association:
            raise _refused(f"the root is that of {self.root.association}, not of {code}")
        self.check(key, _day(held.get(day)))


def of(folder: Path, association: str) -> Trust:
    """What this host trusts: the taken root, or without one the one key; NotFound."""
    chain = key_files.roots(folder, association)
    return of_roots(chain) if chain else only(signature.public(folder, association))


def only(key: Ed25519PublicKey) -> Trust:
    """One key, trusted on every day."""
    return Trust((EditionKey(public_hex(key), date.min),))


def of_roots(chain: Sequence[Root], fingerprint: str | None = None) -> Trust:
    """A checked chain; Invalid where a fingerprint is given and it is none of its roots'."""
    if fingerprint is not None:
        wanted = fingerprint.replace(" ", "").lower()
        if wanted not in {one.fingerprint for one in chain}:
            raise _refused(f"none of the {len(chain)} roots has the fingerprint {wanted}")
    return Trust(chain[-1].editions, chain[-1], chain[0])


def _check_day(key: EditionKey, day: date) -> None:
    if day < key.first:
        raise _refused(f"was signed on {day}, before the key's first day, {key.first}")
    if not key.is_valid(day):
        raise _refused(f"was signed on {day}, after the key's last day, {key.last}")


def _day(found: Any) -> date:
    try:
        return date.fromisoformat(found)
    except (TypeError, ValueError):
        raise _refused("says no day on which it was signed") from None


def _refused(remedy: str) -> Invalid:
    return Invalid([Problem("key", "", remedy)])
