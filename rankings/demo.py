"""`rankings demo`: the real road from a table to public pages, with invented agencies."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import click
from sqlmodel import Session
from werkzeug.serving import make_server

from rankings import db, demonstration, migrating, rehearsal
from rankings.adapters import fee_caps, rubric_files, table
from rankings.app import ROOT, create_app
from rankings.models import AssessmentCycle
from rankings.scoring.score import Scorer
from rankings.settings import Settings
from rankings.usecases import associations, cycles, edition_parts, editions, rubrics

ASSOCIATION = "vidu"
NAME = "Association of Example Agencies"
RUBRIC = ROOT / "fixtures" / "rubrics" / "coc-vn-1.0.0"
FEE_CAPS = ROOT / "fixtures" / "fee-caps.toml"
AGENCIES, SEED = 86, 2026
# The demonstration has its own clock, so that every build of it is the same.
AS_OF = date(2026, 6, 30)
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


def build(folder: Path) -> Settings:
    """Make the demonstration anew in a folder: table, database, edition."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    settings = Settings.demonstration(folder)
    source = rubric_files.source(RUBRIC)
    click.echo(f"[1/4] reading the rubric {RUBRIC.name}")
    scorer = Scorer(rehearsal.load(RUBRIC).rubric)
    click.echo(f"[2/4] inventing {AGENCIES} agencies: {folder / 'agencies.csv'}")
    write_table(scorer, folder / "agencies.csv")
    click.echo("[3/4] opening the cycle, with the rubric frozen in it")
    engine = db.connect(settings.database_url)
    migrating.upgrade(engine)
    with db.transaction(engine) as session:
        associations.add(session, ASSOCIATION, NAME, "VN", "Asia/Ho_Chi_Minh", NOW)
        rubrics.store(session, ASSOCIATION, source, NOW)
        cycle = open_cycle(session, scorer)
        click.echo("[4/4] scoring them by the cycle's rubric, and storing the edition")
        store(session, cycle, folder / "agencies.csv")
    engine.dispose()
    return settings


def write_table(scorer: Scorer, file: Path) -> None:
    """The invented agencies as the CSV that `rankings score` reads."""
    header, rows = demonstration.table(scorer.rubric, AGENCIES, SEED)
    demonstration.remarkable(scorer.rubric, header, rows)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])


def score(scorer: Scorer, file: Path) -> list[edition_parts.Scored]:
    """Every row of the table, scored as of the demonstration's day."""
    with file.open(encoding="utf-8", newline="") as lines:
        cards = list(rehearsal.cards(scorer, table.units(scorer.rubric, lines), AS_OF))
    with file.open(encoding="utf-8", newline="") as lines:
        names = {row["id"]: row["name"] for row in csv.DictReader(lines)}
    return [edition_parts.Scored(card.id, names[card.id], card) for card in cards]


def open_cycle(session: Session, scorer: Scorer) -> AssessmentCycle:
    """The demonstration's one cycle."""
    rubric = scorer.rubric
    plan = cycles.Plan(UUID(int=1), "2026", "2026", AS_OF, (rubric.code, rubric.version))
    return cycles.open_cycle(session, ASSOCIATION, plan, NOW)


def store(session: Session, cycle: AssessmentCycle, file: Path) -> None:
    """The cycle's first edition, scored by the rubric that the cycle froze."""
    scorer = Scorer(cycles.code_of(cycle).rubric)
    scored = score(scorer, file)
    association = associations.find(session, ASSOCIATION)
    found = edition_parts.parts(association, cycle, scorer, scored, fee_caps.load(FEE_CAPS))
    editions.store(session, ASSOCIATION, cycle, editions.New(UUID(int=2), found), NOW)


def show(settings: Settings) -> None:
    """The ranking as lines on the terminal."""
    with db.reading(db.connect(settings.database_url)) as session:
        ranking = editions.ranking(session, editions.current(session, ASSOCIATION))
    for entry in ranking["entries"]:
        if entry["rank"] is None:
            click.echo(f"   –            {entry['name']}: {entry['state']}")
        else:
            stars = "★" * int(entry["band"])
            click.echo(f"{entry['rank']:4} {entry['score'] / 10:6.1f} {stars:5} {entry['name']}")


def serve(settings: Settings, port: int) -> None:
    """Serve the public pages on this machine only, until interrupted."""
    app = create_app(settings)
    app.config["DEMONSTRATION"] = True
    try:
        server = make_server("127.0.0.1", port, app, threaded=True)
    except (OSError, SystemExit) as error:
        raise click.ClickException(f"port {port} is taken: choose another with --port") from error
    click.echo(f"\nThe ranking is at http://127.0.0.1:{port}/ (stop with Ctrl-C)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("stopped")
