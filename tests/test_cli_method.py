"""What an operator asks of a change of rules, from the command line."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from rankings import db
from rankings.adapters import rubric_files
from rankings.cli_method import method
from rankings.scoring.source import RubricSource
from rankings.usecases import assessments, cycles, method_changes, rubrics
from tests.commands import installed
from tests.usecases import world
from tests.web import small
from tests.web.small import Small

OLD = rubric_files.source(small.RUBRIC)
TEXT = OLD.document.replace('version = "1.0.0"', 'version = "2.0.0"').replace(
    "self = 0.6 }", "self = 0.5 }", 1
)


@pytest.fixture(scope="module")
def alpha(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """An edition, a version that is stored, and a rubric file beside; nothing of it changes."""
    folder = tmp_path_factory.mktemp("method")
    engine = db.connect(f"sqlite:///{shutil.copy(migrated_file, folder / 'own.sqlite')}")
    made = small.prepared(engine, folder)
    with db.transaction(engine) as session:
        cycle = cycles.find(session, small.CODE, "2026")
        rule = next(one.rule for one in cycles.code_of(cycle).rubric.indicators if one.id == "1.2")
        given = [world.answer("1.2", rule.options[-1].id, agency="L-2")]  # type: ignore[union-attr]
        assert assessments.save_self_assessments(session, cycle, given, world.NOW).problems == []
        rubrics.store(session, small.CODE, RubricSource(TEXT, OLD.labels), world.act())
    made.publish()
    (folder / "new.toml").write_text(TEXT.replace('id = "1.3"', 'id = "1.9"'), "utf-8")
    yield made
    engine.dispose()


@pytest.fixture(autouse=True)
def environment(alpha: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, alpha.settings.database_url, alpha.settings.data.parent)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(method, [*map(str, arguments), "--association", small.CODE])


def fine(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def new(alpha: Small) -> Path:
    return alpha.settings.data.parent / "new.toml"


def test_a_file_is_rehearsed_on_the_last_edition_or_on_a_named_one(alpha: Small) -> None:
    told = fine("rehearse", new(alpha))
    assert "edition 1 of 2026, by coc-vn 1.0.0 and by coc-vn 2.0.0" in told
    assert "4 agencies: 1 have another score" in told
    assert "new indicators: 1.9" in told
    assert "dropped indicators: 1.3" in told
    assert "largest movers" in told
    assert fine("rehearse", new(alpha), "--cycle", "2026", "--number", "1") == told
    with db.reading(alpha.engine) as session:
        assert method_changes.of(session, small.CODE, "coc-vn", "2.0.0") is None


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
def test_the_whole_is_written_as_a_table_or_as_it_is(
    alpha: Small, tmp_path: Path, form: str
) -> None:
    to = tmp_path / f"all{form}"
    fine("rehearse", new(alpha), "--to", to)
    if form == ".json":
        rows = [[one["code"], one["method"]] for one in json.loads(to.read_bytes())["agencies"]]
    elif form == ".csv":
        with to.open(encoding="utf-8-sig", newline="") as file:
            rows = [[one["agency"], one["method"]] for one in csv.DictReader(file)]
    else:
        header, *lines = load_workbook(to, read_only=True)["Method"].iter_rows(values_only=True)
        place = header.index("method")
        rows = [[line[0], line[place]] for line in lines]
    assert [row[0] for row in rows] == sorted(str(row[0]) for row in rows)
    assert len(rows) == 4
    assert sum(bool(row[1]) and float(row[1]) != 0 for row in rows) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cycle", "2031"], "no such cycle"),
        (["--cycle", "2026", "--number", "7"], "no such edition"),
        (["--number", "1"], "--number needs --cycle"),
        (["--to", "all.pdf"], "must end in one of"),
    ],
)
def test_what_is_not_there_is_said(alpha: Small, arguments: list[str], told: str) -> None:
    result = run("rehearse", new(alpha), *arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_an_unsound_rubric_is_refused_with_all_that_is_wrong(alpha: Small, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(TEXT.replace("half_up", "sideways"), "utf-8")
    result = run("rehearse", file)
    assert result.exit_code == 2
    assert "sideways" in result.stderr


def test_the_report_of_a_stored_version_is_made_and_kept(alpha: Small) -> None:
    told = fine("report", "coc-vn:2.0.0")
    assert "alpha may open a cycle by coc-vn 2.0.0" in told
    with db.reading(alpha.engine) as session:
        assert method_changes.of(session, small.CODE, "coc-vn", "2.0.0") is not None
    assert run("report", "coc-vn:9.0.0").exit_code == 2
    assert "this very version" in run("report", "coc-vn:1.0.0").stderr
