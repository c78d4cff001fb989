"""The store: a file is under its digest, whole or not at all, however many put it."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rankings.adapters.evidence_store import Store
from rankings.bootstrap import ROOT
from rankings.errors import Unavailable

BODY = b"a certificate" * 1000
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "evidence")


def files(store: Store) -> list[Path]:
    return sorted(one for one in store.folder.rglob("*") if one.is_file())


def test_a_file_is_found_by_its_digest(store: Store) -> None:
    assert store.put(BODY) == SHA256
    assert files(store) == [store.folder / SHA256[:2] / SHA256[2:]] == [store.path(SHA256)]
    with store.open(SHA256) as file:
        assert file.read() == BODY


def test_nobody_else_on_the_machine_can_read_it(store: Store) -> None:
    store.put(BODY)
    assert store.path(SHA256).stat().st_mode & 0o077 == 0
    assert store.path(SHA256).parent.stat().st_mode & 0o077 == 0


def test_the_same_file_twice_is_one(store: Store) -> None:
    store.put(BODY)
    before = store.path(SHA256).stat().st_ino
    store.put(BODY)
    assert len(files(store)) == 1
    assert store.path(SHA256).stat().st_ino == before


def test_many_at_once_put_one_file(store: Store) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(store.put, [BODY] * 64)) == {SHA256}
    assert files(store) == [store.path(SHA256)]


@pytest.mark.parametrize(
    "name", ["", "a" * 63, "A" * 64, "../" + "a" * 61, "a" * 64 + "\n", "é" * 64, "١" * 64]
)
def test_what_is_no_digest_is_refused(store: Store, name: str) -> None:
    for ask in (store.path, store.open):
        with pytest.raises(ValueError, match="no SHA-256"):
            ask(name)


def test_a_missing_file_cannot_be_had_now(store: Store) -> None:
    with pytest.raises(Unavailable, match="not in the store"):
        store.open(SHA256)


def test_a_damaged_file_is_not_handed_out_and_is_mended_by_the_next_put(store: Store) -> None:
    store.put(BODY)
    for damage in (BODY[:-1] + b"!", BODY[:-1]):
        store.path(SHA256).write_bytes(damage)
        with pytest.raises(Unavailable, match="damaged"):
            store.open(SHA256)
        store.put(BODY)
        with store.open(SHA256) as file:
            assert file.read() == BODY


def test_a_full_disc_leaves_nothing_behind(store: Store) -> None:
    store.put(b"first")
    script = """
import resource, signal, sys
from pathlib import Path
from rankings.adapters.evidence_store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    Store(Path(sys.argv[1])).put(b"x" * 5000)
except OSError as error:
    print(error.strerror)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, store.folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "File too large\n"
    assert files(store) == [store.path(hashlib.sha256(b"first").hexdigest())]


def test_orphans_are_what_nobody_knows_and_was_not_just_put(store: Store) -> None:
    old, new, known = (store.put(body) for body in (b"old", b"new", b"known"))
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    for sha256, day in ((old, -1), (known, -1), (new, 1)):
        at = moment.timestamp() + day * 86_400
        os.utime(store.path(sha256), (at, at))
    assert list(store.orphans({known}, moment)) == [old]
    store.put(b"old")
    assert list(store.orphans({known}, moment)) == []
