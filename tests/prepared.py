"""A world that takes long to build is built once for each test process and engine, then copied.

A copy is the database, the folders beside it and what the builder returned, each of one's own.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Engine

from tests import postgres

T = TypeVar("T")


@dataclass(frozen=True)
class World:
    """What was built; nobody opens it."""

    place: Path
    database: str
    value: Any


_worlds: dict[tuple[str, str], World] = {}


def world(name: str, engine: Engine, folder: Path, build: Callable[[Engine, Path], T]) -> T:
    """Fills a database without rows and a folder, as `build` does."""
    key = name, engine.dialect.name
    if key in _worlds:
        _lay_out(_worlds[key], engine, folder)
    else:
        _worlds[key] = _built(name, engine, folder, build)
    value: T = deepcopy(_worlds[key].value)
    return value


def _built(name: str, engine: Engine, folder: Path, build: Callable[[Engine, Path], Any]) -> World:
    """Builds in the very place that is asked for, and keeps a copy."""
    before = set(folder.iterdir())
    value = build(engine, folder)
    database = f"world_{uuid4().hex}"
    place = Path(os.environ["RANKINGS_TEST_FOLDER"]) / f"{name}-{database}"
    place.mkdir()
    _copy(set(folder.iterdir()) - before, place)
    engine.dispose()
    if engine.dialect.name == "sqlite":
        _copy_file(str(engine.url.database), str(place / database))
    else:
        postgres.copy(engine.url, str(engine.url.database), database)
    return World(place, database, value)


def _lay_out(made: World, engine: Engine, folder: Path) -> None:
    _copy(made.place.iterdir(), folder)
    engine.dispose()
    if engine.dialect.name == "sqlite":
        _copy_file(str(made.place / made.database), str(engine.url.database))
    else:
        postgres.replace(engine.url, made.database)


def _copy(places: Iterable[Path], to: Path) -> None:
    """The folders; the files beside them are the databases."""
    for one in places:
        if one.is_dir():
            shutil.copytree(one, to / one.name)


def _copy_file(source: str, target: str) -> None:
    """With what may still wait in the log beside the file."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
