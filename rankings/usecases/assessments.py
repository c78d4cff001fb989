"""Self-assessments: what agencies say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.models import Agency, Answer, AssessmentCycle, SelfAssessment
from rankings.usecases import cycles
from rankings.usecases.answers import Questions
from rankings.usecases.incoming import Agencies, Given, Intake, Wrong, save, taken, write
from rankings.usecases.rows import rows


def save_self_assessments(
    session: Session, cycle: AssessmentCycle, given_rows: Sequence[Given], now: datetime
) -> Intake:
    """Answers of any number of agencies that take part in the cycle."""
    reader = _Reader(session, cycle)
    intake = Intake()
    wanted = list(taken(given_rows, reader.answer, intake))
    reader.save()
    scope = [col(Answer.association) == cycle.association, col(Answer.cycle) == cycle.id]
    # No person of the agency gave an answer that came in a file.
    save(session, Answer, wanted, scope, intake, {"answered_by": None, "answered_at": now})
    intake.changed += reader.moved
    intake.same -= min(reader.moved, intake.same)
    return intake


class _Reader:
    """Reads answers, and the day of submission that all rows of an agency share."""

    def __init__(self, session: Session, cycle: AssessmentCycle) -> None:
        self.session, self.cycle = session, cycle
        self.agencies = Agencies(session, cycle.association)
        self.questions = Questions(cycles.code_of(cycle))
        self.taking_part = set(participants(session, cycle))
        self.days: dict[UUID, tuple[date, Given]] = {}
        self.moved = 0

    def answer(self, given: Given) -> dict[str, Any]:
        agency = self.agencies.find(given)
        if agency not in self.taking_part:
            remedy = "does not take part: it had not signed the code when the cycle opened"
            raise Wrong("agency", remedy)
        value = self.questions.answer(given, "answer")
        self._day(agency, given)
        return {
            "association": self.cycle.association,
            "cycle": self.cycle.id,
            "agency": agency,
            "indicator": given["indicator"],
            "value": value,
        }

    def _day(self, agency: UUID, given: Given) -> None:
        submitted = given["submitted_on"]
        if submitted > self.cycle.as_of:
            raise Wrong("submitted_on", f"is after the cut-off day {self.cycle.as_of}")
        first, where = self.days.setdefault(agency, (submitted, given))
        if first != submitted:
            place = where.place("submitted_on")
            raise Wrong("submitted_on", f"differs from {first} at {place}: one day per agency")

    def save(self) -> None:
        """The self-assessments themselves; `moved` counts those whose day changed."""
        found: list[tuple[UUID, date | None]] = rows(
            self.session,
            (SelfAssessment.agency, SelfAssessment.submitted_on),
            col(SelfAssessment.association) == self.cycle.association,
            col(SelfAssessment.cycle) == self.cycle.id,
        )
        known = dict(found)
        wanted = {
            agency: {
                "association": self.cycle.association,
                "cycle": self.cycle.id,
                "agency": agency,
                "submitted_on": day,
            }
            for agency, (day, _) in self.days.items()
            if known.get(agency) != day
        }
        moved = [row for agency, row in wanted.items() if agency in known]
        self.moved = len(moved)
        fresh = [row for agency, row in wanted.items() if agency not in known]
        write(self.session, SelfAssessment, fresh, moved)


def participants(session: Session, cycle: AssessmentCycle) -> list[UUID]:
    """The agencies that had signed the code of conduct when the cycle opened."""
    opened = cycles.opened_on(session, cycle)
    return list(
        session.exec(
            select(Agency.id).where(
                Agency.association == cycle.association, col(Agency.code_signed_on) <= opened
            )
        )
    )
