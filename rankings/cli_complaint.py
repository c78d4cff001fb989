"""What an operator does for complaints: their keys, and the journal's word on new ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine

from rankings import complaint_keys_rotation, db, journaling
from rankings.adapters.private_keys import PrivateKeys
from rankings.cli_association import operating
from rankings.errors import Unavailable
from rankings.usecases import associations, complaint_keys, complaint_notes
from rankings.usecases.journal import Act

NO_FOLDER = "RANKINGS_COMPLAINT_KEYS is not set: the folder of the private keys of complaints"

of = click.option("--association", required=True, help="Its code, e.g. vamas.")


@click.group("complaint")
def complaint() -> None:
    """Complaints of workers; docs/complaints.md is the manual."""


@complaint.group("key")
def key() -> None:
    """The keys to which complaints are sealed."""


@contextmanager
def keeping(association: str) -> Iterator[tuple[Engine, Path, PrivateKeys, Act]]:
    """The database and the folder of private keys; refused where this host has none."""
    with operating() as (settings, engine, act):
        keys = PrivateKeys(settings.complaint_keys)
        if not keys.is_open:
            raise Unavailable(NO_FOLDER)
        with db.reading(engine) as session:
            associations.find(session, association)
        yield engine, settings.data, keys, act


@key.command()
@of
def make(association: str) -> None:
    """Make the first key; from now on complaints can be sent."""
    with keeping(association) as (engine, data, keys, act):
        with db.reading(engine) as session:
            present = complaint_keys.current(session, association)
        if present is not None:
            raise click.UsageError(f"there is a key already, {present.id}: rotate it")
        made = complaint_keys_rotation.make(engine, data, keys, association, act)
        click.echo(f"{made}: complaints are sealed to it. Keep a copy of its file elsewhere.")


@key.command("list")
@of
def show(association: str) -> None:
    """Print the keys: since when, whether retired, whether the private half is on this host."""
    with operating() as (settings, engine, _):
        keys = PrivateKeys(settings.complaint_keys)
        with db.reading(engine) as session:
            associations.find(session, association)
            rows = complaint_keys.of(session, association)
        for row in rows:
            until = f"retired {row.retired_at:%Y-%m-%d}" if row.retired_at else "in use"
            here = (
                "private half here" if keys.here(association, row.id) else "private half elsewhere"
            )
            click.echo(f"{row.id}: made {row.made_at:%Y-%m-%d}, {until}, {here}")


@key.command()
@of
def rotate(association: str) -> None:
    """Put a new key in place of the old one; what was cut short is finished when run again."""
    with keeping(association) as (engine, data, keys, act):
        new = complaint_keys_rotation.rotate(engine, data, keys, association, act)
        click.echo(f"{new}: all complaints are sealed to it; older keys are gone.")


@complaint.command()
@of
def note(association: str) -> None:
    """Note in the journal how many complaints came in since the last time; once a day."""
    with operating() as (settings, engine, act):
        many = journaling.run(
            engine,
            settings.data,
            lambda session: complaint_notes.note(session, association, act),
        )
        click.echo(f"{association}: {many} complaints since the last note")
