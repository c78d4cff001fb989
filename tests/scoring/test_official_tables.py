"""Published rules with their published results: the format can say them, the score agrees."""

import csv
import io
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from rankings.rehearsal import Wanted, score_table
from rankings.scoring.parse import parse
from rankings.scoring.score import Scorer
from tests.scoring.builders import DAY, scorer_of

HERE = Path(__file__).parent
HYGIENE = HERE / "food-hygiene.toml"
ROWS = HERE.parents[1].parent / "shared/real-data/fhrs-2015.csv"
SCORES = ("hygiene", "structural", "confidence_in_management")


def scored(scorer: Scorer, lines: list[str]) -> dict[str, dict[str, str]]:
    out = io.StringIO()
    score_table(scorer, lines, DAY, out, Wanted())
    return {row["id"]: row for row in csv.DictReader(io.StringIO(out.getvalue()))}


def hygiene_rows() -> list[dict[str, str]]:
    if not ROWS.exists():
        pytest.skip("the published ratings of 2015 (shared/real-data/fhrs-2015.csv) are not here")
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def businesses(document: str) -> tuple[int, int, int]:
    """Rows, businesses, and those whose published rating the rubric gives."""
    rows = hygiene_rows()
    scorer = Scorer(parse(tomllib.loads(document, parse_float=Decimal)))
    lines = [",".join(("id", *SCORES)) + "\n"]
    lines += [f"{at},{','.join(row[code] for code in SCORES)}\n" for at, row in enumerate(rows)]
    found = scored(scorer, lines)
    right = [row for at, row in enumerate(rows) if found[str(at)]["band"] == row["rating"]]
    all_of_them, agreeing = (sum(int(row["businesses"]) for row in some) for some in (rows, right))
    return len(rows), all_of_them, agreeing


def test_all_395776_food_hygiene_ratings_are_reproduced() -> None:
    assert businesses(HYGIENE.read_text("utf-8")) == (144, 395_776, 395_776)


def test_without_the_limit_on_single_scores_only_90_42_percent_are() -> None:
    kept = [line for line in HYGIENE.read_text("utf-8").splitlines() if "each_at_most" not in line]
    _, all_of_them, agreeing = businesses("\n".join(kept))
    assert f"{Decimal(100 * agreeing) / all_of_them:.2f}" == "90.42"


# Medal table of the Olympic Games of Paris 2024, first ten as published by the IOC on 11 August
# 2024: gold, silver, bronze, rank. Gold alone leaves two ties.
PARIS = """
USA 40 44 42 1
CHN 40 27 24 2
JPN 20 12 13 3
AUS 18 19 16 4
FRA 16 26 22 5
NED 15 7 12 6
GBR 14 22 29 7
KOR 13 9 10 8
ITA 12 13 15 9
GER 12 13 8 10
"""
MEDALS = scorer_of(
    '[scale]\nmax = 1000\ndecimals = 0\n[total]\naggregate = "start"\nstart = "gold"\n'
    + "".join(
        f'[[indicators]]\nid = "{medal}"\ntype = "points"\nmin = 0\n'
        for medal in ("gold", "silver", "bronze")
    )
    + '[rank]\ntie_break = [{ of = "silver" }, { of = "bronze" }]\n'
)


def test_the_medal_table_of_paris_2024_is_reproduced() -> None:
    rows = [line.split() for line in PARIS.strip().splitlines()]
    table = ["id,gold,silver,bronze\n", *(",".join(row[:4]) + "\n" for row in reversed(rows))]
    found = scored(MEDALS, table)
    assert {row[0]: row[4] for row in rows} == {code: row["rank"] for code, row in found.items()}


# New York City Health Code, chapter 23: violation points of a restaurant's inspection and grade.
@pytest.mark.parametrize(
    ("points", "grade"), [(0, "A"), (13, "A"), (14, "B"), (27, "B"), (28, "C"), (151, "C")]
)
def test_new_york_restaurant_grades_are_reproduced(points: int, grade: str) -> None:
    scorer = scorer_of(
        '[scale]\ndirection = "lower_is_better"\ndecimals = 0\n'
        + '[[indicators]]\nid = "violations"\ntype = "points"\nmin = 0\n'
        + '[[bands]]\nid = "A"\nat_most = 13\n[[bands]]\nid = "B"\nat_most = 27\n'
        + '[[bands]]\nid = "C"\n'
    )
    found = scored(scorer, ["id,violations\n", f"one,{points}\n"])
    assert (found["one"]["band"], found["one"]["score"]) == (grade, str(points))
