"""Audits taken along as workbooks, filled in without a network, and brought back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import Engine

from rankings import db
from rankings.adapters import audit_workbook as workbook
from rankings.adapters.audit_workbook import Heading, Line, Taken, Visit
from rankings.models import Audit
from rankings.usecases import (
    audit_closing,
    audit_reading,
    audit_workbook_changes,
    audit_workbooks,
    cycles,
    journal,
    memberships,
    uploads,
)
from rankings.usecases.audit_workbook_form import Difference, Sent
from rankings.usecases.journal import Act
from tests.adapters.assessment_workbooks import edited
from tests.adapters.audit_workbooks import typed, visited
from tests.usecases import world
from tests.usecases.audits_world import AUDIT, Audited, audited

# The desk check of the same agency; it is somebody else's.
SECOND = UUID(int=2)
Cells = Mapping[tuple[str, str], str | None]


@dataclass(frozen=True)
class Trip:
    """An audit whose workbook is taken along, by people with their roles."""

    held: Audited
    folder: Path

    @property
    def engine(self) -> Engine:
        return self.held.engine

    def workbook(self, name: str = "w.xlsx", audit: UUID = AUDIT, **other: Any) -> Path:
        """A workbook as it is downloaded now; `other` are facts of its first sheet."""
        with db.reading(self.engine) as session:
            row, cycle, agency = audit_reading.find(session, "alpha", audit)
            known: dict[str, Any] = {
                "association": "alpha",
                "agency": agency.code,
                "cycle": cycle.slug,
                "rubric_sha256": uploads.rubric_sha256(cycle),
            }
            names = {"association_name": "Alpha", "agency_name": "Ví Dụ", "cycle_name": "2026"}
            heading = Heading(**names, **(known | other), downloaded_at=self.held.auditor.now)
            said, found = audit_reading.claims(session, row), audit_reading.of(session, row)
            lines = {
                one: Line(
                    said[one].value if one in said else "",
                    "",
                    (),
                    found[one].found if one in found else "",
                    (found[one].reason or "") if one in found else "",
                )
                for one in {*said, *found}
            }
            methods = audit_closing.METHODS[row.evidence]
            first = cycles.opened_on(session, cycle)
            visit = Visit(first, cycle.as_of, methods, row.visited_on, row.method or "")
            code = cycles.code_of(cycle)
        file = self.folder / name
        file.write_bytes(workbook.write(code, "en", heading, Taken(str(audit), visit, lines)))
        return file

    def filled(self, cells: Cells, name: str = "w.xlsx", visit: Any = None, **more: Any) -> Path:
        """A workbook that is downloaded now, with other texts in some of its cells."""

        def change(book: Workbook) -> None:
            for (indicator, column), text in cells.items():
                typed(book, indicator, column, text)
            if visit:
                visited(book, *visit)

        return edited(self.workbook(name, **more), change)

    def compared(self, *files: Path, act: Act | None = None) -> tuple[Difference, ...]:
        """What workbooks that come back would change."""
        with db.reading(self.engine) as session:
            cycle = cycles.find(session, "alpha", "2026")
            who = act or self.held.auditor
            return audit_workbook_changes.compare(session, cycle, [sent(one) for one in files], who)

    def uploaded(self, *files: Path, act: Act | None = None) -> UUID:
        """The key of an upload that waits."""
        found, who = self.compared(*files, act=act), act or self.held.auditor

        def work(session: Any) -> UUID:
            cycle = cycles.find(session, "alpha", "2026")
            return audit_workbooks.keep(session, cycle, found, who)

        return db.run(self.engine, work)

    def apply(self, key: UUID, *taken: str, act: Act | None = None) -> int:
        """How many things were saved."""
        who, wanted = act or self.held.auditor, [f"{AUDIT} {one}" for one in taken]

        def work(session: Any) -> int:
            cycle = cycles.find(session, "alpha", "2026")
            return audit_workbooks.apply(session, cycle, key, wanted, who)

        return db.run(self.engine, work)

    def found(self, audit: UUID = AUDIT) -> dict[str, tuple[str, str | None]]:
        """What is stored, as finding and reason."""
        with db.reading(self.engine) as session:
            row = audit_reading.find(session, "alpha", audit)[0]
            stored = audit_reading.of(session, row)
        return {one: (finding.found, finding.reason) for one, finding in stored.items()}

    def visit(self) -> str:
        """The stored day and method."""
        with db.reading(self.engine) as session:
            return audit_closing.visit_token(audit_reading.find(session, "alpha", AUDIT)[0])

    def give(self, audit: UUID, act: Act) -> None:
        """Give an audit to somebody else."""
        with db.transaction(self.engine) as session:
            row = audit_reading.find(session, "alpha", audit)[0]
            row.auditor = UUID(act.who)
            session.add(row)


def sent(file: Path) -> Sent:
    """A file as it comes in."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Sent(file.name, digest, workbook.read(file))


def trip(engine: Engine, folder: Path, **more: Any) -> Trip:
    """The audit of the worked example with a second one, an auditor and a lead auditor."""
    held = audited(engine, **more)
    operator = journal.Act(journal.OPERATOR, world.OPENED)
    with db.transaction(engine) as session:
        for act, role in ((held.auditor, "auditor"), (held.lead, "lead_auditor")):
            memberships.grant(session, "alpha", UUID(act.who), role, None, operator)
        first = audit_reading.find(session, "alpha", AUDIT)[0]
        second = Audit(**first.model_dump() | {"id": SECOND, "evidence": "document"})
        second.auditor = UUID(held.lead.who)
        session.add(second)
    return Trip(held, folder)


def later(act: Act) -> Act:
    """After the cut-off day."""
    return replace(act, now=world.NOW)


def problems(held: Trip, file: Path, **more: Any) -> list[str]:
    """What stands against the one workbook, of which nothing else is taken."""
    (found,) = held.compared(file, **more)
    return [f"{one.place}: {one.remedy}" for one in found.problems]


def account(act: Act) -> UUID:
    """Whose act it is."""
    return UUID(act.who)
