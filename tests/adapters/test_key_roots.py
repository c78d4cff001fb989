"""Roots of keys: two of three holders of each root and of the one before, or it is refused."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rankings.adapters import key_roots
from rankings.adapters.key_roots import EditionKey, Root, Signed
from rankings.canonical import canonical
from tests import key_chains
from tests.key_chains import edition, signed, written
from tests.two_verifiers import both

FULL = "RANKINGS_TEST_FULL" in os.environ
CHAIN = key_chains.chain()
KEYS = written(CHAIN)


@pytest.fixture
def newest(tmp_path: Path) -> Path:
    return edition(tmp_path, "edition 2026", "2026-07-01")


def _with(**more: Any) -> Callable[[Root], Root]:
    return lambda root: replace(root, **more)


OLD = CHAIN[3].root
BAD_ROOTS: dict[str, tuple[Callable[[Root], Root], str]] = {
    "signed by nobody": (_with(), ""),
    "signed by one of three": (_with(), "d"),
    "signed by another one of three": (_with(), "e"),
    "signed by two who are no holders": (_with(), "ab"),
    "signed by two holders and a stranger": (_with(), "dea"),
    "signed by its own two alone": (_with(holders=tuple(map(key_chains.public, "xyz"))), "xy"),
    "signed by its own three and one of before": (
        _with(holders=tuple(map(key_chains.public, "xyz"))),
        "xyzd",
    ),
    "signed by those of before alone": (_with(holders=tuple(map(key_chains.public, "xyz"))), "def"),
    "another number": (_with(number=6), "def"),
    "an older number": (_with(number=4), "def"),
    "another root before": (_with(before="0" * 64), "def"),
    "no root before": (_with(before=None), "def"),
    "another association": (_with(association="beta"), "def"),
    "an edition key left out": (_with(editions=CHAIN[4].root.editions[1:]), "def"),
    "an old edition key in use again": (
        _with(editions=tuple(EditionKey(one.public, one.first) for one in OLD.editions)),
        "def",
    ),
    "an edition key that begins earlier": (
        _with(
            editions=(
                *OLD.editions[:3],
                EditionKey(OLD.editions[3].public, date(2020, 1, 1)),
            )
        ),
        "def",
    ),
}


@pytest.mark.parametrize("fault", BAD_ROOTS)
def test_a_root_without_both_thresholds_or_out_of_line_is_refused(
    tmp_path: Path, fault: str
) -> None:
    change, holders = BAD_ROOTS[fault]
    old = edition(tmp_path, "edition 2025", "2025-06-30")
    assert both(old, written([*CHAIN[:4], signed(CHAIN[4].root, "d", "e")]))
    assert not both(old, written([*CHAIN[:4], signed(change(CHAIN[4].root), *holders)]))


@pytest.mark.parametrize("left_out", range(4))
def test_a_chain_with_a_root_left_out_is_refused(newest: Path, left_out: int) -> None:
    assert not both(newest, written(CHAIN[:left_out] + CHAIN[left_out + 1 :]))


def test_one_later_root_alone_is_no_chain_and_the_first_one_is(tmp_path: Path) -> None:
    old = edition(tmp_path, "edition 2022", "2022-06-30")
    assert both(old, CHAIN[0].body)
    for one in CHAIN[1:]:
        assert not both(old, one.body)
    assert not both(old, written([]))
    assert not both(old, b"{}")


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it["root"].update(threshold=1),
        lambda it: it["root"].update(threshold=True),
        lambda it: it["root"].update(format="rankings-keys/2"),
        lambda it: it["root"].update(number=1.0),
        lambda it: it["root"].update(number=True),
        lambda it: it["root"].update(more=1),
        lambda it: it["root"]["holders"].pop(),
        lambda it: it["root"]["holders"].append(it["root"]["holders"][0]),
        lambda it: it["root"]["holders"].__setitem__(2, it["root"]["holders"][1]),
        lambda it: it["root"]["holders"].__setitem__(2, it["root"]["holders"][2].upper()),
        lambda it: it["root"]["editions"].clear(),
        lambda it: it["root"]["editions"].append(it["root"]["editions"][0]),
        lambda it: it["root"]["editions"][0].update(public=it["root"]["holders"][0]),
        lambda it: it["root"]["editions"][0].update(last="2021-12-31"),
        lambda it: it["root"]["editions"][0].update(first="20220101"),
        lambda it: it["root"]["editions"][0].pop("last"),
        lambda it: it.update(more=1),
    ],
)
def test_a_root_of_another_form_is_refused_even_where_two_signed_it(
    tmp_path: Path, change: Callable[[Any], object]
) -> None:
    old = edition(tmp_path, "edition 2022", "2022-06-30")
    held = json.loads(CHAIN[0].body)
    change(held)
    body = canonical(held["root"])
    held["signatures"] = {
        key_chains.public(one): key_chains.key(one).sign(body).hex() for one in ("a", "b")
    }
    assert not both(old, canonical(held))


def test_every_changed_byte_of_the_roots_is_refused(tmp_path: Path) -> None:
    file = edition(tmp_path, "edition 2026", "2026-07-01")
    held = key_chains.contents(file)
    assert held["key.pem"] == key_chains.pem("edition 2026")
    for at in range(0, len(KEYS), 1 if FULL else 41):
        body = KEYS[:at] + bytes([KEYS[at] ^ 1]) + KEYS[at + 1 :]
        assert not both(file, body)


def test_what_a_holder_signs_is_what_the_fingerprint_names() -> None:
    root = CHAIN[0].root
    more = key_roots.sign(Signed(root, CHAIN[0].signatures), key_chains.key("c"))
    assert more.root.fingerprint == root.fingerprint
    assert len(more.signatures) == 3
