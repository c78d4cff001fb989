"""What tests of the schedule need: jobs whose effects are counted, and a clock set by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from rankings import db
from rankings.models import Association
from rankings.runs import Due, Job
from rankings.scheduler import Schedule
from rankings.usecases import associations
from rankings.usecases.journal import Act
from tests.usecases import world

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
LIFE = timedelta(seconds=60)


@dataclass
class Wall:
    """A clock on the wall that stands still until somebody moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **more: float) -> None:
        self.now += timedelta(**more)


@dataclass
class Listed:
    """A job with runs due at fixed moments; each effect is a row in a table without any key."""

    name: str = "listed"
    at: dict[str, datetime] = field(default_factory=dict)
    before: Callable[[Due], None] = lambda due: None

    @property
    def job(self) -> Job:
        return Job(self.name, self.due, self.work)

    def due(self, session: Session, association: Association, now: datetime) -> Iterable[Due]:
        return [Due(key, at) for key, at in self.at.items() if at <= now]

    def work(self, session: Session, association: Association, due: Due, act: Act) -> str:
        effect(session, f"{association.id} {self.name} {due.key}")
        self.before(due)
        return f"did {due.key}"


def effect(session: Session, key: str) -> None:
    """Leave a row that nothing keeps from being there twice."""
    session.connection().execute(text("INSERT INTO effect VALUES (:key)"), {"key": key})


def prepare(engine: Engine, *whose: str) -> None:
    """Associations, and the table of effects."""
    with db.transaction(engine) as session:
        session.connection().execute(text("CREATE TABLE effect (key TEXT)"))
        for code in whose or ("alpha",):
            associations.add(session, code, code, "VN", "Asia/Bangkok", world.act())


def effects(engine: Engine) -> Counter[str]:
    """How often each effect is there."""
    with db.reading(engine) as session:
        return Counter(session.connection().execute(text("SELECT key FROM effect")).scalars())


def schedule(engine: Engine, data: Path, clock: Wall, *jobs: Listed, name: str = "one") -> Schedule:
    """A process that could run the schedule; its two clocks agree."""
    listed = [one.job for one in jobs]
    clocks: dict[str, Any] = {"clock": clock, "steady": lambda: clock.now.timestamp()}
    return Schedule(engine, data, listed, life=LIFE, holder=name, **clocks)
