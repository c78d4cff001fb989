"""The columns of an edition's tables: stable ids, new ones only at the end; values as texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from rankings.adapters.csv_cells import guarded, unguarded
from rankings.adapters.xlsx import Column, Row
from rankings.adapters.xlsx_looks import (
    ANY_NUMBER,
    COUNT,
    DAY,
    PROSE,
    SHORT_WORD,
    TEXT,
    WORD,
    decimal,
    spoken,
)
from rankings.scoring.exact import decimal_text, rounded

# Decimals of what is not in the rubric's own.
CONFIDENCE_DECIMALS, SHARE_DECIMALS, MOST_DECIMALS = 1, 3, 6
DRAWS_DECIMALS = 1
YES, NO = "yes", "no"
SHARE = decimal(SHARE_DECIMALS)


def ranking(decimals: int, language: str = "en") -> tuple[Column, ...]:
    """One row per agency, the unrated too, in printed order; names are mostly in one language."""
    return (
        Column("agency_code", WORD, 12),
        Column("licensing_authority", WORD, 17),
        Column("licence_number", WORD, 18),
        Column("name", spoken(WORD, language), 40),
        Column("name_en", WORD, 27),
        Column("licence_state", WORD, 12.5),
        Column("licence_state_since", DAY, 16),
        Column("licence_valid_until", DAY, 16),
        Column("status", WORD, 21),
        Column("rank", COUNT, 6),
        Column("band", SHORT_WORD, 8),
        Column("stars", COUNT, 6.5),
        Column("score", decimal(decimals), 7 + decimals),
        Column("points", decimal(decimals), 7.5 + decimals),
        Column("confidence_percent", decimal(CONFIDENCE_DECIMALS), 18),
    )


def ranges(decimals: int) -> tuple[Column, ...]:
    """What stands behind these columns where the edition has ranges."""
    return (
        Column("score_from", decimal(decimals), 11.5 + decimals),
        Column("score_to", decimal(decimals), 9.5 + decimals),
        Column("rank_from", COUNT, 13),
        Column("rank_to", COUNT, 9.5),
        Column("borderline", SHORT_WORD, 11.5),
        Column("alike", COUNT, 8),
        Column("band_percent", decimal(DRAWS_DECIMALS), 14),
    )


def criteria(decimals: int) -> tuple[Column, ...]:
    """One row per rated agency and indicator, by code and in the order of the rubric."""
    return (
        Column("agency_code", WORD, 16),
        Column("indicator_id", WORD, 14),
        Column("article_id", WORD, 14),
        Column("basis", WORD, 16),
        Column("found", WORD, 24),
        Column("share_percent", SHARE, 16),
        Column("earned", decimal(decimals), 11 + decimals),
        Column("lost_performance", decimal(decimals), 18),
        Column("lost_unchecked", decimal(decimals), 17),
    )


RUBRIC = (
    Column("node_path", WORD, 18),
    Column("indicator_id", WORD, 14),
    Column("type", WORD, 12),
    Column("weight", ANY_NUMBER, 10),
    Column("share_percent", SHARE, 15),
    Column("question", PROSE, 44),
    Column("option_id", WORD, 20),
    Column("label", PROSE, 44),
    Column("points", ANY_NUMBER, 10),
    Column("rule", PROSE, 40),
)
BANDS = (
    Column("kind", WORD, 10),
    Column("code", WORD, 22),
    Column("label", PROSE, 30),
    Column("meaning", PROSE, 60),
    Column("cut", ANY_NUMBER, 10),
    Column("stars", COUNT, 8),
    Column("ceiling", SHORT_WORD, 10),
    Column("months", COUNT, 10),
    Column("conditions", PROSE, 60),
)
LANGUAGES = ("en", "vi", "km", "my", "ja")
DICTIONARY = (
    Column("sheet", WORD, 11),
    Column("column_id", WORD, 20),
    *(Column(f"label_{each}", spoken(PROSE, each), 23) for each in LANGUAGES),
    Column("type", WORD, 15),
    Column("unit", WORD, 10),
    Column("allowed_values", PROSE, 46),
    Column("empty_means", PROSE, 30),
)


def header(columns: Sequence[Column]) -> list[str]:
    """The ids of the columns."""
    return [column.id for column in columns]


def ranking_row(
    entry: Mapping[str, Any], languages: Sequence[str], stars: Mapping[str, str], decimals: int
) -> Row:
    """The cells of one agency."""
    names, licence = entry["names"], entry["licence"]
    return (
        entry["code"],
        licence["authority"],
        licence["number"],
        name(names, languages),
        names.get("en", ""),
        licence["state"],
        licence["since"],
        licence["valid_until"] or "",
        entry["state"],
        whole(entry["rank"]),
        entry["band"] or "",
        stars.get(entry["band"], ""),
        units(entry["score"], decimals),
        units(entry["points"], decimals),
        exact(entry["confidence"], CONFIDENCE_DECIMALS),
    )


def range_cells(entry: Mapping[str, Any], draws: int, decimals: int) -> Row:
    """The cells of one agency's range, all empty where it is not rated."""
    found = entry["range"]
    if found is None:
        return ("",) * len(ranges(decimals))
    (low, high), (best, worst) = found["score"], found["rank"] or (None, None)
    same = found["bands"].get(entry["band"])
    return (
        units(low, decimals),
        units(high, decimals),
        whole(best),
        whole(worst),
        YES if found["borderline"] else NO,
        whole(found["alike"]),
        "" if same is None else fixed(Fraction(100 * same, draws), DRAWS_DECIMALS),
    )


def name(names: Mapping[str, str], languages: Sequence[str]) -> str:
    """The name in the first of these languages that has one, else in English, else in any."""
    wanted = (*languages, "en", *sorted(names))
    return next((names[language] for language in wanted if names.get(language)), "")


def whole(number: int | None) -> str:
    """A whole number as text."""
    return "" if number is None else str(number)


@lru_cache(maxsize=8192)
def units(number: int | None, decimals: int) -> str:
    """Whole units of the last decimal as a decimal number."""
    return "" if number is None else decimal_text(Fraction(number, 10**decimals), decimals)


@lru_cache(maxsize=8192)
def exact(fraction: str | None, decimals: int) -> str:
    """A fraction text, rounded to so many decimals."""
    return "" if fraction is None else fixed(Fraction(fraction), decimals)


def fixed(value: Fraction, decimals: int) -> str:
    """A number with exactly so many decimals."""
    return decimal_text(rounded(value, decimals, "half_up"), decimals)


def short(value: Fraction) -> str:
    """A number with at most six decimals and no idle zeros."""
    return fixed(value, MOST_DECIMALS).rstrip("0").rstrip(".")


def for_csv(columns: Sequence[Column], row: Row) -> list[str]:
    """A row with its texts guarded."""
    return [
        guarded(cell) if column.look.kind == TEXT else cell
        for column, cell in zip(columns, row, strict=True)
    ]


def from_csv(columns: Sequence[Column], row: Row) -> list[str]:
    """A row of a CSV file as it was before its texts were guarded."""
    return [
        unguarded(cell) if column.look.kind == TEXT else cell
        for column, cell in zip(columns, row, strict=True)
    ]
