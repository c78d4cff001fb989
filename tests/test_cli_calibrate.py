"""`rankings calibrate`: what it prints, and the next version of the rubric that it writes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session

from rankings import db
from rankings.adapters import rubric_files
from rankings.cli import commands
from rankings.models import AssessmentCycle
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Level, Rate
from rankings.scoring.source import read
from rankings.usecases import assessments, audits, complaints, cycles
from tests.commands import installed
from tests.usecases import world
from tests.web import small
from tests.web.small import Small

AGENCIES, QUESTIONS = 12, 3
RUNNING = rubric_files.source(small.RUBRIC)


@pytest.fixture(scope="module")
def alpha(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """An edition with claims that were a third too high, and with complaints."""
    folder = tmp_path_factory.mktemp("calibrate")
    engine = db.connect(f"sqlite:///{shutil.copy(migrated_file, folder / 'own.sqlite')}")
    made = Small(engine, small.settings(engine, folder))
    with db.transaction(engine) as session:
        cycle = small.opened(session)
        numbers = range(1, AGENCIES + 1)
        rows = [small.row(1, licence_number=f"L-{at}") for at in numbers]
        small.save(session, cycle, rows)
        small.sent(session, cycle, AGENCIES)
        _answer(session, cycle)
        upheld = [
            world.complaint(f"{at}-{case}", agency=f"L-{at}")
            for at in numbers
            for case in range(at % 4)
        ]
        assert complaints.save_complaints(session, cycle, upheld, world.NOW).problems == []
    made.publish()
    yield made
    engine.dispose()


def _answer(session: Session, cycle: AssessmentCycle) -> None:
    """Everybody claims the best answer; every third time the first one is found."""
    rubric = cycles.code_of(cycle).rubric
    asked = [one for one in rubric.indicators if isinstance(one.rule, Level)][:QUESTIONS]
    claims, found = [], []
    for number in range(1, AGENCIES + 1):
        for at, one in enumerate(asked):
            options = one.rule.options  # type: ignore[union-attr]
            agency, place = f"L-{number}", 0 if at == 0 else -1
            claims.append(world.answer(one.id, options[-1].id, agency=agency))
            found.append(world.finding(one.id, options[place].id, agency=agency))
    assert assessments.save_self_assessments(session, cycle, claims, world.NOW).problems == []
    assert audits.save_findings(session, cycle, found, world.NOW).problems == []


@pytest.fixture(autouse=True)
def environment(alpha: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, alpha.settings.database_url, alpha.settings.data.parent)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ["calibrate", *map(str, arguments)])


def fine(*arguments: str | Path) -> list[str]:
    result = run(small.CODE, "2026", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def rate(rubric: Rubric) -> Rate:
    rule = next(one.rule for one in rubric.indicators if one.id == "c1")
    assert isinstance(rule, Rate)
    return rule


def test_estimates_stand_beside_the_running_numbers_with_what_they_rest_on() -> None:
    lines = fine()
    assert lines[0] == "edition 1 of 2026, by coc-vn 1.0.0: 12 agencies are rated."
    told = {line.split()[0]: line.split()[1:] for line in lines[4:]}
    assert told["evidence.credit.self"] == ["0.6", "0.6667", "0.6667", "36", "pairs"]
    document = ["0.9", "-", "-", "0", "pairs;", "fewer", "than", "30", "pairs"]
    assert told["evidence.credit.document"] == document
    for key in ("mu", "k", "phi"):
        assert told[f"indicators[c1].{key}"][-2:] == ["12", "agencies"]
        assert told[f"indicators[c1].{key}"][1] == told[f"indicators[c1].{key}"][2] != "-"
    # Every upheld complaint weighs 3.
    assert told["indicators[c1].phi"][1] == "3"


def test_the_next_version_has_the_new_numbers_and_is_otherwise_the_same(tmp_path: Path) -> None:
    lines = fine("--into", tmp_path / "next", "--version", "1.1.0")
    assert lines[-2].endswith("coc-vn 1.1.0, 4 numbers are new.")
    assert lines[-1] == "left as it is: evidence.credit.document (fewer than 30 pairs)"
    check = CliRunner().invoke(commands, ["rubric", "check", str(tmp_path / "next")])
    assert check.exit_code == 0, check.output
    assert check.stdout.startswith("coc-vn 1.1.0 is sound")
    written = rubric_files.source(tmp_path / "next")
    assert written.labels == RUNNING.labels
    before, after = read(RUNNING).rubric, read(written).rubric
    assert after.evidence.credit["document"] == before.evidence.credit["document"]
    assert after.evidence.credit["self"] != before.evidence.credit["self"]
    assert rate(after).benchmark != rate(before).benchmark
    assert rate(after).curve == rate(before).curve
    for kept in ("nodes", "bands", "caps", "states", "fields", "ranges", "missing", "banding"):
        assert getattr(after, kept) == getattr(before, kept), kept
    head = "# Weights, points and cuts are this project's own proposal."
    assert written.document.startswith(head)


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9", "1.1", "one"])
def test_no_running_or_earlier_version_is_written(tmp_path: Path, version: str) -> None:
    result = run(small.CODE, "2026", "--into", tmp_path / "next", "--version", version)
    assert result.exit_code == 2
    assert "--version" in result.stderr
    assert not (tmp_path / "next").exists()


def test_a_folder_that_is_there_is_never_written_into(tmp_path: Path) -> None:
    for there in (tmp_path, small.RUBRIC):
        before = sorted(there.iterdir())
        result = run(small.CODE, "2026", "--into", there, "--version", "1.1.0")
        assert result.exit_code == 2
        assert "exists already" in result.stderr
        assert sorted(there.iterdir()) == before
    assert rubric_files.source(small.RUBRIC) == RUNNING


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((small.CODE, "2031"), "no such cycle"),
        (("beta", "2026"), "no such"),
        ((small.CODE, "2026", "--version", "1.1.0"), "--into and --version go together"),
        ((small.CODE, "2026", "--into", "next"), "--into and --version go together"),
    ],
)
def test_what_is_not_there_is_said(arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_where_too_few_say_anything_nothing_is_written(alpha: Small, tmp_path: Path) -> None:
    small.earlier(alpha)
    alpha.publish(cycle="2025")
    result = run(small.CODE, "2025", "--into", tmp_path / "next", "--version", "1.1.0")
    assert result.exit_code == 2
    assert result.stderr == "No number would change: nothing was written.\n"
    assert not (tmp_path / "next").exists()
