"""Rows with defaults, so that a test says only what it is about."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from rankings.models import (
    Account,
    Agency,
    Answer,
    AssessmentCycle,
    Association,
    Complaint,
    Deployment,
    EditionBundle,
    Evidence,
    Finding,
    FormerName,
    ImportedFile,
    Interview,
    Invitation,
    JournalDetail,
    JournalEntry,
    JournalSeal,
    LicenceState,
    Membership,
    Notice,
    PasswordReset,
    RankingEdition,
    RecoveryCode,
    Rubric,
    SelfAssessment,
    SeriousFinding,
    SignIn,
    Throttle,
    UploadedWorkbook,
)
from tests.factories_publication import candidate, hearing, schedule, settings
from tests.factories_verification import audit, case, registry
from tests.keys import ACCOUNT, AGENCY, CYCLE, DAY, EDITION, ENTRY, THEN


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


def account(session: Session, whose: str = "alpha") -> Account:
    """A person with a role in the association, and all that lets a person in."""
    row = Account(
        id=ACCOUNT,
        email="an@example.org",
        name="An",
        language="vi",
        password_hash="-",
        created_at=THEN,
    )
    session.add(row)
    session.flush()
    role: dict[str, Any] = {"association": whose, "role": "secretariat"}
    once: dict[str, Any] = {"token_hash": "0" * 64, "created_at": THEN, "expires_at": THEN}
    stay: dict[str, Any] = {"token_hash": "0" * 64, "begun_at": THEN, "seen_at": THEN}
    session.add(Membership(**role, id=UUID(int=1), account=ACCOUNT, granted_at=THEN))
    session.add(Invitation(**role, **once, id=UUID(int=1), email="an@example.org"))
    session.add(PasswordReset(**once, account=ACCOUNT))
    session.add(SignIn(**stay, id=UUID(int=1), account=ACCOUNT, device="Firefox"))
    session.add(RecoveryCode(account=ACCOUNT, code_hash="0" * 64))
    session.add(Throttle(key="0" * 64, begun_at=THEN, tries=1))
    session.flush()
    return row


def journal(session: Session, whose: str = "alpha") -> JournalEntry:
    """One sealed entry with its details."""
    row = JournalEntry(
        association=whose, id=ENTRY, at=THEN, who="-", action="any", about="-", digest="0" * 64
    )
    session.add(row)
    session.flush()
    session.add(JournalDetail(association=whose, entry=ENTRY, salt="", details={}))
    session.add(
        JournalSeal(association=whose, number=1, entry=ENTRY, previous="0" * 64, hash="0" * 64)
    )
    session.flush()
    return row


def evidence(session: Session, whose: str = "alpha") -> Evidence:
    """A file of the account for an answer of the agency, and a workbook."""
    of: dict[str, Any] = {"association": whose, "cycle": CYCLE, "agency": AGENCY}
    row = Evidence(
        **of,
        id=UUID(int=1),
        indicator="1.1",
        name="licence.pdf",
        media_type="application/pdf",
        size=1,
        given_sha256="0" * 64,
        stored_sha256="0" * 64,
        given_by=ACCOUNT,
        given_at=THEN,
    )
    held: dict[str, Any] = {"name": "a.xlsx", "sha256": "0" * 64, "changes": {}}
    session.add(row)
    session.add(
        UploadedWorkbook(**of, **held, id=UUID(int=1), uploaded_by=ACCOUNT, uploaded_at=THEN)
    )
    session.flush()
    return row


def everything(session: Session) -> None:
    """A row in every table."""
    association(session)
    rubric(session)
    cycle(session)
    agency(session)
    assessment(session)
    account(session)
    journal(session)
    evidence(session)
    registry(session)
    audit(session)
    complaint(session)
    case(session)
    imported_file(session)
    edition(session)
    settings(session)
    schedule(session)
    hearing(session)
    candidate(session)
