"""What is read from an archive of parts and files is what its manifest lists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rankings.canonical import digest
from rankings.errors import Invalid, NotFound, Problem

PARTS, FILES = "parts/", "files/"


class Archived:
    """Parts and files by name; whoever opens an archive says how an entry is read."""

    # How the contents came to be what they are: `signed` or `scored`.
    vouched: str
    file: Path
    manifest: dict[str, Any]

    def part(self, name: str) -> dict[str, Any]:
        """A part as plain values; NotFound where there is none of that name."""
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
            raise NotFound("This edition has no such part.")
        body = self._read(path)
        if digest(body) != listed["sha256"]:
            raise self._refused(f"{path} is not what was {self.vouched}")
        return body

    def _read(self, name: str) -> bytes:
        raise NotImplementedError

    def _refused(self, remedy: str) -> Invalid:
        return Invalid([Problem(self.file.name, "", remedy)])
