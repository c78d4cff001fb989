"""Editions of several associations side by side, on what their codes have in common."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from rankings.adapters import crosswalks
from rankings.adapters.bundle import Bundle
from rankings.adapters.csv_cells import CsvFile, guarded
from rankings.app import ROOT
from rankings.cli_association import FILE, refusing
from rankings.scoring.exact import decimal_text, rounded
from rankings.scoring.source import RubricSource, read
from rankings.usecases import core_comparison
from rankings.usecases.core_comparison import Comparison, Edition, Result
from rankings.usecases.edition_parts import AGENCIES, RANKING, RUBRIC

CORE = ROOT / "fixtures" / "crosswalks" / "core-1.0.0"
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
NO_RANKING = (
    "Compared on the core only, {core}: {items} items that all these codes ask for."
    " This is a ranking by none of the codes."
)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--crosswalk", default=CORE, type=FOLDER, help="A folder; the shipped one if none.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Write a CSV file.")
def compare(files: tuple[Path, ...], crosswalk: Path, to: Path | None) -> None:
    """Compare agencies of several EDITION.zip on the shared core; docs/comparison.md explains."""
    with refusing(), ExitStack() as stack:
        bundles = [Bundle(file) for file in files]
        for bundle in bundles:
            stack.callback(bundle.close)
        editions = [_edition(bundle) for bundle in bundles]
        found = core_comparison.compare(editions, crosswalks.load(crosswalk))
        for line in _notes(found):
            click.echo(line, err=True)
        _write(found, to)


def _edition(bundle: Bundle) -> Edition:
    rubric = bundle.part(RUBRIC)
    names = [name for name in sorted(bundle.manifest["parts"]) if name.startswith(AGENCIES)]
    return Edition(
        rubric=read(RubricSource(rubric["document"], rubric["labels"])).rubric,
        ranking=bundle.part(RANKING),
        agencies=(bundle.part(name) for name in names),
    )


def _notes(found: Comparison) -> Iterator[str]:
    """What has to be known to read the table."""
    yield NO_RANKING.format(core=found.core, items=len(found.items))
    for item, reasons in found.left_out.items():
        for rubric, why in reasons.items():
            yield f"Left out: {item}. {rubric}: {why}"


def _write(found: Comparison, to: Path | None) -> None:
    header = ["association", "as_of", "code", "name", "rubric", "state"]
    header += ["core_score", "confidence", *found.items, "without_data"]
    rows = [_row(one) for one in found.results]
    if to is None:
        for row in (header, *rows):
            sys.stdout.write("\t".join(row) + "\n")
        return
    file = CsvFile(to, header)
    file.add([[guarded(cell) for cell in row] for row in rows])
    file.flush()


def _row(one: Result) -> list[str]:
    name: Any = next(iter(one.names.values()), "")
    told = [one.association, one.as_of, one.code, str(name), one.rubric, one.state]
    numbers = [_number(value) for value in (one.score, one.confidence, *one.items.values())]
    return [*told, *numbers, " ".join(one.missing)]


def _number(value: Fraction | None) -> str:
    """To one decimal, as everywhere in public; empty where there is none."""
    return "" if value is None else decimal_text(rounded(value, 1, "half_up"), 1)
