"""Where evidence files lie: a folder that all hosts share, each file under its own SHA-256."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from rankings.adapters.folders import sync
from rankings.errors import Unavailable

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
INCOMING = ".incoming-"


class Store:
    """Files that are written once; the same bytes are the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file of a digest is; ValueError for what is no digest."""
        if not SHA256.fullmatch(sha256):
            raise ValueError("no SHA-256 in hexadecimal digits")
        return self.folder / sha256[:2] / sha256[2:]

    def put(self, body: bytes) -> str:
        """Keep bytes and tell their SHA-256; what it returns survives a power cut.

        Bytes that are here already count as new: `orphans` leaves them alone for a while.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        path = self.path(sha256)
        if not self._is_whole(path, sha256):
            self._write(path, body)
        return sha256

    def open(self, sha256: str) -> BinaryIO:
        """The file from its start, after all of it was compared with its digest.

        Unavailable where it is missing or damaged.
        """
        try:
            file = self.path(sha256).open("rb")
        except FileNotFoundError:
            raise Unavailable("This file is not in the store.") from None
        if _digest(file) != sha256:
            file.close()
            raise Unavailable("This file has been damaged in the store.")
        file.seek(0)
        return file

    def orphans(self, known: set[str], before: datetime) -> Iterator[str]:
        """Digests of files that nobody knows and that were put before a moment."""
        old = before.timestamp()
        for path in sorted(self.folder.glob("??/*")):
            sha256 = path.parent.name + path.name
            if sha256 not in known and path.stat().st_mtime < old:
                yield sha256

    def _is_whole(self, path: Path, sha256: str) -> bool:
        try:
            os.utime(path)
            with path.open("rb") as file:
                return _digest(file) == sha256
        except FileNotFoundError:
            return False

    def _write(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=INCOMING, dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        # The new names must last as well as the bytes.
        for folder in (path.parent, self.folder):
            sync(folder)


def _digest(file: BinaryIO) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
