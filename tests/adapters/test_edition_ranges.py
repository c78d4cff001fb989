"""Tables of an edition with ranges: new columns at the end, complaints of their own, a cover that
says how far places go; without ranges everything stays as it was.
"""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.adapters.edition_reading import (
    COLUMNS,
    RANGES,
    SHEETS,
    as_text,
    cells,
    column,
    cover,
    lines,
)
from tests.adapters.edition_samples import COC, KH, Edition, edition, with_ranges
from tests.office import Convert

WITH_COMPLAINTS = [*SHEETS[:3], "Complaints", *SHEETS[3:]]
Made = dict[str, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return with_ranges(edition(COC, 30)).files(tmp_path_factory.mktemp("coc"))


@pytest.fixture(scope="module")
def book(made: Made) -> openpyxl.Workbook:
    return openpyxl.load_workbook(made["ranking.xlsx"])


def bands_only(folder: Path) -> Made:
    return with_ranges(edition(COC, 12), "bands").files(folder)


# What was written before there were ranges.
BEFORE = {
    COC: {
        "criteria.csv": "9c1c18a9578e337b186e192e61e3f2f6bd3d4e4785818fcf917ffe7e61e286af",
        "ranking.csv": "2d692ccc479aa236de9701ad93fcd7093542063d7e2ed811d5944448ae147a10",
    },
    KH: {
        "criteria.csv": "4208ff6e94ee2c1f454ef197c9c3a9dd516ceb013ffa1ed943c205afd3d002ef",
        "ranking.csv": "7d78e6b02fab540da1500db48d6e080fd125e240870105a4bcf04d1aac920475",
    },
}
SAID_BEFORE = {
    COC: "bb1a779c463a85b94fa5e100bb17d1a801b14d8a9cc3bf76607758d7026e499a",
    KH: "d59d87eb2b59a5c8fd4823769ef3edfff3c2acc02f43e871b5934dd58dab1b30",
}


@pytest.mark.parametrize("rubric", [COC, KH])
def test_an_edition_without_ranges_is_what_it_was(rubric: str, tmp_path: Path) -> None:
    made = edition(rubric, 40).files(tmp_path)
    assert made.keys() == {"ranking.xlsx", "ranking.csv", "criteria.csv"}
    found = {name: sha256(made[name].read_bytes()).hexdigest() for name in BEFORE[rubric]}
    assert found == BEFORE[rubric]
    assert said(made["ranking.xlsx"]) == SAID_BEFORE[rubric]


def said(file: Path) -> str:
    """The digest of all cells; the bytes of a workbook depend on the library that packed it."""
    book = openpyxl.load_workbook(file)
    values = [
        [sheet.title, *([str(cell) for cell in row] for row in sheet.values)] for sheet in book
    ]
    return sha256(repr(values).encode()).hexdigest()


def test_the_new_columns_stand_behind_the_old_ones(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == WITH_COMPLAINTS
    header = [cell.value for cell in book["Ranking"][1]]
    assert header == [*COLUMNS["Ranking"].split(), *RANGES.split()]
    explained = [(row[0], row[1]) for row in cells(book["Dictionary"])]
    there = [(title, cell.value) for title in WITH_COMPLAINTS[1:] for cell in book[title][1]]
    assert explained == there


@pytest.mark.parametrize("title", ["Ranking", "Criteria", "Complaints"])
def test_csv_and_workbook_hold_the_same(made: Made, book: openpyxl.Workbook, title: str) -> None:
    header, *rows = lines(made[f"{title.lower()}.csv"])
    assert header == [cell.value for cell in book[title][1]]
    assert [[as_text(cell) for cell in row] for row in book[title].iter_rows(min_row=2)] == rows
    assert len(rows) > 10


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (with_ranges(edition(COC, 9)).files(tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in one.values()] == [
        path.read_bytes() for path in two.values()
    ]


def only(found: dict[str, Any] | None, folder: Path, **entry: Any) -> list[str]:
    """The cells of the range of an edition's only agency, as the CSV file has them."""
    base = with_ranges(edition(COC, 1, rated=True))
    [one] = base.ranking["entries"]
    ranking = base.ranking | {"entries": [one | entry | {"range": found}]}
    return lines(replace(base, ranking=ranking).files(folder)["ranking.csv"])[1][15:]


FOUND = {
    "score": [718, 771],
    "rank": [12, 31],
    "bands": {"5": 0, "4": 1333, "3": 667},
    "borderline": True,
    "alike": 18,
}


def test_a_range_is_told_in_points_and_places(tmp_path: Path) -> None:
    told = only(FOUND, tmp_path, band="4", state="rated")
    assert told == ["71.8", "77.1", "12", "31", "yes", "18", "66.7"]


def test_a_band_that_never_came_out_is_0_percent_and_no_band_is_empty(tmp_path: Path) -> None:
    sure = FOUND | {"borderline": False}
    assert only(sure, tmp_path / "one", band="5")[4:] == ["no", "18", "0.0"]
    assert only(sure | {"bands": {}}, tmp_path / "two", band=None)[4:] == ["no", "18", ""]


def test_the_unrated_have_no_range(tmp_path: Path) -> None:
    assert only(None, tmp_path, state="too_new", band=None, rank=None) == [""] * 7


def test_an_edition_of_bands_only_has_no_places_at_all(tmp_path: Path) -> None:
    made = bands_only(tmp_path)
    sheet = openpyxl.load_workbook(made["ranking.xlsx"])["Ranking"]
    for name in ("rank", "rank_from", "rank_to"):
        assert set(column(sheet, name)) == {None}
    rated = [row for row in cells(sheet) if row[8] == "rated"]
    assert all(row[10] and row[12] is not None and row[15] is not None for row in rated)
    assert f"12 listed, {len(rated)} of them rated" in cover(made)


def test_the_cover_says_how_far_places_go(made: Made, tmp_path: Path) -> None:
    text = cover(made)
    assert "Of 100 pairs of agencies, 33 can be told apart" in text
    assert "0.842 of the differences between scores is more than chance" in text
    assert "Places need 0.7, ranges of places 0.5" in text
    assert "2000 draws of what the answers could as well be; seed 00c0ffee00c0ffee" in text
    assert "Printed, because the scores differ more" in text
    assert "None, only bands: the ranges are too wide" in cover(bands_only(tmp_path / "bands"))
    overlapping = with_ranges(edition(COC, 12), "ranges").files(tmp_path / "ranges")
    assert "Only as ranges from rank_from to rank_to" in cover(overlapping)


def test_one_agency_alone_has_no_pairs_and_no_rankability(tmp_path: Path) -> None:
    base = with_ranges(edition(COC, 1), "bands")
    head = base.ranking["ranges"] | {"rankability": None, "pairs": {"apart": 0, "all": 0}}
    text = cover(replace(base, ranking=base.ranking | {"ranges": head}).files(tmp_path))
    assert "Of 100 pairs" not in text
    assert "Rankability" not in text


def complained(agency: dict[str, Any], indicator: str, folder: Path) -> list[str]:
    base = edition(COC, 2)
    report = {"complaints": [{"indicator": indicator, "spread": 1000, "agencies": [agency]}]}
    [_, row] = lines(replace(base, report=report).files(folder)["complaints.csv"])
    return row


POINT = {"code": "VN-1", "workers": "1687/2", "events": "7/2", "raw": 415, "shrunk": 587}


def test_complaints_are_told_per_1000_workers(tmp_path: Path) -> None:
    within, outside = POINT | {"outside": None}, POINT | {"outside": "99.8"}
    row = ["VN-1", "c1", "843.5", "3.500", "4.15", "5.87"]
    assert complained(within, "c1", tmp_path / "one") == [*row, ""]
    assert complained(outside, "c1", tmp_path / "two") == [*row, "99.8"]


def test_an_agency_that_sent_nobody_has_no_rate_of_its_own(tmp_path: Path) -> None:
    nobody = POINT | {"workers": "0", "raw": None, "outside": None}
    assert complained(nobody, "c1", tmp_path)[2:6] == ["0.0", "3.500", "", "5.87"]


def test_no_code_becomes_a_formula(tmp_path: Path) -> None:
    row = complained(POINT | {"code": "=1+1", "outside": None}, "@c1", tmp_path)
    assert row[:2] == ["'=1+1", "'@c1"]


def test_a_rubric_that_counts_no_complaints_has_no_such_table(tmp_path: Path) -> None:
    made = with_ranges(edition(KH, 5)).files(tmp_path)
    assert "complaints.csv" not in made
    book = openpyxl.load_workbook(made["ranking.xlsx"])
    assert book.sheetnames == SHEETS
    assert "Complaints" not in column(book["Dictionary"], "sheet")


def large() -> Edition:
    return with_ranges(edition(COC, 500, rated=True))


def test_500_agencies_with_their_ranges_fit_into_a_megabyte(tmp_path: Path) -> None:
    made = large().files(tmp_path)
    assert len(lines(made["complaints.csv"])) == 501
    assert made["ranking.xlsx"].stat().st_size <= 600_000


def test_libreoffice_reads_what_the_csv_files_hold(made: Made, convert: Convert) -> None:
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    first = convert(made["ranking.xlsx"], form)
    for title in ("Ranking", "Criteria", "Complaints"):
        shown = lines(first.with_name(f"ranking-{title}.csv"))
        assert shown == lines(made[f"{title.lower()}.csv"])
