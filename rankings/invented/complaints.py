"""Invented complaints: one register per association that grows from cycle to cycle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from rankings.invented.agencies import BEFORE, CYCLES, Agency, Cell, Cycle, Row, step_of
from rankings.invented.plots import PLOTS
from rankings.invented.register import STEPS, Sent, exposure
from rankings.scoring.evidence import months_after
from rankings.scoring.record import Count
from rankings.scoring.rules import Rate

CATEGORIES = (
    "fees",
    "wages",
    "misrepresentation",
    "deployment_delay",
    "contract_substitution",
    "documents_withheld",
    "compensation",
    "stranded",
    "missing_person",
    "other",
)
SEVERITIES = ("minor", "minor", "minor", "minor", "moderate", "moderate", "serious")
OUTCOMES = (
    *("substantiated", "substantiated", "remedied", "remedied"),
    *("overdue", "withdrawn_unconfirmed"),
)
# What a story leaves in the register: category, severity, outcome.
STORY_CASES = {
    "passport_retention": ("documents_withheld", "moderate", "substantiated"),
    "forced_labour": ("forced_labour", "serious", "substantiated"),
    "fee_repaid": ("fees", "moderate", "remedied"),
    "fee_owed": ("fees", "moderate", "substantiated"),
    "unanswered": ("compensation", "serious", "overdue"),
}
# One month's pay or so, in whole units of the currency.
AMOUNTS = {"VND": 2_500_000, "USD": 150.5, "MMK": 180_000}
MAY_COUNT = ("worker", "worker", "authority")
# Outcome, then whether the agency was heard and why it may count.
UNCOUNTED = (
    ("rejected", ("yes", "")),
    ("rejected", ("yes", "")),
    ("withdrawn", ("yes", "")),
    ("withdrawn_unconfirmed", ("yes", "")),
    ("substantiated", ("no", "worker")),
    ("substantiated", ("yes", "")),
    ("remedied", ("no", "")),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One case with its final outcome; before `decided_on` it stands as open."""

    agency: str
    received_on: date
    decided_on: date
    category: str
    severity: str
    outcome: str
    heard: str
    may_count: str
    more: Mapping[str, Cell]

    @property
    def counts(self) -> bool:
        """Whether it counts once it is decided, by the rule in `docs/files.md`."""
        formal = self.heard == "yes" and self.may_count != ""
        return formal and self.outcome not in ("rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class Year:
    """One 12-month step of a cycle, and how much an event in it weighs."""

    cycle: Cycle
    step: int
    weight: float

    @property
    def first(self) -> date:
        return months_after(self.cycle.as_of, -12 * (self.step + 1)) + timedelta(days=1)


def cases(agency: Agency, rule: Rate, lines: Sequence[Sent], seed: int) -> list[Case]:
    """All cases of an agency; those that count lead to about the value that is aimed at."""
    book = _Book(agency, rule, lines, agency.random(seed, "complaints"))
    for cycle in CYCLES:
        years = list(book.years(cycle))
        if years and agency.listed(cycle):
            book.found += book.of_story(cycle)
            book.found += book.counted(years, book.wanted(cycle))
            book.found += book.uncounted(years[0])
    if agency.listed(CYCLES[-1]) and book.random.random() < agency.size / 1500:
        book.found.append(book.pending())
    return book.found


@dataclass(slots=True)
class _Book:
    """The cases of one agency so far."""

    agency: Agency
    rule: Rate
    lines: Sequence[Sent]
    random: Random
    found: list[Case] = field(default_factory=list)

    def years(self, cycle: Cycle) -> Iterator[Year]:
        """The steps that have no cases yet, as far as the agency was long enough at work."""
        for step, weight in enumerate(self.rule.steps if cycle is BEFORE else self.rule.steps[:1]):
            year = Year(cycle, step, float(weight))
            if months_after(self.agency.licensed_on, 9) <= year.first:
                yield year

    def wanted(self, cycle: Cycle) -> float:
        """How many severity points are still to come in a cycle."""
        rule, aim = self.rule, self.agency.aims[cycle.id] + self.random.gauss(3, 4)
        rate = _rate_for(rule, min(99.0, max(15.0, aim))) * float(rule.benchmark.mu)
        steps = zip(exposure(self.lines, cycle), rule.steps, strict=True)
        worked = sum(float(many * step) for many, step in steps) / float(rule.per)
        there = sum(_weight(rule, one) for one in counts(self.found, cycle))
        return (
            rate * (worked + float(rule.benchmark.k))
            - float(rule.benchmark.k * rule.benchmark.mu)
            - there
        )

    def of_story(self, cycle: Cycle) -> Iterator[Case]:
        """The case behind a serious finding."""
        if self.agency.story(cycle) in STORY_CASES:
            kind = STORY_CASES[self.agency.story(cycle)]
            decided = cycle.opened_on + timedelta(days=self.random.randrange(20, 60))
            yield self.case((decided - timedelta(days=80), decided), kind, ("yes", "authority"))

    def counted(self, years: Sequence[Year], wanted: float) -> Iterator[Case]:
        """Cases until the severity points are used up."""
        rule, random = self.rule, self.random
        least = float(min(rule.steps) * min(rule.severity.values())) / 2
        for _ in range(400):
            if wanted < least:
                return
            year, severity = random.choice(years), random.choice(SEVERITIES)
            outcome = random.choice(OUTCOMES)
            weight = year.weight * float(rule.severity[severity] * rule.outcome[outcome])
            if weight <= wanted + 0.2:
                wanted -= weight
                kind = (random.choice(CATEGORIES), severity, outcome)
                yield self.case(self.days(year, 150), kind, ("yes", random.choice(MAY_COUNT)))

    def uncounted(self, year: Year) -> Iterator[Case]:
        """Cases that must not move anything: rejected, withdrawn, not heard, or not agreed to."""
        random = self.random
        for _ in range(min(6, int(self.agency.size / 500 + random.random()))):
            outcome, formal = random.choice(UNCOUNTED)
            kind = (random.choice(CATEGORIES), random.choice(SEVERITIES), outcome)
            yield self.case(self.days(year, 90), kind, formal)

    def pending(self) -> Case:
        """One that nobody has decided yet."""
        received = CYCLES[-1].as_of - timedelta(days=self.random.randrange(3, 90))
        kind = (self.random.choice(CATEGORIES), self.random.choice(SEVERITIES), "substantiated")
        return self.case((received, date.max), kind, ("yes", "worker"))

    def days(self, year: Year, longest: int) -> tuple[date, date]:
        """Day of receipt and of decision, decided in that step."""
        decided = year.first + timedelta(days=self.random.randrange(5, 360))
        return decided - timedelta(days=self.random.randrange(12, longest)), decided

    def case(
        self, days: tuple[date, date], kind: tuple[str, str, str], formal: tuple[str, str]
    ) -> Case:
        """One case, with how many workers, how much money, where."""
        plot, random = PLOTS[self.agency.association], self.random
        more: dict[str, Cell] = {
            "workers_affected": random.choice((1, 1, 1, 1, 2, 3, 7)),
            "destination": random.choice(plot.destinations) if random.random() < 0.8 else None,
        }
        if kind[0] in ("fees", "wages", "compensation"):
            claimed = AMOUNTS[plot.currency] * random.randrange(1, 12)
            shares = {"remedied": 1.0, "substantiated": random.choice((0.0, 0.5))}
            more |= {"claimed": _amount(claimed), "currency": plot.currency}
            more["recovered"] = _amount(claimed * shares.get(kind[2], 0.0))
        return Case(self.agency.licence, *days, *kind, *formal, more)


def _amount(money: float) -> int | float:
    """As a spreadsheet keeps it: no decimals where there are none."""
    return int(money) if money == int(money) else money


def _rate_for(rule: Rate, value: float) -> float:
    """The relative rate at which the curve has a value."""
    for (left, high), (right, low) in zip(rule.curve, rule.curve[1:], strict=False):
        if float(low) <= value:
            return float(left) + (float(high) - value) / float(high - low) * float(right - left)
    return float(rule.curve[-1][0])


def _weight(rule: Rate, one: Count) -> float:
    found = one.number * rule.severity[one.severity or ""] * rule.outcome[one.outcome or ""]
    return float(found * rule.steps[one.step or 0])


def counts(found: Sequence[Case], cycle: Cycle) -> list[Count]:
    """What counts in a cycle; the decisions of older steps weigh nothing."""
    decided = [one for one in found if one.counts and one.decided_on <= cycle.as_of]
    steps = [step_of(one.decided_on, cycle.as_of) for one in decided]
    return [
        Count(Fraction(1), one.severity, one.outcome, step)
        for one, step in zip(decided, steps, strict=True)
        if step < STEPS
    ]


def complaints(found: Sequence[Case], cycle: Cycle) -> list[Row]:
    """The register on a cycle's cut-off day; numbers follow the day of receipt, so they stay."""
    rows: list[Row] = []
    numbers: dict[int, int] = {}
    for one in sorted(found, key=lambda one: (one.received_on, one.agency)):
        year = one.received_on.year
        numbers[year] = numbers.get(year, 0) + 1
        if one.received_on <= cycle.as_of:
            rows.append({"case": f"KN-{year}-{numbers[year]:04}", **_row(one, cycle)})
    return rows


def _row(one: Case, cycle: Cycle) -> Row:
    row: Row = {
        "agency": one.agency,
        "received_on": one.received_on,
        "category": one.category,
        "severity": one.severity,
        "outcome": "open",
        "workers_affected": one.more["workers_affected"],
        "destination": one.more["destination"],
        "claimed": one.more.get("claimed"),
        "currency": one.more.get("currency"),
    }
    if one.decided_on > cycle.as_of:
        return row
    return row | {
        "outcome": one.outcome,
        "decided_on": one.decided_on,
        "agency_heard": one.heard,
        "may_count": one.may_count,
        "recovered": one.more.get("recovered"),
    }
