"""`rankings demo`: invented files through the importers, the scorer and the publisher."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.serving import make_server

from rankings import (
    db,
    demo_cycles,
    demo_people,
    demo_publication,
    demo_verification,
    importing,
    invented,
    journaling,
    migrating,
    publishing,
)
from rankings.adapters import rubric_files, signature
from rankings.adapters.passwords import Hasher
from rankings.adapters.sealing import Sealer
from rankings.app import create_app
from rankings.errors import Invalid
from rankings.settings import Settings
from rankings.usecases import associations, cycles, rubrics
from rankings.usecases.journal import NO_ASSOCIATION, OPERATOR, Act

SEED = 2026
# The demonstration has its own clock: a round is published some weeks after its cut-off day.
WEEKS_TO_PUBLISH = 4
# Since when the associations work with it.
BEGUN = datetime(2024, 12, 1, tzinfo=UTC)

Draw = Callable[[int], bytes]


def build(folder: Path) -> Settings:
    """Make the demonstration anew in a folder: files, database, keys, editions."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    settings = Settings.demonstration(folder)
    click.echo(f"[1/6] inventing agencies and their files in {folder / 'files'}")
    rounds = invented.write(folder / "files", SEED)
    engine = db.connect(settings.database_url)
    migrating.upgrade(engine)
    draw = Random(SEED).randbytes  # so that the journal is the same in every build, too
    click.echo("[2/6] associations, their keys, their codes of conduct and their staff")
    for association in invented.ASSOCIATIONS:
        add(engine, settings, association, draw)
    with db.transaction(engine) as session:
        hasher, sealer = Hasher(), Sealer(settings.secret_key)
        codes = [one.code for one in invented.ASSOCIATIONS]
        demo_people.hire(session, hasher, sealer, Act(OPERATOR, BEGUN, draw), codes)
    click.echo("[3/6] taking the files in, scoring, publishing")
    for held in rounds:
        play(engine, settings, held, draw)
    click.echo("[4/6] an agency's people, and a self-assessment that was begun")
    with db.transaction(engine) as session:
        demo_people.add(session, draw)
    click.echo("[5/6] audits, complaints and register, one of every state")
    with db.transaction(engine) as session:
        demo_verification.add(session, settings, draw)
    for chain in (NO_ASSOCIATION, demo_people.ASSOCIATION):
        journaling.seal(engine, settings.data, chain)
    click.echo("[6/6] a hearing, a candidate that waits for its approval, a correction")
    demo_cycles.add(engine, settings, rounds, draw)
    demo_cycles.run_schedule(engine, settings)
    engine.dispose()
    return settings


def add(engine: Engine, settings: Settings, whose: invented.Invented, draw: Draw) -> None:
    """An association with a key that follows from its name, so that builds repeat."""
    act = Act(OPERATOR, BEGUN, draw)
    seed = hashlib.sha256(f"demonstration {whose.code}".encode()).digest()
    signature.make(settings.keys, whose.code, seed)
    with db.transaction(engine) as session:
        associations.add(session, whose.code, whose.name, whose.country, whose.time_zone, act)


def play(engine: Engine, settings: Settings, held: invented.Round, draw: Draw) -> None:
    """One round of an association, from its files to its edition."""
    opening, publication = (Act(OPERATOR, moment, draw) for moment in moments(held))
    with db.transaction(engine) as session:
        open_cycle(session, held, opening)
    rows = 0
    for kind, file in held.files.items():
        taken = importing.Order(kind, file, held.association, held.cycle)
        outcome = importing.take(engine, taken, publication)
        if outcome.problems:
            raise Invalid(outcome.problems)
        rows += outcome.rows
    order = publishing.Order(held.association, held.cycle)
    edition = demo_publication.publish(engine, settings, order, publication)
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


def open_cycle(session: Session, held: invented.Round, opening: Act) -> None:
    """A cycle by the rubric of the round."""
    rubric = rubrics.store(session, held.association, rubric_files.source(held.rubric), opening)
    plan = cycles.Plan(
        UUID(int=int(held.cycle)),
        held.cycle,
        held.cycle,
        held.as_of,
        (rubric.code, rubric.version),
    )
    cycles.open_cycle(session, held.association, plan, opening)


def serve(settings: Settings, port: int) -> None:
    """Serve the pages on this machine only, until interrupted; say who can sign in."""
    app = create_app(settings)
    app.config["DEMONSTRATION"] = True
    app.extensions["clock"] = clock = running_from(demo_people.TODAY)
    try:
        server = make_server("127.0.0.1", port, app, threaded=True)
    except (OSError, SystemExit) as error:
        raise click.ClickException(f"port {port} is taken: choose another with --port") from error
    click.echo(f"\nThe rankings are at http://127.0.0.1:{port}/ (stop with Ctrl-C)")
    click.echo(f"Sign in at http://127.0.0.1:{port}/account/en/sign-in as one of these:\n")
    tell_sign_ins(app.extensions["engine"], app.extensions["sealer"], clock())
    tell_receipts(f"http://127.0.0.1:{port}")
    try:
        with demo_cycles.scheduled(app.extensions["engine"], settings, clock):
            server.serve_forever()
    except KeyboardInterrupt:
        click.echo("stopped")


def running_from(start: datetime) -> Callable[[], datetime]:
    """A clock that begins at a moment and then runs like any other."""
    begun = datetime.now(UTC)
    return lambda: start + (datetime.now(UTC) - begun)


def tell_sign_ins(engine: Engine, sealer: Sealer, now: datetime) -> None:
    """One line for each account; the codes change, so the page that asks for one tells it too."""
    with db.reading(engine) as session:
        told = demo_people.lines(session, sealer, now)
    click.echo(f"  {'account':<19} {'email':<36} {'password':<20} code")
    for one in told:
        click.echo(f"  {one.name:<19} {one.email:<36} {one.password:<20} {one.code}")
    click.echo(
        "\n  The code holds for half a minute; the page that asks for it shows the next one."
    )


def tell_receipts(site: str) -> None:
    """What workers have in hand to come back with, and where."""
    click.echo(f"\nA worker comes back at {site}/{demo_people.ASSOCIATION}/vi/help/number with:\n")
    for one in demo_verification.receipts():
        click.echo(f"  {one.digits}  ({one.story})")
