"""The demonstration's files read back as records, by the rules of `docs/files.md` alone."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import load_workbook

from rankings.adapters import rubric_files
from rankings.invented.files import Round, write
from rankings.scoring.evidence import months_after
from rankings.scoring.record import (
    DISPUTED,
    NOT_APPLICABLE,
    Answer,
    Asked,
    CapEvent,
    Count,
    Events,
    Record,
)
from rankings.scoring.rules import Level, Proportion, Rate
from rankings.scoring.source import Code, read

Row = dict[str, Any]
COUNTED = {"substantiated", "remedied", "overdue", "withdrawn_unconfirmed"}


def rows(file: Path) -> list[Row]:
    """The rows of a file; empty cells are None, dates are dates."""
    table = list(_csv(file) if file.suffix == ".csv" else _xlsx(file))
    # Empty cells at the end of a row are not in a workbook.
    return [dict(zip_longest(table[0], row)) for row in table[1:]]


def header(file: Path) -> list[str]:
    return next(_csv(file) if file.suffix == ".csv" else _xlsx(file))


def _xlsx(file: Path) -> Iterator[list[Any]]:
    book = load_workbook(file, read_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [cell.date() if isinstance(cell, datetime) else cell for cell in row]
    book.close()


def _csv(file: Path) -> Iterator[list[Any]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        delimiter = ";" if ";" in lines.readline() else ","
        lines.seek(0)
        for row in csv.reader(lines, delimiter=delimiter):
            yield [_read(cell) for cell in row]


def _read(text: str) -> str | date | None:
    if len(text) == 10 and text[4] == text[7] == "-":
        return date.fromisoformat(text)
    return text or None


@dataclass
class Read:
    """A round with the rows of its files and its code of conduct."""

    round: Round
    code: Code
    kinds: Mapping[str, list[Row]]

    @property
    def as_of(self) -> date:
        return self.round.as_of

    def of(self, kind: str, agency: str) -> list[Row]:
        return [row for row in self.kinds.get(kind, ()) if row["agency"] == agency]

    def option(self, code: str, told: object) -> object:
        """The option's id, where an answer may say its label."""
        rule = next(one.rule for one in self.code.rubric.indicators if one.id == code)
        if not isinstance(rule, Level):
            return told
        options = [one.id for one in rule.options]
        labels = {
            words.of("indicators", code, "options", option, "label"): option
            for words in self.code.labels.values()
            for option in options
        }
        return labels.get(str(told), told)


def opened(each: Round) -> Read:
    kinds = {kind: rows(file) for kind, file in each.files.items()}
    return Read(each, read(rubric_files.source(each.rubric)), kinds)


@cache
def demonstration() -> tuple[Read, ...]:
    """All rounds of the shipped seed, written and read back once per process."""
    with TemporaryDirectory() as folder:
        return tuple(opened(each) for each in write(Path(folder)))


def earlier_than(one: Read, rounds: Sequence[Read]) -> list[Read]:
    """The rounds of the same association before this one."""
    same = [each for each in rounds if each.round.association == one.round.association]
    return [each for each in same if each.as_of < one.as_of]


def records(one: Read, earlier: Sequence[Read] = (), findings: bool = False) -> list[Record]:
    """One record per agency of the register. Serious findings of earlier cycles always count,
    their other findings where that is asked for."""
    parts = {kind: _by_agency(one.kinds.get(kind, ())) for kind in one.kinds if kind != "agencies"}
    older = [row for each in earlier for row in each.kinds["findings"]]
    parts["older"] = _by_agency([row for row in older if findings or row["serious_finding"]])
    return [_record(one, row, parts) for row in one.kinds["agencies"]]


Parts = Mapping[str, Mapping[str, list[Row]]]


def _by_agency(found: Sequence[Row]) -> Mapping[str, list[Row]]:
    kept: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        kept[row["agency"]].append(row)
    return kept


