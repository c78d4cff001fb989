"""Which former edition feeds the buffer."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.adapters import signature
from rankings.adapters.bundle import Bundle
from rankings.models import AssessmentCycle, RankingEdition
from rankings.scoring.source import RubricSource
from rankings.settings import Settings
from rankings.usecases import audits, cycles, editions, registry, rubrics
from tests import publication
from tests.usecases import world

EARLIER = datetime(2025, 1, 1, tzinfo=UTC)


def former_code() -> RubricSource:
    """Another code of conduct with the same names of bands."""
    return RubricSource(world.source().document.replace('code = "worked"', 'code = "former"'))


def earlier_cycle(session: Session, code: str) -> AssessmentCycle:
    plan = cycles.Plan(UUID(int=2025), "2025", "2025", date(2025, 6, 30), (code, "1.0.0"))
    return cycles.open_cycle(session, "alpha", plan, world.act(EARLIER))


@pytest.mark.parametrize(("code", "band"), [("worked", "1"), ("former", None)])
def test_only_bands_of_the_same_code_of_conduct_feed_the_buffer(
    engine: Engine, tmp_path: Path, code: str, band: str | None
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    data, keys, evidence = tmp_path / "data", tmp_path / "keys", tmp_path / "evidence"
    settings = Settings("secret", url, data, keys, "http://x", evidence)
    signature.make(settings.keys, "alpha", b"a" * 32)
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        rubrics.store(session, "alpha", former_code(), world.act(EARLIER))
        before = earlier_cycle(session, code)
        world.register(session, cycle)
        sent = world.deployments(("2025-Q1", 500), ("2026-Q1", 500))
        registry.save_deployments(session, cycle, sent, world.NOW)
        found = [world.finding("i1", "0", found_on=date(2025, 3, 1))]
        audits.save_findings(session, before, found, world.NOW)
    for slug, day in (("2025", 1), ("2026", 2)):
        order = publication.Order("alpha", slug)
        publication.publish(engine, settings, order, world.act(day_of_july(day)))
    assert previous_band(engine, settings, tmp_path) == band


def day_of_july(day: int) -> datetime:
    return world.NOW.replace(day=day)


def previous_band(engine: Engine, settings: Settings, folder: Path) -> str | None:
    with db.reading(engine) as session:
        sha256 = editions.digest_of(session, "alpha", "2026", None)
        body = editions.bundle(session, "alpha", sha256)
    file = folder / "edition.zip"
    file.write_bytes(body)
    held = Bundle(file, signature.public(settings.keys, "alpha"))
    inputs = held.part(f"agencies/{world.CODE}")["inputs"]
    held.close()
    found: str | None = inputs.get("previous_band")
    return found


def test_of_two_editions_of_one_moment_the_later_cycle_is_the_newest(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        before = earlier_cycle(session, "worked")
        for at, one in enumerate((cycle, before)):
            session.add(edition(one, at))
        session.flush()
        newest = editions.newest_edition(session, "alpha")
        assert newest is not None
        assert newest.cycle == cycle.id


def edition(cycle: AssessmentCycle, at: int) -> RankingEdition:
    return RankingEdition(
        association=cycle.association,
        id=UUID(int=100 + at),
        cycle=cycle.id,
        number=1,
        published_at=world.NOW,
        as_of=cycle.as_of,
        digest=str(at) * 64,
    )
