"""What stands in the files of an edition, for tests."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

SHEETS = ["Cover", "Ranking", "Criteria", "Rubric", "Bands", "Dictionary"]
# Published once, published for ever: new columns come last.
COLUMNS = {
    "Ranking": "agency_code licensing_authority licence_number name name_en licence_state "
    "licence_state_since licence_valid_until status rank band stars score points "
    "confidence_percent",
    "Criteria": "agency_code indicator_id article_id basis found share_percent earned "
    "lost_performance lost_unchecked",
    "Complaints": "agency_code indicator_id workers_weighted events_weighted rate_raw rate_shrunk "
    "outside_limit",
    "Rubric": "node_path indicator_id type weight share_percent question option_id label points "
    "rule",
    "Bands": "kind code label meaning cut stars ceiling months conditions",
    "Dictionary": "sheet column_id label_en label_vi label_km label_my label_ja type unit "
    "allowed_values empty_means",
}

# Behind the columns of Ranking, where the edition has ranges.
RANGES = "score_from score_to rank_from rank_to borderline alike band_percent"


def cells(sheet: Worksheet) -> list[list[Any]]:
    """The values of a sheet below its header."""
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def column(sheet: Worksheet, name: str) -> list[Any]:
    place = [cell.value for cell in sheet[1]].index(name)
    return [row[place] for row in cells(sheet)]


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def as_text(cell: Any) -> str:
    """A cell as CSV writes it: its number format says how many decimals."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, datetime):
        return cell.value.date().isoformat()
    if isinstance(cell.value, str):
        return cell.value
    return f"{cell.value:.{len(cell.number_format.partition('.')[2])}f}"


def cover(made: dict[str, Path]) -> str:
    sheet = openpyxl.load_workbook(made["ranking.xlsx"])["Cover"]
    return "\n".join(str(cell) for row in sheet.values for cell in row if cell is not None)


def same(sheet: Worksheet) -> Sequence[Sequence[Any]]:
    return [[day_of(value) for value in row] for row in sheet.values]


def day_of(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value or None
