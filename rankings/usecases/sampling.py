"""A proposal whom to audit next: reasons with numbers, added up; nobody is exempt.

The weights and what stands behind them: `docs/audits.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from rankings.models import Agency, AssessmentCycle, Audit
from rankings.scoring.evidence import months_after
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Rate
from rankings.usecases import complaints, cycles, licences
from rankings.usecases.gathering import Known, gathered
from rankings.usecases.records import workers_sent

# How many points each reason is worth at most.
WEIGHTS: Mapping[str, int] = {
    "complaint": 40,
    "claims": 30,
    "unaudited": 25,
    "silence": 20,
    "reversal": 15,
    "new": 10,
}
# Months that are looked back, for silence and licences, and for complaints that were upheld.
MONTHS, UPHELD_MONTHS = 24, 12
# Points for each time that upheld complaints are above what the size lets expect.
PER_MULTIPLE = 20
# Claims are compared from so many questions on, and are a reason from this share of them on.
LEAST_COMPARED, CLAIMS_FROM = 5, Fraction(1, 5)
# With so many complaints expected, silence would be chance once in twenty.
LEAST_EXPECTED = 3
# From so many complaints of the register on, their mean weight is no accident.
LEAST_WEIGHED = 20
# Months without a visit until it is a reason, and until an agency is no longer new.
UNAUDITED_FROM, NEW_UNTIL = 12, 12
VISIT = "audit"
# Whoever has lost the licence is not visited.
VISITED = ("valid", "suspended")

Numbers = Mapping[str, int | Fraction]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an agency's risk on a day.

    `gaps` are levels, claim minus last finding, of each question that has both; `complaints` came
    in and `expected` is how many the agency's size lets expect; `upheld` are the complaints that
    count, `weight` is their severity, `usual` the severity that the size lets expect, `grave` how
    many are of the gravest kind; `unaudited` are months since the last visit, None where there
    was none.
    """

    gaps: Sequence[int] = ()
    complaints: int = 0
    expected: Fraction = Fraction(0)
    upheld: int = 0
    weight: Fraction = Fraction(0)
    usual: Fraction = Fraction(0)
    grave: int = 0
    unaudited: int | None = None
    licensed: int = 0
    reversals: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, its points, and its numbers by name."""

    code: str
    points: int
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Proposal:
    """An agency that should be visited, and why."""

    agency: Agency
    reasons: Sequence[Reason]

    @property
    def points(self) -> int:
        """All reasons together."""
        return sum(one.points for one in self.reasons)


def reasons(facts: Facts) -> list[Reason]:
    """Why an agency should be visited, the heaviest reason first."""
    found = (
        _complaint(facts),
        _claims(facts),
        _unaudited(facts),
        _silence(facts),
        _reversal(facts),
        _new(facts),
    )
    return sorted((one for one in found if one), key=lambda one: -one.points)


def proposed(session: Session, cycle: AssessmentCycle, today: date) -> list[Proposal]:
    """Every licensed agency without a visit in the cycle that has a reason, the strongest first."""
    agencies = _without_visit(session, cycle, today)
    known = gathered(session, cycle, list(agencies))
    rubric = cycles.code_of(cycle).rubric
    mean = _mean(rubric, known.values())
    found = [
        Proposal(agency, reasons(facts(rubric, agency, known[key], today, mean)))
        for key, agency in agencies.items()
        if licences.licence(agency, known[key].licence_states, today)["state"] in VISITED
    ]
    return sorted((one for one in found if one.reasons), key=lambda one: -one.points)


def facts(rubric: Rubric, agency: Agency, known: Known, today: date, mean: Fraction) -> Facts:
    """The facts from rows; what is dated after the day is not known yet.

    `mean` is the weight of a complaint of usual severity, above 0.
    """
    recent = [one for one in known.complaints if _recent(one.received_on, today)]
    decided = [one for one in known.complaints if one.decided_on and complaints.counts(one)]
    upheld = [one for one in decided if _recent(one.decided_on, today, UPHELD_MONTHS)]
    weights = [_weight(rubric, one.severity) for one in upheld]
    visits = [one.found_on for one in known.findings if one.evidence == VISIT]
    last = max((day for day in visits if day <= today), default=None)
    turned = [one.reversed_on for one in known.licence_states if one.reversed_on]
    sent = workers_sent(known, today, MONTHS // 12)
    return Facts(
        gaps=_gaps(rubric, known, today),
        complaints=len(recent),
        expected=_usual(rubric, sum(sent)) / mean,
        upheld=len(upheld),
        weight=sum(weights, Fraction(0)),
        usual=_usual(rubric, sent[0]),
        grave=sum(_is_gravest(rubric, one) for one in weights),
        unaudited=None if last is None else licences.months_between(last, today),
        licensed=licences.months_between(agency.licensed_on, today),
        reversals=sum(_recent(day, today) for day in turned),
    )


def _complaint(facts: Facts) -> Reason | None:
    """By how often the severity is above what the size lets expect; the gravest kind alone counts.

    Where nobody is known to have been sent, nothing was to be expected.
    """
    most = WEIGHTS["complaint"]
    if facts.grave or (facts.weight and not facts.usual):
        points = most
    else:
        above = facts.weight / facts.usual - 1 if facts.weight else Fraction(0)
        points = min(most, int(PER_MULTIPLE * above))
    if points <= 0:
        return None
    numbers: Numbers = {"cases": facts.upheld, "weight": facts.weight, "expected": facts.usual}
    return Reason(
        "complaint", points, {**numbers, **({"grave": facts.grave} if facts.grave else {})}
    )


def _claims(facts: Facts) -> Reason | None:
    higher, compared = sum(gap >= 1 for gap in facts.gaps), len(facts.gaps)
    if compared < LEAST_COMPARED or Fraction(higher, compared) < CLAIMS_FROM:
        return None
    gap = Fraction(sum(facts.gaps), compared)
    numbers: Numbers = {"higher": higher, "compared": compared, "gap": gap}
    return Reason("claims", WEIGHTS["claims"] * higher // compared, numbers)


def _unaudited(facts: Facts) -> Reason | None:
    """A point for each month without a visit; the most where there never was one."""
    most = WEIGHTS["unaudited"]
    if facts.unaudited is None:
        return Reason("unaudited", most, {})
    if facts.unaudited < UNAUDITED_FROM:
        return None
    return Reason("unaudited", min(most, facts.unaudited), {"months": facts.unaudited})


def _silence(facts: Facts) -> Reason | None:
    if facts.complaints or facts.expected < LEAST_EXPECTED:
        return None
    return Reason("silence", WEIGHTS["silence"], {"expected": facts.expected})


def _reversal(facts: Facts) -> Reason | None:
    if not facts.reversals:
        return None
    return Reason("reversal", WEIGHTS["reversal"], {"reversals": facts.reversals})


def _new(facts: Facts) -> Reason | None:
    if facts.licensed >= NEW_UNTIL:
        return None
    return Reason("new", WEIGHTS["new"], {"months": facts.licensed})


def _recent(day: date | None, today: date, months: int = MONTHS) -> bool:
    return day is not None and day <= today < months_after(day, months)


def _gaps(rubric: Rubric, known: Known, today: date) -> list[int]:
    """Claim minus the newest finding, in levels, of each question that has both."""
    asked = {one.id: one for one in rubric.indicators if isinstance(one.rule, Level)}
    newest: dict[str, Any] = {}
    # Of one day a visit says more than documents do.
    for one in sorted(known.findings, key=lambda one: (one.found_on, one.evidence == VISIT)):
        if one.found_on <= today:
            newest[one.indicator] = one.found
    found = []
    for one in known.answers:
        levels = _levels(asked.get(one.indicator))
        if one.value in levels and newest.get(one.indicator) in levels:
            found.append(levels[one.value] - levels[newest[one.indicator]])
    return found


def _levels(indicator: Indicator | None) -> dict[str, int]:
    """The options of a question by how high they stand."""
    rule = indicator.rule if indicator else None
    return {one.id: n for n, one in enumerate(rule.options)} if isinstance(rule, Level) else {}


def _rate(rubric: Rubric) -> Rate | None:
    """The rule with the benchmark of complaints; of several the one that lets expect the most."""
    rules = [one.rule for one in rubric.indicators if isinstance(one.rule, Rate)]
    shrunk = [one for one in rules if one.benchmark.mu]
    return max(shrunk, key=lambda one: one.benchmark.mu / one.per, default=None)


def _usual(rubric: Rubric, workers: int) -> Fraction:
    """The severity that so many workers let expect, by the benchmark of the rubric."""
    rule = _rate(rubric)
    return rule.benchmark.mu / rule.per * workers if rule else Fraction(0)


def _weight(rubric: Rubric, severity: str) -> Fraction:
    """How much a complaint of a severity counts."""
    rule = _rate(rubric)
    return rule.severity.get(severity, Fraction(1)) if rule else Fraction(1)


def _gravest(rubric: Rubric) -> Fraction:
    """The weight of the gravest complaint."""
    rule = _rate(rubric)
    return max([Fraction(1), *rule.severity.values()]) if rule else Fraction(1)


def _is_gravest(rubric: Rubric, weight: Fraction) -> bool:
    """Not where all are worth the same."""
    return weight == _gravest(rubric) > 1


def _mean(rubric: Rubric, known: Iterable[Known]) -> Fraction:
    """The mean weight of the register's complaints; the gravest where it holds too few.

    The benchmark of the rubric counts a grave complaint several times, so that it says how many
    are expected only when divided by this.
    """
    weights = [_weight(rubric, one.severity) for each in known for one in each.complaints]
    total = sum(weights, Fraction(0))
    return total / len(weights) if total and len(weights) >= LEAST_WEIGHED else _gravest(rubric)


def _without_visit(session: Session, cycle: AssessmentCycle, today: date) -> dict[UUID, Agency]:
    visited = select(Audit.agency).where(
        Audit.association == cycle.association, Audit.cycle == cycle.id, Audit.evidence == VISIT
    )
    taken = set(session.exec(visited))
    licensed = select(Agency).where(
        Agency.association == cycle.association, Agency.licensed_on <= today
    )
    found = session.exec(licensed.order_by(Agency.code))
    return {one.id: one for one in found if one.id not in taken}
