"""Auditor effects: who finds agencies better or worse than others do on the same questions.

Methodology 7 and 8. It changes no score and is no part of an edition: who audited whom is not
public. Auditors may have been sent to agencies that are different, so it says where to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.models import AssessmentCycle, Audit, Finding
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Level
from rankings.scoring.tree import Tree
from rankings.usecases import cycles
from rankings.usecases.gaming_signs_reading import owed
from rankings.usecases.rows import rows

# From so many agencies on, and beyond so many standard errors, a difference is marked.
AGENCIES, ERRORS = 5, 3.0


@dataclass(frozen=True, slots=True)
class Made:
    """One finding: its worth in points of 100, and its question's weight in the total.

    Like is compared with like: `question` is the indicator and on what evidence it was found.
    """

    auditor: str
    agency: UUID
    question: tuple[str, str]
    worth: float
    weight: float


@dataclass(frozen=True, slots=True)
class Effect:
    """An auditor's mean finding and what everybody's findings let expect, in points of 100.

    Every agency counts the same. `errors` is the difference in standard errors, None where
    nothing varies.
    """

    auditor: str
    agencies: int
    findings: int
    found: float
    expected: float
    errors: float | None

    @property
    def difference(self) -> float:
        """In points; above 0 where the auditor finds agencies better than expected."""
        return self.found - self.expected

    @property
    def is_marked(self) -> bool:
        """Whether chance hardly explains the difference."""
        enough = self.agencies >= AGENCIES and self.errors is not None
        return enough and abs(self.errors or 0.0) > ERRORS


def of(session: Session, cycle: AssessmentCycle) -> list[Effect]:
    """Every auditor of a cycle; findings of audits that are not closed are nobody's business."""
    closed = select(Audit.id).where(
        Audit.association == cycle.association, col(Audit.closed_at).is_not(None)
    )
    found = rows(
        session,
        (Finding.auditor, Finding.agency, Finding.indicator, Finding.evidence, Finding.found),
        col(Finding.association) == cycle.association,
        col(Finding.cycle) == cycle.id,
        col(Finding.audit).is_(None) | col(Finding.audit).in_(closed),
    )
    return effects(list(_made(cycles.code_of(cycle).rubric, found)))


def shown(
    session: Session, cycle: AssessmentCycle, found: Sequence[Effect], account: UUID
) -> list[Effect]:
    """What an account may read: nobody reads about themselves.

    Nor does anybody who still owes a blind second opinion: a mean of few findings would tell them.
    """
    if owed(session, cycle, account):
        return []
    return [one for one in found if one.auditor != str(account)]


def effects(made: Sequence[Made]) -> list[Effect]:
    """Every auditor beside all of them together, the largest difference first.

    The standard error comes from how much agencies of the same auditor differ, over all auditors,
    so that a few agencies that happen to be alike make nobody suspicious.
    """
    usual = _usual(made)
    by_auditor: dict[str, dict[UUID, list[Made]]] = {}
    for one in made:
        by_auditor.setdefault(one.auditor, {}).setdefault(one.agency, []).append(one)
    means = {
        auditor: [_means(own, usual) for own in agencies.values()]
        for auditor, agencies in by_auditor.items()
    }
    deviation = _deviation([[found - usual for found, usual in own] for own in means.values()])
    told = [
        _effect(auditor, means[auditor], sum(map(len, agencies.values())), deviation)
        for auditor, agencies in by_auditor.items()
    ]
    return sorted(told, key=lambda one: (-abs(one.difference), one.auditor))


def _usual(made: Iterable[Made]) -> dict[tuple[str, str], float]:
    """What is found on each question on average."""
    found: dict[tuple[str, str], list[float]] = {}
    for one in made:
        found.setdefault(one.question, []).append(one.worth)
    return {question: fmean(worths) for question, worths in found.items()}


def _means(own: Sequence[Made], usual: dict[tuple[str, str], float]) -> tuple[float, float]:
    """Of one agency: what was found and what was to be expected, by the questions' weights."""
    weights = [one.weight for one in own]
    return (
        fmean([one.worth for one in own], weights),
        fmean([usual[one.question] for one in own], weights),
    )


def _deviation(groups: Sequence[Sequence[float]]) -> float | None:
    """How much values differ within their groups; None where each group has one only."""
    free = sum(len(group) - 1 for group in groups)
    if not free:
        return None
    squares = sum((one - fmean(group)) ** 2 for group in groups for one in group)
    return sqrt(squares / free)


def _effect(
    auditor: str, means: Sequence[tuple[float, float]], findings: int, deviation: float | None
) -> Effect:
    found, expected = (fmean(column) for column in zip(*means, strict=True))
    errors = None
    if deviation:
        errors = (found - expected) / (deviation / sqrt(len(means)))
    return Effect(auditor, len(means), findings, found, expected, errors)


def _made(rubric: Rubric, findings: Iterable[Any]) -> Iterator[Made]:
    """Findings on questions with options, as numbers."""
    worths, weights = _worths(rubric), _weights(rubric)
    for auditor, agency, indicator, evidence, found in findings:
        worth, weight = worths.get((indicator, found)), weights.get(indicator)
        if worth is not None and weight:
            yield Made(auditor, agency, (indicator, evidence), worth, weight)


def _worths(rubric: Rubric) -> dict[tuple[str, str], float]:
    return {
        (one.id, option.id): float(100 * option.points / one.max)
        for one in rubric.indicators
        if isinstance(one.rule, Level) and one.max
        for option in one.rule.options
    }


def _weights(rubric: Rubric) -> dict[str, float]:
    """The share of each question in the total where every question counts."""
    tree = Tree(rubric)
    shares = tree.shape((True,) * tree.leaves).shares
    return {
        one.id: float(share * (one.max or 0))
        for one, share in zip(rubric.indicators, shares, strict=False)
    }
