"""The road to an open cycle in steps of one line, over a rubric with a single question."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlmodel import Session

from rankings.models import AssessmentCycle, Association, Rubric
from rankings.scoring.source import RubricSource
from rankings.usecases import associations, cycles, rubrics
from rankings.usecases.journal import OPERATOR, Act

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
ACT = Act(OPERATOR, NOW)
AS_OF = date(2026, 6, 30)
DOCUMENT = """code = "small"
version = "{version}"

[[indicators]]
id = "x"
type = "points"
min = {least}
max = 100
"""


def source(version: str = "1.0.0", least: int = 0) -> RubricSource:
    return RubricSource(DOCUMENT.format(version=version, least=least))


def association(session: Session, code: str = "alpha") -> Association:
    return associations.add(session, code, f"The {code} association", "VN", "Asia/Bangkok", ACT)


def rubric(session: Session, whose: str = "alpha", version: str = "1.0.0") -> Rubric:
    return rubrics.store(session, whose, source(version), ACT)


def plan(slug: str = "2026", version: str = "1.0.0", number: int = 1) -> cycles.Plan:
    return cycles.Plan(UUID(int=number), slug, f"Round {slug}", AS_OF, ("small", version))


def cycle(session: Session, whose: str = "alpha") -> AssessmentCycle:
    """An association with a rubric and an open cycle."""
    association(session, whose)
    rubric(session, whose)
    return cycles.open_cycle(session, whose, plan(), ACT)
