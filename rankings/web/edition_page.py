"""What an edition's page shows: its files with their digests, and how to check them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from rankings.adapters import signature
from rankings.canonical import digest
from rankings.errors import NotFound
from rankings.web import ranges_page
from rankings.web.shelf import Published
from rankings.web.words import Words, gapped

BUNDLE, KEY = "edition.zip", "key.pem"
ORDER = ("ranking.xlsx", "ranking.csv", "criteria.csv", "complaints.csv")
TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".pem": "application/x-pem-file",
}

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """A file to download: its name, size in words and digest."""

    name: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints."""

    manifest: Part
    published: str
    files: tuple[File, ...]
    fingerprint: str
    others: tuple[tuple[Part, str], ...]
    newest: bool
    pairs: str


def page(words: Words, edition: Published) -> Page:
    """One edition among all of its association."""
    manifest, listed = edition.bundle.manifest, edition.notice["editions"]
    ranges = edition.part("ranking").get("ranges")
    files = [
        File(name, _size(manifest["files"][name]["size"]), manifest["files"][name]["sha256"])
        for name in sorted(manifest["files"], key=ORDER.index)
    ]
    whole = edition.bundle.file
    files.append(File(BUNDLE, _size(whole.stat().st_size), edition.bundle.file_digest))
    return Page(
        manifest=manifest,
        published=words.day(manifest["published_on"]),
        files=tuple(files),
        fingerprint=signature.fingerprint(edition.bundle.key),
        others=tuple(
            (one, words.day(one["published_on"]))
            for one in listed
            if one["digest"] != edition.digest
        ),
        newest=listed[0]["digest"] == edition.digest,
        pairs=ranges_page.pairs(ranges["pairs"]) if ranges else "",
    )


def _size(number: int) -> str:
    return f"{gapped(max(1, round(number / 1000)))}\u00a0kB"


def download(edition: Published, name: str) -> tuple[BytesIO | Path, str]:
    """The bytes of a file and their SHA-256; NotFound where the edition has none of that name."""
    if name == BUNDLE:
        return edition.bundle.file, edition.bundle.file_digest
    if name == KEY:
        pem = signature.public_pem(edition.bundle.key)
        return BytesIO(pem), digest(pem)
    held = edition.bundle.manifest["files"].get(name)
    if held is None:
        raise NotFound("This edition has no such file.")
    return BytesIO(edition.bundle.file_body(name)), held["sha256"]


def type_of(name: str) -> str:
    """The media type of a file by its ending."""
    return TYPES.get(Path(name).suffix, "application/octet-stream")
