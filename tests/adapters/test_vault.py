"""The vault: what is sealed opens with its own key and under its own name only."""

from __future__ import annotations

import os
import stat
import threading
from collections import Counter
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.adapters import vault
from rankings.adapters.private_keys import PrivateKeys
from rankings.adapters.receipts import AT_ONCE, Receipts, digits, new_receipt
from rankings.errors import Unavailable

KEY = UUID(int=1)
# Chi-square with nine degrees of freedom: of 140,000 true ones one is above it.
CHI_SQUARE = 40


@given(st.binary(max_size=40_000))
@settings(max_examples=25, deadline=None)
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    key = vault.new_key()
    assert vault.unseal(key, vault.seal(key, plain, "a"), "a") == plain


def test_lengths_take_few_values() -> None:
    key = vault.new_key()
    sizes = {len(vault.seal(key, b"x" * many, "a")) for many in range(0, 16_000, 97)}
    assert len(sizes) <= 4
    assert all((size - 29) % 4_096 == 0 for size in sizes)
    large = {len(vault.seal(key, b"x" * many, "a")) for many in range(17_000, 5_000_000, 99_991)}
    assert len(large) <= 9


def test_nothing_opens_altered_elsewhere_or_with_another_key() -> None:
    key, other = vault.new_key(), vault.new_key()
    sealed, locked = vault.seal(key, b"text", "a"), vault.lock(key, other, "a")
    for body, what in ((sealed, vault.unseal), (locked, vault.unlock)):
        for wrong in (body[:-1], body + b"x", b"", bytes([body[0]]) + os.urandom(len(body) - 1)):
            with pytest.raises(Unavailable):
                what(key, wrong, "a")
        for place in (0, 1, 12, 20, len(body) - 1):
            changed = bytearray(body)
            changed[place] ^= 1
            with pytest.raises(Unavailable):
                what(key, bytes(changed), "a")
        with pytest.raises(Unavailable):
            what(key, body, "b")
        with pytest.raises(Unavailable):
            what(other, body, "a")
    with pytest.raises(Unavailable):
        vault.unlock(key, sealed, "a")


def test_only_the_private_key_unwraps() -> None:
    private, public = vault.make()
    another, _public = vault.make()
    wrapped = vault.wrap(public, b"k" * 32, "a")
    assert vault.unwrap(private, wrapped, "a") == b"k" * 32
    assert vault.wrap(public, b"k" * 32, "a") != wrapped
    for key, body, about in (
        (another, wrapped, "a"),
        (private, wrapped, "b"),
        (private, wrapped[:-1], "a"),
        (private, wrapped[:1] + bytes(32) + wrapped[33:], "a"),
        (private, b"", "a"),
    ):
        with pytest.raises(Unavailable):
            vault.unwrap(key, body, about)


def test_private_keys_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    keys = PrivateKeys(tmp_path / "keys")
    private, public = vault.make()
    keys.put("alpha", KEY, private)
    (file,) = (tmp_path / "keys" / "alpha").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.name == f"{KEY}.key"
    assert keys.here("alpha", KEY)
    wrapped = vault.wrap(public, b"k" * 32, "a")
    assert keys.unwrap("alpha", KEY, wrapped, "a") == b"k" * 32
    for association, key in (("beta", KEY), ("alpha", uuid4()), ("../alpha", KEY)):
        assert not keys.here(association, key)
        with pytest.raises(Unavailable):
            keys.unwrap(association, key, wrapped, "a")
    keys.forget("alpha", KEY)
    keys.forget("alpha", KEY)
    assert not keys.here("alpha", KEY)


def test_a_host_without_the_folder_opens_nothing() -> None:
    keys = PrivateKeys(None)
    assert not keys.is_open
    assert not keys.here("alpha", KEY)
    for refused in (
        lambda: keys.put("alpha", KEY, b"k"),
        lambda: keys.unwrap("alpha", KEY, b"-", "a"),
    ):
        with pytest.raises(Unavailable):
            refused()


def test_receipts_are_even_and_never_the_same() -> None:
    """SEC-RCPT-1: 100,000 of the operating system, and as many of forms."""
    receipts = Receipts("secret", kibibytes=8)
    for draw in (new_receipt, lambda: receipts.drawn(os.urandom(32))):
        drawn = [draw() for _ in range(100_000)]
        assert len(set(drawn)) == len(drawn)
        assert {len(one) for one in drawn} == {16}
        for place in range(16):
            found = Counter(one[place] for one in drawn)
            expected = len(drawn) / 10
            assert sum((found[d] - expected) ** 2 / expected for d in "0123456789") < CHI_SQUARE
        everywhere = Counter("".join(drawn))
        expected = 16 * len(drawn) / 10
        assert sum((everywhere[d] - expected) ** 2 / expected for d in "0123456789") < CHI_SQUARE


def test_receipts_come_from_the_operating_system(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = os.urandom

    def watched(many: int) -> bytes:
        asked.append(many)
        return real(many)

    monkeypatch.setattr("random._urandom", watched)
    new_receipt()
    assert sum(asked) >= 7


@pytest.mark.parametrize(
    "typed",
    [
        "4821739011560274",
        "4821 7390 1156 0274",
        " 4821-7390–1156—0274 ",
        "4821\u00a07390\u200b1156\t0274\n",
        "៤៨២១ ៧៣៩០ ១១៥៦ ០២៧៤",
        "၄၈၂၁ ၇၃၉၀ ၁၁၅၆ ၀၂၇၄",
        "４８２１　７３９０　１１５６　０２７４",
        "4821 ៧៣៩០ ၁၁၅၆ ０２７４",
    ],
)
def test_digits_of_any_script_are_taken(typed: str) -> None:
    assert digits(typed) == "4821739011560274"


@pytest.mark.parametrize(
    "typed", ["", "4821", "48217390115602741", "482173901156027x", "½" * 16, "²" * 16, "1 " * 99]
)
def test_what_is_no_receipt_is_nothing(typed: str) -> None:
    assert digits(typed) == ""


@given(st.text())
@settings(max_examples=200)
def test_any_text_is_sixteen_digits_or_nothing(typed: str) -> None:
    found = digits(typed)
    assert found == "" or (len(found) == 16 and found.isascii() and found.isdecimal())


def test_a_receipt_opens_the_same_everywhere_but_not_with_another_secret() -> None:
    one, again, other = (Receipts(secret, kibibytes=8) for secret in ("a", "a", "b"))
    found = one.open("1" * 16)
    assert (found.lookup, found.key) == (again.open("1" * 16).lookup, again.open("1" * 16).key)
    assert found.lookup != found.key
    assert {found.lookup, found.key}.isdisjoint(
        {other.open("1" * 16).lookup, one.open("2" * 16).lookup}
    )
    assert (one.runs, again.runs) == (2, 2)
    assert "key" not in repr(found)


def test_no_more_than_two_are_opened_at_a_time() -> None:
    """Each takes 64 MiB; what waits takes none."""
    receipts = Receipts("secret", kibibytes=4_096, passes=1)
    threads = [threading.Thread(target=receipts.open, args=(f"{n:016}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert receipts.runs == 8
    assert AT_ONCE == 2
