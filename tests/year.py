"""A year of one association: who works in it, its schedule, and a clock that is set by hand."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from rankings import db, jobs
from rankings.models import (
    Account,
    Agency,
    AssessmentCycle,
    Candidate,
    Message,
    Occurrence,
    RankingEdition,
)
from rankings.scheduler import Schedule
from rankings.settings import Settings
from rankings.usecases import (
    agency_codes,
    association_settings,
    calendar,
    calendar_rules,
    calendar_steps,
    candidates,
    cycles,
    editions,
    journal,
    memberships,
    self_assessments,
)
from rankings.usecases.association_settings import Wanted
from rankings.usecases.calendar import GivenRule
from tests.schedules import Wall
from tests.usecases import persons, world
from tests.usecases.sealed import Desk
from tests.web import small

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[1]
# The calendar's rule is set; the first cycle opens on new year's day at nine.
SET = datetime(2026, 11, 2, 3, tzinfo=UTC)
CYCLE, AS_OF = "2027", "2027-06-30"
FIRST, SECOND, THIRD = (agency_codes.code("VN", number) for number in (1, 2, 3))
# Who works here: the role, and for whom. The third and the fourth agency have nobody.
PEOPLE = {
    "office": ("secretariat", None),
    "other office": ("secretariat", None),
    "lead": ("lead_auditor", None),
    "other lead": ("lead_auditor", None),
    "auditor": ("auditor", None),
    "other auditor": ("auditor", None),
    "officer": ("case_officer", None),
    "signatory": ("agency_signatory", FIRST),
    "silent": ("agency_signatory", SECOND),
}
# A process that was killed holds the lease for so long; real time.
LIFE, BEAT = timedelta(seconds=2), timedelta(seconds=0.5)
# The least number of working days.
DISPUTE_DAYS = 5


@dataclass
class Year:
    """The association, its people and its schedule; nothing but `at` moves the clock."""

    engine: Engine
    settings: Settings
    wall: Wall
    desk: Desk
    people: dict[str, UUID] = field(default_factory=dict)
    schedule: Schedule | None = None

    def begin(self) -> None:
        """A process of the schedule starts."""
        self.schedule = Schedule(
            self.engine,
            self.settings.data,
            jobs.all_jobs(self.settings),
            clock=self.wall,
            steady=lambda: self.wall.now.timestamp() + time.monotonic(),
            life=LIFE,
            beat=BEAT,
        )

    def end(self) -> None:
        """It stops in good order, if there is one."""
        if self.schedule is not None:
            self.schedule.stop()
            self.schedule = None

    def at(self, now: datetime) -> None:
        """It is so late by now, and the schedule does what is due."""
        assert now >= self.wall.now, "the year goes forward"
        self.wall.now = now
        if self.schedule is None:
            self.begin()
        assert self.schedule is not None
        self.schedule.tick()

    def on(self, month: int, day: int, hour: int = 12) -> None:
        """The same on a day of the year, by the association's own clock."""
        self.at(datetime(2027, month, day, hour, tzinfo=UTC) - timedelta(hours=7))

    def step(self, step: str) -> datetime:
        """When a step of the cycle comes."""

        def ask(session: Session) -> datetime | None:
            plan = calendar_steps.find(session, small.CODE, CYCLE)
            return calendar.at(session, plan.id, small.CODE, step)

        found = self.ask(ask)
        assert found is not None
        return found

    def to(self, *steps: str) -> None:
        """Step after step, each at its moment."""
        for one in steps:
            self.at(self.step(one))

    def act(self, who: str) -> journal.Act:
        return journal.Act(str(self.people[who]), self.wall.now)

    def do(self, work: Callable[[Session], T]) -> T:
        return db.run(self.engine, work)

    def ask(self, question: Callable[[Session], T]) -> T:
        with db.reading(self.engine) as session:
            return question(session)

    def killed_in(self, step: str) -> None:
        """The schedule is another process for a while, and that is killed while it does a step."""
        self.end()
        known = self.settings
        sent = [known.database_url, *map(str, (known.data, known.keys, known.evidence))]
        sent += [self.step(step).isoformat(), f"{CYCLE} {step}"]
        command = [sys.executable, "-m", "tests.year_process", *sent]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
        assert ended.returncode == -9, ended.stderr.decode()[-2000:]
        self.wall.now = self.step(step)

    def patiently(self) -> int:
        """Another process tries until it gets the lease; how many runs it tried then."""
        self.begin()
        assert self.schedule is not None
        deadline = time.monotonic() + 30
        while not (tried := self.schedule.tick()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return tried

    def run(self, key: str, job: str = "steps") -> Occurrence | None:
        """What became of a run."""
        return self.ask(lambda s: s.get(Occurrence, (small.CODE, job, key)))

    def failures(self) -> list[tuple[str, str, str]]:
        """The runs that are not done."""
        wanted = select(Occurrence).where(Occurrence.state != "done")
        return self.ask(lambda s: [(one.job, one.key, one.told) for one in s.exec(wanted)])

    def told(self, step: str) -> str:
        """What a step has noted."""
        found = self.run(f"{CYCLE} {step}")
        return found.told if found else ""

    def heard(self, kind: str) -> list[str]:
        """Who was written a message of a kind, each as often as it was."""
        wanted = (
            select(Account.email)
            .join(Message, col(Message.account) == Account.id)
            .where(Message.kind == kind)
        )
        return sorted(email.partition("@")[0] for email in self.ask(lambda s: list(s.exec(wanted))))

    def messages(self) -> Counter[tuple[UUID, str]]:
        """How many messages each person has for each occasion."""
        wanted = select(Message.account, Message.occasion)
        return Counter(self.ask(lambda s: [(who, occasion) for who, occasion in s.exec(wanted)]))

    def kinds(self) -> set[str]:
        return set(self.ask(lambda s: s.exec(select(Message.kind)).all()))

    def candidate(self) -> Candidate:
        return self.ask(lambda s: candidates.find(s, cycle(s)))

    def editions(self) -> list[RankingEdition]:
        """What is published, the oldest first."""
        wanted = select(RankingEdition).order_by(col(RankingEdition.published_at))
        return self.ask(lambda s: list(s.exec(wanted)))

    def file(self, edition: RankingEdition, folder: Path) -> Path:
        """An edition as people download it."""
        found = folder / f"{edition.number}.zip"
        found.write_bytes(self.ask(lambda s: editions.bundle(s, small.CODE, edition.digest)))
        return found


def cycle(session: Session) -> AssessmentCycle:
    return cycles.find(session, small.CODE, CYCLE)


def place(session: Session, agency: str = FIRST) -> tuple[AssessmentCycle, Agency]:
    return self_assessments.find(session, small.CODE, CYCLE, agency)


@contextmanager
def begun(engine: Engine, folder: Path) -> Iterator[Year]:
    """Four agencies in the register, everybody in their chair, and the calendar's rule."""
    held = small.prepared(engine, folder)
    found = Year(engine, held.settings, Wall(SET), Desk(folder / "complaint-keys"))
    with db.transaction(engine) as session:
        for name, (role, agency) in PEOPLE.items():
            account = persons.person(session, name.replace(" ", "-"))
            found.people[name] = account.id
            grant = (small.CODE, account.id, role, agency, world.act(world.OPENED))
            memberships.grant(session, *grant)
        found.desk.key(session)
        _decide(session, found.act("office"))
        _rule(session, found.act("office"))
    yield found
    found.end()


def _decide(session: Session, act: journal.Act) -> None:
    """Disputes are to be decided in a week, and one agency's answers suffice."""
    held = association_settings.of(session, small.CODE)
    wanted = association_settings.wanted(held)
    new = Wanted(
        wanted.hearing_days,
        DISPUTE_DAYS,
        wanted.appeal_days,
        wanted.least_rated_percent,
        wanted.most_over_claims_percent,
    )
    association_settings.save(session, small.CODE, new, association_settings.token(held), act)


def _rule(session: Session, act: journal.Act) -> None:
    days = {step: str(many) for step, many in calendar_rules.DEFAULTS["year"].items()}
    given = GivenRule("year", "2027-01-01", "09:00", "coc-vn 1.0.0", days)
    calendar.set_rule(session, small.CODE, given, calendar_rules.token(None), act)
