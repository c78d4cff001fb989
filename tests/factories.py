"""Rows with defaults, so that a test says only what it is about."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from rankings.models import (
    Agency,
    Answer,
    AssessmentCycle,
    Association,
    Complaint,
    Deployment,
    EditionBundle,
    Finding,
    FormerName,
    ImportedFile,
    Interview,
    LicenceState,
    Notice,
    RankingEdition,
    Rubric,
    SelfAssessment,
    SeriousFinding,
)

THEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
DAY = date(2026, 1, 1)
CYCLE, EDITION, AGENCY = UUID(int=1), UUID(int=2), UUID(int=3)


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
        as_of=DAY,
        opened_at=THEN,
        rubric_code="code",
        rubric_version="1",
        rubric_document="",
        rubric_labels={"en": "Code"},
    )
    session.add(row)
    session.flush()
    return row


def agency(session: Session, whose: str = "alpha") -> Agency:
    row = Agency(
        association=whose,
        id=AGENCY,
        code="VN-00011",
        licensing_authority="DOLAB",
        licence_number="L-1",
        names={"vi": "Ví Dụ"},
        names_as_given={},
        licensed_on=DAY,
        added_at=THEN,
    )
    session.add(row)
    session.flush()
    of: dict[str, Any] = {"association": whose, "agency": AGENCY}
    work: dict[str, Any] = {
        "quarter": "2026-Q1",
        "destination": "JP",
        "programme": "all",
        "sex": "all",
    }
    session.add(FormerName(**of, until=DAY, names={"vi": "Cũ"}))
    session.add(LicenceState(**of, since=DAY, state="valid"))
    session.add(Deployment(**of, **work, workers=1, source="DOLAB"))
    session.flush()
    return row


def assessment(session: Session, whose: str = "alpha") -> SelfAssessment:
    """What is known of the agency in the cycle, a row of each kind."""
    of: dict[str, Any] = {"association": whose, "cycle": CYCLE, "agency": AGENCY}
    row = SelfAssessment(**of, submitted_on=DAY)
    session.add(row)
    session.flush()
    said: dict[str, Any] = {
        "worker": "returned",
        "chosen_by": "association",
        "answers": {"v1": "yes"},
    }
    found: dict[str, Any] = {"found_on": DAY, "auditor": "A1"}
    session.add(Answer(**of, indicator="1.1", value="yes"))
    session.add(Finding(**of, indicator="1.1", evidence="audit", found="no", **found))
    session.add(SeriousFinding(association=whose, agency=AGENCY, code="illegal_fee", **found))
    session.add(Interview(**of, number="I-1", interviewed_on=DAY, **said))
    session.flush()
    return row


def complaint(session: Session, whose: str = "alpha") -> Complaint:
    row = Complaint(
        association=whose,
        number="1",
        agency=AGENCY,
        received_on=DAY,
        category="fees",
        severity="minor",
        outcome="open",
        agency_heard=False,
        workers_affected=1,
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
        as_of=DAY,
        digest="0" * 64,
    )
    session.add(row)
    session.flush()
    session.add(EditionBundle(association=whose, edition=EDITION, body=b"{}"))
    session.add(Notice(association=whose, number=1, issued_at=THEN, body=b"{}"))
    session.flush()
    return row


def imported_file(session: Session, whose: str = "alpha") -> ImportedFile:
    row = ImportedFile(
        association=whose,
        id=UUID(int=4),
        cycle=CYCLE,
        kind="agencies",
        name="agencies.xlsx",
        rows=1,
        digest="0" * 64,
        imported_at=THEN,
    )
    session.add(row)
    session.flush()
    return row


def everything(session: Session) -> None:
    """A row in every table."""
    association(session)
    rubric(session)
    cycle(session)
    agency(session)
    assessment(session)
    complaint(session)
    imported_file(session)
    edition(session)
