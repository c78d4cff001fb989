"""What an operator hears of the journal: that it is whole, or what is wrong at which number."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlmodel import Session, select

from rankings import db, journal_heads, journaling
from rankings.adapters import signature
from rankings.adapters.bundle import Bundle
from rankings.cli import commands
from rankings.models import JournalEntry, JournalSeal
from rankings.usecases import journal_chain, journal_reading
from tests.commands import installed
from tests.usecases import ledger
from tests.web import small
from tests.web.small import Small

CODE = small.CODE


@pytest.fixture
def alpha(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Small]:
    """A small association that has published an edition, named in the environment."""
    engine = db.connect(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'own.sqlite')}")
    made = small.prepared(engine, tmp_path)
    installed(monkeypatch, made.settings.database_url, tmp_path)
    made.publish()
    yield made
    engine.dispose()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ["journal", *map(str, arguments)])


def fine(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def wrong(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    return result.stderr


def tamper(alpha: Small, *statements: str) -> None:
    """Somebody with rights on the database alone."""
    with db.migrating(alpha.engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


def compute_anew(alpha: Small) -> None:
    """Every seal by the rules, over changed entries."""
    tamper(alpha, "UPDATE journal_entry SET about = 'x' WHERE action = 'adopted a rubric'")
    with db.migrating(alpha.engine) as connection, Session(connection) as session:
        connection.execute(text("DELETE FROM journal_seal"))
        journal_chain.extend(session, CODE, thorough=True)
        session.flush()


def exported(alpha: Small, folder: Path) -> Path:
    """The edition as the association handed it out."""
    file = folder / "handed-out.zip"
    with db.reading(alpha.engine) as session:
        file.write_bytes(session.execute(text("SELECT body FROM edition_bundle")).scalar_one())
    return file


def test_a_whole_journal_is_told_with_its_heads(alpha: Small, tmp_path: Path) -> None:
    said = fine("verify", "--edition", exported(alpha, tmp_path))
    head = journal_heads.read(alpha.settings.data, CODE)
    assert f"alpha: {head.number} entries, head {head.number} {head.hash}" in said
    assert "not sealed yet: 0; details erased: 0" in said
    assert "heads found in it: handed-out.zip, edition 1 of 2026, the head file" in said
    assert fine("head") == f"alpha: {head.number} {head.hash}\n"


def test_the_manifest_holds_the_head_of_just_before(alpha: Small, tmp_path: Path) -> None:
    file = exported(alpha, tmp_path)
    held = Bundle(file, signature.public(alpha.settings.keys, CODE))
    told = held.manifest["journal"]
    with db.reading(alpha.engine) as session:
        assert journal_chain.holds(session, CODE, journal_chain.Head(**told))
        after = session.exec(
            select(JournalEntry.action)
            .join(JournalSeal, JournalSeal.entry == JournalEntry.id)  # type: ignore[arg-type]
            .where(JournalSeal.number > told["number"])
        ).all()
    assert sorted(after) == ["issued a notice", "published an edition"]
    held.close()


def test_what_is_not_sealed_yet_is_counted_and_sealed_by_asking_for_the_head(alpha: Small) -> None:
    with db.transaction(alpha.engine) as session:
        ledger.write(session, 1, CODE)
    assert "not sealed yet: 1" in fine("verify", "--association", CODE)
    fine("head", "--association", CODE)
    assert "not sealed yet: 0" in fine("verify", "--association", CODE)


def test_a_changed_entry_is_told_in_words(alpha: Small) -> None:
    tamper(alpha, "UPDATE journal_entry SET who = 'x' WHERE action = 'opened a cycle'")
    said = wrong("verify")
    assert said.startswith("alpha: number ")
    assert said.endswith(": was changed\n")


def test_erased_details_are_no_fault(alpha: Small) -> None:
    tamper(alpha, "DELETE FROM journal_detail WHERE entry IN (SELECT entry FROM journal_detail)")
    said = fine("verify")
    assert "details erased: 9" in said


@pytest.mark.parametrize("kept", ["the head file", "edition 1 of 2026", "handed-out.zip", "1.zip"])
def test_a_chain_computed_anew_is_found_by_any_head_that_is_left(
    alpha: Small, tmp_path: Path, kept: str
) -> None:
    file = exported(alpha, tmp_path)
    arguments: list[str | Path] = []
    if kept != "the head file":
        (alpha.settings.data / "journal" / "alpha.head").unlink()
    if kept != "edition 1 of 2026":
        tamper(alpha, "DELETE FROM edition_bundle", "DELETE FROM ranking_edition")
    if kept == "handed-out.zip":
        arguments = ["--edition", file]
    if kept == "1.zip":
        folder = alpha.settings.data / "editions" / CODE
        folder.mkdir(parents=True)
        file.rename(folder / "1.zip")
    fine("verify", *arguments)
    compute_anew(alpha)
    assert f"{kept} has another hash: the journal was computed anew" in wrong("verify", *arguments)


def test_a_journal_that_was_emptied_is_found_by_its_head_file(alpha: Small) -> None:
    editions, entries = ("edition_bundle", "ranking_edition"), ("seal", "detail", "entry")
    tables = (*editions, *(f"journal_{name}" for name in entries))
    tamper(alpha, *(f"DELETE FROM {table}" for table in tables))
    assert "numbers 1 to 9 are missing: the head file tells of them" in wrong("verify")


@pytest.mark.parametrize("body", ["substr(body, 2)", "'text'", "zeroblob(9)"])
def test_a_stored_edition_that_was_forged_is_a_fault(alpha: Small, body: str) -> None:
    tamper(alpha, f"UPDATE edition_bundle SET body = {body}")
    assert "alpha: edition 1 of 2026 tells nothing" in wrong("verify")


def test_a_damaged_head_file_is_a_fault(alpha: Small) -> None:
    (alpha.settings.data / "journal" / "alpha.head").write_text("{}", "utf-8")
    assert "holds no head of a journal" in wrong("verify")


@pytest.mark.parametrize("body", [b"", b"PK", b"no edition"])
def test_what_is_no_edition_is_refused(alpha: Small, tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "other.zip"
    file.write_bytes(body)
    result = run("verify", "--edition", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "other.zip" in result.stderr


def test_an_edition_of_another_association_is_refused(alpha: Small, tmp_path: Path) -> None:
    arguments = ("--association", "beta", "--edition", exported(alpha, tmp_path))
    result = run("verify", *arguments)
    assert result.exit_code == 2
    assert "is no edition of beta" in result.stderr


def test_an_edition_that_another_key_signed_is_refused(alpha: Small, tmp_path: Path) -> None:
    file = exported(alpha, tmp_path)
    for name in (signature.private_file, signature.public_file):
        name(alpha.settings.keys, CODE).unlink()
    signature.make(alpha.settings.keys, CODE)
    assert run("verify", "--edition", file).exit_code == 2


def test_every_journal_has_its_line(alpha: Small) -> None:
    act = ledger.by()
    journaling.note(alpha.engine, alpha.settings.data, "", act, "failed to sign in", "x")
    said = fine("head").splitlines()
    assert [line.partition(":")[0] for line in said] == ["of no association", "alpha"]
    assert fine("head", "--association", "beta") == "beta: no entries\n"


def test_every_change_of_the_operator_is_in_the_journal(alpha: Small, tmp_path: Path) -> None:
    of = ("--association", "beta")
    file = tmp_path / "deployments.csv"
    file.write_text("agency,quarter,destination,workers,source\n", "utf-8")
    taken = ("import", "deployments", file, *of, "--cycle", "2026")
    place = ("--name", "Beta", "--country", "KH", "--time-zone", "Asia/Phnom_Penh")
    by_rubric = ("--rubric", "coc-vn:1.0.0", "--as-of", "2026-06-30", "--opened-on", "2026-01-01")
    for command in (
        ("association", "add", "beta", *place),
        ("rubric", "adopt", small.RUBRIC, *of),
        ("rubric", "adopt", small.RUBRIC, *of),
        ("cycle", "open", "2026", *of, *by_rubric),
        taken,
        (*taken, "--apply"),
        ("hearing", "open", *of, "--cycle", "2026"),
        ("candidate", "score", *of, "--cycle", "2026"),
        ("notice", *of),
    ):
        result = CliRunner().invoke(commands, [*map(str, command)])
        assert result.exit_code == 0, result.output
    with db.reading(alpha.engine) as session:
        lines, _ = journal_reading.page(session, "beta", 1)
    assert {one.entry.who for one in lines} == {"operator"}
    told = [(one.entry.action, one.entry.about) for one in reversed(lines)]
    assert told[:4] == [
        ("added an association", "beta"),
        ("adopted a rubric", "coc-vn 1.0.0"),
        ("opened a cycle", "2026"),
        ("imported a file", "2026 deployments"),
    ]
    assert told[4:6] == [("opened a hearing", "2026"), ("scored a candidate", "2026 1")]
    assert told[6:] == [("issued a notice", "1")]
    assert "not sealed yet: 0" in fine("verify", *of)
