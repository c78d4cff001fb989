"""The parts of an edition as plain values: everything public, numbers as whole units or n/d."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from rankings.canonical import canonical, digest
from rankings.scoring import lift
from rankings.scoring.bands import Limiter
from rankings.scoring.exact import fraction_text
from rankings.scoring.rank import Placing, Standing, rank, standing
from rankings.scoring.receipt import Line, receipt
from rankings.scoring.record import Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.source import Code, RubricSource
from rankings.scoring.spread import Spread, spread
from rankings.usecases import record_values
from rankings.usecases.edition_ranges import sure
from rankings.usecases.run_report import PART as RUN_REPORT
from rankings.usecases.run_report import Tally

RANKING, RUBRIC, FEE_CAPS = "ranking", "rubric", "fee-caps"
# Parts that stand as they were stated: no score depends on them.
RATES, REPORT_CARD, METHOD_REPORT = "exchange-rates", "report-card", "method-report"
STATED = frozenset({RATES, REPORT_CARD, METHOD_REPORT})
AGENCIES = "agencies/"

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """What an edition is about: whose, which cycle, by which rubric, under which fee caps."""

    association: Mapping[str, Any]
    cycle: Mapping[str, Any]
    source: RubricSource
    caps: Sequence[Mapping[str, Any]]

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.cycle["as_of"])


@dataclass(frozen=True, slots=True)
class Listed:
    """One agency on its way into an edition: who it is, and what decides its score."""

    identity: Mapping[str, Any]
    record: Record


class Edition:
    """Scores agencies one by one and keeps of each only what the ranking needs."""

    def __init__(self, heading: Heading, code: Code) -> None:
        self.heading, self.scorer = heading, Scorer(code.rubric)
        self.code = code
        self._entries: list[dict[str, Any]] = []
        self._standings: list[Standing] = []
        self._spreads: list[Spread] = []
        self._report = Tally(code.rubric, heading.as_of) if code.rubric.ranges else None
        self._inputs = hashlib.sha256()

    def parts(self, listed: Iterable[Listed]) -> Iterator[tuple[str, Part]]:
        """Every part by name: agencies in the order of their codes, then what is about all."""
        for one in listed:
            yield agency_part(one.identity["code"]), self._agency(one)
        ranking = self._ranking()
        yield RANKING, ranking
        if self._report is not None:
            yield RUN_REPORT, self._report.values(ranking)
        yield (
            RUBRIC,
            {
                "document": self.heading.source.document,
                "labels": dict(self.heading.source.labels),
            },
        )
        yield FEE_CAPS, {"caps": list(self.heading.caps)}

    @property
    def inputs(self) -> str:
        """SHA-256 over the inputs of all agencies, in hex."""
        return self._inputs.hexdigest()

    def _agency(self, one: Listed) -> Part:
        card = self.scorer.score(one.record, self.heading.as_of)
        place = standing(self.scorer.rubric, card)
        if place is not None:
            self._standings.append(place)
        self._entries.append(_entry(self.scorer.rubric, one.identity, card))
        inputs = record_values.values(one.record)
        line = {"code": one.identity["code"], "inputs": digest(canonical(inputs))}
        self._inputs.update(canonical(line))
        part = {**one.identity, "inputs": inputs, "receipt": _receipt(self.scorer, card)}
        return part if self._report is None else part | self._sure(self._report, one, card, part)

    def _sure(self, report: Tally, one: Listed, card: Scorecard, part: Part) -> dict[str, Any]:
        """How else an agency's answers could have turned out, and what would lift it."""
        report.agency(one, card, part)
        if card.workings is None:
            return {"quantiles": None, "lift": None}
        as_of = self.heading.as_of
        found = spread(self.scorer, one.record, card, as_of)
        self._spreads.append(found)
        step = lift.lift(self.scorer, one.record, card, as_of)
        return {
            "quantiles": found.tables(self.scorer),
            "lift": lift.values(self.scorer.rubric, step) if step else None,
        }

    def _ranking(self) -> Part:
        placings = rank(self.scorer.rubric, self._standings)
        entries = [_placed(entry, placings.get(entry["code"])) for entry in self._entries]
        entries.sort(key=_place)
        found = self._head(entries)
        if self._report is None:
            return found
        holds = self._report.holds
        of = sure(self.scorer, self._spreads, placings, entries, self.inputs, holds)
        return found | {"ranges": of.head, "entries": of.entries}

    def _head(self, entries: list[dict[str, Any]]) -> dict[str, Any]:
        rubric = self.scorer.rubric
        return {
            "association": dict(self.heading.association),
            "cycle": dict(self.heading.cycle),
            "rubric": {"code": rubric.code, "version": rubric.version},
            "decimals": rubric.scale.decimals,
            "entries": entries,
        }


def agency_part(code: str) -> str:
    """The name of an agency's part."""
    return f"{AGENCIES}{code}"


def _entry(rubric: Rubric, identity: Mapping[str, Any], card: Scorecard) -> dict[str, Any]:
    return {
        "code": identity["code"],
        "names": identity["names"],
        "licence": identity["licence"],
        "state": card.state,
        "score": _units(rubric, card.published),
        "points": _units(rubric, card.points),
        "points_band": card.points_band,
        "confidence": None if card.confidence is None else fraction_text(card.confidence),
    }


def _placed(entry: dict[str, Any], placing: Placing | None) -> dict[str, Any]:
    return entry | {
        "band": placing.band if placing else None,
        "rank": placing.rank if placing else None,
    }


def _place(entry: Mapping[str, Any]) -> tuple[bool, int, str]:
    return entry["rank"] is None, entry["rank"] or 0, entry["code"]


def _units(rubric: Rubric, value: Fraction | None) -> int | None:
    return None if value is None else int(value * 10**rubric.scale.decimals)


def _receipt(scorer: Scorer, card: Scorecard) -> Part | None:
    if card.workings is None:
        return None
    found = receipt(scorer, card)
    return {
        "reachable": found.reachable,
        "lines": [_line(line) for line in found.lines],
        "nodes": _nodes(scorer, card),
        "steps": [
            {"node": node, "step": step, "amount": amount} for node, step, amount in found.steps
        ],
        "limiters": [_limiter(scorer.rubric, one) for one in found.limiters],
    }


def _line(line: Line) -> dict[str, Any]:
    told = [fraction_text(one) if isinstance(one, Fraction) else one for one in line.told]
    return {
        "indicator": line.indicator,
        "basis": line.basis,
        "told": told,
        "share": fraction_text(line.share),
        "earned": line.earned,
        "lost_performance": line.lost_performance,
        "lost_unchecked": line.lost_unchecked,
    }


def _nodes(scorer: Scorer, card: Scorecard) -> dict[str, str | None]:
    workings = card.workings
    if workings is None:
        return {}
    places = ((node.id, scorer.tree.places[node.id]) for node in scorer.rubric.nodes)
    values = ((code, workings.value(place)) for code, place in places)
    return {code: None if value is None else fraction_text(value) for code, value in values}


def _limiter(rubric: Rubric, limiter: Limiter) -> dict[str, Any]:
    return {
        "kind": limiter.kind,
        "code": limiter.code,
        "of": limiter.of,
        "ceiling": rubric.bands[limiter.ceiling].id,
        "amount": _units(rubric, limiter.amount),
    }
