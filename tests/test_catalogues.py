"""The interface texts: every language has every one of them, and no other."""

import re
import unicodedata
from configparser import ConfigParser
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from rankings.adapters.catalogues import FOLDER, LANGUAGES, translations

ROOT = Path(__file__).resolve().parents[1]
PLACEHOLDER = re.compile(r"%(?:\(\w+\)[sd]|%)")
NAMED = re.compile(r"%\((\w+)\)")


@cache
def extracted() -> frozenset[str]:
    """What `pybabel extract` finds, by the same settings; read once, as it is all our source."""
    settings = ConfigParser()
    settings.read(ROOT / "babel.cfg", "utf-8")
    methods = [
        (files.strip(), method)
        for method, _, files in (section.partition(":") for section in settings.sections())
    ]
    found = extract_from_dir(ROOT, methods)
    return frozenset(message for _, _, message, _, _ in found if isinstance(message, str))


def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def texts(language: str) -> dict[str, str]:
    return {str(one.id): str(one.string) for one in catalogue(language) if one.id}


def test_the_texts_of_the_interface_are_found() -> None:
    assert {"Recruitment agencies", "The agency gave no answer."} <= extracted()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_nothing_else(language: str) -> None:
    assert sorted(texts(language)) == sorted(extracted())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_fuzzy_or_given_up(language: str) -> None:
    found = catalogue(language)
    assert [one.id for one in found if one.id and (one.fuzzy or not str(one.string).strip())] == []
    assert not found.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for message, text in texts(language).items():
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(message)), message
        if NAMED.search(message):
            values = dict.fromkeys(NAMED.findall(message), 7)
            assert text % values != text, message


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_in_normal_form_without_idle_space(language: str) -> None:
    for text in texts(language).values():
        assert unicodedata.is_normalized("NFC", text), text
        assert text == text.strip()
        assert "  " not in text


def test_the_english_texts_are_their_own_keys() -> None:
    assert [one for one in texts("en").items() if one[0] != one[1]] == []


@pytest.mark.parametrize(("one", "other"), list(combinations(LANGUAGES, 2)))
def test_no_two_languages_share_a_longer_text(one: str, other: str) -> None:
    shared = set(texts(one).values()) & set(texts(other).values())
    assert [text for text in shared if len(text) > 12] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_stands_in_the_file(language: str) -> None:
    compiled = translations(language)
    assert {one: compiled.gettext(one) for one in extracted()} == texts(language)


def test_a_language_without_a_catalogue_is_an_error() -> None:
    with pytest.raises(OSError, match="messages.po"):
        translations("xx")
