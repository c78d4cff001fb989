"""The fixtures that all tests share: databases on both engines, a browser, an office."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rankings import db, migrating
from tests import postgres, quick_apps
from tests.browser import browser, page
from tests.machine_parts import missing
from tests.office import convert

__all__ = ["browser", "convert", "page"]

SHARED = "RANKINGS_TEST_FOLDER"
LONG = (
    "tests/web/test_rights.py",
    "tests/web/test_desk_browser.py",
    "tests/web/test_verification_journey.py",
    "tests/web/test_full_year.py",
    "tests/test_demo.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """The first process makes the folder that all test processes share."""
    if not hasattr(config, "workerinput"):
        os.environ[SHARED] = tempfile.mkdtemp(prefix="rankings-")
    quick_apps.begin(Path(os.environ[SHARED]))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: whoever has nothing left to do takes the many short ones."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop(Path(os.environ[SHARED]))
        shutil.rmtree(os.environ[SHARED])


@pytest.fixture(scope="session")
def server() -> Path:
    """The folder of the PostgreSQL server."""
    programs = postgres.programs()
    if programs is None:
        missing("PostgreSQL")
    folder = Path(os.environ[SHARED])
    postgres.start(folder, programs)
    return folder


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    engine = db.connect(f"sqlite:///{file}")
    migrating.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with all tables and no rows, on both engines."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            file = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "db.sqlite")
            url = f"sqlite:///{file}"
        else:
            folder = request.getfixturevalue("server")
            url = stack.enter_context(postgres.database(folder, postgres.MIGRATED))
        engine = db.connect(url)
        stack.callback(engine.dispose)
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables, on both engines."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
        if request.param == "postgresql":
            folder = request.getfixturevalue("server")
            url = stack.enter_context(postgres.database(folder, postgres.EMPTY))
        engine = db.connect(url)
        stack.callback(engine.dispose)
        yield engine


@pytest.fixture
def postgresql(server: Path) -> Iterator[Engine]:
    """For the few things that only PostgreSQL does."""
    with postgres.database(server, postgres.MIGRATED) as url:
        engine = db.connect(url)
        yield engine
        engine.dispose()
