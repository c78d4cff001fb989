"""A rubric tried out on a table, before anybody is rated by it: what it does, what it hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from rankings import rehearsal
from rankings.adapters import table
from rankings.cli_association import refusing
from rankings.scoring import lint
from rankings.scoring.exact import decimal_text
from rankings.scoring.lint import Finding, Rehearsal, thousandths
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import Scorer
from rankings.scoring.sensitivity import Sensitivity

WORDS = {
    lint.SAME_EVERYWHERE: "{code}: every agency has the same value here, so it tells nobody apart."
    " Ask more exactly, or give it less weight. (It counts for {share} of the rated.)",
    lint.DECIDES_ALONE: "{code}: makes {share} of the differences between the totals, so it decides"
    " almost alone. Give it less weight, or more company.",
    lint.CROWDED: "Band {code}: {share} of the rated are in it, so it says little."
    " Move its cuts or its conditions.",
    lint.UNREACHABLE: "Band {code}: no answers reach it, not even with the best proof."
    " Lower its cut or its conditions, or raise the credit of the best proof.",
}
HOLDS = "The ranking holds: other choices would change little."
HANGS = (
    "The ranking hangs on choices that could as well be other ones."
    " Publish bands only, or agree on the choices that move most."
)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rehearsal has found: bands and how many are in each, warnings, and sensitivity."""

    rows: int
    bands: Mapping[str, int]
    findings: tuple[Finding, ...]
    sensitivity: Mapping[str, Any]

    @property
    def rated(self) -> int:
        return len(self.sensitivity["agencies"])


@click.command()
@click.argument("rubric", type=click.Path(path_type=Path))
@click.argument("table_", metavar="TABLE", type=click.Path(exists=True, dir_okay=False))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to judge by; today.")
def rehearse(rubric: Path, table_: str, as_of: datetime | None) -> None:
    """Try a rubric on a CSV table: who lands in which band, what is weak, what it hangs on.

    Warnings are no errors. docs/sensitivity.md explains what is printed.
    """
    day = (as_of or datetime.now(UTC)).date()
    with refusing(), Path(table_).open(encoding="utf-8-sig", newline="") as lines:
        found = rehearsed(rehearsal.load(rubric).rubric, lines, day)
    for line in told(found):
        click.echo(line)


def rehearsed(rubric: Rubric, lines: Iterable[str], as_of: date) -> Rehearsed:
    """Rate every row of a table, also in every scenario; Invalid names rows that are wrong."""
    scorer, seen, varied = Scorer(rubric), Rehearsal(rubric), Sensitivity(rubric)
    units = list(table.units(rubric, lines))
    for unit, card in zip(units, rehearsal.cards(scorer, units, as_of), strict=True):
        seen.add(card)
        varied.add(unit.record, as_of, card)
    findings = (*lint.static(rubric), *seen.findings())
    return Rehearsed(len(units), seen.bands(), findings, varied.values())


def told(found: Rehearsed) -> Iterator[str]:
    """What is printed, line by line."""
    yield f"{found.rated} of {found.rows} rows are rated."
    yield from _bands(found)
    yield ""
    yield from warnings(found.findings) or ["No warnings."]
    if found.rated and found.rated < lint.LEAST:
        yield f"Fewer than {lint.LEAST} are rated: too few to look for warnings in the results."
    yield ""
    yield from _sensitivity(found)


def warnings(findings: Iterable[Finding]) -> list[str]:
    """Every finding as a sentence, and what to do about it."""
    return [
        WORDS[one.kind].format(code=one.code, share=_percent(one.share or 0)) for one in findings
    ]


def _bands(found: Rehearsed) -> Iterator[str]:
    for band, many in found.bands.items():
        share = _percent(thousandths(many, found.rated or 1))
        yield f"{_cut(band)}{many:>8}{share:>10}"


def _sensitivity(found: Rehearsed) -> Iterator[str]:
    scenarios = found.sensitivity["scenarios"]
    if not scenarios:
        yield "No choice of this rubric can be made otherwise."
        return
    yield f"{_cut('one choice made otherwise')}{'same band':>14}{'places moved':>14}"
    for one in scenarios:
        yield _scenario(one["id"], f"{one['same_bands']} of {found.rated}", one["mean_shift"])
    yield _scenario("on average", "", found.sensitivity["mean_shift"])
    yield HOLDS if found.sensitivity["holds"] else HANGS


def _scenario(name: str, same: str, shift: int) -> str:
    return f"{_cut(name)}{same:>14}{decimal_text(Fraction(shift, 100), 2):>14}"


def _cut(name: str) -> str:
    """In a column of 44 characters; ids have up to 60."""
    return f"{name[:43]:<44}"


def _percent(share: int) -> str:
    return f"{decimal_text(Fraction(share, 10), 1)} %"
