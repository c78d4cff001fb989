"""The verifier of one file and our own reading: both take what is right and refuse all else."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha512
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rankings.adapters import signature
from tests import key_chains
from tests.key_chains import YEARS, changed, contents, edition, sealed_again, told, written
from tests.two_verifiers import FILE, alone, both, verifier

FULL = "RANKINGS_TEST_FULL" in os.environ
# RFC 8032, section 7.1: secret key, public key, message, signature.
VECTORS = {
    "1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        b"\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        b"\xaf\x82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        sha512(b"abc").digest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}


CHAIN = key_chains.chain()
KEYS = written(CHAIN)


@pytest.fixture
def newest(tmp_path: Path) -> Path:
    return edition(tmp_path, "edition 2026", "2026-07-01")


@pytest.mark.parametrize("vector", VECTORS)
def test_signatures_are_those_of_the_standard(vector: str) -> None:
    secret, public, message, signed = VECTORS[vector]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    raw, made = key.public_key().public_bytes_raw(), bytes.fromhex(signed)
    assert (raw.hex(), key.sign(message)) == (public, made)
    assert verifier.is_signed(raw, made, message)
    assert signature.is_signed(key.public_key(), made, message)
    for at in range(len(made)):
        other = made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]
        assert not verifier.is_signed(raw, other, message)
    assert not verifier.is_signed(raw, made, message + b"\0")


def test_a_signature_with_the_group_order_added_is_refused() -> None:
    """The other number that would satisfy the equation: RFC 8032 forbids it."""
    _, public, message, signed = VECTORS["2"]
    made, order = bytes.fromhex(signed), 2**252 + 27742317777372353535851937790883648493
    other = made[:32] + (int.from_bytes(made[32:], "little") + order).to_bytes(32, "little")
    assert not verifier.is_signed(bytes.fromhex(public), other, message)


def test_editions_of_all_five_keys_verify_with_the_newest_root(tmp_path: Path) -> None:
    for year in YEARS:
        assert both(edition(tmp_path, f"edition {year}", f"{year}-06-30"), KEYS)


@pytest.mark.parametrize("many", [1, 2, 3, 4])
def test_an_edition_of_a_later_key_needs_the_later_root(newest: Path, many: int) -> None:
    assert not both(newest, written(CHAIN[:many]))


@pytest.mark.parametrize("day", ["2023-01-02", "2024-06-30", "2026-07-01", "2021-12-31"])
def test_a_key_signs_nothing_after_its_end_or_before_its_beginning(
    tmp_path: Path, day: str
) -> None:
    assert not both(edition(tmp_path, "edition 2022", day), KEYS)


def test_the_first_and_the_last_day_are_days_of_the_key(tmp_path: Path) -> None:
    for day in ("2022-01-01", "2023-01-01"):
        assert both(edition(tmp_path, "edition 2022", day), KEYS)


def test_nobody_elses_key_is_taken(tmp_path: Path) -> None:
    assert not both(edition(tmp_path, "a", "2026-07-01"), KEYS)
    assert not both(edition(tmp_path, "somebody", "2026-07-01"), KEYS)


def test_another_associations_edition_is_refused(tmp_path: Path) -> None:
    other: dict[str, Any] = {"association": {"code": "beta"}}
    assert not both(edition(tmp_path, "edition 2026", "2026-07-01", **other), KEYS)


def test_every_byte_of_manifest_and_signature_is_guarded(newest: Path) -> None:
    """On their own, and inside a file whose seal is good."""
    held, raw = contents(newest), key_chains.key("edition 2026").public_key().public_bytes_raw()
    body, made = held["manifest.json"], held["manifest.sig"]
    verifier.check_manifest(body, made, raw)
    for name in ("manifest.json", "manifest.sig"):
        for at in range(0, len(held[name]), 1 if FULL else 7):
            whole = held[name]
            other = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
            file = sealed_again(newest, {**held, name: other}, "edition 2026")
            assert not both(file, KEYS)


def test_every_byte_of_the_file_is_guarded(newest: Path) -> None:
    whole = newest.read_bytes()
    for at in range(0, len(whole), 1 if FULL else 23):
        newest.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert not both(newest, KEYS), at


def test_random_bytes_of_artefacts_are_guarded_inside_a_good_seal(newest: Path) -> None:
    held, chance = contents(newest), random.Random(6)
    names = [name for name in held if name.startswith(("parts/", "files/"))]
    for _ in range(1000 if FULL else 60):
        name, flip = chance.choice(names), 1 << chance.randrange(8)
        at, whole = chance.randrange(len(held[name])), held[name]
        other = whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :]
        assert not both(sealed_again(newest, {**held, name: other}, "edition 2026"), KEYS)


Entries = dict[str, bytes]
TRICKS: dict[str, Callable[[Entries, Entries], Entries]] = {
    "one exchanged with another edition's": lambda it, other: {
        **it,
        "parts/agencies/VN-00011.json": other["parts/agencies/VN-00011.json"],
    },
    "the manifest exchanged": lambda it, other: {**it, "manifest.json": other["manifest.json"]},
    "manifest and signature exchanged": lambda it, other: {
        **it,
        "manifest.json": other["manifest.json"],
        "manifest.sig": other["manifest.sig"],
    },
    "two of its own exchanged": lambda it, other: {
        **it,
        "parts/ranking.json": it["parts/agencies/VN-00011.json"],
        "parts/agencies/VN-00011.json": it["parts/ranking.json"],
    },
    "one dropped": lambda it, other: {
        name: body for name, body in it.items() if name != "files/ranking.csv"
    },
    "one added": lambda it, other: {**it, "files/more.csv": b"more"},
    "one added beside": lambda it, other: {**it, "readme.txt": b"more"},
    "another case of a name": lambda it, other: {
        name.replace("VN-00011", "vn-00011"): body for name, body in it.items()
    },
    "a capital ending": lambda it, other: {
        name.replace("ranking.csv", "ranking.CSV"): body for name, body in it.items()
    },
    "a name with a dot before": lambda it, other: {
        name.replace("files/", "./files/"): body for name, body in it.items()
    },
    "the signature dropped": lambda it, other: {
        name: body for name, body in it.items() if name != "manifest.sig"
    },
    "the key dropped": lambda it, other: {
        name: body for name, body in it.items() if name != "key.pem"
    },
}


@pytest.mark.parametrize("trick", TRICKS)
def test_artefacts_that_were_moved_are_refused_inside_a_good_seal(
    tmp_path: Path, trick: str
) -> None:
    file = edition(tmp_path, "edition 2026", "2026-07-01")
    other = contents(edition(tmp_path, "edition 2026", "2026-07-01", number=2))
    held = contents(file)
    assert both(sealed_again(file, held, "edition 2026"), KEYS)
    entries = TRICKS[trick](held, other)
    assert not both(sealed_again(file, entries, "edition 2026"), KEYS)


def test_the_newest_edition_passes_and_an_older_one_is_stale(tmp_path: Path) -> None:
    old = edition(tmp_path, "edition 2025", "2025-06-30")
    first = edition(tmp_path, "edition 2026", "2026-06-30")
    second = edition(tmp_path, "edition 2026", "2026-07-01", number=2)
    said = told("edition 2026", "2026-07-02", second, first, old)
    assert "newest: yes, says notice 7 of 2026-07-02" in verifier.check(
        second, None, KEYS, None, said
    )
    for stale in (first, old):
        with pytest.raises(verifier.Stale, match="stale: genuine, but not the newest"):
            verifier.check(stale, roots=KEYS, notice=said)


def test_a_notice_of_a_key_at_its_end_or_of_nobody_is_refused(newest: Path) -> None:
    assert both(newest, KEYS, told("edition 2026", "2026-07-02", newest))
    for signer, day in (("edition 2025", "2026-07-02"), ("a", "2026-07-02"), ("x", "2026-07-02")):
        assert not both(newest, KEYS, told(signer, day, newest))
    other: dict[str, Any] = {"association": {"code": "beta"}}
    assert not both(newest, KEYS, told("edition 2026", "2026-07-02", newest, **other))
    good = told("edition 2026", "2026-07-02", newest)
    assert not both(newest, KEYS, changed(good, lambda it: it["notice"].update(number=8)))


def test_a_notice_that_does_not_list_the_edition_is_refused(tmp_path: Path, newest: Path) -> None:
    other = edition(tmp_path, "edition 2025", "2025-06-30")
    assert not alone(newest, KEYS, told("edition 2026", "2026-07-02", other))


def ran(*arguments: str | Path) -> tuple[int, str, str]:
    """The verifier as everybody runs it, with Python alone in a process of its own."""
    command = [sys.executable, "-I", FILE, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_command_tells_right_refused_and_stale_apart(tmp_path: Path, newest: Path) -> None:
    old = edition(tmp_path, "edition 2025", "2025-06-30")
    keys, said, pem = tmp_path / "keys.json", tmp_path / "notice.json", tmp_path / "key.pem"
    keys.write_bytes(KEYS)
    said.write_bytes(told("edition 2026", "2026-07-02", newest, old))
    pem.write_bytes(key_chains.pem("edition 2026"))
    fingerprint = CHAIN[0].root.fingerprint
    rooted = ("--root", keys, "--root-fingerprint", fingerprint.upper(), "--notice", said)
    status, out, _ = ran(newest, *rooted)
    assert status == 0
    assert f"root: number 5, {CHAIN[4].root.fingerprint}" in out
    status, out, refused = ran(old, *rooted)
    assert (status, out) == (3, "")
    assert refused.startswith("stale: genuine")
    assert ran(newest, "--key", pem)[0] == 0
    assert ran(old, "--key", pem)[0] == 2
    assert ran(newest, "--root", keys, "--root-fingerprint", "0" * 64)[0] == 2
    assert "compare it with what the association prints" in ran(newest)[1]
    status, out, refused = ran(pem)
    assert (status, out, len(refused.splitlines())) == (2, "", 1)
