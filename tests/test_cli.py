"""The command line: what it prints where, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rankings.cli import commands

ROOT = Path(__file__).resolve().parents[1]
SOUND = """code = "small"
version = "1.0.0"

[[indicators]]
id = "x"
type = "points"
min = 0
max = 100

[[bands]]
id = "good"
at_least = 50

[[bands]]
id = "poor"

[[caps]]
id = "K1"
ceiling = "poor"
findings = ["fee"]
months = 12
"""
CODES = 'finding_codes = ["fee"]\n'


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, [str(each) for each in arguments])


@pytest.fixture
def rubric(tmp_path: Path) -> Path:
    file = tmp_path / "small.toml"
    file.write_text(CODES + SOUND, "utf-8")
    return file


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "table.csv"
    file.write_text("id,x,cap.K1\nHuế,80,\nb,90.5,2025-03-01\n", "utf-8")
    return file


def test_a_sound_rubric_is_named_with_its_size(rubric: Path) -> None:
    result = run("rubric", "check", rubric)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "small 1.0.0 is sound: 0 nodes, 1 indicators, 2 bands, languages: none\n"
    )


@pytest.mark.parametrize("folder", sorted((ROOT / "fixtures/rubrics").glob("*-*.*.*")), ids=str)
def test_the_rubrics_that_come_along_are_sound(folder: Path) -> None:
    result = run("rubric", "check", folder)
    assert result.exit_code == 0, result.stderr
    assert "is sound" in result.stdout


def test_everything_that_is_wrong_with_a_rubric_goes_to_standard_error(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(SOUND.replace("at_least = 50", "at_least = 500"), "utf-8")
    result = run("rubric", "check", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "bands[good]" in result.stderr
    assert "caps[K1].findings" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_a_rubric_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for command in (["rubric", "check"], ["score"]):
        table = tmp_path / "table.csv"
        table.write_text("id,x\n", "utf-8")
        result = run(*command, tmp_path / "none.toml", *([table] if command == ["score"] else []))
        assert (result.exit_code, result.stdout) == (2, "")
        assert "none.toml" in result.stderr
        assert "No such file" in result.stderr


def test_a_table_is_scored_to_standard_output(rubric: Path, table: Path) -> None:
    result = run("score", rubric, table, "--as-of", "2026-03-02")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "id,score,band,rank,status",
        "Huế,80.0,good,2,rated",
        "b,90.5,good,1,rated",
    ]


def test_the_day_decides_which_caps_are_in_force(rubric: Path, table: Path) -> None:
    result = run("score", rubric, table, "--as-of", "2026-03-01")
    assert "b,49.9,poor,2,rated" in result.stdout


def test_nodes_and_receipts_are_written_on_demand(
    rubric: Path, table: Path, tmp_path: Path
) -> None:
    file = tmp_path / "receipts.jsonl"
    result = run("score", rubric, table, "--as-of", "2026-03-02", "--nodes", "--explain", file)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("id,score,band,rank,status,node.total,node.x\n")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(line["id"], line["rank"]) for line in lines] == [("Huế", 2), ("b", 1)]


def test_wrong_rows_go_to_standard_error_and_nothing_is_written(
    rubric: Path, tmp_path: Path
) -> None:
    table, file = tmp_path / "table.csv", tmp_path / "receipts.jsonl"
    table.write_text("id,x\na,80\nb,many\na,101\n", "utf-8")
    result = run("score", rubric, table, "--explain", file)
    assert (result.exit_code, result.stdout, file.exists()) == (2, "", False)
    assert result.stderr.splitlines() == [
        "row 3, column x: 'many': "
        "must be a number such as 12.5, without spaces or thousands separators",
        "row 4, column id: 'a': is not unique",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,x\n\xff\xfe,1\n", "cannot be read as UTF-8 CSV"),
        (b"", "the table needs a column id"),
        (b"id,y\na,1\n", "no column for x"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_sentence(
    rubric: Path, tmp_path: Path, content: bytes, words: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(content)
    result = run("score", rubric, table)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["score"], "Missing argument 'RUBRIC'"),
        (["score", "r.toml", "nowhere.csv"], "'nowhere.csv' does not exist"),
        (["rubric", "check"], "Missing argument 'RUBRIC'"),
        (["rubric", "approve"], "No such command 'approve'"),
        (["rate"], "No such command 'rate'"),
    ],
)
def test_a_wrong_call_says_what_is_missing(arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_day_that_is_none_is_refused(rubric: Path, table: Path) -> None:
    result = run("score", rubric, table, "--as-of", "2026-02-30")
    assert result.exit_code == 2
    assert "2026-02-30" in result.stderr


def test_the_program_runs_as_a_module(rubric: Path, table: Path) -> None:
    def module(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "rankings", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60)

    good = module("score", rubric, table, "--as-of", "2026-03-02")
    assert (good.returncode, good.stderr) == (0, b"")
    assert good.stdout.decode() == (
        "id,score,band,rank,status\nHuế,80.0,good,2,rated\nb,90.5,good,1,rated\n"
    )
    bad = module("rubric", "check", table)
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert b"is not valid TOML" in bad.stderr
