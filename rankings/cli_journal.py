"""What an operator asks of the journal: whether it is whole, and its newest head."""

from __future__ import annotations

from pathlib import Path

import click

from rankings import db, journal_witnesses, journaling
from rankings.cli_association import FILE, operating
from rankings.usecases import journal_check
from rankings.usecases.journal_check import Report

one_of = click.option("--association", help="Its code; all journals if left out.")


@click.group("journal")
def journal() -> None:
    """The journal: who did what, when; docs/journal.md is the manual."""


@journal.command()
@one_of
@click.option("--edition", "files", type=FILE, multiple=True, help="An edition to hold it against.")
def verify(association: str | None, files: tuple[Path, ...]) -> None:
    """Compute every chain again; exit 0: whole, 1: something was changed."""
    is_whole = True
    with operating() as (settings, engine, _):
        for report in journal_witnesses.verify(engine, settings, association, files):
            _tell(report)
            is_whole = is_whole and not report.faults
    raise SystemExit(0 if is_whole else 1)


@journal.command()
@one_of
def head(association: str | None) -> None:
    """Seal what waits and print the heads: number of entries, and the hash that covers them."""
    with operating() as (settings, engine, _):
        with db.reading(engine) as session:
            names = journal_check.names(session)
        for name in sorted(names) if association is None else [association]:
            found = journaling.seal(engine, settings.data, name, thorough=True)
            said = f"{found.number} {found.hash}" if found else "no entries"
            click.echo(f"{_named(name)}: {said}")


def _tell(report: Report) -> None:
    name = _named(report.association)
    click.echo(f"{name}: {report.entries} entries, head {report.head.number} {report.head.hash}")
    click.echo(f"  not sealed yet: {report.waiting}; details erased: {report.erased}")
    click.echo(f"  heads found in it: {', '.join(report.found) or 'none is kept'}")
    for fault in report.faults:
        click.echo(f"{name}: {fault}", err=True)


def _named(association: str) -> str:
    return association or "of no association"
