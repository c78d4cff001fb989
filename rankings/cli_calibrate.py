"""What a published cycle says of the numbers of its rubric, and the next version with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import Engine

from rankings import db
from rankings.adapters import key_trust, rubric_files
from rankings.adapters.bundle import Bundle
from rankings.cli_association import operating
from rankings.errors import Conflict, Invalid, Problem
from rankings.scoring.calibration import LEAST_K, MOST_K, Calibration
from rankings.scoring.next_version import Number, later, numbers, revised
from rankings.scoring.reading import shown
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import RATED, Scorer
from rankings.scoring.source import RubricSource, read
from rankings.scoring.writing import comments
from rankings.settings import Settings
from rankings.usecases import edition_reading, editions

VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}", re.ASCII)
NOTHING = "No number would change: nothing was written."
BOUNDS = "k lies between {least} and {most} times the running one."
WIDE, NARROW = 44, 10


@dataclass(frozen=True, slots=True)
class Calibrated:
    """An edition, its rubric, and every number that is estimated from it."""

    about: str
    source: RubricSource
    rubric: Rubric
    rated: int
    numbers: Sequence[Number]


@click.command()
@click.argument("association")
@click.argument("cycle")
@click.option("--into", type=click.Path(path_type=Path), help="A new folder for the next version.")
@click.option("--version", help="The number of the next version, e.g. 1.1.0.")
def calibrate(association: str, cycle: str, into: Path | None, version: str | None) -> None:
    """Estimate credits and benchmark rates from the newest edition of a cycle.

    A running rubric is never touched; docs/calibration.md explains what is printed.
    """
    if (into is None) is not (version is None):
        raise click.UsageError("--into and --version go together")
    with operating() as (settings, engine, _):
        found = _calibrated(engine, settings, association, cycle)
        for line in _told(found):
            click.echo(line)
        if into is not None and version is not None:
            _write(found, into, version)


def _calibrated(engine: Engine, settings: Settings, association: str, cycle: str) -> Calibrated:
    with db.reading(engine) as session:
        sha256 = editions.digest_of(session, association, cycle, None)
        body = editions.bundle(session, association, sha256)
    with TemporaryDirectory(prefix="calibrate-") as folder:
        file = Path(folder, "edition.zip")
        file.write_bytes(body)
        with closing(key_trust.of(settings.keys, association).open(file)) as held:
            return _of(held)


def _of(edition: Bundle) -> Calibrated:
    heading = edition_reading.heading(edition)
    rubric = read(heading.source).rubric
    scorer, calibration, rated = Scorer(rubric), Calibration(rubric), 0
    for one in edition_reading.listed(edition, rubric):
        card = scorer.score(one.record, heading.as_of)
        calibration.add(one.record, card)
        rated += card.state == RATED
    about = f"edition {edition.manifest['number']} of {heading.cycle['slug']}"
    found = numbers(rubric, calibration.values())
    return Calibrated(about, heading.source, rubric, rated, found)


def _told(found: Calibrated) -> Iterator[str]:
    """What is printed, line by line."""
    rubric = found.rubric
    yield f"{found.about}, by {rubric.code} {rubric.version}: {found.rated} agencies are rated."
    yield BOUNDS.format(least=shown(LEAST_K), most=shown(MOST_K))
    yield ""
    yield _line("number", "now", "estimate", "next", "rests on")
    for one in found.numbers:
        told = (_number(one.running), _number(one.estimate), _number(one.new))
        yield _line(one.place, *told, "; ".join(filter(None, (one.rests_on, one.why))))


def _line(name: str, now: str, estimate: str, after: str, rests_on: str) -> str:
    columns = "".join(f"{one:>{NARROW}}" for one in (now, estimate, after))
    return f"{name:<{WIDE}}{columns}  {rests_on}"


def _number(value: Fraction | None) -> str:
    return "-" if value is None else shown(value)


def _write(found: Calibrated, into: Path, version: str) -> None:
    """The next version as a folder that did not exist; Invalid or Conflict says why not."""
    _refuse(found.rubric, into, version)
    changing = [one for one in found.numbers if one.new is not None]
    if not changing:
        raise Conflict(NOTHING)
    source = revised(found.source, changing, version)
    read(source)
    rubric_files.write(into, source)
    click.echo("")
    click.echo(f"{into}: {found.rubric.code} {version}, {len(changing)} numbers are new.")
    for one in found.numbers:
        if one.new is None and one.why:
            click.echo(f"left as it is: {one.place} ({one.why})")
    lost = comments(found.source.document) - comments(source.document)
    if lost:
        click.echo(f"{lost} lines of comments had no place in it: copy them by hand")


def _refuse(rubric: Rubric, into: Path, version: str) -> None:
    if not VERSION.fullmatch(version):
        raise Invalid([Problem("--version", version, "must be major.minor.patch, such as 1.1.0")])
    if not later(version, rubric.version):
        remedy = f"must come after the running {rubric.version}"
        raise Invalid([Problem("--version", version, remedy)])
    if into.exists():
        raise Invalid([Problem("--into", str(into), "exists already: name a new folder")])
