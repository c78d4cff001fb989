"""What an operator types: what is set up, what is refused, and that nothing is half done."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rankings import db, migrating
from rankings.adapters import signature
from rankings.cli import commands
from rankings.errors import NotFound
from rankings.usecases import associations
from tests import publication
from tests.commands import installed

ROOT = Path(__file__).resolve().parents[1]
RUBRIC = ROOT / "fixtures" / "rubrics" / "coc-vn-1.0.0"
ADD = ("--name", "Alpha", "--country", "VN", "--time-zone", "Asia/Bangkok")
OPEN = ("--association", "alpha", "--rubric", "coc-vn:1.0.0", "--as-of", "2026-06-30")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with tables, named in the environment."""
    url = f"sqlite:///{tmp_path / 'rankings.sqlite'}"
    installed(monkeypatch, url, tmp_path)
    engine = db.connect(url)
    migrating.upgrade(engine)
    engine.dispose()
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, [str(each) for each in arguments])


def fine(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def test_an_association_is_added_with_its_key(settings: Path) -> None:
    said = fine("association", "add", "alpha", *ADD)
    key = signature.public(settings / "keys", "alpha")
    assert signature.fingerprint(key) in said


def test_an_association_is_added_once_and_its_key_never_overwritten(settings: Path) -> None:
    fine("association", "add", "alpha", *ADD)
    before = signature.private_file(settings / "keys", "alpha").read_bytes()
    assert "There is an association alpha already" in refused("association", "add", "alpha", *ADD)
    assert signature.private_file(settings / "keys", "alpha").read_bytes() == before


def test_where_a_key_lies_already_no_association_is_added(settings: Path) -> None:
    signature.make(settings / "keys", "alpha")
    assert "never overwritten" in refused("association", "add", "alpha", *ADD)
    engine = db.connect(f"sqlite:///{settings / 'rankings.sqlite'}")
    with db.reading(engine) as session, pytest.raises(NotFound):
        associations.find(session, "alpha")
    engine.dispose()


@pytest.mark.parametrize(
    ("code", "more", "words"),
    [
        ("Alpha!", (), "a-z"),
        ("../x", (), "a-z"),
        ("alpha", ("--country", "XX"), "ISO 3166"),
        ("alpha", ("--time-zone", "Mars/Base"), "Asia/Bangkok"),
    ],
)
def test_what_cannot_be_an_association_is_named(
    code: str, more: tuple[str, ...], words: str
) -> None:
    assert words in refused("association", "add", code, *ADD, *more)


def test_a_cycle_opens_with_an_adopted_rubric_only() -> None:
    fine("association", "add", "alpha", *ADD)
    assert "There is no rubric coc-vn 1.0.0" in refused("cycle", "open", "2026", *OPEN)
    fine("rubric", "adopt", RUBRIC, "--association", "alpha")
    assert "is open" in fine("cycle", "open", "2026", *OPEN)
    assert "There is a cycle 2026 already" in refused("cycle", "open", "2026", *OPEN)


def test_a_cycle_cannot_have_been_opened_tomorrow_nor_have_any_name() -> None:
    fine("association", "add", "alpha", *ADD)
    fine("rubric", "adopt", RUBRIC, "--association", "alpha")
    assert "in the future" in refused("cycle", "open", "2026", *OPEN, "--opened-on", "2999-01-01")
    assert "0-9" in refused("cycle", "open", "two thousand", *OPEN)


def test_a_rubric_without_words_cannot_be_adopted(settings: Path) -> None:
    fine("association", "add", "alpha", *ADD)
    file = settings / "silent.toml"
    file.write_text((ROOT / "tests/usecases/worked.toml").read_text("utf-8"), "utf-8")
    assert "no words" in refused("rubric", "adopt", file, "--association", "alpha")


def test_a_file_for_a_cycle_that_is_not_there_is_one_sentence(settings: Path) -> None:
    fine("association", "add", "alpha", *ADD)
    file = settings / "a.csv"
    file.write_text("agency\n", "utf-8")
    where = ("--association", "alpha", "--cycle", "2026")
    assert "There is no such cycle" in refused("import", "agencies", file, *where)


def test_problems_of_a_file_go_to_standard_error_with_status_2(settings: Path) -> None:
    fine("association", "add", "alpha", *ADD)
    fine("rubric", "adopt", RUBRIC, "--association", "alpha")
    fine("cycle", "open", "2026", *OPEN)
    file = settings / "d.csv"
    file.write_text("agency,quarter,destination,workers,source\nX,2026-Q9,JP,1,D\n", "utf-8")
    where = ("--association", "alpha", "--cycle", "2026")
    result = run("import", "deployments", file, *where, "--apply")
    assert result.exit_code == 2
    assert "row 2, column quarter: '2026-Q9': must be a quarter" in result.stderr
    assert result.stdout == "1 rows: 1 with problems; nothing has been saved\n"


def test_missing_settings_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RANKINGS_KEYS")
    monkeypatch.delenv("RANKINGS_DATA")
    said = refused("notice", "--association", "alpha")
    assert "RANKINGS_KEYS" in said
    assert "RANKINGS_DATA" in said


def approve() -> None:
    """Two persons stand for the cycle, which everybody was heard on."""
    publication.approved_now(os.environ, publication.Order("alpha", "2026"))


def test_what_was_not_published_cannot_be_exported(settings: Path) -> None:
    fine("association", "add", "alpha", *ADD)
    fine("rubric", "adopt", RUBRIC, "--association", "alpha")
    fine("cycle", "open", "2026", *OPEN)
    to = settings / "e.zip"
    where = ("--association", "alpha", "--cycle", "2026")
    assert "There is no such edition" in refused("export", to, *where)
    assert not to.exists()


@pytest.mark.parametrize("ending", ["zip", "xlsx", "csv"])
def test_an_edition_is_written_whole_or_as_a_table(settings: Path, ending: str) -> None:
    fine("association", "add", "alpha", *ADD)
    fine("rubric", "adopt", RUBRIC, "--association", "alpha")
    fine("cycle", "open", "2026", *OPEN)
    where = ("--association", "alpha", "--cycle", "2026")
    assert "no candidate" in run("publish", *where).stderr
    approve()
    assert "edition 1 of 2026 is published" in fine("publish", *where)
    assert "no candidate" in run("publish", *where).stderr
    to = settings / f"out.{ending}"
    fine("export", to, *where)
    start = b"\xef\xbb\xbf" if ending == "csv" else b"PK"
    assert to.read_bytes().startswith(start)
    assert "notice 2 is issued" in fine("notice", "--association", "alpha")
