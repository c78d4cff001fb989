"""Writes the demonstration's files, as an association would send them (`docs/files.md`)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

from rankings.adapters import rubric_files
from rankings.invented.agencies import (
    ASSOCIATIONS,
    CYCLES,
    Agency,
    Cell,
    Cycle,
    Row,
    agencies,
    participants,
)
from rankings.invented.answers import Teller
from rankings.invented.complaints import Case, cases, complaints, counts
from rankings.invented.findings import rows, sheet
from rankings.invented.interviews import interviews, tally
from rankings.invented.plots import PLOTS
from rankings.invented.register import Sent, deployments, exposure, register, sent
from rankings.scoring.record import Events, Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Proportion, Rate
from rankings.scoring.source import Code, read

RUBRICS = Path(__file__).resolve().parent.parent.parent / "fixtures" / "rubrics"
# Whose rate of complaints all registers follow, also where the rubric does not weigh them.
RATED = "coc-vn-1.0.0"
COLUMNS = {
    "agencies.xlsx": (
        *("licensing_authority", "licence_number"),
        *("name_vi", "name_km", "name_my", "name_ja", "name_en"),
        *("licensed_on", "licence_state", "licence_state_since", "licence_valid_until"),
        "code_signed_on",
    ),
    "deployments.csv": (
        *("agency", "quarter", "destination", "programme", "sex", "workers", "source"),
    ),
    "self-assessments.xlsx": ("agency", "submitted_on", "indicator", "answer"),
    "findings.xlsx": (
        *("agency", "indicator", "serious_finding", "found", "evidence", "found_on"),
        *("expires_on", "disputed_on", "decided_on", "put_right_on", "auditor", "reason"),
    ),
    "interviews.csv": ("interview", "agency", "interviewed_on", "worker", "chosen_by"),
    "complaints.xlsx": (
        *("case", "agency", "received_on", "category", "severity", "outcome", "decided_on"),
        *("agency_heard", "may_count", "workers_affected", "claimed", "recovered", "currency"),
        "destination",
    ),
}
# The same bytes every time: nothing in a file knows when it was written.
DAY, MOMENT = (2026, 7, 1, 0, 0, 0), rb"\g<1>2026-07-01T00:00:00Z"
CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Round:
    """What goes in before one publication: files by kind, in the order of import."""

    association: str
    cycle: str
    as_of: date
    opened_on: date
    rubric: Path
    files: Mapping[str, Path]


def write(folder: Path, seed: int = 2026) -> list[Round]:
    """Write all files; the rounds in the order in which they are imported and published."""
    rule = rate_of(read(rubric_files.source(RUBRICS / RATED)).rubric)
    worlds = [_World(association.code, rule, seed) for association in ASSOCIATIONS]
    return [world.round(folder, cycle) for cycle in CYCLES for world in worlds]


def rate_of(rubric: Rubric) -> Rate:
    """The rubric's rule for complaints."""
    return next(one.rule for one in rubric.indicators if isinstance(one.rule, Rate))


class _World:
    """One association with everything that its files tell."""

    def __init__(self, association: str, rule: Rate, seed: int) -> None:
        self.association, self.seed = association, seed
        self.rubric = RUBRICS / PLOTS[association].rubric
        self.code: Code = read(rubric_files.source(self.rubric))
        self.agencies = agencies(association, seed)
        self.teller = Teller(self.code.rubric, seed)
        self.sent: dict[str, list[Sent]] = {}
        self.cases: dict[str, list[Case]] = {}
        for one in self.agencies:
            self.sent[one.licence] = sent(one, seed)
            self.cases[one.licence] = cases(one, rule, self.sent[one.licence], seed)

    def round(self, folder: Path, cycle: Cycle) -> Round:
        """Write the files of one cycle."""
        place = folder / self.association / cycle.id
        place.mkdir(parents=True, exist_ok=True)
        files: dict[str, Path] = {}
        for name, found in self._rows(cycle).items():
            kind, _, form = name.partition(".")
            files[kind] = place / name
            table = _table(self._columns(name), found)
            if form == "csv":
                _csv(files[kind], table, plain=self.association != "kamru")
            else:
                _xlsx(files[kind], kind, table)
        return Round(self.association, cycle.id, cycle.as_of, cycle.opened_on, self.rubric, files)

    def _columns(self, name: str) -> Sequence[str]:
        return (*COLUMNS[name], *(self._asked if name == "interviews.csv" else ()))

    @property
    def _asked(self) -> list[str]:
        """What workers are asked; nothing in a rubric without interviews."""
        rubric = self.code.rubric
        return [one.id for one in rubric.indicators if isinstance(one.rule, Proportion)]

    def _rows(self, cycle: Cycle) -> dict[str, list[Row]]:
        """The rows of each file, in the order of import."""
        found: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        found["agencies.xlsx"] = register(self.agencies, cycle)
        listed = [one for one in self.agencies if one.listed(cycle)]
        for one in listed:
            found["deployments.csv"] += deployments(one, self.sent[one.licence], cycle)
        for one in participants(listed, cycle):
            asked = interviews(one, cycle, self.code.rubric, self.seed)
            record = self._record(one, cycle, asked)
            answers = self.teller.found(one, cycle, record)
            assessed, findings = rows(sheet(self.teller, self.code, one, cycle, answers))
            found["self-assessments.xlsx"] += assessed
            found["findings.xlsx"] += findings
            found["interviews.csv"] += asked
        every = [case for one in listed for case in self.cases[one.licence]]
        found["complaints.xlsx"] = complaints(every, cycle)
        for at, row in enumerate(found["interviews.csv"], start=1):
            row["interview"] = f"PV-{cycle.id}-{at:04}"
        if not self._asked:
            del found["interviews.csv"]
        return found

    def _record(self, agency: Agency, cycle: Cycle, asked: Sequence[Row]) -> Record:
        """What is known without the agency's answers."""
        rubric, licence = self.code.rubric, agency.licence
        events = Events(counts(self.cases[licence], cycle), exposure(self.sent[licence], cycle))
        rates = [one.id for one in rubric.indicators if isinstance(one.rule, Rate)]
        return Record(licence, interviews=tally(asked, rubric), events=dict.fromkeys(rates, events))


def _table(columns: Sequence[str], found: Iterable[Row]) -> list[list[Cell]]:
    return [[*columns], *([row.get(column) for column in columns] for row in found)]


def _csv(file: Path, table: Iterable[Sequence[Cell]], plain: bool) -> None:
    """Comma and plain UTF-8, or as a spreadsheet in another country saves it."""
    encoding, delimiter = ("utf-8", ",") if plain else ("utf-8-sig", ";")
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(table)


def _xlsx(file: Path, title: str, table: Iterable[Sequence[Cell]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in table:
        sheet.append([None if cell == "" else cell for cell in row])
    written = io.BytesIO()
    book.save(written)
    _without_clock(written, file)


def _without_clock(written: io.BytesIO, file: Path) -> None:
    """Packed again, with the same day on every part."""
    with ZipFile(written) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = CLOCK.sub(MOMENT, before.read(name))
            after.writestr(ZipInfo(name, DAY), part, ZIP_DEFLATED)
