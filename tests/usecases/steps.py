"""The road to an edition in steps of one line, over a rubric with a single question."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

from sqlmodel import Session

from rankings.models import AssessmentCycle, Association, RankingEdition, Rubric
from rankings.scoring.record import Answer, Record
from rankings.scoring.score import Scorer
from rankings.scoring.source import RubricSource, read
from rankings.usecases import associations, cycles, edition_parts, editions, rubrics

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
AS_OF = date(2026, 6, 30)
POINTS = {"B": 80, "C": 60, "A": 60}
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
    return associations.add(session, code, f"The {code} association", "VN", "Asia/Bangkok", NOW)


def rubric(session: Session, whose: str = "alpha", version: str = "1.0.0") -> Rubric:
    return rubrics.store(session, whose, source(version), NOW)


def plan(slug: str = "2026", version: str = "1.0.0", number: int = 1) -> cycles.Plan:
    return cycles.Plan(UUID(int=number), slug, f"Round {slug}", AS_OF, ("small", version))


def cycle(session: Session, whose: str = "alpha") -> AssessmentCycle:
    """An association with a rubric and an open cycle."""
    association(session, whose)
    rubric(session, whose)
    return cycles.open_cycle(session, whose, plan(), NOW)


def scored(points: Mapping[str, int] = POINTS) -> list[edition_parts.Scored]:
    """Agencies by code, each with its points."""
    scorer = Scorer(read(source()).rubric)
    return [
        edition_parts.Scored(code, f"Agency {code}", scorer.score(record(code, number), AS_OF))
        for code, number in points.items()
    ]


def record(code: str, points: int) -> Record:
    return Record(code, {"x": [Answer(Fraction(points))]})


def parts(session: Session, opened: AssessmentCycle) -> dict[str, bytes]:
    whose = associations.find(session, opened.association)
    return edition_parts.parts(whose, opened, Scorer(cycles.code_of(opened).rubric), scored())


def publish(
    session: Session, opened: AssessmentCycle, number: int = 1, reason: str | None = None
) -> RankingEdition:
    """An edition of the cycle; the number only makes its key and its time."""
    new = editions.New(UUID(int=100 + number), parts(session, opened), reason)
    moment = NOW.replace(hour=2 + number)
    return editions.store(session, opened.association, opened, new, moment)
