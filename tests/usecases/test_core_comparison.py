"""The shared core: its files are checked, its scores are exact means, mixed lists need it."""

from __future__ import annotations

import csv
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rankings.adapters import crosswalks
from rankings.cli_compare import CORE, compare
from rankings.errors import Conflict
from rankings.scoring import crosswalk
from rankings.scoring.reading import RubricError
from rankings.scoring.record import NOT_APPLICABLE, Answer
from rankings.scoring.source import read, toml
from rankings.usecases import core_comparison
from tests.usecases import cores
from tests.usecases.cores import KH, VN

ALL_ITEMS = 13
Files = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def core() -> crosswalk.Crosswalk:
    return crosswalks.load(CORE)


@pytest.fixture
def files() -> Files:
    return {file.name: toml(file.name, file.read_text("utf-8")) for file in CORE.glob("*.toml")}


@pytest.mark.parametrize("rubric", [VN, KH])
def test_the_shipped_core_fits_every_shipped_rubric(core: crosswalk.Crosswalk, rubric: str) -> None:
    crosswalk.check(core, read(cores.source(rubric)).rubric)
    assert len(core.items) == ALL_ITEMS


def _missing(files: Files) -> None:
    del files[f"{VN}.toml"]["items"]["fees"]


def _unknown_item(files: Files) -> None:
    files[f"{VN}.toml"]["items"]["luck"] = {"1.1": 1}


def _twice(files: Files) -> None:
    files[f"{VN}.toml"]["items"]["passports"]["2.1"] = 1


def _both(files: Files) -> None:
    files[f"{KH}.toml"]["absent"]["fees"] = "We do not ask."


def _no_weight(files: Files) -> None:
    files[f"{VN}.toml"]["items"]["passports"]["6.1"] = 0


def _other_file(files: Files) -> None:
    files["again.toml"] = deepcopy(files[f"{VN}.toml"])


def _item_twice(files: Files) -> None:
    files["core.toml"]["items"].append({"id": "fees", "name": "Fees again"})


def _no_core(files: Files) -> None:
    del files["core.toml"]


def _another_key(files: Files) -> None:
    files["core.toml"]["colour"] = "red"


BROKEN = {
    _missing: "items.fees: give indicators with weights, or say why",
    _unknown_item: "items.luck: is not an item",
    _twice: "items.passports.2.1: stands for 'fees' already",
    _both: "items.fees: give indicators",
    _no_weight: "items.passports.6.1: 0 must be above 0",
    _other_file: "version: '1.0.0' of coc-vn stands in another file too",
    _item_twice: "items: 'fees' stands there twice",
    _no_core: "core.toml: (file): is missing",
    _another_key: "colour: is not a key",
}


@pytest.mark.parametrize("breaking", BROKEN, ids=lambda one: one.__name__)
def test_what_is_wrong_with_a_crosswalk_is_named_with_its_place(
    files: Files, breaking: Any
) -> None:
    breaking(files)
    with pytest.raises(RubricError) as refused:
        crosswalk.parse(files)
    assert BROKEN[breaking] in str(refused.value)


def test_an_indicator_that_the_rubric_has_not_is_named(files: Files) -> None:
    files[f"{VN}.toml"]["items"]["passports"]["6.9"] = 1
    rubric = read(cores.source(VN)).rubric
    with pytest.raises(RubricError, match=r"items\.passports: '6\.9' is not an indicator"):
        crosswalk.check(crosswalk.parse(files), rubric)


def test_the_score_is_the_exact_mean_of_the_items(core: crosswalk.Crosswalk) -> None:
    rubric = read(cores.source(VN)).rubric
    told = cores.record(rubric, "VN-00011")
    bad = {
        "2.1": cores.answered(rubric, 0)["2.1"],
        "6.1": [Answer(told.answers["6.1"][0].value, "self")],
    }
    mixed = replace(told, answers=dict(told.answers) | bad)
    found = core_comparison.compare([cores.edition(VN, cores.parts(VN, "vidu", [mixed]))], core)
    (one,) = found.results
    assert len(found.items) == ALL_ITEMS
    # Two of four parts of the fees are lost, and a claim that nobody checked earns six tenths.
    assert [one.items["fees"], one.items["passports"]] == [50, 60]
    values = [value for value in one.items.values() if value is not None]
    assert one.score == sum(values, Fraction(0)) / ALL_ITEMS
    assert one.missing == ()
    assert one.confidence is not None
    assert 90 < one.confidence < 100


