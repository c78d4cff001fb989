"""Gettext catalogues, compiled from their `.po` text in memory: no build step, nothing stale."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LANGUAGES = ("en", "vi", "km", "my", "ja")
FOLDER = Path(__file__).resolve().parent.parent.parent / "translations"


@cache
def translations(language: str, folder: Path = FOLDER) -> Translations:
    """The catalogue of a language, read once; OSError where there is none."""
    with (folder / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
