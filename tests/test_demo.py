"""The demonstration: the same every time, and what a table alone would give."""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import rfc8785
from click.testing import CliRunner, Result
from sqlmodel import select

from rankings import cli, db, demo
from rankings.adapters.results import HEADER
from rankings.models import EditionPart

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Built:
    """What a build leaves behind."""

    table: Path
    parts: dict[str, bytes]

    def values(self, name: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.parts[name])
        return found

    @property
    def agencies(self) -> list[dict[str, object]]:
        return [self.values(name) for name in self.parts if name.startswith("agencies/")]


def build(folder: Path) -> Built:
    engine = db.connect(demo.build(folder).database_url)
    with db.reading(engine) as session:
        parts = {part.name: part.body for part in session.exec(select(EditionPart))}
    engine.dispose()
    return Built(folder / "agencies.csv", parts)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("first") / "demo")


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli.commands, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    return result


def test_two_builds_are_the_same_and_leave_nothing_of_before(built: Built, tmp_path: Path) -> None:
    left = tmp_path / "demo" / "left.txt"
    left.parent.mkdir()
    left.write_text("from before", "utf-8")
    again = build(tmp_path / "demo")
    assert again.table.read_bytes() == built.table.read_bytes()
    assert again.parts == built.parts
    assert not left.exists()


def test_every_part_is_canonical_json(built: Built) -> None:
    assert len(built.parts) >= 2 + demo.AGENCIES
    for name, body in built.parts.items():
        assert rfc8785.dumps(json.loads(body)) == body, name


def test_the_table_alone_gives_the_same_scores_bands_and_ranks(built: Built) -> None:
    printed = run("score", demo.RUBRIC, built.table, "--as-of", demo.AS_OF.isoformat()).stdout
    told = {row["id"]: row for row in csv.DictReader(printed.splitlines())}
    expected = {str(one["code"]): as_row(one) for one in built.agencies}
    assert told == expected


def as_row(agency: dict[str, object]) -> dict[str, str]:
    """An agency of the edition as `rankings score` prints it."""
    score = agency["score"]
    printed = f"{score // 10}.{score % 10}" if isinstance(score, int) else ""
    cells = (agency["code"], printed, agency["band"], agency["rank"], agency["state"])
    return {name: str(cell or "") for name, cell in zip(HEADER, cells, strict=True)}


def test_the_ranking_says_the_same_as_the_agencies_parts(built: Built) -> None:
    entries = {entry["code"]: entry for entry in listed(built)}
    assert len(entries) == demo.AGENCIES == len(built.agencies)
    for agency in built.agencies:
        assert {key: agency[key] for key in agency if key != "receipt"} == entries[agency["code"]]


def listed(built: Built) -> list[dict[str, object]]:
    entries = built.values("ranking")["entries"]
    assert isinstance(entries, list)
    return entries


def limiters(agencies: Iterable[dict[str, object]]) -> set[str]:
    receipts = [one["receipt"] for one in agencies]
    return {
        limiter["kind"]
        for receipt in receipts
        if isinstance(receipt, dict)
        for limiter in receipt["limiters"]
    }


def test_everything_remarkable_is_seen(built: Built) -> None:
    states = {entry["state"] for entry in listed(built)}
    assert states >= {"rated", "suspended", "too_new", "too_small", "under_review"}
    assert limiters(built.agencies) >= {"cap", "overclaim"}
    assert {entry["band"] for entry in listed(built)} >= {"1", "2", "3", "4", "5"}


def test_the_names_say_that_they_are_examples(built: Built) -> None:
    names = [str(entry["name"]) for entry in listed(built)]
    assert len(set(names)) == demo.AGENCIES
    assert all(name.startswith("Ví Dụ ") for name in names)


def test_the_command_prints_the_ranking(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    lines = run("demo", "--no-serve").stdout.splitlines()
    assert [line[:5] for line in lines[:4]] == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
    assert len(lines) == 4 + demo.AGENCIES
    for line, entry in zip(lines[4:], listed(built), strict=True):
        assert str(entry["name"]) in line
        assert str(entry["rank"] or entry["state"]) in line
