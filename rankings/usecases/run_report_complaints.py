"""Complaints of a run report: raw and shrunk rates, and who lies outside of the funnel."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from rankings.scoring.exact import fraction_text, rounded_units
from rankings.scoring.funnel import distance, outside, spread
from rankings.scoring.leaves import weighted_events, weighted_exposure
from rankings.scoring.record import Events, Record
from rankings.scoring.rules import Rate
from rankings.scoring.workings import Workings

# Rates are told per so many workers, in hundredths.
WORKERS, HUNDREDTHS = 1000, 100


@dataclass(slots=True)
class Complaints:
    """One indicator of events per workers, at a place among the leaves."""

    at: int
    indicator: str
    rule: Rate
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _distances: list[int | None] = field(default_factory=list)

    def add(self, code: str, record: Record, workings: Workings) -> None:
        """One rated agency; left out where the indicator does not count."""
        if workings.leaves[self.at] is None:
            return
        rule, given = self.rule, record.events.get(self.indicator, Events((), ()))
        usual = rule.benchmark_of(record.facts.get(rule.peers_by or ""))
        events = weighted_events(self.indicator, rule, given)
        exposure = weighted_exposure(self.indicator, rule, given)
        self._distances.append(distance(events, exposure, usual.mu, usual.phi))
        self._rows.append(
            {
                "code": code,
                "workers": fraction_text(exposure * rule.per),
                "events": fraction_text(events),
                "raw": self._told(events / exposure) if exposure else None,
                "shrunk": self._told((events + usual.k * usual.mu) / (exposure + usual.k)),
            }
        )

    def values(self) -> dict[str, Any]:
        """What the report tells of the indicator; the widening of the lines in thousandths."""
        factor = spread([one for one in self._distances if one is not None])
        rows = zip(self._rows, self._distances, strict=True)
        agencies = [row | {"outside": outside(found, factor)} for row, found in rows]
        return {"indicator": self.indicator, "spread": factor, "agencies": agencies}

    def _told(self, rate: Fraction) -> int:
        told = rate / self.rule.per * WORKERS * HUNDREDTHS
        return rounded_units(told.numerator, told.denominator, "half_up")
