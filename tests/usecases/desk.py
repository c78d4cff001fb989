"""A desk from which two associations publish: their database, their open cycles, their keys."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from sqlalchemy import Engine

from rankings import db, publishing
from rankings.adapters import notice, signature
from rankings.importing import SAVE
from rankings.models import RankingEdition
from rankings.settings import Settings
from rankings.usecases import cycles, editions, notices
from tests import publication
from tests.usecases import world

BEFORE, BEFORE_AS_OF = datetime(2024, 12, 31, 17, tzinfo=UTC), date(2025, 6, 30)
Rows = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Desk:
    """A database with two associations, their open cycles and their keys."""

    engine: Engine
    settings: Settings
    draw: world.Draw

    def take(self, rows: Rows, cycle: str = "2026") -> None:
        """Rows of alpha in the order given, those of one kind at once."""
        with db.transaction(self.engine) as session:
            taking = cycles.find(session, "alpha", cycle)
            for kind, some in groupby(rows, lambda row: row[0]):
                given = [row for _, row in some]
                assert SAVE[kind](session, taking, given, world.NOW).problems == []

    def open(self, code: str = "worked") -> None:
        """Alpha's cycle of the year before."""
        with db.transaction(self.engine) as session:
            plan = cycles.Plan(UUID(int=2025), "2025", "2025", BEFORE_AS_OF, (code, "1.0.0"))
            cycles.open_cycle(session, "alpha", plan, world.act(BEFORE, self.draw))

    def publish(self, cycle: str = "2026", hours: int = 0, whose: str = "alpha") -> RankingEdition:
        act = world.act(world.NOW + timedelta(hours=hours), self.draw)
        order = publication.Order(whose, cycle, "Why.")
        return publication.publish(self.engine, self.settings, order, act)

    def body(self, edition: RankingEdition) -> bytes:
        with db.reading(self.engine) as session:
            return editions.bundle(session, edition.association, edition.digest)

    def part(self, edition: RankingEdition, name: str) -> Any:
        return json.loads(unpacked(self.body(edition))[name])

    def manifest(self, edition: RankingEdition) -> Any:
        return self.part(edition, "manifest.json")

    def entry(self, edition: RankingEdition) -> Any:
        lines = self.part(edition, "parts/ranking.json")["entries"]
        return next(one for one in lines if one["code"] == world.CODE)

    def notice(self, now: datetime, whose: str = "alpha") -> dict[str, Any]:
        number = publishing.issue_notice(self.engine, self.settings, whose, world.act(now))
        key = signature.public(self.settings.keys, whose)
        with db.reading(self.engine) as session:
            return notice.read(key, notices.body(session, whose, number))


def unpacked(body: bytes) -> dict[str, bytes]:
    archive = ZipFile(BytesIO(body))
    return {name: archive.read(name) for name in archive.namelist()}


def desk(engine: Engine, folder: Path) -> Desk:
    url = engine.url.render_as_string(hide_password=False)
    data, keys, evidence = folder / "data", folder / "keys", folder / "evidence"
    settings = Settings("secret", url, data, keys, "http://x", evidence)
    draw = Random(1).randbytes
    with db.transaction(engine) as session:
        for code in ("alpha", "beta"):
            signature.make(settings.keys, code, code.ljust(32).encode())
            world.cycle(session, code, draw)
    return Desk(engine, settings, draw)
