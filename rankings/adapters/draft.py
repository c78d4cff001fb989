"""A candidate's archive: the very parts and files of an edition to be, without a signature."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from threading import Lock
from typing import Any

from rankings.adapters.bundle import BROKEN, CANDIDATE, FILES, PARTS
from rankings.canonical import digest
from rankings.errors import Invalid, NotFound, Problem


class Draft:
    """A candidate on disk; what is read from it is what its digest covers."""

    def __init__(self, file: Path, sha256: str) -> None:
        """Opens a file; Invalid where it is not the candidate of this digest."""
        self.file, self.digest, self._lock = file, sha256, Lock()
        try:
            self._archive = zipfile.ZipFile(file)
            body = self._archive.read(CANDIDATE)
        except (*BROKEN, KeyError) as error:
            raise self._refused(f"cannot be read as a candidate: {error}") from error
        if digest(body) != sha256:
            raise self._refused("is another candidate")
        self.manifest: dict[str, Any] = json.loads(body)

    def close(self) -> None:
        """Leaves no file open."""
        self._archive.close()

    @property
    def file_digest(self) -> str:
        """SHA-256 of the whole file, in hex."""
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def part(self, name: str) -> dict[str, Any]:
        """A part as plain values; NotFound where the candidate has none of that name."""
        value: dict[str, Any] = json.loads(self.part_body(name))
        return value

    def part_body(self, name: str) -> bytes:
        """A part byte for byte."""
        return self._body("parts", name, f"{PARTS}{name}.json")

    def file_body(self, name: str) -> bytes:
        """A file made from the parts, byte for byte."""
        return self._body("files", name, f"{FILES}{name}")

    def _body(self, kind: str, name: str, path: str) -> bytes:
        listed = self.manifest[kind].get(name)
        if listed is None:
            raise NotFound("This candidate has no such part.")
        with self._lock:
            body = self._archive.read(path)
        if digest(body) != listed["sha256"]:
            raise self._refused(f"{path} is not what was scored")
        return body

    def _refused(self, remedy: str) -> Invalid:
        return Invalid([Problem(self.file.name, "", remedy)])
