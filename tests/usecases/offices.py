"""An association that organises audits: its people, some agencies, ties between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.models import (
    Agency,
    AgencyLink,
    AssessmentCycle,
    Audit,
    Declaration,
    Finding,
    JournalEntry,
    Owner,
    SecondOpinion,
)
from rankings.usecases import agency_codes, cycles, journal, memberships
from tests.usecases import persons, world

T = TypeVar("T")

# While the cycle is open.
DURING = datetime(2026, 3, 1, 3, tzinfo=UTC)
TODAY, DUE = date(2026, 3, 1), date(2026, 4, 1)
YESTERDAY, LONG_AGO = date(2026, 2, 28), date(2020, 1, 1)
AGENCIES = 4
FIRST_REASON = "What the first auditor saw."
ROLES = {
    "first": "auditor",
    "second": "auditor",
    "third": "auditor",
    "lead": "lead_auditor",
    "other_lead": "lead_auditor",
    "officer": "case_officer",
    "secretary": "secretariat",
}


@dataclass
class Office:
    """An association, `alpha`, by names; beside it `beta`, in which nobody of these works."""

    engine: Engine
    people: dict[str, UUID] = field(default_factory=dict)
    agencies: list[UUID] = field(default_factory=list)

    def act(self, who: str = "lead", **later: float) -> journal.Act:
        return journal.Act(str(self.people[who]), DURING + timedelta(**later))

    def do(self, work: Callable[[Session], T]) -> T:
        """A change, as pages make it."""
        return db.run(self.engine, work)

    def ask(self, question: Callable[[Session], T]) -> T:
        with db.reading(self.engine) as session:
            return question(session)

    def entries(self, action: str) -> int:
        """How many entries of a kind the journal has."""
        wanted = select(JournalEntry).where(JournalEntry.action == action)
        return self.ask(lambda session: len(session.exec(wanted).all()))

    def tie(self, who: str, number: int = 0, **more: Any) -> None:
        """A declaration of a person about the n-th agency."""
        usual: dict[str, Any] = {
            "association": "alpha",
            "id": uuid4(),
            "account": self.people[who],
            "agency": self.agencies[number],
            "kind": "family",
            "statement": "a cousin",
            "since": LONG_AGO,
            "declared_by": self.people[who],
            "declared_at": DURING,
        }
        self.do(lambda session: session.add(Declaration(**(usual | more))))

    def role(self, who: str, number: int = 0, role: str = "agency_member") -> None:
        """A role of a person in the n-th agency."""
        act, code = world.act(DURING), agency(number)
        self.do(
            lambda session: memberships.grant(session, "alpha", self.people[who], role, code, act)
        )

    def link(self, successor: int, before: int, approved: bool | None = True) -> None:
        """The one agency follows the other."""
        row: dict[str, Any] = {
            "association": "alpha",
            "id": uuid4(),
            "agency": self.agencies[successor],
            "predecessor": self.agencies[before],
            "kind": "renamed",
            "since": LONG_AGO,
            "reason": "the same people",
            "proposed_by": self.people["secretary"],
            "proposed_at": DURING,
            "is_approved": approved,
        }
        self.do(lambda session: session.add(AgencyLink(**row)))

    def owner(self, *numbers: int, known_as: str | None = "O-1", **more: Any) -> None:
        """One and the same owner of several agencies."""
        for number in numbers:
            row: dict[str, Any] = {
                "association": "alpha",
                "id": uuid4(),
                "agency": self.agencies[number],
                "name": "Chủ",
                "number": known_as,
                "since": LONG_AGO,
                "source": "register",
            }
            self.do(lambda session, row=row: session.add(Owner(**(row | more))))  # type: ignore[misc]

    def audit(self, number: int = 0, who: str = "first", **more: Any) -> UUID:
        """An audit of the n-th agency, by default an open visit."""
        row: dict[str, Any] = {
            "association": "alpha",
            "id": uuid4(),
            "agency": self.agencies[number],
            "evidence": "audit",
            "auditor": self.people[who],
            "assigned_by": self.people["lead"],
            "assigned_at": DURING,
            "due_on": DUE,
        }

        def add(session: Session) -> UUID:
            made = Audit(**(row | {"cycle": cycle(session).id} | more))
            session.add(made)
            session.flush()
            return made.id

        return self.do(add)

    def finding(self, audit: UUID, found: str, indicator: str = "i1") -> None:
        """What the first auditor found."""

        def add(session: Session) -> None:
            held = session.get_one(Audit, ("alpha", audit))
            of = {name: getattr(held, name) for name in ("association", "cycle", "agency")}
            row: dict[str, Any] = of | {"evidence": held.evidence, "auditor": str(held.auditor)}
            row |= {"indicator": indicator, "found": found, "reason": FIRST_REASON}
            session.add(Finding(**row, found_on=TODAY, audit=audit, found_at=DURING))

        self.do(add)

    def opinion(self, audit: UUID, who: str | None = "second", found: str = "3") -> UUID:
        """A finding of a closed audit that was drawn; the first auditor found `found`."""

        def add(session: Session) -> UUID:
            held = session.get_one(Audit, ("alpha", audit))
            held.closed_at, held.visited_on = DURING, TODAY
            asked = self.people[who] if who else None
            drawn: dict[str, Any] = {"association": "alpha", "id": uuid4(), "indicator": "i1"}
            made = SecondOpinion(**drawn, audit=audit, auditor=asked, drawn_at=DURING)
            session.add_all([held, made])
            session.flush()
            return made.id

        self.finding(audit, found)
        return self.do(add)


def cycle(session: Session) -> AssessmentCycle:
    return cycles.find(session, "alpha", "2026")


def agency(number: int) -> str:
    """The code of the n-th agency, from 0 on."""
    return agency_codes.code("VN", number + 1)


def office(engine: Engine) -> Office:
    """Two associations with some agencies; the people work in the first one."""
    made = Office(engine)
    with db.transaction(engine) as session:
        for association in ("alpha", "beta"):
            opened = world.cycle(session, association)
            rows = [world.agency(licence_number=f"L-{n}") for n in range(1, AGENCIES + 1)]
            assert world.register(session, opened, *rows).problems == []
        for name, role in ROLES.items():
            made.people[name] = persons.person(session, name).id
            memberships.grant(
                session, "alpha", made.people[name], role, None, world.act(world.OPENED)
            )
        known = select(Agency).where(Agency.association == "alpha").order_by(Agency.code)
        made.agencies = [one.id for one in session.exec(known)]
    return made
