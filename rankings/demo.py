"""`rankings demo`: invented files through the importers, the scorer and the publisher."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.serving import make_server

from rankings import db, importing, invented, migrating, publishing
from rankings.adapters import rubric_files, signature
from rankings.app import create_app
from rankings.errors import Invalid
from rankings.settings import Settings
from rankings.usecases import associations, cycles, rubrics

SEED = 2026
# The demonstration has its own clock: a round is published some weeks after its cut-off day.
WEEKS_TO_PUBLISH = 4


def build(folder: Path) -> Settings:
    """Make the demonstration anew in a folder: files, database, keys, editions."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    settings = Settings.demonstration(folder)
    click.echo(f"[1/3] inventing agencies and their files in {folder / 'files'}")
    rounds = invented.write(folder / "files", SEED)
    engine = db.connect(settings.database_url)
    migrating.upgrade(engine)
    click.echo("[2/3] associations, their keys and their codes of conduct")
    for association in invented.ASSOCIATIONS:
        add(engine, settings, association)
    click.echo("[3/3] taking the files in, scoring, publishing")
    for held in rounds:
        play(engine, settings, held)
    engine.dispose()
    return settings


def add(engine: Engine, settings: Settings, whose: invented.Invented) -> None:
    """An association with a key that follows from its name, so that builds repeat."""
    now = datetime(2024, 12, 1, tzinfo=UTC)
    seed = hashlib.sha256(f"demonstration {whose.code}".encode()).digest()
    signature.make(settings.keys, whose.code, seed)
    with db.transaction(engine) as session:
        associations.add(session, whose.code, whose.name, whose.country, whose.time_zone, now)


def play(engine: Engine, settings: Settings, held: invented.Round) -> None:
    """One round of an association, from its files to its edition."""
    opened, published = moments(held)
    with db.transaction(engine) as session:
        open_cycle(session, held, opened)
    rows = 0
    for kind, file in held.files.items():
        taken = importing.Order(kind, file, held.association, held.cycle)
        outcome = importing.take(engine, taken, published)
        if outcome.problems:
            raise Invalid(outcome.problems)
        rows += outcome.rows
    order = publishing.Order(held.association, held.cycle)
    edition = publishing.publish(engine, settings, order, published)
    click.echo(
        f"      {held.association} {held.cycle}: {len(held.files)} files, {rows} rows, "
        f"edition {edition.number}, {edition.digest[:12]}"
    )


def moments(held: invented.Round) -> tuple[datetime, datetime]:
    """When a round opened, and when it was published, by its association's clock."""
    whose = next(one for one in invented.ASSOCIATIONS if one.code == held.association)
    zone = ZoneInfo(whose.time_zone)
    opened = datetime.combine(held.opened_on, time(8), zone)
    published = datetime.combine(held.as_of + timedelta(weeks=WEEKS_TO_PUBLISH), time(9), zone)
    return opened.astimezone(UTC), published.astimezone(UTC)


def open_cycle(session: Session, held: invented.Round, opened: datetime) -> None:
    """A cycle by the rubric of the round."""
    rubric = rubrics.store(session, held.association, rubric_files.source(held.rubric), opened)
    plan = cycles.Plan(
        UUID(int=int(held.cycle)),
        held.cycle,
        held.cycle,
        held.as_of,
        (rubric.code, rubric.version),
    )
    cycles.open_cycle(session, held.association, plan, opened)


def serve(settings: Settings, port: int) -> None:
    """Serve the public pages on this machine only, until interrupted."""
    app = create_app(settings)
    app.config["DEMONSTRATION"] = True
    try:
        server = make_server("127.0.0.1", port, app, threaded=True)
    except (OSError, SystemExit) as error:
        raise click.ClickException(f"port {port} is taken: choose another with --port") from error
    click.echo(f"\nThe rankings are at http://127.0.0.1:{port}/ (stop with Ctrl-C)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("stopped")
