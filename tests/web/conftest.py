"""The demonstration, built once, and its application; an edition whose names are hostile."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from rankings import db, demo, migrating, rehearsal
from rankings.adapters import rubric_files
from rankings.app import create_app
from rankings.scoring.score import Scorer
from rankings.settings import Settings
from rankings.usecases import associations, cycles, edition_parts, editions, rubrics
from tests.web.names import HOSTILE


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the demonstration."""
    application = create_app(demo.build(tmp_path_factory.mktemp("demonstration") / "demo"))
    application.config["DEMONSTRATION"] = True
    yield application
    application.extensions["engine"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture(scope="session")
def hostile(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose association and agencies have hostile names."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings.demonstration(folder)
    engine = db.connect(settings.database_url)
    migrating.upgrade(engine)
    publish(engine, folder / "agencies.csv")
    engine.dispose()
    application = create_app(settings)
    yield application
    application.extensions["engine"].dispose()


def publish(engine: Engine, table: Path) -> None:
    """The demonstration's first and last agencies under other names; the last are not rated."""
    scorer = Scorer(rehearsal.load(demo.RUBRIC).rubric)
    demo.write_table(scorer, table)
    cards = demo.score(scorer, table)
    chosen = [*cards[: len(HOSTILE)], cards[-1]]
    names = [*HOSTILE, HOSTILE[0]]
    scored = [replace(card, name=name) for card, name in zip(chosen, names, strict=True)]
    with db.transaction(engine) as session:
        whose = associations.add(session, "x", HOSTILE[0], "VN", "Asia/Bangkok", demo.NOW)
        kept = rubrics.store(session, "x", rubric_files.source(demo.RUBRIC), demo.NOW)
        plan = cycles.Plan(UUID(int=1), "1", "1", demo.AS_OF, (kept.code, kept.version))
        cycle = cycles.open_cycle(session, "x", plan, demo.NOW)
        found = edition_parts.parts(whose, cycle, scorer, scored)
        editions.store(session, "x", cycle, editions.New(UUID(int=2), found), demo.NOW)
