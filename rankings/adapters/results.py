"""What scoring a table gives out: the result as CSV, the receipts as JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TextIO

from rankings.scoring.bands import Limiter
from rankings.scoring.exact import decimal_text, fraction_text, rounded
from rankings.scoring.rank import Placing
from rankings.scoring.receipt import Line, Receipt
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import RATED, Scorecard, Scorer

Row = tuple[str, ...]

HEADER = ("id", "score", "band", "rank", "status")


def node_columns(scorer: Scorer) -> list[str]:
    """Names of the extra columns of `--nodes`: nodes first, from the total down, then leaves."""
    nodes = [node.id for node in scorer.rubric.nodes]
    return [f"node.{code}" for code in (*nodes, *scorer.codes)]


def node_values(scorer: Scorer, card: Scorecard) -> Row:
    """The value of every node and indicator as printed, empty where there is none."""
    codes = [name.removeprefix("node.") for name in node_columns(scorer)]
    workings, scale = card.workings, scorer.rubric.scale
    if workings is None:
        return ("",) * len(codes)
    counted = [leaf is not None for leaf in workings.leaves]
    texts = []
    for code in codes:
        place = scorer.tree.places[code]
        value = workings.value(place) if place >= len(counted) or counted[place] else None
        shown = "" if value is None else rounded(value, scale.decimals, scale.rounding)
        texts.append(decimal_text(shown, scale.decimals) if isinstance(shown, Fraction) else "")
    return tuple(texts)


def score_text(rubric: Rubric, card: Scorecard) -> str:
    """The published score as printed, empty where the unit is not rated."""
    return "" if card.published is None else decimal_text(card.published, rubric.scale.decimals)


def write_results(
    out: TextIO,
    more: Sequence[str],
    rows: Iterable[tuple[str, str, str, Row]],
    placings: Mapping[str, Placing],
) -> None:
    """One line per unit in the order of the table; rows are (id, score, state, further cells)."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*HEADER, *more))
    for code, score, state, cells in rows:
        placing = placings.get(code)
        band, rank = (placing.band or "", placing.rank) if placing else ("", "")
        writer.writerow((code, score, band, rank, state, *cells))


def explained(rubric: Rubric, receipt: Receipt) -> dict[str, Any]:
    """A receipt as plain values; amounts are decimal texts, exact numbers `n/d`."""

    def amount(units: int) -> str:
        return decimal_text(Fraction(units, 10**receipt.decimals), receipt.decimals)

    earned, performance, unchecked = (amount(units) for units in receipt.sums)
    return {
        "id": receipt.id,
        "status": RATED,
        "score": amount(receipt.published),
        "points": amount(receipt.points),
        "reachable": amount(receipt.reachable),
        "sums": {
            "earned": earned,
            "lost_performance": performance,
            "lost_unchecked": unchecked,
        },
        "indicators": [_line(line, amount) for line in receipt.lines],
        "steps": [
            {"node": node, "step": step, "amount": amount(units)}
            for node, step, units in receipt.steps
        ],
        "limiters": [_limiter(rubric, limiter) for limiter in receipt.limiters],
    }


def _line(line: Line, amount: Any) -> dict[str, Any]:
    told = [fraction_text(one) if isinstance(one, Fraction) else one for one in line.told]
    return {
        "indicator": line.indicator,
        "basis": line.basis,
        "told": told,
        "share": fraction_text(line.share),
        "earned": amount(line.earned),
        "lost_performance": amount(line.lost_performance),
        "lost_unchecked": amount(line.lost_unchecked),
    }


def _limiter(rubric: Rubric, limiter: Limiter) -> dict[str, Any]:
    return {
        "kind": limiter.kind,
        "code": limiter.code,
        "of": limiter.of,
        "ceiling": rubric.bands[limiter.ceiling].id,
        "amount": decimal_text(limiter.amount, rubric.scale.decimals),
    }


def write_explained(
    out: TextIO, receipts: Iterable[dict[str, Any]], placings: Mapping[str, Placing]
) -> None:
    """One JSON object per line, with the rank and band that only the whole table decides."""
    for one in receipts:
        placing = placings.get(one["id"])
        line = {**one, "rank": placing.rank, "band": placing.band} if placing else one
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
