"""A candidate's archive: the very parts and files of an edition to be, without a signature."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from threading import Lock

from rankings.adapters.archived import Archived
from rankings.adapters.bundle import BROKEN, CANDIDATE
from rankings.canonical import digest


class Draft(Archived):
    """A candidate on disk; what is read from it is what its digest covers."""

    vouched = "scored"

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
        self.manifest = json.loads(body)

    def close(self) -> None:
        """Leaves no file open."""
        self._archive.close()

    @property
    def file_digest(self) -> str:
        """SHA-256 of the whole file, in hex."""
        return hashlib.sha256(self.file.read_bytes()).hexdigest()

    def _read(self, name: str) -> bytes:
        with self._lock:
            return self._archive.read(name)
