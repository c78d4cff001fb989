"""Fee caps as a CSV table, and back as the text that is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rankings.adapters import pasted_table
from rankings.scoring.writing import document

COLUMNS = (
    *("origin", "destination", "programme", "contract_months_from", "contract_months_to"),
    *("amount", "currency", "months_of_wage", "per_contract_months", "at_most_months", "zero"),
    *("valid_from", "valid_to", "legal_reference", "source", "verified"),
)
NEEDED = ("origin", "destination", "programme", "valid_from", "legal_reference", "source")
NUMBERS = {
    *("contract_months_from", "contract_months_to", "amount"),
    *("months_of_wage", "per_contract_months", "at_most_months"),
}
DAYS, FLAGS = {"valid_from", "valid_to"}, {"zero", "verified"}
NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)


def text_of(table: str) -> str:
    """The TOML text of a pasted table; Invalid where it is no table of fee caps.

    What a cell cannot mean stays a text, so that the check of the caps names it.
    """
    rows = pasted_table.rows(table, COLUMNS, NEEDED)
    return document({"caps": [_cap(row) for row in rows]})


def table_of(parsed: Mapping[str, Any]) -> str:
    """A parsed table of caps as CSV."""
    rows = [{key: _said(value) for key, value in cap.items()} for cap in parsed.get("caps", [])]
    return pasted_table.written(COLUMNS, rows)


def _cap(row: Mapping[str, str]) -> dict[str, Any]:
    return {key: _meant(key, row[key]) for key in COLUMNS if row.get(key)}


def _meant(key: str, text: str) -> Any:
    if key in NUMBERS and NUMBER.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    if key in FLAGS:
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    return _day(text) if key in DAYS else text


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