def _record(one: Read, agency: Row, parts: Parts) -> Record:
    def of(kind: str) -> list[Row]:
        return parts.get(kind, {}).get(agency["licence_number"], [])

    rubric = one.code.rubric
    asked = [row for row in of("interviews") if row["chosen_by"] == "association"]
    answers, marks = _answers(one, of("self-assessments"), of("findings"), of("older"))
    steps = _exposure(one, of("deployments"))
    events = Events(_counts(one, of("complaints")), steps)
    return Record(
        id=agency["licence_number"],
        answers=answers,
        interviews={
            item.id: _asked([row[item.id] for row in asked])
            for item in rubric.indicators
            if isinstance(item.rule, Proportion)
        },
        events={item.id: events for item in rubric.indicators if isinstance(item.rule, Rate)},
        marks=marks,
        facts={
            "months_licensed": Fraction(_months(agency["licensed_on"], one.as_of)),
            "workers_24_months": steps[0] + steps[1],
            "licence": agency["licence_state"],
            "returned": "yes" if of("self-assessments") else "no",
        },
        caps=_caps(one, [*of("older"), *of("findings")]),
        state=_state(one, agency),
        interviewed=len(asked),
    )


def _state(one: Read, agency: Row) -> str | None:
    if agency["licence_state"] in ("revoked", "expired"):
        return "not_eligible"
    signed = agency["code_signed_on"]
    return None if signed and signed <= one.round.opened_on else "not_participating"


def _months(since: date, day: date) -> int:
    return next(many for many in range(2000) if months_after(since, many + 1) > day)


def _asked(said: Sequence[str | None]) -> Asked:
    told = [answer for answer in said if answer]
    return Asked(told.count("yes"), len(told))


def _answers(
    one: Read, claims: Sequence[Row], findings: Sequence[Row], older: Sequence[Row]
) -> tuple[dict[str, list[Answer]], dict[str, str]]:
    answers: dict[str, list[Answer]] = defaultdict(list)
    marks: dict[str, str] = {}
    for row in claims:
        if row["answer"] != NOT_APPLICABLE:
            value = _value(one.option(row["indicator"], row["answer"]))
            answers[row["indicator"]].append(Answer(value, "self", row["submitted_on"]))
    told = [(row, True) for row in findings] + [(row, False) for row in older]
    for row, now in told:
        if row["found"] == NOT_APPLICABLE:
            marks[row["indicator"]] = NOT_APPLICABLE
        elif row["indicator"]:
            answers[row["indicator"]].append(_finding(row, now))
    open_disputes = (row for row in findings if row["disputed_on"] and not row["decided_on"])
    return answers, marks | {row["indicator"]: DISPUTED for row in open_disputes}


def _finding(row: Row, now: bool) -> Answer:
    value = _value(row["found"])
    return Answer(value, row["evidence"], row["found_on"], row["expires_on"], now)


def _value(told: object) -> str | Fraction:
    return told if isinstance(told, str) else Fraction(str(told))


def _exposure(one: Read, sent: Sequence[Row]) -> list[Fraction]:
    found = [Fraction(0)] * 3
    for row in sent:
        step = step_of(quarter_end(row["quarter"]), one.as_of)
        if 0 <= step < 3:
            found[step] += int(row["workers"])
    return found


def quarter_end(quarter: str) -> date:
    year, month = int(quarter[:4]), 3 * int(quarter[6])
    return date(year, month, 31 if month in (3, 12) else 30)


def step_of(day: date, as_of: date) -> int:
    """0 is the newest 12 months; -1 is after the cut-off day."""
    if day > as_of:
        return -1
    return next(step for step in range(99) if day > months_after(as_of, -12 * (step + 1)))


def counts(row: Row) -> bool:
    heard = row["agency_heard"] == "yes"
    return bool(row["outcome"] in COUNTED and heard and row["may_count"])


def _counts(one: Read, cases: Sequence[Row]) -> list[Count]:
    kinds = Counter(
        (row["severity"], row["outcome"], step_of(row["decided_on"], one.as_of))
        for row in cases
        if counts(row)
    )
    return [Count(Fraction(many), *kind) for kind, many in kinds.items() if 0 <= kind[2] < 3]


def _caps(one: Read, findings: Sequence[Row]) -> dict[str, CapEvent]:
    found: dict[str, CapEvent] = {}
    for row in findings:
        for cap in one.code.rubric.caps:
            if row["serious_finding"] in cap.findings:
                found[cap.id] = CapEvent(row["found_on"], row["put_right_on"])
    return found
