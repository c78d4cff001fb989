"""What a cycle says of the numbers that a rubric fixes: credit of evidence, benchmark rates.

Methodology 2.2 and 2.4. Nothing here moves a score: the next version of the rubric may take the
estimates (`next_version`). Moments of a compound Poisson rate after H. Buehlmann and E. Straub.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from rankings.scoring.conditions import Fact
from rankings.scoring.evidence import STRENGTH, credits_of, newest, strongest_finding
from rankings.scoring.exact import fraction_text, rounded
from rankings.scoring.leaves import weight_of, weighted_events, weighted_exposure, worth_of
from rankings.scoring.record import Answer, Events, Record, RecordError
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Benchmark, Level, Numeric, Rate
from rankings.scoring.score import Scorecard

# Fewer say too little.
LEAST_PAIRS, LEAST_AGENCIES = 30, 10
# Estimates have so many decimals.
DECIMALS = 4
# One round must not make the record of an agency count ten times less, or more, than it did.
LEAST_K, MOST_K = Fraction(1, 10), Fraction(10)
# Squares over exposure are kept as whole numbers of this fineness, or long sums would be slow.
FINE = 10**12
BELOW_AUDIT = ("self", "document")
ZERO = Fraction(0)

# So many pairs, what the weaker evidence says, what the stronger one: shares of the best answer.
Pair = tuple[int, Fraction, Fraction]


class Calibration:
    """Takes the agencies one by one; those that are not rated say nothing."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        # A penalty is never discounted, so that there is no credit to estimate.
        higher = rubric.scale.higher_is_better
        self._graded = [
            (at, one)
            for at, one in enumerate(rubric.indicators)
            if higher and isinstance(one.rule, Level | Numeric)
        ]
        self._pairs = {grade: Counter[tuple[int, Fact, Fact]]() for grade in BELOW_AUDIT}
        self._rates = [
            _Rates(at, one.id, one.rule)
            for at, one in enumerate(rubric.indicators)
            if isinstance(one.rule, Rate) and one.rule.shrunk
        ]

    def add(self, record: Record, card: Scorecard) -> None:
        """One agency with its scorecard."""
        if card.workings is None:
            return
        self._compare(record)
        for rates in self._rates:
            if card.workings.leaves[rates.at] is not None:
                rates.add(record)

    def _compare(self, record: Record) -> None:
        for at, one in self._graded:
            given = record.answers.get(one.id, ())
            if len(given) > 1 and one.id not in record.marks:
                for grade, weaker, stronger in _pairs(given):
                    self._pairs[grade][at, weaker.value, stronger.value] += 1

    def values(self) -> dict[str, Any]:
        """Numbers as `n/d` with four decimals; null where too few agencies or pairs say it."""
        found = {grade: [*self._worths(grade)] for grade in BELOW_AUDIT}
        credit: dict[str, Any] = {grade: _credit(worths) for grade, worths in found.items()}
        pairs = {grade: sum(many for many, _, _ in worths) for grade, worths in found.items()}
        rates = [one for rates in self._rates for one in rates.values()]
        return {"credit": credit | {"pairs": pairs}, "rates": rates}

    def _worths(self, grade: str) -> Iterator[Pair]:
        """Each distinct pair that can be read: how often it came, and what both are worth."""
        credit = credits_of(self.rubric.evidence)[0]
        known = next(iter(credit.earns))
        worths = {at: (worth_of(one, self.rubric), one.max) for at, one in self._graded}
        for (at, weaker, stronger), many in self._pairs[grade].items():
            worth, best = worths[at]
            try:
                said, found = (worth(one, known, credit).worth for one in (weaker, stronger))
            except RecordError:
                # An answer that does not count may be any word.
                continue
            if best:
                yield many, said / best, found / best


