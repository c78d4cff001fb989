"""The first sheet of an edition's workbook: what this is, how to read it, how to verify it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from rankings.adapters.edition_columns import fixed, short
from rankings.adapters.edition_rubric import Words
from rankings.adapters.xlsx import Cell, Notes
from rankings.adapters.xlsx_looks import HEADING, LABEL, NOTE, NOTE_DAY, TITLE
from rankings.scoring.rubric import Ranges, Rubric
from rankings.scoring.score import RATED
from rankings.scoring.source import Code

WIDTHS, WIDER = (24, 104), (24, 120)
SHEETS = {
    "Ranking": "Every agency in printed order, those without a rating too. Same as ranking.csv.",
    "Criteria": "What every rated agency earned and lost, question by question. "
    "Same as criteria.csv.",
    "Complaints": "How many complaints rated agencies have per 1000 workers sent. "
    "Same as complaints.csv.",
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

RANGES = (
    "With the information there is, the true score is most likely from score_from to score_to. "
    "See them before the place."
)
# How the places of an edition are printed, and why no better.
PRINTED = {
    ("printed", None): "Printed, because the scores differ more than the ranges are wide.",
    ("ranges", "rankability"): "Only as ranges from rank_from to rank_to, because many ranges of "
    "scores overlap.",
    ("bands", "rankability"): "None, only bands: the ranges are too wide to say who is before "
    "whom. In a band, agencies stand by code.",
    ("bands", "sensitivity"): "None, only bands: small changes of the rules would change many. "
    "In a band, agencies stand by code.",
}


def title(ranking: Mapping[str, Any]) -> str:
    """What the workbook is called."""
    return f"Ranking of recruitment agencies, {ranking['cycle']['name']}"


def cover(code: Code, ranking: Mapping[str, Any], sheets: Sequence[str]) -> Notes:
    """The lines of the cover; `sheets` are the titles of those that follow."""
    rows: list[list[Cell]] = [[(TITLE, title(ranking))], []]
    rows += [[(LABEL, label), cell] for label, cell in _facts(code, ranking)]
    with_ranges = "ranges" in ranking
    reading = READING | {"Ranges": RANGES} if with_ranges else READING
    rows += [[], *_section("How to read it", reading)]
    rows += [[], *_section("Sheets", {one: SHEETS[one] for one in sheets})]
    if "Criteria" not in sheets:
        rows.append([(LABEL, "Criteria"), (NOTE, NO_CRITERIA)])
    # More lines, and still one page.
    return Notes("Cover", WIDER if with_ranges else WIDTHS, rows)


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
    if "ranges" in ranking:
        yield from _sure(code.rubric, ranking["ranges"])
    yield "Weights", (NOTE, PROPOSAL)
    yield "How to verify", (NOTE, VERIFY)


def _sure(rubric: Rubric, ranges: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    """How far scores and places are to be relied on."""
    rules = rubric.ranges or Ranges()
    pairs = ranges["pairs"]
    yield "Places", (NOTE, PRINTED[ranges["places"], ranges["because"]])
    if ranges["rankability"] is not None:
        share = fixed(Fraction(ranges["rankability"], 1000), 3)
        needed = f"Places need {short(rules.places_from)}, "
        needed += f"ranges of places {short(rules.place_ranges_from)}."
        told = f"{share} of the differences between scores is more than chance. {needed}"
        yield "Rankability", (NOTE, told)
    if pairs["all"]:
        share = fixed(Fraction(100 * pairs["apart"], pairs["all"]), 0)
        told = f"Of 100 pairs of agencies, {share} can be told apart"
        yield "Pairs", (NOTE, f"{told} ({pairs['apart']} of {pairs['all']}).")
    draws = f"From {ranges['draws']} draws of what the answers could as well be"
    yield "Ranges", (NOTE, f"{draws}; seed {ranges['seed']}.")
