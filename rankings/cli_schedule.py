"""The schedule as a process of its own, together with the pages, or a job by hand."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

import click
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db, jobs, mailing, runs
from rankings.bootstrap import ROOT
from rankings.cli_association import of_association, operating
from rankings.models import Association
from rankings.runs import Due, Job
from rankings.scheduler import Schedule, keep_ticking
from rankings.settings import Settings
from rankings.usecases import associations
from rankings.usecases.journal import Act
from rankings.usecases.occurrences import Run

ENDING = (signal.SIGTERM, signal.SIGINT)
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Requests that are being answered are finished; whoever takes longer is cut off.
GRACE = 30


@click.command()
def schedule() -> None:
    """Run what is due every 15 seconds until told to end; of several such processes one works."""
    with operating() as (settings, engine, _), told_to_end() as stop:
        _log()
        keep_ticking(_schedule(engine, settings), stop)


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Where pages are served.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer requests.")
@click.option("--threads", default=4, show_default=True, help="Threads in each of them.")
def serve(bind: str, workers: int, threads: int) -> None:
    """Serve the pages and run the schedule on this machine, until told to end."""
    with operating() as (settings, engine, _), told_to_end() as stop:
        _log()
        with serving(bind, workers, threads, stop) as server:
            keep_ticking(_schedule(engine, settings), stop)
    raise SystemExit(server.returncode)


@contextmanager
def serving(
    bind: str, workers: int, threads: int, stop: Event
) -> Iterator[subprocess.Popen[bytes]]:
    """The web server as a child; where it ends by itself everything does."""
    options = ("--bind", bind, "--workers", str(workers), "--threads", str(threads))
    command = (sys.executable, "-m", "gunicorn", "wsgi:app", "--worker-class", "gthread")
    quiet = ("--no-control-socket", "--graceful-timeout", str(GRACE))
    server = subprocess.Popen([*command, *options, *quiet], cwd=ROOT)

    def watch() -> None:
        server.wait()
        stop.set()

    watching = Thread(target=watch)
    watching.start()
    try:
        yield server
    finally:
        server.terminate()
        watching.join()


@contextmanager
def told_to_end() -> Iterator[Event]:
    """An event that the signals to end set; the run at hand is finished first."""
    stop = Event()
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in ENDING}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@click.group("job")
def job() -> None:
    """What the schedule does, for operators; docs/schedule.md is the manual."""


@job.command("list")
def show() -> None:
    """Print the names of all jobs, and of each association what is due now."""
    with operating() as (settings, engine, act):
        known = jobs.all_jobs(settings)
        with db.reading(engine) as session:
            everyone = session.exec(select(Association.id)).all()
        for one in known:
            click.echo(one.name)
            for whose in sorted(everyone):
                for _, due in runs.unsettled(engine, one, whose, act.now):
                    click.echo(f"  {whose}: {due.key}, due since {due.at:%Y-%m-%d %H:%M} UTC")


@job.command("run")
@click.argument("name", metavar="NAME")
@of_association
def run_now(name: str, association: str) -> None:
    """Do what is due of a job now, also what waits after a failure; what is done stays done."""
    with operating() as (settings, engine, act):
        found = {one.name: one for one in jobs.all_jobs(settings)}
        if name not in found:
            raise click.UsageError(f"there is no job {name}; there are: {', '.join(found)}")
        with db.reading(engine) as session:
            whose = associations.find(session, association)
            due = list(found[name].due(session, whose, act.now))
        for one in due:
            _run(engine, settings, found[name], association, one, act)


def _run(
    engine: Engine, settings: Settings, job: Job, association: str, due: Due, act: Act
) -> None:
    run = Run(association, job.name, due.key, due.at)
    told = runs.perform(engine, settings.data, job, run, act, patient=False)
    click.echo(f"{due.key}: {'done already' if told is None else told}")


def _schedule(engine: Engine, settings: Settings) -> Schedule:
    """All jobs, and after them the messages that they and others wrote."""

    def send(engine: Engine, now: datetime, fence: int) -> int:
        return mailing.send_due(engine, settings, now, fence)

    return Schedule(engine, settings.data, jobs.all_jobs(settings), [send])


def _log() -> None:
    """To standard error; of the clock's own words only what is wrong."""
    logging.basicConfig(level=logging.INFO, format=FORMAT)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
