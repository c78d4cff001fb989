"""An association on its way to an edition, step by step, with those who prepare and approve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db, publishing
from rankings.models import Agency, AssessmentCycle, Candidate, Hearing, RankingEdition
from rankings.usecases import approvals, candidates, cycles, hearings, journal, memberships
from rankings.usecases.gates import Gate
from tests import publication
from tests.usecases import desk, persons, world

T = TypeVar("T")
ROLES = {"writer": "secretariat", "other": "secretariat", "lead": "lead_auditor"}
ORDER = publishing.Order("alpha", "2026")
# After the clocks of all who were told on the first day.
OVER = 30


@dataclass
class Release:
    """Alpha with its cycle 2026 after the cut-off day; `now` is set by hand."""

    desk: desk.Desk
    now: datetime = world.NOW
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.desk.engine

    def act(self, who: str = "") -> journal.Act:
        whom = str(self.people[who]) if who else journal.OPERATOR
        return journal.Act(whom, self.now, self.desk.draw)

    def do(self, work: Callable[[Session, AssessmentCycle], T]) -> T:
        """A change, as pages make it."""
        return db.run(
            self.engine, lambda session: work(session, cycles.find(session, "alpha", "2026"))
        )

    def ask(self, question: Callable[[Session, AssessmentCycle], T]) -> T:
        with db.reading(self.engine) as session:
            return question(session, cycles.find(session, "alpha", "2026"))

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)

    def hear(self, reason: str | None = None) -> int:
        """Opens the hearing; how many agencies have to be told."""
        made = (self.engine, self.desk.settings, ORDER, reason, self.act())
        return publishing.open_hearing(*made)

    def letters(self, on: date) -> None:
        """Tells everybody who is not told yet."""

        def work(session: Session, cycle: AssessmentCycle) -> None:
            hearing = hearings.find_newest(session, cycle)
            for notice, agency in hearings.notices(session, hearing):
                if notice.is_due and notice.served_on is None:
                    hearings.serve_by_letter(session, cycle, hearing, agency, on, self.act())

        self.do(work)

    def score(self) -> Candidate:
        return publishing.score(self.engine, self.desk.settings, ORDER, self.act())

    def sign(self, step: str, who: str, ago: float = 0, seen: str | None = None) -> None:
        """One person stands for the candidate, having proved who that is `ago` seconds before."""
        steps: Mapping[str, Any] = {"prepare": approvals.prepare, "approve": approvals.approve}

        def work(session: Session, cycle: AssessmentCycle) -> None:
            found, proved = candidates.find(session, cycle), self.now - timedelta(seconds=ago)
            steps[step](session, cycle, found, seen or found.digest, proved, self.act(who))

        self.do(work)

    def publish(self) -> RankingEdition:
        return publishing.publish(self.engine, self.desk.settings, ORDER, self.act())

    def heard(self, reason: str | None = None) -> Candidate:
        """Everybody was told, and the clocks have run out."""
        self.hear(reason)
        self.letters(self.now.date())
        self.later(days=OVER)
        return self.score()

    def approved(self) -> None:
        self.sign("prepare", "writer")
        self.sign("approve", "other")

    def editions(self) -> int:
        return self.ask(lambda session, _: len(session.exec(select(RankingEdition)).all()))

    def hearing(self) -> Hearing:
        return self.ask(hearings.find_newest)

    def gates(self) -> dict[str, Gate]:
        """Every gate by its name."""

        def question(session: Session, cycle: AssessmentCycle) -> dict[str, Gate]:
            found = candidates.find(session, cycle)
            every = publishing.all_gates(session, self.desk.settings, cycle, found, self.act())
            return {one.name: one for one in every}

        return self.ask(question)

    def agency(self, licence: str = world.LICENCE) -> Agency:
        wanted = select(Agency).where(
            Agency.association == "alpha", Agency.licence_number == licence
        )
        return self.ask(lambda session, _: session.exec(wanted).one())

    def grant(self, who: str, role: str, agency: str | None = None) -> None:
        """A role, in an agency by its code; of somebody new where nobody has the name."""

        def work(session: Session, _cycle: AssessmentCycle) -> None:
            if who not in self.people:
                self.people[who] = persons.person(session, who).id
            given = ("alpha", self.people[who], role, agency, world.act(self.now))
            memberships.grant(session, *given)

        self.do(work)

    def revoke(self, who: str, role: str) -> None:
        def work(session: Session, _cycle: AssessmentCycle) -> None:
            held = memberships.of(session, "alpha", self.people[who])
            for one in held:
                if one.role == role:
                    session.delete(one)

        self.do(work)


def release(engine: Engine, folder: Path) -> Release:
    """The worked example's agency and two that have nothing; three persons."""
    made = Release(desk.desk(engine, folder))
    with db.transaction(engine) as session:
        cycle = cycles.find(session, "alpha", "2026")
        world.fill(session, cycle)
        more = [world.agency(licence_number=f"L-{n}") for n in (2, 3)]
        assert world.register(session, cycle, *more).problems == []
        publication.no_thresholds(session, "alpha", world.act())
    for name, role in ROLES.items():
        made.grant(name, role)
    return made
