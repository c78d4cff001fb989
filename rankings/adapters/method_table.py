"""A method report as a table: a row per agency, as a workbook or as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from rankings.adapters import xlsx
from rankings.adapters.csv_cells import CsvFile, guarded
from rankings.adapters.xlsx import About, Column, Row, Table
from rankings.adapters.xlsx_looks import COUNT, SHORT_WORD, TEXT, WORD, decimal
from rankings.scoring.exact import decimal_text

TITLE = "Method"
# Under both rubrics, and with the first edition by the new one.
PLACES = ("before", "bridge", "after")
PARTS = ("method", "behaviour", "movement")


def write(file: Path, body: Mapping[str, Any]) -> None:
    """The agencies of a report; numbers as printed, empty where an agency has none."""
    table = _table(body)
    if file.suffix == ".xlsx":
        whose = f"{body['edition']['cycle']['name']} · {body['bridge']['version']}"
        day = date.fromisoformat(body["edition"]["cycle"]["as_of"])
        xlsx.write(file, About(TITLE, whose, "", day, whose), [table])
        return
    looks = [column.look.kind == TEXT for column in table.columns]
    out = CsvFile(file, [column.id for column in table.columns])
    out.add(
        [guarded(cell) if text else cell for cell, text in zip(row, looks, strict=True)]
        for row in table.rows
    )
    out.flush()


def _table(body: Mapping[str, Any]) -> Table:
    number = decimal(body["decimals"])
    places = [one for one in PLACES if all(one in agency for agency in body["agencies"])]
    parts = [one for one in PARTS if all(one in agency for agency in body["agencies"])]
    columns = [Column("agency", SHORT_WORD, 12), Column("name", WORD, 40)]
    for place in places:
        columns += [
            Column(f"{place}_score", number, 12),
            Column(f"{place}_band", SHORT_WORD, 12),
            Column(f"{place}_rank", COUNT, 12),
            Column(f"{place}_state", SHORT_WORD, 18),
        ]
    columns += [Column(part, number, 12) for part in parts]
    columns += [Column("unusable", COUNT, 12), Column("moved_by", WORD, 60)]
    agencies = body["agencies"]
    rows = (_row(one, places, parts, body["decimals"]) for one in agencies)
    return Table(TITLE, columns, rows, len(agencies))


def _row(one: Mapping[str, Any], places: list[str], parts: list[str], decimals: int) -> Row:
    return [
        one["code"],
        next(iter(one["names"].values()), ""),
        *(cell for place in places for cell in _place(one[place], decimals)),
        *(_number(one[part], decimals) for part in parts),
        str(one["unfit"]),
        ", ".join(_causes(one, decimals)),
    ]


def _place(placed: Mapping[str, Any] | None, decimals: int) -> Row:
    if placed is None:
        return ["", "", "", ""]
    rank = "" if placed["rank"] is None else str(placed["rank"])
    return [_number(placed["score"], decimals), placed["band"] or "", rank, placed["state"]]


def _causes(one: Mapping[str, Any], decimals: int) -> Iterator[str]:
    for cause in one["causes"]:
        yield f"{cause['code']} {_number(cause['amount'], decimals)}"


def _number(units: int | None, decimals: int) -> str:
    return "" if units is None else decimal_text(Fraction(units, 10**decimals), decimals)
