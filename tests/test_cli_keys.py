"""The commands of keys: three holders make a root, a key is rotated, everything stays readable."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.adapters import key_files, key_roots, key_trust, signature
from rankings.cli_keys import keys as commands
from rankings.models import JournalEntry
from tests import key_chains
from tests.web import small
from tests.web.small import Small

WORDS = "a long passphrase"
HOLDERS = ("one", "two", "three")
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@dataclass
class Desk:
    """A machine with the commands, and the three sticks."""

    folder: Path
    small: Small

    def run(self, *arguments: str | Path, said: str = "") -> tuple[int, str]:
        known = self.small.settings
        environment = {
            "RANKINGS_SECRET_KEY": "secret",
            "RANKINGS_DATABASE_URL": known.database_url,
            "RANKINGS_DATA": str(known.data),
            "RANKINGS_KEYS": str(known.keys),
            "RANKINGS_BASE_URL": "http://x",
            "RANKINGS_EVIDENCE": str(known.evidence),
        }
        runner = CliRunner(env=environment)
        done = runner.invoke(commands, [str(one) for one in arguments], input=said)
        return done.exit_code, done.output

    def stick(self, name: str) -> Path:
        return self.folder / f"{name}.pem"

    def public(self, name: str) -> Path:
        return self.folder / f"{name}.pem.public.pem"

    def make(self, name: str) -> tuple[int, str]:
        return self.run("holder", "make", self.stick(name), said=f"{WORDS}\n{WORDS}\n")

    def sign(self, root: Path, name: str, words: str = WORDS) -> tuple[int, str]:
        return self.run("root", "sign", root, "--with", self.stick(name), said=f"{words}\n")


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return Desk(tmp_path, small.prepared(engine, tmp_path))


def of_three(desk: Desk) -> list[str | Path]:
    return [word for name in HOLDERS for word in ("--holder", desk.public(name))]


def first(desk: Desk) -> Path:
    """Root 1, signed by two."""
    for name in HOLDERS:
        assert desk.make(name)[0] == 0
    root = desk.folder / "root-1.json"
    since = ("--association", small.CODE, "--since", "2020-01-01")
    assert desk.run("root", "make", *since, *of_three(desk), root)[0] == 0
    for name in HOLDERS[:2]:
        assert desk.sign(root, name)[0] == 0
    return root


def test_three_holders_make_a_root_and_the_key_is_rotated(desk: Desk) -> None:
    root = first(desk)
    assert desk.stick("one").stat().st_mode & 0o077 == 0
    assert b"ENCRYPTED" in desk.stick("one").read_bytes()
    status, said = desk.run("root", "take", root)
    assert (status, "root 1 is taken" in said) == (0, True)
    folder, of = desk.small.settings.keys, ("--association", small.CODE)
    old = signature.public(folder, small.CODE)
    status, said = desk.run("edition", "rotate", *of)
    assert (status, "--rotate-on" in said) == (0, True)
    assert signature.public(folder, small.CODE) == old
    assert desk.run("edition", "rotate", *of)[0] == 2
    second, today = desk.folder / "root-2.json", "2020-06-01"
    assert desk.run("root", "make", *of, "--rotate-on", today, second)[0] == 0
    assert desk.run("root", "take", second)[0] == 2
    assert desk.sign(second, "three")[0] == 0
    assert desk.run("root", "take", second)[0] == 2
    assert desk.sign(second, "one")[0] == 0
    assert desk.run("root", "take", second)[0] == 0
    new = signature.public(folder, small.CODE)
    assert new != old
    assert signature.private(folder, small.CODE).public_key() == new
    modes = {file.stat().st_mode & 0o777 for file in folder.glob("*.private.pem")}
    assert modes == {0o600}
    old_one = signature.fingerprint(old)
    assert desk.run("edition", "forget", *of, signature.fingerprint(new))[0] == 2
    assert desk.run("edition", "forget", *of, old_one)[0] == 0
    assert len(list(folder.glob("*.private.pem"))) == 1
    status, said = desk.run("export", *of, desk.folder / "keys.json")
    chain = key_roots.read_chain((desk.folder / "keys.json").read_bytes())
    assert [one.number for one in chain] == [1, 2]
    assert key_trust.of(folder, small.CODE) == key_trust.of_roots(chain)


@on_sqlite
def test_the_journal_says_which_roots_were_taken(desk: Desk) -> None:
    root = first(desk)
    assert desk.run("root", "take", root)[0] == 0
    with db.reading(desk.small.engine) as session:
        found = session.exec(select(JournalEntry).where(JournalEntry.action == "took a root"))
        assert [one.about for one in found] == ["1"]


@on_sqlite
def test_a_stick_is_not_overwritten_and_another_passphrase_does_not_open_it(desk: Desk) -> None:
    root, before = first(desk), desk.stick("three").read_bytes()
    assert desk.make("three")[0] == 2
    assert desk.stick("three").read_bytes() == before
    held = root.read_bytes()
    assert desk.sign(root, "three", "another passphrase")[0] == 2
    assert root.read_bytes() == held
    short = desk.run("holder", "make", desk.folder / "short.pem", said="short\nshort\n")
    assert short[0] == 2
    assert not (desk.folder / "short.pem").exists()


@on_sqlite
def test_a_holder_reads_what_is_signed(desk: Desk) -> None:
    root = first(desk)
    made = key_roots.read(root.read_bytes()).root
    said = desk.sign(root, "three")[1]
    for word in (made.fingerprint, made.editions[0].fingerprint, "from 2020-01-01"):
        assert word in said
    assert "signed by 3" in said


@on_sqlite
def test_a_root_that_does_not_hold_the_key_in_use_is_not_taken(desk: Desk) -> None:
    foreign = key_chains.signed(key_chains.first_root(), "a", "b")
    (desk.folder / "foreign.json").write_bytes(foreign.body)
    status, said = desk.run("root", "take", desk.folder / "foreign.json")
    assert (status, "does not hold the key" in said) == (2, True)
    assert key_files.roots(desk.small.settings.keys, small.CODE) == ()


@on_sqlite
def test_a_root_by_which_a_published_edition_would_be_refused_is_not_taken(desk: Desk) -> None:
    for name in HOLDERS:
        desk.make(name)
    desk.small.publish()
    root, of = desk.folder / "late.json", ("--association", small.CODE, "--since", "2026-07-02")
    assert desk.run("root", "make", *of, *of_three(desk), root)[0] == 0
    for name in HOLDERS[:2]:
        assert desk.sign(root, name)[0] == 0
    status, said = desk.run("root", "take", root)
    assert (status, "before the key's first day" in said) == (2, True)


@on_sqlite
def test_a_root_is_made_of_three_different_holders_and_never_over_a_file(desk: Desk) -> None:
    root = first(desk)
    of = ("--association", small.CODE, "--since", "2020-01-01")
    two = ("--holder", desk.public("one"), "--holder", desk.public("two"))
    for holders in (two, (*two, *two[:2]), two[:2]):
        assert desk.run("root", "make", *of, *holders, desk.folder / "new.json")[0] == 2
    assert desk.run("root", "make", *of, *of_three(desk), root)[0] == 2
    assert desk.run("root", "make", *of[:2], *of_three(desk), desk.folder / "new.json")[0] == 2
    assert not (desk.folder / "new.json").exists()
