"""The private keys of complaints: files in a folder that only hosts with case officers have."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from uuid import UUID

from rankings.adapters import folders, vault
from rankings.errors import Unavailable

ASSOCIATION = re.compile(r"[a-z][a-z0-9-]{1,29}", re.ASCII)
NOT_HERE = "The private key of this complaint is not on this host."


class PrivateKeys:
    """Keys in `folder`/<association>/<key>.key; without a folder there are none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def is_open(self) -> bool:
        """Is this a host on which complaints may be read at all?"""
        return self._folder is not None

    def here(self, association: str, key: UUID) -> bool:
        """Can this host open what was wrapped for the key?"""
        file = self._file(association, key)
        return file is not None and file.is_file()

    def unwrap(self, association: str, key: UUID, wrapped: bytes, about: str) -> bytes:
        """What was wrapped for the key; Unavailable where the key is not here or does not fit."""
        file = self._file(association, key)
        try:
            private = file.read_bytes() if file else b""
        except FileNotFoundError:
            private = b""
        if not private:
            raise Unavailable(NOT_HERE)
        return vault.unwrap(private, wrapped, about)

    def put(self, association: str, key: UUID, private: bytes) -> None:
        """Keep a private key: all of it or nothing, and after a power cut it is still there."""
        file = self._file(association, key)
        if file is None:
            raise Unavailable(NOT_HERE)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = file.with_name(f".{secrets.token_hex(8)}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(private)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
        folders.sync(file.parent)
        folders.sync(file.parent.parent)

    def forget(self, association: str, key: UUID) -> None:
        """Remove a private key; what was wrapped for it can never be read again."""
        file = self._file(association, key)
        if file is not None and file.is_file():
            file.unlink()
            folders.sync(file.parent)

    def _file(self, association: str, key: UUID) -> Path | None:
        if self._folder is None or not ASSOCIATION.fullmatch(association):
            return None
        return self._folder / association / f"{key}.key"