def _credit(worths: Iterable[Pair]) -> str | None:
    """What a stronger check found, as a share of what the weaker evidence said."""
    pairs, said, found = 0, ZERO, ZERO
    for many, weaker, stronger in worths:
        pairs += many
        said += many * weaker
        found += many * stronger
    if pairs < LEAST_PAIRS or not said:
        return None
    return fraction_text(rounded(found / said, DECIMALS, "half_up"))


def _pairs(given: Sequence[Answer]) -> Iterator[tuple[str, Answer, Answer]]:
    """What was claimed beside what was found, and what documents said beside an audit."""
    finding = strongest_finding(given)
    if finding is None:
        return
    claim = newest(one for one in given if one.grade == "self")
    if claim is not None:
        yield "self", claim, finding
    paper = newest(one for one in given if one.grade == "document" and one.this_cycle)
    if paper is not None and STRENGTH[finding.grade] > STRENGTH[paper.grade]:
        yield "document", paper, finding


@dataclass(slots=True)
class _Sums:
    """What is summed up over the agencies of a group.

    `events` and `exposure` are weighted; `over` is the sum of events squared over exposure, in
    units of 1 / FINE; `squares` that of the squared weight of every event.
    """

    agencies: int = 0
    events: Fraction = ZERO
    exposure: Fraction = ZERO
    over: int = 0
    squares: Fraction = ZERO

    def add(self, events: Fraction, exposure: Fraction, squares: Fraction) -> None:
        self.agencies += 1
        self.events += events
        self.exposure += exposure
        self.over += int(events * events * FINE / exposure)
        self.squares += squares

    def estimate(self, running: Benchmark) -> Benchmark | None:
        """By moments; k between a tenth and ten times of the running one. None if too few."""
        if self.agencies < LEAST_AGENCIES or not self.events:
            return None
        mu, phi = self.events / self.exposure, self.squares / self.events
        chance = phi * mu * self.agencies / self.exposure
        seen = Fraction(self.over, FINE) / self.exposure - mu * mu
        least, most = LEAST_K * running.k, MOST_K * running.k
        between = seen - chance
        k = most if between <= 0 else min(max(phi * mu / between, least), most)
        return Benchmark(mu, k, phi)


@dataclass(slots=True)
class _Rates:
    """One indicator of events per exposure, at a place among the leaves; None is everybody."""

    at: int
    indicator: str
    rule: Rate
    _groups: dict[str | None, _Sums] = field(default_factory=lambda: {None: _Sums()})

    def add(self, record: Record) -> None:
        """One rated agency; without exposure it has no rate."""
        code, rule = self.indicator, self.rule
        given = record.events.get(code, Events((), ()))
        exposure = weighted_exposure(code, rule, given)
        if not exposure:
            return
        events = weighted_events(code, rule, given)
        squares = sum(
            (one.number * weight_of(code, rule, one) ** 2 for one in given.counts), start=ZERO
        )
        self._groups[None].add(events, exposure, squares)
        group = record.facts.get(rule.peers_by) if rule.peers_by else None
        if isinstance(group, str):
            self._groups.setdefault(group, _Sums()).add(events, exposure, squares)

    def values(self) -> Iterator[dict[str, Any]]:
        """All agencies, then by name each group that the rubric has, or that is large enough."""
        large = {one for one, found in self._groups.items() if found.agencies >= LEAST_AGENCIES}
        named = sorted(one for one in large | {*self.rule.peers} if one is not None)
        for group in (None, *named):
            found = self._groups.get(group, _Sums())
            estimate = found.estimate(self.rule.benchmark_of(group))
            yield {
                "indicator": self.indicator,
                "group": group,
                "mu": estimate and _told(estimate.mu),
                "k": estimate and _told(estimate.k),
                "phi": estimate and _told(estimate.phi),
                "agencies": found.agencies,
            }


def _told(value: Fraction) -> str | None:
    """Rounded; None for what would be 0, which has too few decimals to say anything."""
    short = rounded(value, DECIMALS, "half_up")
    return fraction_text(short) if short else None
