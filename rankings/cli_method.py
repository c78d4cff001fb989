"""What an operator asks of a change of rules: what it would do, and the report that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from rankings import method_reports
from rankings.adapters import rubric_files
from rankings.cli_association import of_association, operating
from rankings.scoring.exact import decimal_text
from rankings.usecases.method_counts import changed_places, movers

MOST_MOVERS = 20
TO = click.Path(dir_okay=False, path_type=Path)


@click.group("method")
def method() -> None:
    """Changes of the rules; docs/method-change.md is the manual."""


@method.command()
@click.argument("rubric", metavar="RUBRIC", type=click.Path(path_type=Path))
@of_association
@click.option("--cycle", help="Whose edition; that of the newest edition if left out.")
@click.option("--number", type=int, help="Which edition of the cycle; the newest if left out.")
@click.option("--to", type=TO, help="Write the whole to a .csv, .xlsx or .json.")
def rehearse(
    rubric: Path, association: str, cycle: str | None, number: int | None, to: Path | None
) -> None:
    """Try a rubric folder or file on a published edition; nothing is kept."""
    if number is not None and cycle is None:
        raise click.UsageError("--number needs --cycle")
    with operating() as (settings, engine, _):
        source = rubric_files.source(rubric)
        which = (cycle, number) if cycle else None
        body = method_reports.rehearse(engine, settings, association, source, which)
        if to:
            method_reports.write(to, body)
    _tell(body)
    if to:
        click.echo(f"{to}: {to.stat().st_size} bytes")


@method.command("report")
@click.argument("rubric", metavar="CODE:VERSION")
@of_association
@click.option("--to", type=TO, help="Write the whole to a .csv, .xlsx or .json as well.")
def make(rubric: str, association: str, to: Path | None) -> None:
    """Make the report that a version needs before a cycle can open by it, and keep it."""
    code, _, version = rubric.partition(":")
    with operating() as (settings, engine, act):
        body = method_reports.make(engine, settings, association, (code, version), act)
        if to:
            method_reports.write(to, body)
    _tell(body)
    click.echo(f"{association} may open a cycle by {code} {version}")


def _tell(body: Mapping[str, Any]) -> None:
    edition, before, after = body["edition"], body["before"], body["bridge"]
    click.echo(
        f"edition {edition['number']} of {edition['cycle']['slug']}, by {before['code']} "
        f"{before['version']} and by {after['code']} {after['version']}"
    )
    many, moved = len(body["agencies"]), len(movers(body))
    click.echo(
        f"{many} agencies: {moved} have another score, {changed_places(body)} another band or state"
    )
    click.echo(f"\n  {'band or state':<26}{'before':>8}{'after':>8}")
    for one in body["places"]:
        click.echo(f"  {one['code']:<26}{one['before']:>8}{one['bridge']:>8}")
    for line in (*_lacking(body), *_movers(body)):
        click.echo(line)


def _lacking(body: Mapping[str, Any]) -> Iterator[str]:
    """What the old inputs do not hold, or hold in a form that is no longer read."""
    for name, codes in body["lacking"].items():
        if codes:
            yield f"{name.replace('_', ' ')}: {', '.join(codes)}"
    for one in body["unfit"]:
        of = " ".join(filter(None, (one["kind"], one["code"], one["value"])))
        yield f"not usable: {of}: {one['agencies']} agencies"


def _movers(body: Mapping[str, Any]) -> Iterator[str]:
    decimals = body["decimals"]

    def number(units: int) -> str:
        return decimal_text(Fraction(units, 10**decimals), decimals)

    largest = movers(body, MOST_MOVERS)
    if largest:
        yield f"\n  {'largest movers':<26}{'before':>8}{'after':>8}{'by':>8}"
    for one in largest:
        scores = [number(one[when]["score"]) for when in ("before", "bridge")]
        by = number(one["method"])
        yield f"  {one['code']:<26}{scores[0]:>8}{scores[1]:>8}{by:>8}"
