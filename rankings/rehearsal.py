"""Scoring a table with a rubric, without a database: how an analyst rehearses a rubric."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from rankings.adapters import results, rubric_files, table
from rankings.errors import Invalid, Problem
from rankings.scoring.rank import Standing, rank, standing
from rankings.scoring.receipt import receipt
from rankings.scoring.record import RecordError
from rankings.scoring.score import RATED, Scorecard, Scorer
from rankings.scoring.source import Code, read


@dataclass(frozen=True, slots=True)
class Wanted:
    """What beside id, score, band, rank and status is written: nodes, and receipts to a file."""

    nodes: bool = False
    explain: Path | None = None


def load(rubric: Path) -> Code:
    """The checked rubric of a folder or file; RubricError names everything that is wrong."""
    return read(rubric_files.source(rubric))


def score_table(
    scorer: Scorer, lines: Iterable[str], as_of: date, out: TextIO, wanted: Wanted
) -> None:
    """Score every row and write the result; nothing is written when a row is wrong (Invalid)."""
    rows: list[tuple[str, str, str, results.Row]] = []
    standings: list[Standing] = []
    receipts: list[dict[str, Any]] = []
    for card in cards(scorer, table.units(scorer.rubric, lines), as_of):
        nodes = results.node_values(scorer, card) if wanted.nodes else ()
        rows.append((card.id, results.score_text(scorer.rubric, card), card.state, nodes))
        place = standing(scorer.rubric, card)
        if place is not None:
            standings.append(place)
        if wanted.explain:
            receipts.append(explained(scorer, card))
    placings = rank(scorer.rubric, standings)
    results.write_results(out, results.node_columns(scorer) if wanted.nodes else (), rows, placings)
    if wanted.explain:
        with wanted.explain.open("w", encoding="utf-8") as file:
            results.write_explained(file, receipts, placings)


def explained(scorer: Scorer, card: Scorecard) -> dict[str, Any]:
    """The receipt of a rated unit, of any other its state."""
    if card.state != RATED:
        return {"id": card.id, "status": card.state}
    return results.explained(scorer.rubric, receipt(scorer, card))


def cards(scorer: Scorer, units: Iterable[table.Unit], as_of: date) -> Iterator[Scorecard]:
    """The scorecard of every unit; equal rows have equal scores and are scored once."""
    kept: dict[table.Pattern, Scorecard] = {}
    for unit in units:
        card = kept.get(unit.pattern)
        if card is None:
            card = _card(scorer, unit, as_of)
            if len(kept) < table.PATTERNS_KEPT:
                kept[unit.pattern] = card
        yield card if card.id == unit.record.id else replace(card, id=unit.record.id)


def _card(scorer: Scorer, unit: table.Unit, as_of: date) -> Scorecard:
    try:
        return scorer.score(unit.record, as_of)
    except RecordError as error:
        raise Invalid([Problem(f"row {unit.line}", unit.record.id, str(error))]) from error
