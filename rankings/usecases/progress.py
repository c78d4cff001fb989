"""How far self-assessments have come, of one agency and of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, desc, func, select

from rankings.models import Agency, Answer, AssessmentCycle, Evidence, SelfAssessment
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator
from rankings.usecases.answers import Questions
from rankings.usecases.assessments import participants
from rankings.usecases.incoming import Given, Wrong
from rankings.usecases.rows import rows

NOT_STARTED, IN_PROGRESS, COMPLETED, PROBLEM = (
    "not_started",
    "in_progress",
    "completed",
    "problem",
)
SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class Section:
    """An article with the indicators that are asked in it, and how far its answers are."""

    article: str
    indicators: Sequence[Indicator]
    answered: int
    wrong: frozenset[str]

    @property
    def state(self) -> str:
        """`not_started`, `in_progress`, `completed` or `problem`."""
        if self.wrong:
            return PROBLEM
        if not self.answered:
            return NOT_STARTED
        return COMPLETED if self.answered == len(self.indicators) else IN_PROGRESS


def sections(
    questions: Questions, rubric: Rubric, given: Mapping[str, Answer], troubled: frozenset[str]
) -> list[Section]:
    """The articles in the rubric's order; `troubled` names indicators whose files need a look."""
    by_article: dict[str, list[Indicator]] = {node.id: [] for node in rubric.nodes}
    for one in questions.asked.values():
        by_article[one.parent].append(one)
    return [
        Section(
            article,
            asked,
            sum(one.id in given for one in asked),
            frozenset(
                one.id for one in asked if one.id in troubled or _wrong(questions, given, one)
            ),
        )
        for article, asked in by_article.items()
        if asked
    ]


def _wrong(questions: Questions, given: Mapping[str, Answer], indicator: Indicator) -> bool:
    """Whether an answer is none by the rubric, as one from a file of long ago may be."""
    answer = given.get(indicator.id)
    if answer is None:
        return False
    row = Given({"indicator": indicator.id, "answer": answer.value}, str)
    try:
        questions.answer(row, "answer")
    except Wrong:
        return True
    return False


@dataclass(frozen=True, slots=True)
class Line:
    """One agency of a cycle: how many answers and files it has given, and since when it is done."""

    agency: Agency
    answered: int
    files: int
    submitted_on: date | None

    @property
    def state(self) -> str:
        """`not_started`, `in_progress` or `submitted`."""
        if self.submitted_on:
            return SUBMITTED
        return IN_PROGRESS if self.answered or self.files else NOT_STARTED


def overview(session: Session, cycle: AssessmentCycle) -> list[Line]:
    """Every agency that takes part in a cycle, by code."""
    submitted: dict[UUID, date | None] = dict(
        rows(
            session,
            (SelfAssessment.agency, SelfAssessment.submitted_on),
            col(SelfAssessment.association) == cycle.association,
            col(SelfAssessment.cycle) == cycle.id,
        )
    )
    answered, files = _counts(session, cycle, Answer), _counts(session, cycle, Evidence)
    agencies = session.exec(
        select(Agency)
        .where(
            Agency.association == cycle.association,
            col(Agency.id).in_(participants(session, cycle)),
        )
        .order_by(Agency.code)
    )
    return [
        Line(one, answered.get(one.id, 0), files.get(one.id, 0), submitted.get(one.id))
        for one in agencies
    ]


def _counts(
    session: Session, cycle: AssessmentCycle, table: type[Answer] | type[Evidence]
) -> dict[UUID, int]:
    counted = (
        select(table.agency, func.count())
        .where(table.association == cycle.association, table.cycle == cycle.id)
        .group_by(col(table.agency))
    )
    return dict(session.exec(counted).all())


def cycles_of(session: Session, association: str) -> Sequence[AssessmentCycle]:
    """All cycles of an association, the newest first."""
    return session.exec(
        select(AssessmentCycle)
        .where(AssessmentCycle.association == association)
        .order_by(desc(AssessmentCycle.as_of))
    ).all()
