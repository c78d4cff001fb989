"""The dictionary of an edition's tables: every column, explained from `edition_dictionary.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rankings.adapters import edition_columns
from rankings.adapters.edition_columns import BANDS, DICTIONARY, LANGUAGES, RUBRIC, short
from rankings.adapters.edition_complaints import COMPLAINTS
from rankings.adapters.edition_rubric import BUILT_IN, Words
from rankings.adapters.xlsx import Column, Row, Table
from rankings.adapters.xlsx_looks import DATE, TEXT
from rankings.scoring.rubric import Ranges, Rubric
from rankings.scoring.source import Code

ENTRIES = Path(__file__).with_name("edition_dictionary.toml")

Entries = Mapping[str, Mapping[str, Mapping[str, str]]]
Columns = Mapping[str, Sequence[Column]]


def entries() -> Entries:
    """What is written about each column, by sheet and column."""
    return tomllib.loads(ENTRIES.read_text("utf-8"))


def tables(
    decimals: int, ranges: bool = True, complaints: bool = True
) -> dict[str, Sequence[Column]]:
    """The columns of every table by the title of its sheet; not every edition has all of them."""
    more = edition_columns.ranges(decimals) if ranges else ()
    return {
        "Ranking": (*edition_columns.ranking(decimals), *more),
        "Criteria": edition_columns.criteria(decimals),
        **({"Complaints": COMPLAINTS} if complaints else {}),
        "Rubric": RUBRIC,
        "Bands": BANDS,
        "Dictionary": DICTIONARY,
    }


def dictionary(code: Code, columns: Columns) -> Table:
    """One row per column of every table, also of one that is only a CSV file."""
    rows = list(_rows(code, columns))
    return Table("Dictionary", DICTIONARY, rows, len(rows))


def _rows(code: Code, columns: Columns) -> Iterator[Row]:
    known = entries()
    fills = _fills(code) | _extent(code.rubric, columns)
    for sheet, each in columns.items():
        for column in each:
            entry = known[sheet][column.id]
            words = [entry.get(key, "").format(**fills) for key in ("unit", "allowed", "empty")]
            yield sheet, column.id, *labels(known, entry), type_of(column), *words


def labels(known: Entries, entry: Mapping[str, str]) -> list[str]:
    """The labels of a column in every language."""
    if "labels_of" in entry:
        sheet, _, column = entry["labels_of"].partition(".")
        entry = known[sheet][column]
    return [entry[language] for language in LANGUAGES]


def type_of(column: Column) -> str:
    """The word for what a column holds."""
    look = column.look
    if look.kind in (TEXT, DATE):
        return {TEXT: "text", DATE: "day"}[look.kind]
    return {"0": "whole number", "General": "number"}.get(look.format, "decimal number")


def _fills(code: Code) -> dict[str, str]:
    """What the rubric says about the allowed values."""
    words, rubric = Words(code), code.rubric
    states = {state.id: words.of("states", state.id, "label") for state in rubric.states}
    bands = {band.id: words.of("bands", band.id, "label") for band in rubric.bands}
    stars = sorted({band.stars for band in rubric.bands if band.stars is not None})
    return {
        "states": _listed(BUILT_IN | states),
        "bands": _listed(bands),
        "stars": "; ".join(str(one) for one in stars) or "none",
        "scale": _scale(rubric),
    } | _cut(rubric)


def _extent(rubric: Rubric, columns: Columns) -> dict[str, str]:
    """What depends on the tables and columns that the edition has."""
    has_ranges = any(one.id == "score_from" for one in columns["Ranking"])
    least = (rubric.ranges or Ranges()).borderline_below
    return {
        "sheets": "; ".join(columns),
        "no_rank": "not rated, or the edition prints no places" if has_ranges else "not rated",
        "more_units": "; workers; per 1000 workers" if "Complaints" in columns else "",
        "borderline": short(100 * least),
    }


def _listed(words: Mapping[str, str]) -> str:
    named = (f"{code} = {word}" if word else code for code, word in words.items())
    return "; ".join(named) or "none"


def _scale(rubric: Rubric) -> str:
    best = "best" if rubric.scale.higher_is_better else "worst"
    return f"{best} is {short(rubric.scale.max)}"


def _cut(rubric: Rubric) -> dict[str, str]:
    if rubric.banding.by == "quantile":
        return {"cut": "the better share of the rated, 0 to 1", "cut_unit": ""}
    which = "fewest" if rubric.scale.higher_is_better else "most"
    return {"cut": f"the {which} points of the band", "cut_unit": "points"}
