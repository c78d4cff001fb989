"""What an association's operator does: set up, take files in, publish, check, hand out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4
from zoneinfo import ZoneInfo

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db, importing, journaling, publishing
from rankings.adapters import key_trust, rubric_files, signature
from rankings.adapters.import_columns import KINDS
from rankings.adapters.key_trust import Trust
from rankings.errors import Invalid, Problem, Refusal
from rankings.scoring.reading import RubricError
from rankings.settings import MissingSettings, Settings
from rankings.usecases import associations, cycles, editions, journal, rubrics

MAX_SHOWN = 500
DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
of_association = click.option("--association", required=True, help="Its code, e.g. vamas.")
of_cycle = click.option("--cycle", required=True, help="The cycle's short name, e.g. 2026.")


@contextmanager
def refusing() -> Iterator[None]:
    """A refusal becomes its sentences on standard error and exit code 2."""
    try:
        yield
    except (RubricError, Refusal, MissingSettings, OSError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error


@contextmanager
def operating() -> Iterator[tuple[Settings, Engine, journal.Act]]:
    """Settings, database and what the operator does now; refusals are told."""
    with refusing():
        settings = Settings.from_env(os.environ)
        engine = db.connect(settings.database_url)
        try:
            yield settings, engine, journal.Act(journal.OPERATOR, datetime.now(UTC))
        finally:
            engine.dispose()


@click.group("association")
def association() -> None:
    """Associations: the bodies that rate their members."""


@association.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--country", required=True, help="ISO 3166, e.g. VN; agencies' codes begin with it.")
@click.option("--time-zone", required=True, help="E.g. Asia/Ho_Chi_Minh.")
def add_association(code: str, name: str, country: str, time_zone: str) -> None:
    """Add an association and make its signing key."""
    with operating() as (settings, engine, act):

        def work(session: Session) -> Ed25519PublicKey:
            associations.add(session, code, name, country, time_zone, act)
            return signature.make(settings.keys, code)

        key = journaling.run(engine, settings.data, work)
        click.echo(f"{code} added; its key {signature.fingerprint(key)} is in {settings.keys}")


@click.command("adopt")
@click.argument("path", metavar="RUBRIC", type=click.Path(path_type=Path))
@of_association
def adopt(path: Path, association: str) -> None:
    """Let an association use a rubric; docs/rubric.md is the manual."""
    with operating() as (settings, engine, act):
        source = rubric_files.source(path)
        if not source.labels:
            remedy = "has no words in any language: its pages could say nothing"
            raise Invalid([Problem(path.name, "languages", remedy)])

        def work(session: Session) -> str:
            row = rubrics.store(session, association, source, act)
            return f"{row.code} {row.version}"

        adopted = journaling.run(engine, settings.data, work)
        click.echo(f"{association} may use {adopted}")


@click.group("cycle")
def cycle() -> None:
    """Assessment cycles."""


@cycle.command("open")
@click.argument("slug", metavar="CYCLE")
@of_association
@click.option("--name", help="As it is printed; the short name if left out.")
@click.option("--rubric", required=True, help="CODE:VERSION, e.g. coc-vn:1.0.0.")
@click.option("--as-of", required=True, type=DAY, help="Cut-off day, e.g. 2026-06-30.")
@click.option("--opened-on", type=DAY, help="If it was opened before today.")
def open_cycle(
    slug: str,
    association: str,
    name: str | None,
    rubric: str,
    as_of: datetime,
    opened_on: datetime | None,
) -> None:
    """Open a cycle; it freezes its rubric."""
    code, _, version = rubric.partition(":")
    plan = cycles.Plan(uuid4(), slug, name or slug, as_of.date(), (code, version))
    with operating() as (settings, engine, act):

        def work(session: Session) -> None:
            zone = ZoneInfo(associations.find(session, association).time_zone)
            opened = opened_on.replace(tzinfo=zone).astimezone(UTC) if opened_on else act.now
            if opened > act.now:
                raise click.BadParameter("is in the future", param_hint="--opened-on")
            cycles.open_cycle(session, association, plan, act, opened)

        journaling.run(engine, settings.data, work)
        click.echo(f"cycle {slug} is open, judged as of {plan.as_of} by {rubric}")


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=FILE)
@of_association
@of_cycle
@click.option("--apply", "for_good", is_flag=True, help="Save; without it nothing is changed.")
def import_file(kind: str, file: Path, association: str, cycle: str, for_good: bool) -> None:
    """Take in a file (.xlsx or .csv); docs/files.md says what stands in each kind."""
    with operating() as (settings, engine, act):
        run = importing.take if for_good else importing.rehearse
        outcome = run(engine, importing.Order(kind, file, association, cycle), act)
        if outcome.saved:
            journaling.seal(engine, settings.data, association)
    for problem in outcome.problems[:MAX_SHOWN]:
        click.echo(str(problem), err=True)
    for other in outcome.repeats:
        click.echo(f"the very same rows were taken in for cycle {other}: last year's file?")
    click.echo(str(outcome))
    if not outcome.problems and not for_good:
        click.echo("add --apply to save")
    raise SystemExit(2 if outcome.problems else 0)


@click.command()
@of_association
def notice(association: str) -> None:
    """Issue a new notice with today's licence states."""
    with operating() as (settings, engine, act):
        number = publishing.issue_notice(engine, settings, association, act)
        click.echo(f"notice {number} is issued")


@click.command()
@of_association
@of_cycle
@click.option("--number", type=int, help="Which edition of the cycle; the newest if left out.")
@click.argument("to", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def export(association: str, cycle: str, number: int | None, to: Path) -> None:
    """Write a published edition to a file: .zip the whole, .xlsx or .csv the table."""
    with operating() as (settings, engine, _):
        trust = key_trust.of(settings.keys, association)
        with db.reading(engine) as session:
            sha256 = editions.digest_of(session, association, cycle, number)
            body = editions.bundle(session, association, sha256)
        to.write_bytes(body if to.suffix == ".zip" else _table(body, to.suffix, trust))
        click.echo(f"{to}: {to.stat().st_size} bytes")


def _table(body: bytes, suffix: str, trust: Trust) -> bytes:
    """The ranking in an edition as a workbook or as plain rows."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "edition.zip")
        file.write_bytes(body)
        with closing(trust.open(file)) as held:
            return held.file_body(f"ranking{suffix}")
