"""An association with a calendar and people, whose schedule runs by a clock set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from rankings import db, jobs
from rankings.models import Account, Agency, Membership, Message, Occurrence
from rankings.scheduler import Schedule
from rankings.settings import Settings
from rankings.usecases import calendar
from rankings.usecases.occurrences import DONE
from tests.schedules import Wall
from tests.usecases import driven, persons

SIGNED, UNSIGNED = UUID(int=11), UUID(int=12)
# 09:00 in Yangon.
OPENS = datetime(2027, 1, 1, 2, 30, tzinfo=UTC)


@dataclass
class House:
    """An association with two agencies, of which one had signed, and somebody in every chair."""

    engine: Engine
    schedule: Schedule
    settings: Settings
    wall: Wall

    def at(self, now: datetime) -> None:
        """It is so late by now, and the schedule looks what is due."""
        self.wall.now = now
        self.schedule.tick()

    def step(self, step: str) -> datetime:
        """When a step of the cycle comes."""
        with db.reading(self.engine) as session:
            (plan,) = calendar.plans(session, "alpha")
            found = calendar.at(session, plan.id, "alpha", step)
        assert found is not None
        return found

    def told(self, job: str = "steps") -> dict[str, str]:
        """What the runs of a job that are done have noted."""
        with db.reading(self.engine) as session:
            found = session.exec(select(Occurrence).where(Occurrence.job == job)).all()
        assert [one for one in found if one.state != DONE] == []
        return {one.key: one.told for one in found}

    def heard(self, kind: str) -> list[tuple[str, str]]:
        """Who was written a message of a kind, and for which occasion."""
        with db.reading(self.engine) as session:
            found = session.exec(
                select(Account.email, Message.occasion)
                .join(Message, col(Message.account) == Account.id)
                .where(Message.kind == kind)
            )
            return sorted((email.partition("@")[0], occasion) for email, occasion in found)


@contextmanager
def built(engine: Engine, folder: Path) -> Iterator[House]:
    """The house, before its first cycle opens."""
    with db.transaction(engine) as session:
        driven.association(session)
        driven.ruled(session)
        for key, code, signed in ((SIGNED, "MM-00011", date(2020, 1, 1)), (UNSIGNED, "MM-2", None)):
            session.add(_agency(key, code, signed))
        session.flush()
        for name, role, agency in (
            *(("linh", "agency_member", SIGNED), ("sok", "agency_signatory", UNSIGNED)),
            *(("aye", "auditor", None), ("mai", "case_officer", None), ("su", "secretariat", None)),
        ):
            _seat(session, name, role, agency)
    data, keys, evidence = folder / "data", folder / "keys", folder / "evidence"
    settings = Settings("secret", str(engine.url), data, keys, "http://x", evidence)
    wall = Wall(driven.SET)
    clocks: dict[str, Any] = {"clock": wall, "steady": lambda: wall.now.timestamp()}
    schedule = Schedule(engine, data, jobs.all_jobs(settings), **clocks)
    yield House(engine, schedule, settings, wall)
    schedule.stop()


def _agency(key: UUID, code: str, signed: date | None) -> Agency:
    return Agency(
        association="alpha",
        id=key,
        code=code,
        licensing_authority="DOLAB",
        licence_number=code,
        names={"en": "Ví Dụ"},
        names_as_given={},
        licensed_on=date(2015, 1, 1),
        licence_valid_until=date(2027, 1, 10),
        code_signed_on=signed,
        added_at=driven.SET,
    )


def _seat(session: Session, name: str, role: str, agency: UUID | None) -> None:
    account = persons.person(session, name)
    row = Membership(
        association="alpha",
        id=uuid4(),
        account=account.id,
        role=role,
        agency=agency,
        granted_at=driven.SET,
    )
    session.add(row)
    session.flush()


def person(session: Session, name: str) -> UUID:
    return session.exec(select(Account.id).where(Account.email == f"{name}@example.org")).one()
