"""The first sheet of an edition's workbook: what this is, how to read it, how to verify it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rankings.adapters.edition_rubric import Words
from rankings.adapters.xlsx import Cell, Notes
from rankings.adapters.xlsx_looks import HEADING, LABEL, NOTE, NOTE_DAY, TITLE
from rankings.scoring.score import RATED
from rankings.scoring.source import Code

WIDTHS = (24, 104)
SHEETS = {
    "Ranking": "Every agency in printed order, those without a rating too. Same as ranking.csv.",
    "Criteria": "What every rated agency earned and lost, question by question. "
    "Same as criteria.csv.",
    "Rubric": "What is asked, what each answer earns, and what each part weighs.",
    "Bands": "What a band needs, what limits it, why an agency has no rating, "
    "and what evidence earns.",
    "Dictionary": "Every column in five languages: type, unit, allowed values, meaning of empty.",
}
NO_CRITERIA = (
    "The table of criteria has too many rows for a workbook. It is in the file criteria.csv."
)
VERIFY = (
    "Run “rankings verify” on the edition from which this file comes. It checks the signature and "
    "this file's SHA-256, and computes every score anew from what was published."
)
PROPOSAL = (
    "The weights, points and cuts of the rubric in this file are a proposal of this software. "
    "The association may set others."
)
READING = {
    "Licence first": "See licence_state and licence_valid_until before the rank. "
    "A rank is not a licence. What is valid today, the licensing authority says.",
    "No rating": "No rating does not mean good, and it does not mean bad. "
    "The column status says why.",
    "Adding up": "Earned points of an agency add up to its points (before adjustments and "
    "roundings of the rubric, where it has any). Limits then lead from points to score.",
    "Values": "Codes are text, numbers are numbers, days are dates (year-month-day). There are no "
    "formulas. The Dictionary says what an empty cell means.",
    "CSV files": "UTF-8 with byte order mark, commas, decimal points. Where a text could be "
    "taken for a formula, an apostrophe stands before it; it is not part of the text.",
}


def title(ranking: Mapping[str, Any]) -> str:
    """What the workbook is called."""
    return f"Ranking of recruitment agencies, {ranking['cycle']['name']}"


def cover(code: Code, ranking: Mapping[str, Any], sheets: Sequence[str]) -> Notes:
    """The lines of the cover; `sheets` are the titles of those that follow."""
    rows: list[list[Cell]] = [[(TITLE, title(ranking))], []]
    rows += [[(LABEL, label), cell] for label, cell in _facts(code, ranking)]
    rows += [[], *_section("How to read it", READING)]
    rows += [[], *_section("Sheets", {one: SHEETS[one] for one in sheets})]
    if "Criteria" not in sheets:
        rows.append([(LABEL, "Criteria"), (NOTE, NO_CRITERIA)])
    return Notes("Cover", WIDTHS, rows)


def _section(name: str, lines: Mapping[str, str]) -> Iterator[list[Cell]]:
    yield [(HEADING, name), (HEADING, "")]
    yield from ([(LABEL, label), (NOTE, text)] for label, text in lines.items())


def _facts(code: Code, ranking: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    association, cycle, rubric = (ranking[one] for one in ("association", "cycle", "rubric"))
    listed = ranking["entries"]
    rated = sum(entry["state"] == RATED for entry in listed)
    named = f"{association['name']} ({association['code']}, {association['country']})"
    yield "Association", (NOTE, named)
    yield "Cycle", (NOTE, f"{cycle['name']} ({cycle['slug']})")
    yield "As of", (NOTE_DAY, cycle["as_of"])
    words = Words(code).of("title")
    yield "Rubric", (NOTE, f"{words} ({rubric['code']} {rubric['version']})".strip())
    yield "Agencies", (NOTE, f"{len(listed)} listed, {rated} of them rated")
    yield "Weights", (NOTE, PROPOSAL)
    yield "How to verify", (NOTE, VERIFY)
