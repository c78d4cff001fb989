"""What the page says on checking an edition: commands with real names, keys and fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rankings.adapters import key_files, key_roots, key_trust, signature
from rankings.adapters.key_roots import Root
from rankings.web.edition_page import BUNDLE, KEY, ORDER
from rankings.web.shelf import Published
from rankings.web.words import Words

KEYS, NOTICE = "keys.json", "notice.json"
RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class KeyDays:
    """A key of editions: its fingerprint and its days in words; `last` is empty while in use."""

    fingerprint: str
    first: str
    last: str
    signed_this: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints."""

    bundle: str
    key: str
    keys: str
    notice: str
    fingerprint: str
    digest: str
    digests: tuple[tuple[str, str], ...]
    root: Root | None
    first_root: Root | None
    editions: tuple[KeyDays, ...]
    trust: str


def page(words: Words, edition: Published, folder: Path) -> Page:
    """How to check one edition with what it says about itself."""
    manifest, code = edition.bundle.manifest, edition.notice["association"]["code"]
    chain = key_files.roots(folder, code)
    start = f"{code}-{manifest['cycle']['slug']}-{manifest['number']}"
    names = (f"{start}-{BUNDLE}", f"{start}-{KEY}", f"{code}-{KEYS}", f"{code}-{NOTICE}")
    return Page(
        *names,
        fingerprint=signature.fingerprint(edition.bundle.key),
        digest=edition.digest,
        digests=_digests(manifest),
        root=chain[-1] if chain else None,
        first_root=chain[0] if len(chain) > 1 else None,
        editions=tuple(_days(words, chain, edition)),
        trust=_trust(names, chain),
    )


def _trust(names: tuple[str, str, str, str], chain: Sequence[Root]) -> str:
    """How the verifier is told whom to trust."""
    _, key, keys, _ = names
    if not chain:
        return f"--key {key}"
    return f"--root {keys} --root-fingerprint {chain[-1].fingerprint}"


def _digests(manifest: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Where the ranking lies in the edition, as data and as tables, and what was signed of it."""
    parts, files = manifest["parts"], manifest["files"]
    tables = [(f"files/{name}", files[name]["sha256"]) for name in ORDER if name in files]
    return ((f"parts/{RANKING}.json", parts[RANKING]["sha256"]), *tables)


def _days(words: Words, chain: Sequence[Root], edition: Published) -> list[KeyDays]:
    """The keys that the newest root names, the newest first."""
    if not chain:
        return []
    mine = key_trust.of_roots(chain).listed(edition.bundle.key)
    return [
        KeyDays(
            one.fingerprint,
            words.day(one.first.isoformat()),
            words.day(one.last.isoformat()) if one.last else "",
            one == mine,
        )
        for one in reversed(chain[-1].editions)
    ]


def keys(folder: Path, association: str) -> bytes:
    """`keys.json`: every root that was taken, the first one first; an empty list without one."""
    return key_roots.write_chain(key_files.signed_roots(folder, association))
