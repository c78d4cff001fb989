"""An edition as one signed file: written once, read strictly, one changed byte refused.

A zip archive of `parts/*.json`, `files/*`, `manifest.json`, `manifest.sig` (Ed25519 over the
manifest) and `key.pem`. Its comment is the signature over every byte before the comment.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from rankings.adapters import edition_files, signature
from rankings.adapters.archived import FILES, PARTS, Archived
from rankings.adapters.zips import entry
from rankings.canonical import canonical, digest
from rankings.errors import NotFound, Refusal
from rankings.scoring.source import Code

MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "key.pem"
CANDIDATE = "candidate.json"
# A signature in hex.
SEAL = 128
SEALED = b"rankings bundle\n"
LARGEST, LARGEST_ENTRY = 1_000_000_000, 100_000_000
BLOCK = 1_048_576

# What the readers of archives raise for one that is none.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, OSError),
)

Contents = dict[str, dict[str, dict[str, Any]]]


class Press:
    """Writes one edition: its parts as they come, then the files made from them.

    Then either the seal, which makes it an edition, or nothing more, which leaves a candidate.
    """

    def __init__(self, folder: Path, key: Ed25519PrivateKey | None) -> None:
        self.folder, self._key = folder, key
        self._file = folder / "edition.zip"
        self._archive = zipfile.ZipFile(self._file, "x", zipfile.ZIP_DEFLATED)
        self._contents: Contents = {"parts": {}, "files": {}}
        self._files: edition_files.Files | None = None

    def start(self, code: Code) -> None:
        """Says by which rubric the parts to come were made."""
        self._files = edition_files.Files(code, self.folder)

    def add(self, name: str, part: Mapping[str, Any]) -> None:
        """One part, in its final place."""
        self._put("parts", name, f"{PARTS}{name}.json", canonical(part))
        if self._files is not None:
            self._files.add(name, part)

    def finish(self) -> Contents:
        """Makes the files; then every part and file is known by size and digest."""
        made = self._files.finish() if self._files is not None else {}
        for name, path in sorted(made.items()):
            self._put("files", name, f"{FILES}{name}", path.read_bytes())
        return self._contents

    def draft(self, contents: Mapping[str, Any]) -> bytes:
        """The file of a candidate: parts, files and the list of them, unsigned."""
        self._archive.writestr(entry(CANDIDATE), canonical(contents))
        self._archive.close()
        return self._file.read_bytes()

    def seal(self, manifest: Mapping[str, Any]) -> bytes:
        """The finished file, signed; NotFound where this host has no key."""
        if self._key is None:
            raise NotFound("This host has no key to sign with.")
        body = canonical(manifest)
        for name, content in (
            (MANIFEST, body),
            (SIGNATURE, self._key.sign(body)),
            (KEY, signature.public_pem(self._key.public_key())),
        ):
            self._archive.writestr(entry(name), content)
        self._archive.comment = b"0" * SEAL
        self._archive.close()
        whole = self._file.read_bytes()[:-SEAL]
        return whole + self._key.sign(SEALED + hashlib.sha256(whole).digest()).hex().encode()

    def _put(self, kind: str, name: str, path: str, body: bytes) -> None:
        self._archive.writestr(entry(path), body)
        self._contents[kind][name] = {"sha256": digest(body), "size": len(body)}


class Bundle(Archived):
    """A signed edition on disk. Everything that is read from it is what was signed."""

    vouched = "signed"

    def __init__(self, file: Path, key: Ed25519PublicKey | None = None) -> None:
        """Opens and checks a file; Invalid where anything but what was signed stands in it.

        Without a key the file's own one is used: that shows that nothing was changed since that
        key signed it, not whose key it is.
        """
        self.file, self._lock = file, Lock()
        self._checked = _state(file)
        if key is not None:
            self._check_seal(key)
        try:
            self._archive = zipfile.ZipFile(file)
        except BROKEN as error:
            raise self._refused(f"cannot be read as a bundle: {error}") from error
        try:
            self._open(key)
        except Refusal:
            self._archive.close()
            raise

    def _open(self, key: Ed25519PublicKey | None) -> None:
        try:
            self.key = key or signature.public_key(self._read(KEY))
        except BROKEN as error:
            raise self._refused(f"cannot be read as a bundle: {error}") from error
        if key is None:
            self._check_seal(self.key)
        body = self._read(MANIFEST)
        if not signature.is_signed(self.key, self._read(SIGNATURE), body):
            raise self._refused("the manifest's signature is not this key's")
        self.digest = digest(body)
        self.manifest = json.loads(body)
        self._check_names()

    def close(self) -> None:
        self._archive.close()

    def is_unchanged(self) -> bool:
        """Whether the file on disk is still the one that was checked."""
        return _state(self.file) == self._checked

    def _read(self, name: str) -> bytes:
        with self._lock:
            try:
                held = self._archive.getinfo(name)
            except KeyError:
                raise self._refused(f"{name} is missing") from None
            if held.file_size > LARGEST_ENTRY:
                raise self._refused(f"{name} is larger than {LARGEST_ENTRY} bytes")
            return self._archive.read(held)

    def _check_seal(self, key: Ed25519PublicKey) -> None:
        """The signature over all bytes, at the end of the file."""
        size = self.file.stat().st_size
        if size > LARGEST:
            raise self._refused(f"is larger than {LARGEST} bytes")
        whole = hashlib.sha256()
        with self.file.open("rb") as stream:
            left = max(size - SEAL, 0)
            while left:
                block = stream.read(min(BLOCK, left))
                whole.update(block)
                left -= len(block)
            seal = stream.read()
        signed = whole.digest()
        whole.update(seal)
        self.file_digest = whole.hexdigest()
        if not signature.is_signed(key, _unhexed(seal), SEALED + signed):
            raise self._refused("was changed after it was signed, or another key signed it")

    def _check_names(self) -> None:
        """What the archive holds is what the manifest lists, no more and no less."""
        listed = {f"{PARTS}{name}.json" for name in self.manifest["parts"]}
        listed |= {f"{FILES}{name}" for name in self.manifest["files"]}
        held = self._archive.namelist()
        if set(held) != listed | {MANIFEST, SIGNATURE, KEY} or len(held) != len(set(held)):
            raise self._refused("does not hold what its manifest lists")


def _state(file: Path) -> tuple[int, ...]:
    try:
        known = file.stat()
    except FileNotFoundError:
        return ()
    return known.st_ino, known.st_size, known.st_mtime_ns


def _unhexed(seal: bytes) -> bytes:
    try:
        found = bytes.fromhex(seal.decode("ascii"))
    except ValueError:
        return b""
    return found if found.hex().encode() == seal else b""
