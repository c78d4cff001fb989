"""The demonstration's files keep `docs/files.md`, and are the same every time."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from rankings.invented.agencies import ASSOCIATIONS
from rankings.invented.files import write
from rankings.scoring.rules import Level, Proportion, Rate
from tests.invented.reading_back import (
    Read,
    Row,
    demonstration,
    earlier_than,
    header,
    quarter_end,
    rows,
    step_of,
)

ROOT = Path(__file__).resolve().parents[2]
KINDS = (
    *("agencies", "deployments", "self-assessments"),
    *("findings", "interviews", "complaints"),
)
EXAMPLE = {
    "name_vi": "Ví Dụ ",
    "name_km": "ឧទាហរណ៍ ",
    "name_my": "ဥပမာ ",
    "name_ja": "見本 ",
    "name_en": "Example ",
}
WORDS = {
    "licence_state": {"valid", "suspended", "revoked", "expired"},
    "sex": {"women", "men", "all"},
    "evidence": {"document", "audit"},
    "worker": {"abroad", "returned", "before_departure"},
    "chosen_by": {"association", "agency"},
    "agency_heard": {"yes", "no"},
    "may_count": {"worker", "authority"},
    "severity": {"minor", "moderate", "serious"},
}
KEYS = {
    "agencies": ("licensing_authority", "licence_number"),
    "deployments": ("agency", "quarter", "destination", "programme", "sex"),
    "self-assessments": ("agency", "indicator"),
    "findings": ("agency", "indicator", "evidence", "serious_finding"),
    "interviews": ("interview",),
    "complaints": ("case",),
}


def contract(kind: str) -> dict[str, str]:
    """The columns that `docs/files.md` lists for a kind: what it says under "required"."""
    text = (ROOT / "docs" / "files.md").read_text("utf-8")
    section = re.split(rf"^## {kind}: .*$", text, flags=re.M)[1].split("\n## ")[0]
    found: dict[str, str] = {}
    for line in re.findall(r"^\| (`.*)\|$", section, flags=re.M):
        cells = [cell.strip() for cell in line.split("|")]
        found |= dict.fromkeys(re.findall(r"`(\w+)`", cells[0]), cells[2])
    return found


def every(kind: str) -> Iterator[tuple[Read, Row]]:
    for one in demonstration():
        yield from ((one, row) for row in one.kinds.get(kind, ()))


def options(one: Read, code: str) -> set[str]:
    rule = next(each.rule for each in one.code.rubric.indicators if each.id == code)
    return {option.id for option in rule.options} if isinstance(rule, Level) else set()


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    code = "import sys, pathlib, rankings.invented.files as f; f.write(pathlib.Path(sys.argv[1]))"
    for name in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": name}
        command = [sys.executable, "-c", code, str(tmp_path / name)]
        subprocess.run(command, check=True, cwd=ROOT, env=environment)
    first, second = digests(tmp_path / "1"), digests(tmp_path / "2")
    assert (len(first), first) == (34, second)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    return {
        one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in files
    }


def test_files_lie_in_order_and_have_exactly_the_columns_of_the_contract(tmp_path: Path) -> None:
    start = process_time()
    rounds = write(tmp_path)
    assert process_time() - start < 15
    order = [(each.association, each.cycle) for each in rounds]
    assert order == [(one.code, cycle) for cycle in ("2025", "2026") for one in ASSOCIATIONS]
    for each, one in zip(rounds, demonstration(), strict=True):
        asked = [item.id for item in one.code.rubric.indicators if type(item.rule) is Proportion]
        # A rubric that interviews nobody has no such file.
        assert list(each.files) == [kind for kind in KINDS if asked or kind != "interviews"]
        for kind, file in each.files.items():
            assert file.parent == tmp_path / each.association / each.cycle
            extra = asked if kind == "interviews" else []
            # `v1` stands in the contract as the example of a column per question.
            assert sorted(header(file)) == sorted(
                {*contract(kind)} - {"v1", "proportion"} | {*extra}
            )


def test_other_seeds_are_other_agencies(tmp_path: Path) -> None:
    (first, *_) = write(tmp_path, 3)
    again = {row["licence_number"]: row for row in rows(first.files["agencies"])}
    before = {row["licence_number"]: row for row in demonstration()[0].kinds["agencies"]}
    assert again.keys() == before.keys()
    assert again != before


@pytest.mark.parametrize("kind", KINDS)
def test_required_cells_are_filled_and_no_row_comes_twice(kind: str) -> None:
    needed = [column for column, said in contract(kind).items() if said == "yes"]
    for one in demonstration():
        found = one.kinds.get(kind, [])
        assert not [row for row in found if any(row[column] is None for column in needed)]
        keys = Counter(tuple(row[column] for column in KEYS[kind]) for row in found)
        assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_words_dates_and_agencies_are_known(kind: str) -> None:
    for one, row in every(kind):
        for column in row.keys() & WORDS.keys():
            assert row[column] in WORDS[column] | {None}
        licences = {each["licence_number"] for each in one.kinds["agencies"]}
        assert row.get("agency") in licences | {None}
        for column, cell in row.items():
            dated = column.endswith(("_on", "_since", "_until"))
            assert isinstance(cell, date) == (dated and cell is not None), (column, cell)


def test_names_are_examples() -> None:
    for _, row in every("agencies"):
        named = {column: row[column] for column in EXAMPLE if row[column]}
        assert named
        assert all(name.startswith(EXAMPLE[column]) for column, name in named.items())
    assert all("Example" in one.name and one.code.isascii() for one in ASSOCIATIONS)


def test_two_burmese_names_are_zawgyi_and_one_of_them_unicode_a_year_later() -> None:
    before, after = [one for one in demonstration() if one.round.association == "upama"]
    old = [row["name_my"] for row in before.kinds["agencies"][:2]]
    new = [row["name_my"] for row in after.kinds["agencies"][:2]]
    # In Zawgyi the vowel E (U+1031) stands before its consonant, and U+107E is a medial RA.
    assert old == [
        "ဥပမာ \u1031\u101b\u108a\u107e\u1000\u101a\u1039",
        "ဥပမာ \u107e\u1000\u102c\u1015\u1014\u1039\u1038",
    ]
    assert new == [old[0], "ဥပမာ ကြာပန်း"]


def test_licences_and_signatures_lie_before_the_cut_off() -> None:
    for one, row in every("agencies"):
        assert row["licensed_on"] <= row["licence_state_since"] <= one.as_of
        assert (row["code_signed_on"] or date.min) <= one.as_of
        until = row["licence_valid_until"]
        assert (until is not None and until < one.as_of) == (row["licence_state"] == "expired")


def test_deployments_cover_three_years_and_never_mix_all_with_women_and_men() -> None:
    for one in demonstration():
        sexes: dict[tuple[object, ...], set[str]] = {}
        programmes: dict[tuple[object, ...], set[bool]] = {}
        for row in one.kinds["deployments"]:
            assert 0 <= step_of(quarter_end(row["quarter"]), one.as_of) < 3
            assert int(row["workers"]) > 0
            place = (row["agency"], row["quarter"], row["destination"])
            sexes.setdefault((*place, row["programme"]), set()).add(row["sex"])
            programmes.setdefault(place, set()).add(row["programme"] is None)
        assert not [one for one in sexes.values() if "all" in one and len(one) > 1]
        assert not [one for one in programmes.values() if len(one) > 1]
        assert len({row["quarter"] for row in one.kinds["deployments"]}) == 12


def test_self_assessments_hold_known_answers_of_one_day() -> None:
    labels = 0
    for one in demonstration():
        taking_part = {
            row["licence_number"]
            for row in one.kinds["agencies"]
            if row["code_signed_on"] and row["code_signed_on"] <= one.round.opened_on
        }
        days: dict[str, set[date]] = {}
        for row in one.kinds["self-assessments"]:
            assert row["agency"] in taking_part
            days.setdefault(row["agency"], set()).add(row["submitted_on"])
            labels += answered(one, row["indicator"], row["answer"])
        assert {len(day) for day in days.values()} == {1}
        assert all(one.round.opened_on <= day <= one.as_of for (day,) in days.values())
    assert labels > 20


def answered(one: Read, code: str, told: object) -> bool:
    """Checks that an answer is one that the rubric knows; whether it is a label."""
    indicator = next(each for each in one.code.rubric.indicators if each.id == code)
    assert not isinstance(indicator.rule, Proportion | Rate)
    if told == "not_applicable":
        assert indicator.not_applicable
    elif isinstance(indicator.rule, Level):
        assert one.option(code, told) in options(one, code)
        return told not in options(one, code)
    else:
        assert isinstance(told, int)
    return False


def test_findings_say_what_why_and_when() -> None:
    for one, claims in [(one, claims_of(one)) for one in demonstration()]:
        for row in one.kinds["findings"]:
            days = [row["found_on"], row["disputed_on"], row["decided_on"], row["put_right_on"]]
            told = [day for day in days if day]
            assert [one.round.opened_on, *told, one.as_of] == sorted(
                [one.round.opened_on, *told, one.as_of]
            )
            assert (row["indicator"] is None) != (row["serious_finding"] is None)
            if row["indicator"] is None:
                assert row["serious_finding"] in one.code.rubric.finding_codes
                assert row["found"] is row["evidence"] is None
                continue
            answered(one, row["indicator"], row["found"])
            claim = claims.get((row["agency"], row["indicator"]))
            assert row["found"] == claim or 0 < len(row["reason"]) <= 500


def claims_of(one: Read) -> dict[tuple[str, str], object]:
    return {
        (row["agency"], row["indicator"]): one.option(row["indicator"], row["answer"])
        for row in one.kinds["self-assessments"]
    }


def test_interviews_say_yes_or_no_within_the_cycle() -> None:
    for one, row in every("interviews"):
        said = [row[item.id] for item in one.code.rubric.indicators if item.id in row]
        assert set(said) <= {"yes", "no", None}
        assert set(said) != {None}
        assert one.round.opened_on <= row["interviewed_on"] <= one.as_of


def test_complaints_are_decided_or_open_and_the_register_grows() -> None:
    for one, row in every("complaints"):
        still_open = row["outcome"] == "open"
        assert row["received_on"] <= (row["decided_on"] or one.as_of) <= one.as_of
        for column in ("decided_on", "agency_heard"):
            assert (row[column] is None) == still_open
        assert (row["claimed"] is None) == (row["currency"] is None)
        assert int(row["workers_affected"]) >= 1
    for one in demonstration()[3:]:
        (before,) = earlier_than(one, demonstration())
        old = {row["case"]: row for row in before.kinds["complaints"]}
        new = {row["case"]: row for row in one.kinds["complaints"]}
        changed = {case for case, row in old.items() if row != new[case]}
        assert changed == {case for case, row in old.items() if row["outcome"] == "open"}
        assert len(changed) > 5
        assert {new[case]["outcome"] for case in changed}.isdisjoint({"open"})
        assert len(new) > len(old)
