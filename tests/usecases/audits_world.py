"""A cycle with one agency that has submitted, an audit of it, and people who judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.models import Agency, AssessmentCycle, Audit, Finding, JournalEntry
from rankings.usecases import audit_findings, journal, self_assessments
from rankings.usecases.audit_findings import Change
from tests.usecases import world
from tests.usecases.persons import person

DURING = datetime(2026, 5, 1, 3, tzinfo=UTC)
VISITED = date(2026, 4, 20)
NONE = audit_findings.token(None)
# What the agency says of itself.
SAID = {"i1": "4", "i2": "4", "i4": "3"}
AUDIT = UUID(int=1)


@dataclass(frozen=True)
class Audited:
    """The audit and who works on it; every act happens while the cycle is open unless said."""

    engine: Engine
    auditor: journal.Act
    lead: journal.Act

    def save(self, *changes: Change, act: journal.Act | None = None) -> int:
        return db.run(
            self.engine,
            lambda session: audit_findings.save(
                session, self.audit(session), changes, act or self.auditor
            ),
        )

    def find(
        self, indicator: str, found: str, reason: str = "", act: journal.Act | None = None
    ) -> int:
        """Saves a finding over whatever stands there."""
        seen = audit_findings.token(self.stored().get(indicator))
        return self.save(Change(indicator, found, reason, seen), act=act)

    def visit(self, day: date = VISITED, method: str = "visit_announced", **more: Any) -> None:
        act = more.pop("act", self.auditor)
        db.run(
            self.engine,
            lambda session: audit_findings.set_visit(
                session, self.audit(session), day, method, act, **more
            ),
        )

    def close(self, act: journal.Act | None = None) -> None:
        db.run(
            self.engine,
            lambda session: audit_findings.close(session, self.audit(session), act or self.auditor),
        )

    def reopen(self, reason: str = "Forgotten.", act: journal.Act | None = None) -> None:
        db.run(
            self.engine,
            lambda session: audit_findings.reopen(
                session, self.audit(session), reason, act or self.lead
            ),
        )

    @staticmethod
    def audit(session: Session) -> Audit:
        return audit_findings.find(session, "alpha", AUDIT)[0]

    def stored(self) -> dict[str, Finding]:
        with db.reading(self.engine) as session:
            return audit_findings.of(session, self.audit(session))

    def told(self, action: str) -> list[JournalEntry]:
        """The journal's entries of an action."""
        with db.reading(self.engine) as session:
            return list(session.exec(select(JournalEntry).where(JournalEntry.action == action)))


def place(session: Session) -> tuple[AssessmentCycle, Agency]:
    return self_assessments.find(session, "alpha", "2026", world.CODE)


def audited(engine: Engine, is_submitted: bool = True, evidence: str = "audit") -> Audited:
    """The worked example's agency, what it says, and an open audit."""
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        acts = [
            journal.Act(str(person(session, name).id), DURING) for name in ("an", "binh", "chi")
        ]
        agency = place(session)[1]
        if is_submitted:
            submit(session, acts[2])
        session.add(
            Audit(
                association="alpha",
                id=AUDIT,
                cycle=cycle.id,
                agency=agency.id,
                evidence=evidence,
                auditor=UUID(acts[0].who),
                assigned_by=UUID(acts[1].who),
                assigned_at=DURING,
                due_on=world.AS_OF,
            )
        )
    return Audited(engine, acts[0], acts[1])


def submit(session: Session, act: journal.Act) -> None:
    """The agency says what it says, and submits it."""
    none = self_assessments.token(None)
    changes = [self_assessments.Change(code, said, "", none) for code, said in SAID.items()]
    self_assessments.save_answers(session, *place(session), changes, act)
    self_assessments.submit(session, *place(session), act)
