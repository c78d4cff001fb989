"""The tables of an edition's workbook: named, explained in five languages, fit to print."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from rankings.adapters import edition_columns
from rankings.adapters.catalogues import translations
from rankings.adapters.edition_dictionary import entries, labels, tables
from rankings.scoring.labels import Labels
from rankings.scoring.source import Code
from tests.adapters.edition_reading import COLUMNS, SHEETS, cells, column, lines
from tests.adapters.edition_samples import COC, Edition, edition
from tests.scoring.builders import scorer_of, tens


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    made = edition(COC, 12).files(tmp_path_factory.mktemp("coc"))
    return openpyxl.load_workbook(made["ranking.xlsx"])


def test_the_sheets_stand_in_order(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS


@pytest.mark.parametrize("title", SHEETS[1:])
def test_every_sheet_is_one_named_table(book: openpyxl.Workbook, title: str) -> None:
    sheet = book[title]
    header = [cell.value for cell in sheet[1]]
    [table] = sheet.tables.values()
    assert header == COLUMNS[title].split()
    assert table.displayName == f"{title}_table"
    assert [one.name for one in table.tableColumns] == header
    assert table.ref == table.autoFilter.ref == sheet.dimensions
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert not sheet.merged_cells.ranges
    assert not any(row == [None] * len(header) for row in cells(sheet))


@pytest.mark.parametrize("title", SHEETS)
def test_every_sheet_prints_on_a4_as_wide_as_the_page(book: openpyxl.Workbook, title: str) -> None:
    sheet = book[title]
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation) == (9, "landscape")
    assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.left.text == "vamas · 2026"


def test_every_column_is_in_the_dictionary_and_no_other(book: openpyxl.Workbook) -> None:
    explained = [(row[0], row[1]) for row in cells(book["Dictionary"])]
    there = [(title, cell.value) for title in SHEETS[1:] for cell in book[title][1]]
    assert explained == there


def every_column() -> Iterator[tuple[str, str]]:
    yield from ((sheet, one.id) for sheet, columns in tables(1).items() for one in columns)


@pytest.mark.parametrize(("sheet", "name"), list(every_column()))
def test_every_column_has_its_words_in_every_language(sheet: str, name: str) -> None:
    known = entries()
    entry = known[sheet][name]
    assert all(text.strip() == text != "" for text in labels(known, entry))
    assert len(labels(known, entry)) == len(edition_columns.LANGUAGES) == 5
    assert entry["allowed"]
    assert entry["empty"]


def test_the_dictionary_explains_nothing_that_is_not_there() -> None:
    written = [(sheet, name) for sheet, names in entries().items() for name in names]
    assert sorted(written) == sorted(every_column())


@pytest.mark.parametrize(
    ("sheet", "name", "message"),
    [
        ("Ranking", "score", "Score"),
        ("Criteria", "earned", "Earned"),
        ("Criteria", "lost_performance", "Lost: the rule is not kept"),
        ("Criteria", "lost_unchecked", "Lost: nobody has checked it"),
    ],
)
def test_the_dictionary_speaks_as_the_pages_do(sheet: str, name: str, message: str) -> None:
    known = entries()
    spoken = [translations(language).gettext(message) for language in edition_columns.LANGUAGES]
    # Where a word of Khmer may break is no matter here.
    found = [text.replace("\u200b", "") for text in labels(known, known[sheet][name])]
    assert found == [text.replace("\u200b", "") for text in spoken]


def test_an_edition_without_agencies_is_a_workbook_too(tmp_path: Path) -> None:
    base = edition(COC, 1)
    made = Edition(base.code, base.ranking | {"entries": []}, []).files(tmp_path)
    book = openpyxl.load_workbook(made["ranking.xlsx"])
    assert next(iter(book["Criteria"].tables.values())).ref == "A1:I2"
    assert cells(book["Ranking"]) == [[None] * 15]
    assert len(lines(made["ranking.csv"])) == 1


RULE = "the number as it stands, at least 0, at most 100"


def test_a_rubric_without_words_and_bands_is_enough(tmp_path: Path) -> None:
    bare = Code(scorer_of(tens("x")).rubric, {})
    base = edition(COC, 1)
    made = Edition(bare, base.ranking | {"entries": []}, []).files(tmp_path)
    book = openpyxl.load_workbook(made["ranking.xlsx"])
    [row] = cells(book["Rubric"])
    assert row == ["total", "x", "points", None, 100, None, None, None, 100, RULE]
    assert column(book["Bands"], "kind") == ["state", "state"]


def test_the_rubric_is_told_from_the_top_down(book: openpyxl.Workbook) -> None:
    rows = cells(book["Rubric"])
    assert rows[0] == ["conduct", None, "node", 50, 50, None, None, LABEL, None, None]
    assert rows[1][:5] == ["conduct / a1", None, "node", 10, 5]
    assert rows[2][:5] == ["conduct / a1", "1.1", "level", None, 1.667]
    assert rows[2][6:] == ["lent", "Another company uses the licence", 0, None]
    shares = {row[1]: row[4] for row in rows if row[1]}
    assert round(sum(shares.values()), 1) == 100
    assert {row[0]: row[4] for row in rows if row[2] == "node"}["voice"] == 25


LABEL = "Conduct of the agency"
RULES = {
    "v1": "good answers out of those asked; with 10 average answers of 70 % added; "
    "fewer than 5 answers count as nobody asked",
    "c1": "events per 1000 workers; with 0.3 times 1000 workers at 10 added; "
    "severity: minor 1, moderate 3, serious 10; outcome: substantiated 1, remedied 0.5, "
    "overdue 0.5, withdrawn_unconfirmed 0.5; 12-month steps, the newest first: 1, 0.5, 0.25; "
    "points by rate (times the average): 0 → 100, 0.5 → 85, 1 → 70, 2 → 40, 4 → 0",
    "c2": "worst at 90, best at 10",
}


def test_the_rubric_says_how_values_become_points(book: openpyxl.Workbook) -> None:
    rules = {row[1]: row[9] for row in cells(book["Rubric"])}
    assert {code: rules[code] for code in RULES} == RULES


def test_bands_caps_states_and_evidence_stand_together(book: openpyxl.Workbook) -> None:
    rows = {(row[0], row[1]): row for row in cells(book["Bands"])}
    assert rows["band", "5"][2:] == [
        "Very good",
        "The agency keeps the code in almost every point, and most of its answers were checked.",
        85,
        5,
        None,
        None,
        "every part at least 70; at least 70 % of the score checked; "
        "at least 20 workers interviewed",
    ]
    assert rows["cap", "K4"][6:] == [
        "2",
        12,
        "finding: illegal_fee; for 12 months; once repaid_in_full, at most 3",
    ]
    assert rows["cap", "K5"][8] == "finding: serious_unanswered; until answered"
    assert rows["cap", "K6"][8] == "returned is no"
    assert rows["state", "too_new"][8] == "months_licensed below 12"
    assert rows["evidence", "document"][3] == "Earns 90 % of the answer's points; confidence 80 %."
    assert rows["evidence", "audit"][8] == "counts as document after 24 months"


ODD = """
languages = ["vi"]
[scale]
direction = "lower_is_better"
[total]
aggregate = "lowest"
[banding]
by = "quantile"
[[bands]]
id = "good"
top = "1/3"
nodes_at_least = { x = 5 }
each_at_most = 7
[bands.when]
at_least = 1
number_of = [
  { of = "x", above = { of = "y" } },
  { not = { all = [{ of = "town", among = ["A", "B"] }, { of = "points", is = 1 }] } },
]
[[bands]]
id = "poor"
[[fields]]
id = "town"
type = "text"
"""


def test_other_schemes_have_their_words_too(tmp_path: Path) -> None:
    rubric = scorer_of(ODD + tens("x", "y")).rubric
    base = edition(COC, 1)
    words: dict[tuple[str, ...], str] = {("indicators", "x", "question"): "Câu hỏi"}
    odd = Code(rubric, {"vi": Labels("vi", words)})
    made = Edition(odd, base.ranking | {"entries": []}, []).files(tmp_path)
    book = openpyxl.load_workbook(made["ranking.xlsx"])
    [band, *_] = cells(book["Bands"])
    assert band[4] == 0.333333
    assert band[8] == (
        "x (x) at least 5; no answer above 7; "
        "at least 1 of: (x above y), (not ((town is A or B) and (points is 1)))"
    )
    assert [row[4:6] for row in cells(book["Rubric"])] == [[None, "Câu hỏi"], [None, None]]
    explained = {(row[0], row[1]): row for row in cells(book["Dictionary"])}
    assert explained["Ranking", "score"][9] == "worst is 100; the points, clamped into the band"
    assert explained["Bands", "cut"][8:10] == [None, "the better share of the rated, 0 to 1"]
    assert explained["Ranking", "band"][9] == "good; poor"
