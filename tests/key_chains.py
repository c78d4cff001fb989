"""Holders, chains of roots, and small editions and notices signed with their keys."""

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rankings.adapters import key_roots, notice, signature
from rankings.adapters.bundle import SEAL, SEALED, Press
from rankings.adapters.key_roots import EditionKey, Root, Signed, public_hex
from rankings.canonical import canonical

CODE = "alpha"
YEARS = range(2022, 2027)


def key(name: str) -> Ed25519PrivateKey:
    """The key of a name; the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def public(name: str) -> str:
    return public_hex(key(name).public_key())


def first_root(edition: str = "edition 2022", since: date = date(2022, 1, 1)) -> Root:
    """Root 1 with the holders a, b and c."""
    holders = tuple(public(one) for one in ("a", "b", "c"))
    return Root(CODE, 1, holders, (EditionKey(public(edition), since),))


def following(before: Root, name: str, on: date, holders: Sequence[str] = ()) -> Root:
    """The next root: another edition key from a day on, and other holders if any are named."""
    *older, last = before.editions
    ended = EditionKey(last.public, last.first, on)
    known = tuple(public(one) for one in holders) or before.holders
    keys = (*older, ended, EditionKey(public(name), on))
    return Root(CODE, before.number + 1, known, keys, before.fingerprint)


def signed(root: Root, *holders: str) -> Signed:
    """A root with the signatures of these holders."""
    found = Signed(root)
    for one in holders:
        found = key_roots.sign(found, key(one))
    return found


def chain() -> list[Signed]:
    """Five roots, one edition key a year, and by and by three other holders."""
    steps = {2023: "abd", 2024: "bde", 2025: "def", 2026: "def"}
    made, known = [signed(first_root(), "a", "b")], "abc"
    for year, holders in steps.items():
        root = following(made[-1].root, f"edition {year}", date(year, 1, 1), holders)
        made.append(signed(root, *set(known[1:] + holders[-2:])))
        known = holders
    return made


def edition(folder: Path, signer: str, published_on: str, number: int = 1, **more: Any) -> Path:
    """A small edition: two parts and a table, without any score."""
    work = folder / f"{signer} {published_on} {number}"
    work.mkdir()
    press = Press(work, key(signer))
    press.add("agencies/VN-00011", {"code": "VN-00011", "number": number})
    press.add("ranking", {"entries": [], "day": published_on})
    press._put("files", "ranking.csv", "files/ranking.csv", f"{published_on}\n".encode())
    manifest = {
        "association": {"code": CODE},
        "cycle": {"slug": published_on[:4]},
        "number": number,
        "published_on": published_on,
        **press.finish(),
        **more,
    }
    file = work / "signed.zip"
    file.write_bytes(press.seal(manifest))
    return file


def contents(file: Path) -> dict[str, bytes]:
    """Every entry of an edition."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sealed_again(file: Path, entries: Mapping[str, bytes], signer: str) -> Path:
    """An archive of these entries with a good seal: only what is in it can give it away."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
        archive.comment = b"0" * SEAL
    whole = file.read_bytes()[:-SEAL]
    seal = key(signer).sign(SEALED + sha256(whole).digest()).hex().encode()
    file.write_bytes(whole + seal)
    return file


def digest(file: Path) -> str:
    return sha256(contents(file)["manifest.json"]).hexdigest()


def told(signer: str, issued_on: str, *files: Path, **more: Any) -> bytes:
    """A signed notice that lists editions, the newest first."""
    manifests = [json.loads(contents(file)["manifest.json"]) for file in files]
    listed = [
        {"cycle": one["cycle"]["slug"], "number": one["number"], "digest": digest(file)}
        for one, file in zip(manifests, files, strict=True)
    ]
    values = {"association": {"code": CODE}, "number": 7, "issued_on": issued_on}
    return notice.sign(key(signer), {**values, "editions": listed, **more})


def written(roots: Sequence[Signed]) -> bytes:
    return key_roots.write_chain(roots)


def pem(name: str) -> bytes:
    return signature.public_pem(key(name).public_key())


def changed(body: bytes, change: Callable[[Any], object]) -> bytes:
    """Canonical JSON with something changed."""
    value = json.loads(body)
    change(value)
    return canonical(value)
