"""Trying a rubric on a published edition: signed file, rubric and database meet here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db, journaling
from rankings.adapters import key_trust, method_table
from rankings.canonical import canonical
from rankings.errors import Invalid, NotFound, Problem
from rankings.scoring.parse import parse
from rankings.scoring.source import RubricSource, toml
from rankings.settings import Settings
from rankings.usecases import editions, method_changes, method_movement, rubrics
from rankings.usecases.journal import Act
from rankings.usecases.method_movement import New, Past

FORMS = (".csv", ".xlsx", ".json")


@contextmanager
def opened(
    engine: Engine, settings: Settings, association: str, which: tuple[str, int | None] | None
) -> Iterator[Past]:
    """An edition by its cycle and number (None: the newest), checked against the keys.

    NotFound where nothing of that is published, Invalid where the file is not what was signed.
    """
    with db.reading(engine) as session:
        sha256 = _digest_of(session, association, which)
        body = editions.bundle(session, association, sha256)
    with TemporaryDirectory(prefix="method-") as folder:
        file = Path(folder, "edition.zip")
        file.write_bytes(body)
        with closing(key_trust.of(settings.keys, association).open(file)) as held:
            yield Past(held.manifest["number"], held.digest, held.part)


def _digest_of(session: Session, association: str, which: tuple[str, int | None] | None) -> str:
    if which is not None:
        return editions.digest_of(session, association, *which)
    last = method_changes.newest(session, association)
    if last is None:
        raise NotFound("Nothing has been published yet.")
    return last[0].digest


def rubric_alone(source: RubricSource) -> New:
    """The rubric of a text that is only tried, so that it needs no words yet.

    RubricError names everything that is wrong with it.
    """
    return New(parse(toml("rubric.toml", source.document)), rubrics.digest(source))


def rehearse(
    engine: Engine,
    settings: Settings,
    association: str,
    source: RubricSource,
    which: tuple[str, int | None] | None = None,
) -> dict[str, Any]:
    """What a rubric would have made of an edition; nothing is kept."""
    tried = rubric_alone(source)
    with opened(engine, settings, association, which) as past:
        return method_movement.report(past, tried)


def make(
    engine: Engine, settings: Settings, association: str, rubric: tuple[str, str], act: Act
) -> dict[str, Any]:
    """The report that leads from the last edition to a stored version; it is kept."""
    with db.reading(engine) as session:
        row = rubrics.find(session, association, *rubric)
        source = RubricSource(row.document, dict(row.labels))
    body = rehearse(engine, settings, association, source)

    def work(session: Session) -> None:
        method_changes.keep(session, association, body, act)

    journaling.run(engine, settings.data, work)
    return body


def write(file: Path, body: dict[str, Any]) -> None:
    """The whole as a table (.csv, .xlsx) or as it is kept (.json); Invalid for another ending."""
    if file.suffix not in FORMS:
        raise Invalid([Problem(file.name, file.suffix, f"must end in one of {', '.join(FORMS)}")])
    if file.suffix == ".json":
        file.write_bytes(canonical(body))
    else:
        method_table.write(file, body)
