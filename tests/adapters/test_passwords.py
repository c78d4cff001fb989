"""Passwords and seals: real argon2, real encryption."""

import re
import unicodedata

import pytest

from rankings.adapters.passwords import Hasher
from rankings.adapters.sealing import Sealer
from rankings.errors import Unavailable

QUICK = Hasher(kibibytes=8, passes=1, lanes=1)


def test_a_password_matches_its_hash_and_no_other() -> None:
    hashed = QUICK.hash("correct horse battery")
    assert hashed != QUICK.hash("correct horse battery")
    assert QUICK.matches(hashed, "correct horse battery")
    assert not QUICK.matches(hashed, "correct horse batterx")
    assert not QUICK.matches("", "")
    assert not QUICK.matches("no hash", "x")
    assert not QUICK.matches(hashed, "\ud800")


def test_letters_that_look_the_same_are_the_same() -> None:
    composed = "bốn con mèo ngủ"
    taken_apart = unicodedata.normalize("NFD", composed)
    assert composed != taken_apart
    assert QUICK.matches(QUICK.hash(composed), taken_apart)


def test_every_run_is_counted() -> None:
    hasher = Hasher(kibibytes=8, passes=1, lanes=1)
    assert hasher.runs == 0
    hasher.matches(hasher.unknown, "x")
    hasher.matches(hasher.hash("x"), "x")
    assert hasher.runs == 3


def test_the_hash_for_people_who_are_not_there_looks_like_any_other() -> None:
    shape = re.sub(r"[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$", "", QUICK.hash("x"))
    assert QUICK.unknown.startswith(shape)
    assert len(QUICK.unknown) == len(QUICK.hash("x"))
    assert not QUICK.is_old(QUICK.unknown)
    assert QUICK.unknown != Hasher(kibibytes=8, passes=1, lanes=1).unknown


def test_the_usual_parameters_are_strong_and_others_are_old() -> None:
    usual = Hasher()
    assert "m=65536,t=3,p=4$" in usual.unknown
    assert usual.is_old(QUICK.unknown)
    assert usual.matches(usual.hash("x"), "x")


def test_a_seal_is_opened_with_the_same_secret_key_only() -> None:
    sealed = Sealer("one").seal(b"secret")
    assert b"secret" not in sealed
    assert Sealer("one").open(sealed) == b"secret"
    for other, altered in (("two", sealed), ("one", sealed[:-2]), ("one", b"")):
        with pytest.raises(Unavailable):
            Sealer(other).open(altered)
