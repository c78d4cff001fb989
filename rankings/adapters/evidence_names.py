"""The name of a file as it may be shown, stored and handed out again."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS, MAX_BYTES = 100, 200
# Not in names on some system, or with a meaning to a shell, a sheet or a header.
_SIGNS = re.compile(r'[\\/:*?"<>|%;\'`$&{}\[\]#]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.I)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_STEM = "file"


def safe(given: str) -> str:
    """One plain name with at most 100 characters and 200 bytes, its ending in small letters.

    Folders, invisible and turning characters are gone; letters of every script stay.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(" " if sign.isspace() else sign for sign in name if _shown(sign))
    name = " ".join(_SIGNS.sub("_", name).split()).rstrip(". ")
    stem, ending = _parted(name)
    stem = _shortened(stem.strip(" .-=+@~") or _STEM, ending)
    return f"_{stem}{ending}" if _DEVICES.fullmatch(stem) else f"{stem}{ending}"


def _parted(name: str) -> tuple[str, str]:
    ending = _ENDING.search(name)
    return (name[: ending.start()], ending[0].lower()) if ending else (name, "")


def _shown(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign)[0] != "C"


def _shortened(stem: str, ending: str) -> str:
    """Cut between characters: never inside one, never before a mark that belongs to it."""
    stem = stem[: MAX_CHARACTERS - len(ending) - 1]
    while len((stem + ending).encode()) >= MAX_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") or _STEM
