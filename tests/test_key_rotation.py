"""A year with a rotation: old editions stay readable, a key at its end signs no more."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from rankings import cli, db, journal_witnesses, key_roots_taking, verifying
from rankings.adapters import key_files, key_roots, key_trust, signature
from rankings.adapters.key_roots import EditionKey, Root
from rankings.errors import Conflict, Invalid, NotFound
from rankings.usecases import editions, notices
from rankings.verifying_notice import Stale
from rankings.web import shelf
from rankings.web.shelf import Shelf
from tests import key_chains
from tests.key_chains import public, signed
from tests.usecases import world
from tests.web import small
from tests.web.small import Small

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SINCE, TURN, LATER = date(2026, 1, 1), date(2026, 7, 11), 10


@dataclass
class House:
    """An association whose roots can be taken."""

    small: Small

    @property
    def keys(self) -> Path:
        return self.small.settings.keys

    def take(self, root: Root, *holders: str, later: int = 0) -> key_roots_taking.Taken:
        body = signed(root, *holders).body
        act = world.act(small.after(later))
        return key_roots_taking.take(self.small.engine, self.small.settings, body, act)

    def first(self) -> Root:
        used = key_roots.public_hex(signature.public(self.keys, small.CODE))
        return replace(key_chains.first_root(), editions=(EditionKey(used, SINCE),))

    def second(self, on: date = TURN) -> Root:
        """The root after the first, with the key that waits to be listed."""
        before = key_files.roots(self.keys, small.CODE)[-1]
        waiting = signature.unlisted(self.keys, small.CODE)
        new = key_roots.public_hex(key_files.read_private(waiting[0]).public_key())
        old = replace(before.editions[-1], last=on)
        keys = (old, EditionKey(new, on))
        return Root(small.CODE, 2, before.holders, keys, before.fingerprint)

    def turned(self) -> None:
        """An edition by the old key, the new key, and a correction by the new one."""
        self.small.publish()
        self.take(self.first(), "a", "b")
        signature.make_next(self.keys, small.CODE)
        self.take(self.second(), "a", "c", later=LATER)
        self.small.publish("A name was wrong.", later=LATER + 1)

    def edition(self, folder: Path, number: int) -> Path:
        with db.reading(self.small.engine) as session:
            sha256 = editions.digest_of(session, small.CODE, "2026", number)
            body = editions.bundle(session, small.CODE, sha256)
        file = folder / f"edition-{number}.zip"
        file.write_bytes(body)
        return file

    def notice(self) -> bytes:
        with db.reading(self.small.engine) as session:
            number = notices.newest(session)[small.CODE]
            return notices.body(session, small.CODE, number)

    def exported(self, folder: Path) -> Path:
        file = folder / "keys.json"
        file.write_bytes(key_chains.written(key_files.signed_roots(self.keys, small.CODE)))
        return file


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> House:
    return House(small.prepared(engine, tmp_path))


@pytest.fixture
def turned(house: House) -> House:
    house.turned()
    return house


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli.commands, ["verify", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_old_and_new_editions_are_read_and_verified(turned: House, tmp_path: Path) -> None:
    trust = key_trust.of(turned.keys, small.CODE)
    reports = [verifying.verify(turned.edition(tmp_path, number), trust) for number in (1, 2)]
    assert [one.root for one in reports] == [2, 2]
    assert [one.key_last for one in reports] == ["2026-07-11", None]
    assert reports[0].fingerprint != reports[1].fingerprint
    held = Shelf(turned.small.engine, turned.small.settings)
    for number in (1, 2):
        assert held.edition(small.CODE, "2026", number).bundle.manifest["number"] == number
    held.close()
    journals = journal_witnesses.verify(turned.small.engine, turned.small.settings, small.CODE, [])
    assert [report.faults for report in journals] == [[]]


@on_sqlite
def test_the_command_says_by_which_key_and_root_and_what_is_stale(
    turned: House, tmp_path: Path
) -> None:
    old, new = (turned.edition(tmp_path, number) for number in (1, 2))
    told = tmp_path / "notice.json"
    told.write_bytes(turned.notice())
    root = key_files.roots(turned.keys, small.CODE)[-1]
    rooted = ("--root", turned.exported(tmp_path), "--notice", told)
    status, said, _ = run(new, *rooted, "--root-fingerprint", root.fingerprint)
    assert status == 0
    for words in (root.fingerprint, "valid from 2026-07-11, still in use", "newest: yes"):
        assert words in said
    assert "not compared" in run(new, *rooted)[1]
    status, said, refused = run(old, *rooted)
    assert (status, said) == (3, "")
    assert refused.startswith("stale: genuine, but edition 2 of cycle 2026 is newer")
    found = json.loads(run(new, *rooted, "--json")[1])
    assert (found["root"], found["notice_issued_on"]) == (2, "2026-07-12")
    assert run(new, *rooted, "--root-fingerprint", "0" * 64)[0] == 2
    key = tmp_path / "key.pem"
    key.write_bytes(signature.public_pem(root.editions[0].key))
    assert (run(old, "--key", key)[0], run(new, "--key", key)[0]) == (0, 2)
    assert run(new, "--key", key, *rooted)[0] == 2


@on_sqlite
def test_a_notice_that_does_not_know_the_edition_is_refused(house: House, tmp_path: Path) -> None:
    house.small.publish()
    before = house.notice()
    house.small.publish("A name was wrong.", later=1)
    old, new = (house.edition(tmp_path, number) for number in (1, 2))
    assert verifying.verify(old, None, notice=before).notice == 1
    with pytest.raises(Invalid, match="does not list this edition"):
        verifying.verify(new, None, notice=before)
    with pytest.raises(Stale):
        verifying.verify(old, None, notice=house.notice())


def test_taking_a_root_issues_a_notice_by_the_new_key(house: House) -> None:
    house.small.publish()
    assert house.take(house.first(), "a", "b").notice == 2
    signature.make_next(house.keys, small.CODE)
    assert house.take(house.second(), "a", "c", later=LATER).notice == 3
    newest = key_files.roots(house.keys, small.CODE)[-1].editions[-1]
    assert key_trust.only(newest.key).notice(house.notice())["number"] == 3
    again = key_files.roots(house.keys, small.CODE)[-1]
    assert house.take(again, "a", "c", later=LATER).notice == 4


def test_a_root_that_is_older_or_another_of_its_number_is_not_taken(turned: House) -> None:
    with pytest.raises(Conflict, match="older"):
        turned.take(turned.first(), "a", "b", later=LATER)
    newest = key_files.roots(turned.keys, small.CODE)[-1]
    other = replace(newest, editions=(replace(newest.editions[0]), *newest.editions[1:]))
    assert other == newest
    changed = replace(newest, holders=(*newest.holders[:2], public("d")))
    with pytest.raises(Conflict, match="never overwritten"):
        turned.take(changed, "a", "b", later=LATER)


@on_sqlite
def test_the_signing_host_takes_a_root_on_the_first_day_of_its_key(house: House) -> None:
    house.take(house.first(), "a", "b")
    signature.make_next(house.keys, small.CODE)
    with pytest.raises(Conflict, match="may not sign today, 2026-07-01, but from 2026-07-11"):
        house.take(house.second(), "a", "b")
    for file in house.keys.glob("*.private.pem"):
        file.rename(house.keys.parent / file.name)
    before = key_files.roots(house.keys, small.CODE)[-1]
    keys = (replace(before.editions[-1], last=TURN), EditionKey(public("new"), TURN))
    root = Root(small.CODE, 2, before.holders, keys, before.fingerprint)
    assert house.take(root, "a", "b").notice is None


def test_an_edition_after_its_keys_end_is_not_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that was stolen signs on; the host that was told of its end shows nothing of it."""
    monkeypatch.setattr(shelf, "SECONDS", 0.0)
    house.small.publish()
    thief = house.keys.parent / "thief"
    shutil.copytree(house.keys, thief)
    house.take(house.first(), "a", "b")
    signature.make_next(house.keys, small.CODE)
    house.take(house.second(), "a", "c", later=LATER)
    held = Shelf(house.small.engine, house.small.settings)
    honest = held.current(small.CODE).digest
    stolen = Small(house.small.engine, replace(house.small.settings, keys=thief))
    stolen.publish("Trust me.", later=LATER + 1)
    assert held.current(small.CODE).digest == honest
    with pytest.raises(NotFound):
        held.edition(small.CODE, "2026", 2)
    held.close()


@on_sqlite
def test_a_host_with_a_gap_or_a_changed_root_trusts_nobody(turned: House) -> None:
    file = key_files.root_file(turned.keys, small.CODE, 1)
    kept = file.read_bytes()
    file.write_bytes(kept.replace(b"2026-01-01", b"2025-01-01"))
    with pytest.raises(Invalid, match="not the holder's"):
        key_trust.of(turned.keys, small.CODE)
    file.unlink()
    with pytest.raises(Invalid, match="missing"):
        key_trust.of(turned.keys, small.CODE)


def test_a_private_key_of_another_kind_is_no_edition_key(tmp_path: Path) -> None:
    key_files.write_private(tmp_path / "alpha.private.pem", Ed25519PrivateKey.generate(), b"sealed")
    with pytest.raises(Invalid, match="passphrase"):
        signature.private(tmp_path, "alpha")