def test_two_codes_are_compared_on_what_both_ask_for(core: crosswalk.Crosswalk) -> None:
    editions = []
    for rubric, association in ((VN, "vidu"), (KH, "kamru")):
        told = cores.record(read(cores.source(rubric)).rubric, "VN-00011")
        editions.append(cores.edition(rubric, cores.parts(rubric, association, [told])))
    found = core_comparison.compare(editions, core)
    assert set(found.left_out) == {"voice", "complaints_counted"}
    assert list(found.left_out["voice"]) == ["kh-code 1.0.0"]
    assert [one.association for one in found.results] == ["vidu", "kamru"]
    assert [one.score for one in found.results] == [100, 100]
    assert [len(one.items) for one in found.results] == [ALL_ITEMS - 2] * 2


def test_an_association_that_stands_there_twice_is_refused(core: crosswalk.Crosswalk) -> None:
    parts = cores.parts(VN, "vidu", [cores.record(read(cores.source(VN)).rubric, "VN-00011")])
    with pytest.raises(Conflict, match="vidu stands there twice"):
        core_comparison.compare([cores.edition(VN, parts)] * 2, core)


def test_items_without_data_are_named_and_too_few_give_no_score(core: crosswalk.Crosswalk) -> None:
    rubric = read(cores.source(VN)).rubric
    whole = cores.record(rubric, "VN-00011")
    silent = replace(whole, id="VN-00022", interviews={}, interviewed=0)
    out = replace(whole, id="VN-00033", state="suspended")
    optional = [one.id for one in rubric.indicators if one.not_applicable]
    marked = replace(whole, id="VN-00044", marks={optional[0]: NOT_APPLICABLE})
    parts = cores.parts(VN, "vidu", [whole, silent, out, marked])
    found = core_comparison.compare([cores.edition(VN, parts)], core)
    first, second, third, fourth = found.results
    assert second.missing == ("voice",)
    assert (third.state, third.score, len(third.missing)) == ("suspended", None, ALL_ITEMS)
    assert fourth.score == first.score


def test_a_list_without_a_crosswalk_for_both_is_refused(files: Files) -> None:
    del files[f"{KH}.toml"]
    rubric = read(cores.source(KH)).rubric
    parts = cores.parts(KH, "kamru", [cores.record(rubric, "KH-00011")])
    with pytest.raises(Conflict, match=r"core 1\.0\.0 has no crosswalk for the rubric kh-code 1"):
        core_comparison.compare([cores.edition(KH, parts)], crosswalk.parse(files))


def test_the_command_writes_a_table_and_says_that_it_is_no_ranking(tmp_path: Path) -> None:
    given = []
    for rubric, association in ((VN, "vidu"), (KH, "kamru")):
        told = cores.record(read(cores.source(rubric)).rubric, "VN-00011")
        parts = cores.parts(rubric, association, [told])
        given.append(str(cores.file(tmp_path / association, rubric, parts)))
    to = tmp_path / "core.csv"
    answer = CliRunner().invoke(compare, [*given, "--to", str(to)])
    assert answer.exit_code == 0, answer.output
    assert "a ranking by none of the codes" in answer.output
    rows = list(csv.DictReader(to.read_text("utf-8-sig").splitlines()))
    assert [(one["association"], one["core_score"]) for one in rows] == [
        ("vidu", "100.0"),
        ("kamru", "100.0"),
    ]
    answer = CliRunner().invoke(compare, [given[0], "--crosswalk", str(tmp_path)])
    assert answer.exit_code == 2
    assert "core.toml" in answer.output
