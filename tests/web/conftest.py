"""The demonstration and its application; an edition whose names are hostile; a small one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from rankings import db, migrating
from rankings.app import create_app
from rankings.settings import Settings
from rankings.web import shelf
from tests.web import demonstration, small
from tests.web.hostile import publish
from tests.web.serving import served, stop

Start = Callable[[Settings], FlaskClient]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the demonstration, which no test changes."""
    application = create_app(demonstration.copied(tmp_path_factory.mktemp("shown") / "demo"))
    application.config["DEMONSTRATION"] = True
    yield application
    stop(application)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the application on some machine; it is stopped when the test ends."""
    started: list[Flask] = []

    def begin(settings: Settings) -> FlaskClient:
        started.append(create_app(settings))
        return started[-1].test_client(use_cookies=False)

    yield begin
    for application in started:
        stop(application)


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> small.Small:
    """A small association on both engines that has not published yet."""
    return small.prepared(engine, tmp_path)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is asked for a newer notice at every request."""
    monkeypatch.setattr(shelf, "SECONDS", 0.0)
    monkeypatch.setattr(shelf, "SECONDS_AFTER_FAILURE", 0.0)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application in which everything that has a name has a hostile one."""
    folder = tmp_path_factory.mktemp("hostile")
    engine = db.connect(f"sqlite:///{folder / 'rankings.sqlite'}")
    migrating.upgrade(engine)
    application = create_app(publish(engine, folder))
    engine.dispose()
    yield application
    stop(application)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Where the demonstration is served."""
    with served(app) as place:
        yield place


@pytest.fixture(scope="module")
def hostile_address(hostile: Flask) -> Iterator[str]:
    """Where the edition with hostile names is served."""
    with served(hostile) as place:
        yield place
