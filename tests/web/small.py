"""A small association on the real road: rows of a register, a key, editions and notices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db, publishing
from rankings.adapters import rubric_files, signature
from rankings.models import AssessmentCycle, RankingEdition
from rankings.settings import Settings
from rankings.usecases import agency_codes, associations, cycles, registry, rubrics
from rankings.usecases.incoming import Given
from tests import publication
from tests.usecases import world

RUBRIC = Path(__file__).resolve().parents[2] / "fixtures" / "rubrics" / "coc-vn-1.0.0"
CODE = "alpha"
# Three that are rated, and one that has not signed the code.
NAMES = ("Ví Dụ Một", "Ví Dụ Hai", "Ví Dụ Ba", "Ví Dụ Bốn")
FIRST, LAST = agency_codes.code("VN", 1), agency_codes.code("VN", len(NAMES))


@dataclass(frozen=True)
class Small:
    """An association with its key; the next edition or notice can come."""

    engine: Engine
    settings: Settings

    def publish(
        self, reason: str | None = None, later: int = 0, cycle: str = "2026"
    ) -> RankingEdition:
        """The next edition of a cycle, so many days after the first one."""
        order = publication.Order(CODE, cycle, reason)
        return publication.publish(self.engine, self.settings, order, world.act(after(later)))

    def notice(self, later: int = 0) -> int:
        """The number of a new notice."""
        return publishing.issue_notice(self.engine, self.settings, CODE, world.act(after(later)))

    def register(self, *rows: Given, later: int = 0) -> None:
        """Takes rows of the register in."""
        with db.transaction(self.engine) as session:
            save(session, cycles.find(session, CODE, "2026"), rows, after(later))

    def elsewhere(self, folder: str) -> Settings:
        """The settings of another machine: a data folder of its own, the same database."""
        known = self.settings
        data = known.data.parent / folder
        return replace(known, data=data)


def after(days: int) -> datetime:
    return world.NOW + timedelta(days=days)


def row(number: int, **more: Any) -> Given:
    """The n-th agency's row of the register, from 1 on."""
    usual = {"licence_number": f"L-{number}", "name_vi": (NAMES[number - 1], None)}
    return world.agency(**(usual | more))


def usual() -> list[Given]:
    last = len(NAMES)
    rows = [row(number) for number in range(1, last)]
    return [*rows, row(last, code_signed_on=None)]


def save(
    session: Session, cycle: AssessmentCycle, rows: Sequence[Given], now: datetime = world.NOW
) -> None:
    intake = registry.save_agencies(session, cycle, rows, now)
    assert intake.problems == []


def sent(session: Session, cycle: AssessmentCycle, many: int) -> None:
    """Enough workers of the first so many agencies, so that they are large enough to be rated."""
    for number in range(1, many + 1):
        given = world.deployments(("2026-Q1", 100 * number), agency=f"L-{number}")
        assert registry.save_deployments(session, cycle, given, world.NOW).problems == []


def opened(session: Session, name: str = "Alpha", cycle_name: str = "2026") -> AssessmentCycle:
    """The association with an open cycle by a shipped code of conduct."""
    associations.add(session, CODE, name, "VN", "Asia/Bangkok", world.act(world.OPENED))
    rubrics.store(session, CODE, rubric_files.source(RUBRIC), world.act(world.OPENED))
    return open_cycle(session, "2026", world.AS_OF, world.OPENED, cycle_name)


def open_cycle(
    session: Session, slug: str, as_of: date, moment: datetime, name: str = ""
) -> AssessmentCycle:
    plan = cycles.Plan(UUID(int=int(slug)), slug, name or slug, as_of, ("coc-vn", "1.0.0"))
    return cycles.open_cycle(session, CODE, plan, world.act(moment))


def earlier(small: Small) -> None:
    """A cycle before the usual one, with nobody's answers."""
    with db.transaction(small.engine) as session:
        opened_on = datetime(2024, 12, 31, 17, tzinfo=UTC)
        open_cycle(session, "2025", date(2025, 6, 30), opened_on)


def settings(engine: Engine, folder: Path) -> Settings:
    """All in one folder; the association's key is there."""
    found = known_settings(engine, folder)
    signature.make(found.keys, CODE, b"a" * 32)
    return found


def known_settings(engine: Engine, folder: Path) -> Settings:
    """The same for a folder in which everything is already."""
    url = engine.url.render_as_string(hide_password=False)
    data, keys, evidence = folder / "data", folder / "keys", folder / "evidence"
    return Settings("secret", url, data, keys, "http://x", evidence)


def prepared(engine: Engine, folder: Path) -> Small:
    """An association with four agencies, ready to publish."""
    small = Small(engine, settings(engine, folder))
    with db.transaction(engine) as session:
        cycle = opened(session)
        save(session, cycle, usual())
        sent(session, cycle, len(NAMES))
    return small
