"""The run report of an edition: is the rating itself healthy? Everything follows from its parts.

Methodology 8. Nothing in it changes a score, and nothing tells more of an agency or of a worker
than the agency's own page does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

from rankings.scoring.calibration import Calibration
from rankings.scoring.correlation import Correlations
from rankings.scoring.evidence import checked_claims
from rankings.scoring.exact import rounded_units, shared_out
from rankings.scoring.lint import Rehearsal
from rankings.scoring.record import Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Proportion, Rate
from rankings.scoring.score import RATED, Scorecard
from rankings.scoring.sensitivity import Sensitivity
from rankings.scoring.tree import Tree
from rankings.scoring.workings import Workings
from rankings.usecases.gaming_signs_chance import tail
from rankings.usecases.run_report_complaints import Complaints

PART = "run-report"
# What a weight in the score can rest on.
BASES = ("audit", "document", "self", "none", "interviews", "events")
# Points on each side of a cut.
NEAR = Fraction(1)
# What workers said is told where so many agencies had enough of them asked.
LEAST_AGENCIES = 3
# Every agency's weights together are so many parts.
WHOLE = 10**9

Part = Mapping[str, Any]


class Scored(Protocol):
    """An agency on its way into an edition."""

    @property
    def record(self) -> Record:
        """What decides its score."""


class Tally:
    """Takes the agencies one by one in the order of their codes; then `values`."""

    def __init__(self, rubric: Rubric, as_of: date) -> None:
        self.rubric, self.as_of, self._tree = rubric, as_of, Tree(rubric)
        self._pillars = [one.id for one in rubric.pillars]
        self._correlations = Correlations(len(self._pillars))
        self._sensitivity = Sensitivity(rubric)
        self._rehearsal, self._calibration = Rehearsal(rubric), Calibration(rubric)
        self._complaints = [
            Complaints(at, one.id, one.rule)
            for at, one in enumerate(rubric.indicators)
            if isinstance(one.rule, Rate)
        ]
        self._voice = {
            at: Counter[str]()
            for at, one in enumerate(rubric.indicators)
            if isinstance(one.rule, Proportion)
        }
        self._weights: Counter[str] = Counter()
        self._sides: Counter[tuple[str, bool]] = Counter()
        self._checked = self._too_high = 0

    def agency(self, listed: Scored, card: Scorecard, part: Part) -> None:
        """One agency with its scorecard and its part; those without rating say nothing."""
        if card.workings is None or card.points is None:
            return
        record = listed.record
        self._sensitivity.add(record, self.as_of, card)
        self._rehearsal.add(card)
        self._calibration.add(record, card)
        self._weigh(card.workings)
        self._stand(card.points)
        self._correlations.add(
            [card.workings.value(self._tree.places[pillar]) for pillar in self._pillars]
        )
        too_high, checked = checked_claims(self.rubric, record)
        self._too_high += too_high
        self._checked += checked
        self._hear(card.workings)
        for one in self._complaints:
            one.add(part["code"], record, card.workings)

    @property
    def holds(self) -> bool:
        """Whether other choices in the method would hardly change the ranking; ask at the end."""
        return bool(self._varied["holds"])

    def values(self, ranking: Part) -> dict[str, Any]:
        """The part, once all agencies have been taken; `docs/run-report.md` names its keys."""
        return {
            "bands": self._bands(ranking),
            "weight_checked": self._weight_checked(),
            "over_claims": {"checked": self._checked, "too_high": self._too_high},
            "cuts": self._cuts(),
            "pillars": {"ids": self._pillars, "correlations": self._correlations.table()},
            "voice": self._said(),
            "complaints": [one.values() for one in self._complaints],
            "sensitivity": self._varied,
            "lint": [one.values() for one in self._rehearsal.findings()],
            "estimates": self._calibration.values(),
        }

    @cached_property
    def _varied(self) -> dict[str, Any]:
        return self._sensitivity.values()

    def _bands(self, ranking: Part) -> dict[str, int]:
        given = Counter(one["band"] for one in ranking["entries"] if one["state"] == RATED)
        return {band.id: given[band.id] for band in self.rubric.bands}

    def _weigh(self, workings: Workings) -> None:
        """Adds what the agency's score rests on, all of it together `WHOLE`."""
        weights = workings.shape.weights
        found: Counter[str] = Counter()
        for leaf, weight in zip(workings.leaves, weights, strict=True):
            if leaf is not None:
                found[leaf.basis] += weight
        for basis, weight in found.items():
            self._weights[basis] += weight * WHOLE // (sum(weights) or 1)

    def _weight_checked(self) -> dict[str, int | None]:
        """Tenths of a percent that add up, on average over the rated."""
        whole = sum(self._weights.values())
        if not whole:
            return dict.fromkeys(BASES)
        parts = [1000 * self._weights[basis] for basis in BASES]
        return dict(zip(BASES, shared_out(parts, whole, 1000), strict=True))

    def _stand(self, points: Fraction) -> None:
        """Notes where the points lie close to a cut."""
        if self.rubric.banding.by != "points":
            return
        for band in self.rubric.bands:
            if band.cut and band.cut - NEAR <= points < band.cut + NEAR:
                self._sides[band.id, points >= band.cut] += 1

    def _cuts(self) -> list[dict[str, Any]]:
        """How many lie just below and just above each cut, and how likely by chance alone."""
        if self.rubric.banding.by != "points":
            return []
        sides = [
            (band.id, self._sides[band.id, False], self._sides[band.id, True])
            for band in self.rubric.bands
            if band.cut
        ]
        return [
            {"band": band, "below": below, "above": above, "chance": uneven(below, above)}
            for band, below, above in sides
        ]

    def _hear(self, workings: Workings) -> None:
        for at, heard in self._voice.items():
            leaf = workings.leaves[at]
            # Where fewer were asked than the rubric wants the leaf tells of none.
            if leaf is not None and leaf.told[1]:
                good, asked = (int(one) for one in leaf.told)
                heard.update(agencies=1, asked=asked, good=good)

    def _said(self) -> list[dict[str, Any]]:
        return [
            {"indicator": self.rubric.indicators[at].id}
            | {name: heard[name] for name in ("agencies", "asked", "good")}
            for at, heard in self._voice.items()
            if heard["agencies"] >= LEAST_AGENCIES
        ]


def uneven(below: int, above: int) -> int:
    """How likely chance shares them out so unevenly, in thousandths: exact binomial, two-sided."""
    chance = min(2 * tail(max(below, above), below + above), Fraction(1))
    return rounded_units(chance.numerator * 1000, chance.denominator, "half_up")
