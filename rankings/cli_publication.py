"""What an operator does between the score and the publication; people approve on their pages."""

from __future__ import annotations

from datetime import datetime

import click
from sqlmodel import Session

from rankings import db, journaling, publishing
from rankings.cli_association import DAY, of_association, of_cycle, operating
from rankings.usecases import agencies, candidates, cycles, gates, hearings


def _say(step: str) -> None:
    click.echo(f"{step} …", err=True)


@click.group("candidate")
def candidate() -> None:
    """The edition to be."""


@candidate.command("score")
@of_association
@of_cycle
def score(association: str, cycle: str) -> None:
    """Score a cycle's next edition anew; what differs from the candidate before makes it void."""
    with operating() as (settings, engine, act):
        order = publishing.Order(association, cycle)
        found = publishing.score(engine, settings, order, act, _say)
        click.echo(f"candidate {cycle} {found.number}: {found.digest}")


@candidate.command("gates")
@of_association
@of_cycle
def show_gates(association: str, cycle: str) -> None:
    """What blocks the candidate's publication; exit code 1 where anything does."""
    with operating() as (settings, engine, act):
        with db.reading(engine) as session:
            held = cycles.find(session, association, cycle)
            found = candidates.find(session, held)
            listed = publishing.all_gates(session, settings, held, found, act)
        for one in listed:
            numbers = ", ".join(f"{name} {value}" for name, value in one.values.items())
            click.echo(f"{one.state:6} {one.name}{': ' if numbers else ''}{numbers}")
    raise SystemExit(any(one.state == gates.RED for one in listed))


@click.group("hearing")
def hearing() -> None:
    """The hearing before an edition."""


@hearing.command("open")
@of_association
@of_cycle
@click.option("--reason", help="For a correction: what was wrong.")
def open_hearing(association: str, cycle: str, reason: str | None) -> None:
    """Fix what is judged and tell every agency that has an account."""
    with operating() as (settings, engine, act):
        order = publishing.Order(association, cycle)
        due = publishing.open_hearing(engine, settings, order, reason, act)
        click.echo(f"the hearing is open: {due} agencies have to be told")


@hearing.command("letter")
@of_association
@of_cycle
@click.option("--on", required=True, type=DAY, help="The day on which the letter arrived.")
@click.argument("codes", metavar="AGENCY...", nargs=-1, required=True)
def letter(association: str, cycle: str, on: datetime, codes: tuple[str, ...]) -> None:
    """Note that agencies without an account were told by letter."""
    with operating() as (settings, engine, act):

        def work(session: Session) -> None:
            held = cycles.find(session, association, cycle)
            opened = hearings.find_newest(session, held)
            for code in codes:
                whom = agencies.find(session, association, code)
                hearings.serve_by_letter(session, held, opened, whom, on.date(), act)

        journaling.run(engine, settings.data, work)
        click.echo(f"letters noted: {len(codes)}")


@click.command()
@of_association
@of_cycle
def publish(association: str, cycle: str) -> None:
    """Publish what two persons have approved, signed, with a notice; the schedule does it too."""
    with operating() as (settings, engine, act):
        order = publishing.Order(association, cycle)
        edition = publishing.publish(engine, settings, order, act, _say)
        click.echo(f"edition {edition.number} of {cycle} is published: {edition.digest}")
