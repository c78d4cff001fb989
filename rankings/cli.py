"""The operator's command line."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click

from rankings import (
    cli_association,
    cli_calendar,
    cli_calibrate,
    cli_compare,
    cli_complaint,
    cli_journal,
    cli_keys,
    cli_method,
    cli_publication,
    cli_rehearse,
    cli_schedule,
    cli_user,
    cli_verify,
    db,
    demo,
    migrating,
    rehearsal,
    suite,
)
from rankings.adapters import fee_caps
from rankings.app import ROOT
from rankings.cli_association import refusing
from rankings.scoring import lint
from rankings.scoring.score import Scorer


@click.group()
def commands() -> None:
    """Rates recruitment agencies against a code of conduct and publishes the ranking."""


@commands.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Check everything: style, types, tests. --full runs all; other arguments go to pytest."""
    raise SystemExit(suite.run(arguments))


@commands.command("demo")
@click.option("--port", default=8000, show_default=True, help="Where the pages are served.")
@click.option("--no-serve", is_flag=True, help="Build and print only.")
def demonstrate(port: int, no_serve: bool) -> None:
    """Rate invented agencies from invented files and serve the rankings on this machine."""
    settings = demo.build(ROOT / "var" / "demo")
    if not no_serve:
        demo.serve(settings, port)


@commands.group("db")
def database() -> None:
    """The database."""


@database.command()
def upgrade() -> None:
    """Bring the tables of RANKINGS_DATABASE_URL to the newest form."""
    url = os.environ.get("RANKINGS_DATABASE_URL")
    if not url:
        raise click.UsageError("RANKINGS_DATABASE_URL is not set: where the database is")
    engine = db.connect(url)
    migrating.upgrade(engine)
    engine.dispose()


@commands.group("rubric")
def rubric() -> None:
    """Codes of conduct as data; docs/rubric.md is the manual."""


@rubric.command()
@click.argument("path", metavar="RUBRIC", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """Name everything that is wrong with a rubric folder or file."""
    with refusing():
        code = rehearsal.load(path).rubric
    click.echo(
        f"{code.code} {code.version} is sound: {len(code.nodes) - 1} nodes, "
        f"{len(code.indicators)} indicators, {len(code.bands)} bands, "
        f"languages: {', '.join(code.languages) or 'none'}"
    )
    for warning in cli_rehearse.warnings(lint.static(code)):
        click.echo(warning, err=True)


@commands.group("fees")
def fees() -> None:
    """Legal fee caps as data; docs/fees.md is the manual."""


@fees.command("check")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
def check_fees(path: Path) -> None:
    """Name everything that is wrong with a table of fee caps."""
    with refusing():
        caps = fee_caps.load(path)
    click.echo(f"{path.name} is sound: {len(caps)} rows, {sum(c.verified for c in caps)} verified")


@commands.command()
@click.argument("rubric", type=click.Path(path_type=Path))
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by; today.")
@click.option("--nodes", is_flag=True, help="One more column per node and indicator.")
@click.option("--explain", type=click.Path(dir_okay=False, path_type=Path), help="Receipts, JSONL.")
def score(
    rubric: Path, table: Path, as_of: datetime | None, nodes: bool, explain: Path | None
) -> None:
    """Score any CSV table with any rubric, without a database; the result goes to standard output.

    RUBRIC is a folder or a .toml file; docs/rubric.md says what the columns of TABLE mean.
    """
    if explain and not explain.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {explain.parent}", param_hint="--explain")
    day = (as_of or datetime.now(UTC)).date()
    with refusing():
        scorer = Scorer(rehearsal.load(rubric).rubric)
        wanted = rehearsal.Wanted(nodes, explain)
        # Nothing here makes cycles, and looking for them in long tables costs a fifth of the time.
        gc.disable()
        with watched(table) as lines:
            rehearsal.score_table(scorer, lines, day, utf_8(sys.stdout), wanted)


def utf_8(stream: TextIO) -> TextIO:
    """Results are UTF-8 whatever the terminal is set to."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="")
    return stream


@contextmanager
def watched(table: Path) -> Iterator[Iterator[str]]:
    """The lines of a file, with a bar on a terminal that shows how far the reading is."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        size = table.stat().st_size
        hidden = not sys.stderr.isatty()
        bar_of = click.progressbar(length=size, label="scoring", file=sys.stderr, hidden=hidden)
        with bar_of as bar:

            def lines() -> Iterator[str]:
                for line in file:
                    bar.update(len(line))
                    yield line

            yield lines()


rubric.add_command(cli_association.adopt)
rubric.add_command(cli_rehearse.rehearse)
for command in (
    cli_association.association,
    cli_association.cycle,
    cli_association.import_file,
    cli_calendar.calendar,
    cli_calibrate.calibrate,
    cli_compare.compare,
    cli_keys.keys,
    cli_method.method,
    cli_publication.candidate,
    cli_publication.hearing,
    cli_publication.publish,
    cli_association.notice,
    cli_verify.verify,
    cli_association.export,
    cli_user.user,
    cli_journal.journal,
    cli_complaint.complaint,
    cli_schedule.schedule,
    cli_schedule.serve,
    cli_schedule.job,
):
    commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    commands.main(arguments, prog_name="rankings")
