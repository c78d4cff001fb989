"""The demonstration as its command builds it: the same every time, sound, and full of stories."""

import csv
import fcntl
import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlmodel import select

from rankings import cli, db, verifying
from rankings.adapters import signature
from rankings.adapters.bundle import Bundle
from rankings.invented import ASSOCIATIONS
from rankings.models import EditionBundle, Notice, RankingEdition
from rankings.settings import Settings
from tests.web import demonstration

CODES = [one.code for one in ASSOCIATIONS]
ROUNDS = [(code, cycle) for cycle in ("2025", "2026") for code in CODES]
EXAMPLE = {"vi": "Ví Dụ ", "en": "Example ", "ja": "見本 ", "km": "ឧទាហរណ៍ ", "my": "ဥပမာ "}
LEFT = ("left.txt", "files/vidu/2024/agencies.xlsx", "data/left.zip", "keys/left.public.pem")


@dataclass(frozen=True)
class Built:
    """A build, and its editions as files."""

    folder: Path
    place: Path

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @cached_property
    def editions(self) -> dict[tuple[str, str], Path]:
        """The file of each first edition."""
        engine = db.connect(Settings.demonstration(self.folder).database_url)
        with db.reading(engine) as session:
            of = (RankingEdition.id == EditionBundle.edition, RankingEdition.number == 1)
            found = session.exec(select(RankingEdition, EditionBundle).where(*of)).all()
            bodies = {(one.association, str(one.as_of.year)): held.body for one, held in found}
        engine.dispose()
        assert len(bodies) == len(found)
        files = {key: self.place / f"{'-'.join(key)}.zip" for key in bodies}
        for key, file in files.items():
            file.write_bytes(bodies[key])
        return files

    def notices(self) -> list[tuple[str, int, bytes]]:
        engine = db.connect(Settings.demonstration(self.folder).database_url)
        with db.reading(engine) as session:
            found = session.exec(select(Notice).order_by(Notice.association, Notice.number))  # type: ignore[arg-type]
            told = [(one.association, one.number, one.body) for one in found]
        engine.dispose()
        return told

    def agencies(self, association: str, cycle: str) -> list[dict[str, Any]]:
        """The part of every agency, with its line in the ranking."""
        key = signature.public(self.keys, association)
        held = Bundle(self.editions[association, cycle], key)
        lines = held.part("ranking")["entries"]
        found = [line | held.part(f"agencies/{line['code']}") for line in lines]
        held.close()
        return found

    def files(self) -> dict[str, bytes]:
        """Everything in the folder but the database and the one secret."""
        every = (one for one in self.folder.rglob("*") if one.is_file())
        named = {str(one.relative_to(self.folder)): one for one in every}
        alike = {name: one for name, one in named.items() if name != "secret-key"}
        return {name: one.read_bytes() for name, one in alike.items() if "sqlite" not in name}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The build that all tests share, copied where it may be opened."""
    place = tmp_path_factory.mktemp("shared")
    shutil.copytree(demonstration.built(), place / "demo")
    return Built(place / "demo", place)


def commanded() -> Path:
    """The build of the command over what another left, made once for all test processes."""
    root = Path(os.environ["RANKINGS_TEST_FOLDER"]) / "commanded"
    root.mkdir(exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "said.txt").exists():
            for left in LEFT:
                file = root / "var" / "demo" / left
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("from before", "utf-8")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(cli, "ROOT", root)
                result = CliRunner().invoke(cli.commands, ["demo", "--no-serve"])
            assert result.exit_code == 0, result.output
            (root / "said.txt").write_text(result.output, "utf-8")
    return root


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A second build, by the command."""
    place = tmp_path_factory.mktemp("commanded")
    shutil.copytree(commanded() / "var" / "demo", place / "demo")
    return Built(place / "demo", place)


def test_two_builds_have_the_same_files_editions_and_notices(built: Built, again: Built) -> None:
    first, second = built.files(), again.files()
    assert first.keys() == second.keys()
    assert [name for name, body in first.items() if second[name] != body] == []
    assert len([name for name in first if name.startswith("files/")]) == 34
    editions = [
        {key: file.read_bytes() for key, file in one.editions.items()} for one in (built, again)
    ]
    assert list(editions[0]) == list(editions[1])
    assert [key for key, body in editions[0].items() if editions[1][key] != body] == []
    assert built.notices() == again.notices()


