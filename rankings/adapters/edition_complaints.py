"""The table of complaints of an edition: a row per indicator of complaints and agency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rankings.adapters.edition_columns import exact, units
from rankings.adapters.xlsx import Column, Row, Table
from rankings.adapters.xlsx_looks import WORD, decimal

# Decimals of weighted workers, of weighted complaints and of rates, and of limits in percent.
WORKERS_DECIMALS, EVENTS_DECIMALS, RATE_DECIMALS, LIMIT_DECIMALS = 1, 3, 2, 1
COMPLAINTS = (
    Column("agency_code", WORD, 16),
    Column("indicator_id", WORD, 14),
    Column("workers_weighted", decimal(WORKERS_DECIMALS), 18),
    Column("events_weighted", decimal(EVENTS_DECIMALS), 17),
    Column("rate_raw", decimal(RATE_DECIMALS), 11),
    Column("rate_shrunk", decimal(RATE_DECIMALS), 13.5),
    Column("outside_limit", decimal(LIMIT_DECIMALS), 15),
)

Indicators = Sequence[Mapping[str, Any]]


def complaints(indicators: Indicators) -> Table:
    """The sheet, from what a run report says of complaints."""
    count = sum(len(one["agencies"]) for one in indicators)
    return Table("Complaints", COMPLAINTS, _rows(indicators), count)


def _rows(indicators: Indicators) -> Iterator[Row]:
    for one in indicators:
        for agency in one["agencies"]:
            yield (
                agency["code"],
                one["indicator"],
                exact(agency["workers"], WORKERS_DECIMALS),
                exact(agency["events"], EVENTS_DECIMALS),
                units(agency["raw"], RATE_DECIMALS),
                units(agency["shrunk"], RATE_DECIMALS),
                exact(agency["outside"], LIMIT_DECIMALS),
            )
