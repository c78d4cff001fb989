"""Who works at the demonstration's desks, in which cycle, and on which day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session

from rankings import demo_people
from rankings.models import Agency, AssessmentCycle
from rankings.usecases import accounts, agencies, agency_codes, cycles
from rankings.usecases.journal import OPERATOR, Act

Draw = Callable[[int], bytes]
YEAR, HOUR = 2026, 2


@dataclass(frozen=True, slots=True)
class Desk:
    """The open cycle and the accounts of the demonstration by their names."""

    session: Session
    cycle: AssessmentCycle
    people: Mapping[str, UUID]
    draw: Draw

    @classmethod
    def of(cls, session: Session, draw: Draw) -> Desk:
        """The desk of the association in which everybody of the demonstration has a role."""
        cycle = cycles.find(session, demo_people.ASSOCIATION, demo_people.CYCLE)
        people = {
            name: accounts.named(session, demo_people.email(name)).id for name in demo_people.PEOPLE
        }
        return cls(session, cycle, people, draw)

    @property
    def association(self) -> str:
        """Whose desk it is."""
        return self.cycle.association

    def act(self, who: str, month: int, day: int, hour: int = HOUR) -> Act:
        """What somebody does on a day of the year; `who` is a name of the accounts or OPERATOR."""
        person = OPERATOR if who == OPERATOR else str(self.people[who])
        return Act(person, datetime(YEAR, month, day, hour, tzinfo=UTC), self.draw)

    def agency(self, serial: int) -> Agency:
        """The agency of a serial number; 1 is that of the demonstration's agency accounts."""
        return agencies.find(self.session, self.association, code(serial))

    def key(self) -> UUID:
        """A key that is the same in every build."""
        return UUID(bytes=self.draw(16), version=4)


def code(serial: int) -> str:
    """The public code of an agency of Viet Nam."""
    return agency_codes.code("VN", serial)