def test_what_was_left_in_the_folder_is_gone(again: Built) -> None:
    assert [left for left in LEFT if (again.folder / left).exists()] == []
    assert {one.name for one in again.folder.iterdir()} <= {
        "files",
        "keys",
        "data",
        "complaint-keys",
        "secret-key",
    } | {f"rankings.sqlite{end}" for end in ("", "-wal", "-shm")}


def test_the_command_says_its_steps_and_each_round(again: Built) -> None:
    lines = (commanded() / "said.txt").read_text("utf-8").splitlines()
    steps = [line[:5] for line in lines if line.startswith("[")]
    assert steps == ["[1/6]", "[2/6]", "[3/6]", "[4/6]", "[5/6]", "[6/6]"]
    assert len(lines) == 6 + len(ROUNDS)
    for line, (association, cycle) in zip(lines[3:-3], ROUNDS, strict=True):
        held = Bundle(again.editions[association, cycle])
        assert line.startswith(f"      {association} {cycle}: ")
        assert line.endswith(f"edition 1, {held.digest[:12]}")
        held.close()


@pytest.mark.parametrize(("association", "cycle"), ROUNDS)
def test_every_edition_verifies_with_its_associations_key(
    built: Built, association: str, cycle: str
) -> None:
    key = signature.public(built.keys, association)
    report = verifying.verify(built.editions[association, cycle], key)
    assert (report.association, report.cycle, report.number) == (association, cycle, 1)
    assert report.fingerprint == signature.fingerprint(key)
    assert report.same_engine
    assert report.rated > 0


def test_the_older_cycle_has_the_bands_of_the_ranking_of_2016(built: Built) -> None:
    found = [one for one in built.agencies("vidu", "2025") if one["rank"] is not None]
    assert len(found) == 86
    assert Counter(one["band"] for one in found) == {"5": 37, "4": 41, "3": 8}


def test_every_story_is_seen_in_the_newer_cycle(built: Built) -> None:
    found = built.agencies("vidu", "2026")
    assert {one["state"] for one in found} == {
        *("rated", "suspended", "not_eligible", "too_new", "too_small"),
        *("not_participating", "under_review"),
    }
    rated = [one for one in found if one["state"] == "rated"]
    limiters = [limiter["kind"] for one in rated for limiter in one["receipt"]["limiters"]]
    assert {"cap", "overclaim"} <= set(limiters)
    assert {one["band"] for one in rated} == {*"12345"}
    assert {one["licence"]["state"] for one in found} == {
        "valid",
        "suspended",
        "revoked",
        "expired",
    }
    (renamed,) = [one for one in found if one["former_names"]]
    (former,) = renamed["former_names"]
    assert former["names"]["vi"] != renamed["names"]["vi"]


@pytest.mark.parametrize(("association", "cycle"), ROUNDS)
def test_every_name_says_that_it_is_an_example(built: Built, association: str, cycle: str) -> None:
    found = built.agencies(association, cycle)
    former = [each["names"] for one in found for each in one["former_names"]]
    names = [*(one["names"] for one in found), *former]
    assert all(names)
    every = [(language, name) for one in names for language, name in one.items()]
    assert [name for language, name in every if not name.startswith(EXAMPLE[language])] == []


def test_the_associations_say_that_they_are_examples(built: Built) -> None:
    for (association, _), file in built.editions.items():
        held = Bundle(file, signature.public(built.keys, association))
        assert (
            "(Example Association, " in json.loads(held.part_body("ranking"))["association"]["name"]
        )
        held.close()


def test_agencies_of_all_associations_are_compared_on_the_core(built: Built) -> None:
    files = [str(built.editions[code, "2026"]) for code in CODES]
    result = CliRunner().invoke(cli.commands, ["compare", *files])
    assert result.exit_code == 0, result.output
    assert "11 items that all these codes ask for" in result.stderr
    rows = list(csv.DictReader(result.stdout.splitlines(), delimiter="\t"))
    assert list(dict.fromkeys(one["association"] for one in rows)) == CODES
    assert len(rows) == sum(len(built.agencies(code, "2026")) for code in CODES)
    scores = [float(one["core_score"]) for one in rows if one["state"] == "rated"]
    assert len(scores) > 100
    assert all(0 < score < 100 for score in scores)
    assert {one["core_score"] for one in rows if one["state"] != "rated"} == {""}
