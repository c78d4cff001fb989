"""The files of an edition: the same bytes, the same values in both forms, fit for an authority."""

import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rankings.adapters.csv_cells import MARK
from rankings.adapters.edition_files import Files
from tests.adapters.edition_reading import (
    COLUMNS,
    SHEETS,
    as_text,
    cells,
    column,
    cover,
    day_of,
    lines,
    same,
)
from tests.adapters.edition_samples import AS_OF, COC, KH, Edition, edition, read
from tests.office import Convert


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return edition(COC, 30).files(tmp_path_factory.mktemp("coc"))


@pytest.fixture(scope="module")
def book(made: dict[str, Path]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(made["ranking.xlsx"])


def test_the_files_have_their_names(made: dict[str, Path]) -> None:
    assert {name: path.name for name, path in made.items()} == {
        name: name for name in ("ranking.xlsx", "ranking.csv", "criteria.csv")
    }


def test_the_csv_files_have_a_mark_and_line_ends_of_rfc_4180(made: dict[str, Path]) -> None:
    for name in ("ranking.csv", "criteria.csv"):
        text = made[name].read_bytes().decode()
        assert text.startswith(MARK)
        assert text.count("\n") == text.count("\r\n") == len(lines(made[name]))


@pytest.mark.parametrize("rubric", [COC, KH])
def test_the_same_parts_give_the_same_bytes(rubric: str, tmp_path: Path) -> None:
    one, two = (edition(rubric, 9).files(tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in one.values()] == [
        path.read_bytes() for path in two.values()
    ]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(st.text(max_size=40), min_size=3, max_size=3), units=st.integers(-9999, 99999)
)
def test_any_names_and_numbers_give_the_same_bytes(
    names: list[str], units: int, tmp_path: Path
) -> None:
    base = edition(KH, 3)
    listed = [
        entry | {"names": {"vi": name}, "score": units}
        for entry, name in zip(base.ranking["entries"], names, strict=True)
    ]
    given_parts = replace(base, ranking=base.ranking | {"entries": listed})
    first = {name: path.read_bytes() for name, path in given_parts.files(tmp_path).items()}
    second = {name: path.read_bytes() for name, path in given_parts.files(tmp_path).items()}
    assert first == second


def test_nothing_in_the_workbook_tells_when_it_was_made(made: dict[str, Path]) -> None:
    with zipfile.ZipFile(made["ranking.xlsx"]) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = openpyxl.load_workbook(made["ranking.xlsx"]).properties
    assert properties.created == properties.modified == datetime.combine(AS_OF, datetime.min.time())
    assert (properties.title, properties.language) == (
        "Ranking of recruitment agencies, Assessment 2026",
        "en",
    )


@pytest.mark.parametrize(("title", "file"), [("Ranking", "ranking"), ("Criteria", "criteria")])
def test_csv_and_workbook_hold_the_same(
    made: dict[str, Path], book: openpyxl.Workbook, title: str, file: str
) -> None:
    header, *rows = lines(made[f"{file}.csv"])
    assert header == COLUMNS[title].split()
    assert [[as_text(cell) for cell in row] for row in book[title].iter_rows(min_row=2)] == rows


def test_values_have_their_types(book: openpyxl.Workbook) -> None:
    sheet = book["Ranking"]
    first: dict[str, Any] = {
        str(name.value): cell for name, cell in zip(sheet[1], sheet[2], strict=True)
    }
    assert isinstance(first["rank"].value, int)
    assert isinstance(first["score"].value, int | float)
    assert first["score"].number_format == "0.0"
    assert first["licence_state_since"].is_date
    assert first["licence_state_since"].number_format == "yyyy-mm-dd"
    assert isinstance(first["band"].value, str)
    assert isinstance(first["stars"].value, int)


def test_the_unrated_are_listed_without_numbers(book: openpyxl.Workbook) -> None:
    unrated = [row for row in cells(book["Ranking"]) if row[8] != "rated"]
    assert {row[8] for row in unrated} >= {"suspended", "too_new", "under_review"}
    assert column(book["Ranking"], "status")[-len(unrated) :] == [row[8] for row in unrated]
    assert all(row[9:] == [None] * 6 for row in unrated)
    assert {row[0] for row in unrated}.isdisjoint(column(book["Criteria"], "agency_code"))


@pytest.mark.parametrize("rubric", [COC, KH])
def test_earned_points_add_up_and_weights_are_the_whole(rubric: str, tmp_path: Path) -> None:
    made = edition(rubric, 12).files(tmp_path)
    points = {row[0]: row[13] for row in lines(made["ranking.csv"])[1:] if row[13]}
    found = lines(made["criteria.csv"])[1:]
    for code, whole in points.items():
        mine = [row for row in found if row[0] == code]
        assert sum(Fraction(row[6]) for row in mine) == Fraction(whole)
        assert round(sum(float(row[5]) for row in mine), 1) == 100


def test_criteria_say_what_was_found(book: openpyxl.Workbook) -> None:
    by_basis: dict[str, dict[str, str | None]] = {}
    for row in cells(book["Criteria"]):
        by_basis.setdefault(row[3], {})[row[1]] = row[4]
    assert "/" in str(by_basis["interviews"]["v1"])
    assert Fraction(str(by_basis["events"]["c1"])) >= 0
    assert Fraction(str(by_basis["audit"]["c2"])) > 0
    assert by_basis["audit"]["1.1"] in {"lent", "own-staff", "registered", "registered-public"}
    assert set(by_basis["not_applicable"].values()) == {None}


@pytest.mark.parametrize(
    ("country", "names", "shown"),
    [
        ("VN", {"en": "E", "vi": "V"}, "V"),
        ("KH", {"en": "E", "km": "K", "vi": "V"}, "K"),
        ("MM", {"en": "E", "my": "M"}, "M"),
        ("VN", {"en": "E", "km": "K"}, "E"),
        ("XX", {"en": "E", "km": "K"}, "E"),
        ("VN", {"my": "M", "km": "K"}, "K"),
        ("VN", {"vi": "", "en": "E"}, "E"),
        ("VN", {}, None),
    ],
)
def test_the_name_is_in_the_language_of_the_country(
    country: str, names: dict[str, str], shown: str | None, tmp_path: Path
) -> None:
    base = edition(COC, 1)
    ranking = base.ranking | {"association": base.ranking["association"] | {"country": country}}
    ranking["entries"] = [base.ranking["entries"][0] | {"names": names}]
    made = replace(base, ranking=ranking).files(tmp_path)
    row = cells(openpyxl.load_workbook(made["ranking.xlsx"])["Ranking"])[0]
    assert row[3:5] == [shown, names.get("en")]


def test_the_cover_says_what_this_is(made: dict[str, Path], book: openpyxl.Workbook) -> None:
    text = cover(made)
    assert book["Cover"]["A1"].value == "Ranking of recruitment agencies, Assessment 2026"
    assert book["Cover"].freeze_panes is None
    facts = {row[0]: row[1] for row in book["Cover"].values}
    assert day_of(facts["As of"]) == AS_OF
    for words in (
        "Hiệp hội Ví Dụ (VAMAS)",
        "coc-vn 1.0.0",
        f"30 listed, {column(book['Ranking'], 'status').count('rated')} of them rated",
        "rankings verify",
        "are a proposal of this software",
        *SHEETS[1:],
    ):
        assert words in text


def many(number: int) -> Edition:
    """So many agencies, of which only the first is rated."""
    base = edition(COC, 1)
    [part], [entry] = base.agencies, base.ranking["entries"]
    unrated = {"state": "too_new", "rank": None, "score": None, "points": None, "band": None}
    codes = [f"VN-{at:05}" for at in range(number - 1)]
    return Edition(
        base.code,
        base.ranking | {"entries": [entry, *(entry | unrated | {"code": code} for code in codes)]},
        [part, *(part | {"code": code, "receipt": None} for code in codes)],
    )


def test_the_criteria_of_many_agencies_are_in_the_csv_file_only(tmp_path: Path) -> None:
    few, too_many = many(500).files(tmp_path / "few"), many(501).files(tmp_path / "many")
    assert openpyxl.load_workbook(few["ranking.xlsx"]).sheetnames == SHEETS
    without = openpyxl.load_workbook(too_many["ranking.xlsx"])
    assert without.sheetnames == [one for one in SHEETS if one != "Criteria"]
    assert "It is in the file criteria.csv." in cover(too_many)
    assert "It is in the file criteria.csv." not in cover(few)
    assert len(lines(too_many["criteria.csv"])) > 1
    explained = [row[0] for row in cells(without["Dictionary"])]
    assert "Criteria" in explained


@pytest.mark.parametrize("rubric", [COC, KH])
def test_500_agencies_fit_into_a_megabyte(rubric: str, tmp_path: Path) -> None:
    made = edition(rubric, 500, rated=True).files(tmp_path)
    assert len(lines(made["criteria.csv"])) > 25_000
    assert made["ranking.xlsx"].stat().st_size <= 1_000_000


def test_memory_does_not_grow_with_the_agencies(tmp_path: Path) -> None:
    parts = edition(KH, 20).agencies
    files = Files(read(KH), tmp_path)
    tracemalloc.start()
    held = []
    for turn in range(60):
        for part in parts:
            files.add(f"agencies/{turn}", part | {"code": f"{part['code']}-{turn}"})
        held.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    # 60,000 lines; the last 20,000 of them, more than 1 MB, are not held.
    assert held[-1] - held[39] < 600_000


def test_libreoffice_reads_what_the_csv_files_hold(
    made: dict[str, Path], book: openpyxl.Workbook, convert: Convert
) -> None:
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    first = convert(made["ranking.xlsx"], form)
    for title in ("Ranking", "Criteria"):
        shown_as_csv = lines(first.with_name(f"ranking-{title}.csv"))
        assert shown_as_csv == lines(made[f"{title.lower()}.csv"])
    shown = convert(made["ranking.xlsx"], "xlsx")
    again = openpyxl.load_workbook(shown)
    for title in SHEETS:
        assert same(again[title]) == same(book[title])


def test_dates_are_days(book: openpyxl.Workbook) -> None:
    days = column(book["Ranking"], "licence_valid_until")
    assert {type(day) for day in days} == {datetime, type(None)}
    assert min(day.date() for day in days if day) > date(2020, 1, 1)
