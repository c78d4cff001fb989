"""Taking files in: the one road from a file to the use cases, dry or for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.adapters import import_rows, sheets
from rankings.adapters.import_columns import columns
from rankings.adapters.sheets import Sheet
from rankings.errors import Problem
from rankings.models import AssessmentCycle
from rankings.usecases import (
    assessments,
    audits,
    complaints,
    cycles,
    imports,
    interviews,
    registry,
)
from rankings.usecases.incoming import Given, Intake
from rankings.usecases.journal import Act

Save = Callable[[Session, AssessmentCycle, Sequence[Given], datetime], Intake]

SAVE: dict[str, Save] = {
    "agencies": registry.save_agencies,
    "deployments": registry.save_deployments,
    "self-assessments": assessments.save_self_assessments,
    "findings": audits.save_findings,
    "interviews": interviews.save_interviews,
    "complaints": complaints.save_complaints,
}


@dataclass(frozen=True, slots=True)
class Order:
    """Which file is what, and for whom."""

    kind: str
    file: Path
    association: str
    cycle: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file would do, or did; `repeats` names cycles that had the same rows."""

    rows: int
    new: int
    changed: int
    same: int
    faulty: int
    problems: Sequence[Problem]
    repeats: Sequence[str]
    saved: bool = False

    def __str__(self) -> str:
        numbers = {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.same,
            "with problems": self.faulty,
        }
        counted = ", ".join(f"{number} {word}" for word, number in numbers.items() if number)
        end = "saved" if self.saved else "nothing has been saved"
        return f"{self.rows} rows: {counted or 'nothing to do'}; {end}"


class Undone(Exception):
    """Ends a transaction whose changes are not wanted; `outcome` is what they would have been."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


def rehearse(engine: Engine, order: Order, act: Act) -> Outcome:
    """What the file would do: it is done, and undone."""
    return _run(engine, order, act, for_good=False)


def take(engine: Engine, order: Order, act: Act) -> Outcome:
    """Takes the file in, unless one row has a problem: then nothing is kept."""
    return _run(engine, order, act, for_good=True)


def _run(engine: Engine, order: Order, act: Act, *, for_good: bool) -> Outcome:
    sheet = read(order)
    try:
        return db.run(engine, lambda session: save(session, order, sheet, act, for_good=for_good))
    except Undone as undone:
        return undone.outcome


def read(order: Order) -> Sheet:
    """The table in the file, without what was written beside it; Invalid where it holds none."""
    return import_rows.without_errors(sheets.read(order.file))


def save(session: Session, order: Order, sheet: Sheet, act: Act, *, for_good: bool) -> Outcome:
    """Take a table in within the caller's transaction.

    Undone where a row has a problem, or it is not for good: then the transaction must end.
    """
    outcome = _save(session, order, sheet, act)
    if not for_good or outcome.problems:
        raise Undone(outcome)
    return replace(outcome, saved=True)


def _save(session: Session, order: Order, sheet: Sheet, act: Act) -> Outcome:
    cycle = cycles.find(session, order.association, order.cycle)
    items = interviews.items(cycles.code_of(cycle).rubric)
    if order.kind == "interviews":
        sheet = import_rows.asked(sheet, items)
    read = import_rows.typed(
        sheet, columns(order.kind, items), no_free_text=order.kind == "complaints"
    )
    intake = SAVE[order.kind](
        session, cycle, [Given(row.values, row.place) for row in read.rows], act.now
    )
    file = imports.File(order.kind, order.file.name, read.count, import_rows.digest(sheet))
    repeats = imports.repeats(session, cycle, file)
    imports.note(session, cycle, file, act)
    return Outcome(
        rows=read.count,
        new=intake.new,
        changed=intake.changed,
        same=intake.same,
        faulty=read.faulty + len(intake.faulty),
        problems=[*read.problems, *intake.problems],
        repeats=repeats,
    )
