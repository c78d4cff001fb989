"""An office with two officers and a secretariat, one agency, and a key for complaints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.models import Agency, Complaint, ComplaintCase, Declaration, JournalEntry
from rankings.usecases import (
    case_classification,
    case_decisions,
    case_hearing,
    cases,
    journal,
    memberships,
)
from rankings.usecases.case_classification import Classification
from rankings.usecases.case_rules import Decision
from tests.usecases import persons, world
from tests.usecases.sealed import REPORT, Desk

T = TypeVar("T")
JUNE, JULY = datetime(2026, 6, 20, 3, tzinfo=UTC), datetime(2026, 7, 20, 3, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 1, 3, tzinfo=UTC)
GIVEN = Classification(
    agency=world.CODE,
    category="documents_withheld",
    severity="moderate",
    workers="2",
    forced_labour=("retention_of_documents",),
    claimed="150.50",
    currency="USD",
    destination="JP",
    may_count="worker",
    may_tell_agency=True,
)


@dataclass
class Office:
    """The database and who works there; `now` is set by hand."""

    engine: Engine
    desk: Desk
    people: dict[str, UUID] = field(default_factory=dict)
    now: datetime = JUNE

    def act(self, who: str = "officer") -> journal.Act:
        return journal.Act(str(self.people[who]), self.now)

    def do(self, work: Callable[[Session], T]) -> T:
        """In a transaction, tried again where another one came between."""
        return db.run(self.engine, work)

    def case(self, report: Mapping[str, Any] = REPORT, officer: str | None = "officer") -> UUID:
        whose = self.people[officer] if officer else None
        return self.do(lambda session: self.desk.case(session, report, officer=whose).id)

    def classify(self, case: UUID, who: str = "officer", **more: Any) -> Complaint:
        given = replace(GIVEN, **more)
        return self.do(
            lambda session: case_classification.classify(
                session, "alpha", case, given, self.act(who)
            )
        )

    def release(self, case: UUID, text: str = "A passport is kept.") -> None:
        self.do(lambda session: case_hearing.release(session, "alpha", case, text, self.act()))

    def answer(self, case: UUID, text: str = "We gave it back.", agency: str = world.CODE) -> None:
        def work(session: Session) -> None:
            whose = case_hearing.agency(session, "alpha", agency)
            case_hearing.answer(session, whose, case, text, self.desk.deposit, self.act("member"))

        self.do(work)

    def decide(self, case: UUID, outcome: str, ground: str = "", **more: Any) -> None:
        wanted = Decision(outcome, ground, **more)
        self.do(lambda session: case_decisions.decide(session, "alpha", case, wanted, self.act()))

    def merge(self, case: UUID, into: UUID, who: str = "same_worker") -> None:
        self.do(lambda session: case_decisions.merge(session, "alpha", case, into, who, self.act()))

    def row(self, case: UUID) -> tuple[ComplaintCase, Complaint | None]:
        """A case and its line."""
        with db.reading(self.engine) as session:
            held = cases.find(session, "alpha", case)
            return held, cases.line(session, held)

    def line(self, case: UUID) -> Complaint:
        found = self.row(case)[1]
        assert found
        return found

    def shown(self) -> list[UUID]:
        """What the agency may read."""
        with db.reading(self.engine) as session:
            agency = case_hearing.agency(session, "alpha", world.CODE)
            today = cases.today(session, "alpha", self.act())
            return [one.id for one, _line in case_hearing.visible(session, agency, today)]

    def entries(self, action: str) -> list[JournalEntry]:
        with db.reading(self.engine) as session:
            return list(session.exec(select(JournalEntry).where(JournalEntry.action == action)))

    def heard(self, **more: Any) -> UUID:
        """A case whose agency has answered."""
        self.now = JUNE
        case = self.case()
        self.classify(case, **more)
        self.release(case)
        self.now = JULY
        self.answer(case)
        return case


def office(engine: Engine, folder: Path) -> Office:
    """The office on a database without rows."""
    found = Office(engine, Desk(folder / "complaint-keys"))
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        rows = [world.agency(), world.agency(licence_number="L-2", name_vi=("Ví Dụ Hai", None))]
        assert world.register(session, cycle, *rows).problems == []
        found.desk.key(session)
        agency = session.exec(select(Agency).where(Agency.code == world.CODE)).one()
        for name, role in (
            *(("officer", "case_officer"), ("second", "case_officer")),
            *(("secretariat", "secretariat"), ("member", "agency_member")),
        ):
            found.people[name] = persons.person(session, name).id
            whose = agency.code if role == "agency_member" else None
            memberships.grant(
                session, "alpha", found.people[name], role, whose, world.act(world.OPENED)
            )
    return found


def tie(office: Office, who: str) -> None:
    """Somebody declares a cousin in the agency."""
    with db.transaction(office.engine) as session:
        session.add(
            Declaration(
                association="alpha",
                id=uuid4(),
                account=office.people[who],
                agency=case_hearing.agency(session, "alpha", world.CODE).id,
                kind="family",
                statement="a cousin",
                since=date(2026, 1, 1),
                declared_by=office.people[who],
                declared_at=JUNE,
            )
        )


def take(office: Office, case: UUID, who: str) -> None:
    office.do(lambda session: cases.take(session, "alpha", case, office.act(who)))


def assign(office: Office, case: UUID, who: str) -> None:
    by, whom = office.act("secretariat"), office.people[who]
    office.do(lambda session: cases.assign(session, "alpha", case, whom, by))
