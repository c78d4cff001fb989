"""The six files of the journey: what one invented association would keep, on disk."""

import csv
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook

RUBRIC = Path(__file__).resolve().parents[1] / "fixtures" / "rubrics" / "coc-vn-1.0.0"
CODE = tomllib.loads((RUBRIC / "rubric.toml").read_text("utf-8"))
LABELS = tomllib.loads((RUBRIC / "labels.vi.toml").read_text("utf-8"))
LEVELS: dict[str, list[str]] = {
    one["id"]: [option["id"] for option in one["options"]]
    for one in CODE["indicators"]
    if one["type"] == "level"
}
ASKED = [one["id"] for one in CODE["indicators"] if one["type"] == "proportion"]
DAYS_TO_ANSWER = "c2"

BEST, GOOD, FAIR, HELD, ABSENT, STOPPED = (f"L-{number}" for number in range(1, 7))
NAMES = {
    BEST: "Công ty Ví Dụ Một",
    GOOD: "Công ty Ví Dụ Hai",
    FAIR: "Công ty Ví Dụ Ba, Hà Nội",
    HELD: "Công ty Ví Dụ Bốn",
    ABSENT: "Công ty Ví Dụ Năm",
    STOPPED: "Công ty Ví Dụ Sáu",
}
KHMER, BURMESE = {BEST: "ក្រុមហ៊ុនឧទាហរណ៍"}, {GOOD: "ဥပမာ ကုမ္ပဏီ"}
# The first agency of a register gets this public code.
FIRST_CODE = "VN-00011"
# How far below the top option an agency's answers are, and what was seen of them.
CLAIMS = {BEST: 0, GOOD: 1, FAIR: 2, HELD: 0, STOPPED: 1}
CHECKED = {BEST: "audit", GOOD: "document", HELD: "audit", STOPPED: "audit"}
# How many workers were asked, and how many of them answered with yes.
INTERVIEWS = {BEST: (24, 24), GOOD: (12, 9), FAIR: (6, 2), HELD: (20, 18)}

SUBMITTED, FOUND = date(2026, 3, 2), date(2026, 5, 4)
Cell = str | int | date | None
Table = list[list[Cell]]


def write(folder: Path) -> dict[str, Path]:
    """The files by kind, in the order in which they are imported."""
    folder.mkdir()
    return {
        "agencies": _xlsx(folder / "register.xlsx", register()),
        "deployments": _csv(folder / "workers sent.csv", deployments()),
        "self-assessments": _csv(folder / "answers.csv", answers()),
        "findings": _xlsx(folder / "findings.xlsx", findings()),
        "interviews": _csv(folder / "interviews.csv", interviews()),
        "complaints": _xlsx(folder / "complaints.xlsx", complaints()),
    }


def write_bad(folder: Path) -> Path:
    """The register of complaints with one row more, whose case was decided before it came in."""
    early: list[Cell] = ["9/26", BEST, date(2026, 4, 1), "wages", "minor", "remedied"]
    row = [*early, date(2026, 3, 1), "yes", "worker", 1, None, None]
    return _xlsx(folder / "complaints with a slip.xlsx", [*complaints(), row])


def register() -> Table:
    since = date(2016, 5, 4)
    head: list[Cell] = ["licensing_authority", "licence_number", "name_vi", "name_km", "name_my"]
    more = ("licensed_on", "licence_state", "licence_state_since", "code_signed_on")
    rows: Table = [[*head, *more]]
    for licence, name in NAMES.items():
        state: list[Cell] = ["valid", since, None if licence == ABSENT else date(2020, 1, 6)]
        if licence == STOPPED:
            state[:2] = ["suspended", date(2026, 5, 18)]
        second = (KHMER.get(licence), BURMESE.get(licence))
        rows.append(["DOLAB", licence, name, *second, since, *state])
    return rows


def deployments() -> Table:
    rows: Table = [["agency", "quarter", "destination", "sex", "workers", "source"]]
    for number, licence in enumerate(NAMES, start=1):
        agency = FIRST_CODE if licence == BEST else licence
        for quarter in ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"):
            rows.append([agency, quarter, "JP", "women", 150 + 10 * number, "DOLAB"])
            rows.append([agency, quarter, "JP", "men", 100, "DOLAB"])
    return rows


def _level(indicator: str, below: int) -> str:
    options = LEVELS[indicator]
    return options[max(0, len(options) - 1 - below)]


def answers() -> Table:
    """Every question answered; one agency answers in the words of its own language."""
    rows: Table = [["agency", "submitted_on", "indicator", "answer"]]
    for licence, below in CLAIMS.items():
        for indicator in LEVELS:
            option = _level(indicator, below)
            label = LABELS["indicators"][indicator]["options"][option]["label"]
            said = label if licence == FAIR else option
            rows.append([licence, SUBMITTED, indicator, said])
        rows.append([licence, SUBMITTED, DAYS_TO_ANSWER, 10 + 20 * below])
    return rows


def findings() -> Table:
    head: list[Cell] = ["agency", "indicator", "serious_finding", "found", "evidence", "found_on"]
    rows: Table = [[*head, "auditor", "reason"]]
    for licence, evidence in CHECKED.items():
        for indicator in LEVELS:
            found = _level(indicator, CLAIMS[licence])
            rows.append([licence, indicator, None, found, evidence, FOUND, "A1", None])
        days, reason = 10 + 20 * CLAIMS[licence], "Seen in the papers."
        rows.append([licence, DAYS_TO_ANSWER, None, days, evidence, FOUND, "A1", reason])
    rows.append([HELD, None, "passport_retention", None, None, FOUND, "A2", None])
    return rows


def interviews() -> Table:
    rows: Table = [["interview", "agency", "interviewed_on", "worker", "chosen_by", *ASKED]]
    for licence, (asked, content) in INTERVIEWS.items():
        for number in range(1, asked + 1):
            said = "yes" if number <= content else "no"
            where = "abroad" if number % 2 else "returned"
            start: list[Cell] = [f"{licence}/{number}", licence, date(2026, 4, number)]
            rows.append([*start, where, "association", *(said for _ in ASKED)])
    return rows


def complaints() -> Table:
    """Decided and open cases."""
    head: list[Cell] = ["case", "agency", "received_on", "category", "severity", "outcome"]
    more = ("decided_on", "agency_heard", "may_count", "workers_affected", "claimed", "currency")
    rows: Table = [[*head, *more]]
    heard: list[Cell] = ["yes", "worker", 2, 1250, "USD"]
    for number, (licence, severity, outcome) in enumerate(_cases(), start=1):
        start: list[Cell] = [f"{number}/26", licence, date(2026, 1, number), "fees", severity]
        rows.append([*start, outcome, date(2026, 2, 1), *heard])
    still: list[Cell] = ["8/26", BEST, date(2026, 6, 1), "wages", "serious", "open"]
    rows.append([*still, None, None, None, 1, None, None])
    return rows


def _cases() -> Iterator[tuple[str, str, str]]:
    yield BEST, "minor", "remedied"
    yield GOOD, "moderate", "substantiated"
    yield FAIR, "serious", "substantiated"
    yield FAIR, "serious", "overdue"
    yield ABSENT, "minor", "substantiated"


def _csv(file: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return file


def _xlsx(file: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(file)
    book.close()
    return file
