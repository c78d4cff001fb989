"""Rows with defaults, so that a test says only what it is about."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlmodel import Session

from rankings.models import AssessmentCycle, Association, EditionPart, RankingEdition, Rubric

THEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
CYCLE, EDITION = UUID(int=1), UUID(int=2)


def association(session: Session, code: str = "alpha") -> Association:
    row = Association(id=code, name=code, country="VN", time_zone="Asia/Bangkok", created_at=THEN)
    session.add(row)
    session.flush()
    return row


def rubric(session: Session, whose: str = "alpha") -> Rubric:
    row = Rubric(
        association=whose,
        code="code",
        version="1",
        document="",
        labels={"vi": "Bộ quy tắc", "en": "Code"},
        digest="0" * 64,
        stored_at=THEN,
    )
    session.add(row)
    session.flush()
    return row


def cycle(session: Session, whose: str = "alpha") -> AssessmentCycle:
    row = AssessmentCycle(
        association=whose,
        id=CYCLE,
        slug="2026",
        name="2026",
        as_of=date(2026, 1, 1),
        opened_at=THEN,
        rubric_code="code",
        rubric_version="1",
        rubric_document="",
        rubric_labels={"en": "Code"},
    )
    session.add(row)
    session.flush()
    return row


def edition(session: Session, whose: str = "alpha", number: int = 1) -> RankingEdition:
    row = RankingEdition(
        association=whose,
        id=EDITION,
        cycle=CYCLE,
        number=number,
        published_at=THEN,
        as_of=date(2026, 1, 1),
        digest="0" * 64,
    )
    session.add(row)
    session.flush()
    session.add(
        EditionPart(association=whose, edition=EDITION, name="table", body=b"{}", digest="0" * 64)
    )
    session.flush()
    return row


def everything(session: Session) -> None:
    """A row in every table."""
    association(session)
    rubric(session)
    cycle(session)
    edition(session)
