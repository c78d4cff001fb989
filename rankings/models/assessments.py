"""What agencies say of themselves, what the association found, what workers say."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc
from rankings.models.registry import OF_AGENCY

OF_CYCLE = (["association", "cycle"], ["assessment_cycle.association", "assessment_cycle.id"])


class SelfAssessment(SQLModel, table=True):
    """An agency's self-assessment in a cycle: a draft until `submitted_on`, then locked."""

    __tablename__ = "self_assessment"
    __table_args__ = (ForeignKeyConstraint(*OF_CYCLE), ForeignKeyConstraint(*OF_AGENCY))

    association: str = Field(primary_key=True)
    cycle: UUID = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    submitted_on: date | None = None
    submitted_by: UUID | None = Field(default=None, foreign_key="account.id")


class Answer(SQLModel, table=True):
    """One answer of a self-assessment: an option's id, a number, or `not_applicable`.

    `note` is the agency's own words for the reviewer; nobody gave answers that came in a file.
    """

    __table_args__ = (
        ForeignKeyConstraint(
            ["association", "cycle", "agency"],
            ["self_assessment.association", "self_assessment.cycle", "self_assessment.agency"],
        ),
    )

    association: str = Field(primary_key=True)
    cycle: UUID = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    value: str
    note: str | None = None
    answered_by: UUID | None = Field(default=None, foreign_key="account.id")
    answered_at: datetime | None = None


class Finding(SQLModel, table=True):
    """What a desk check (`document`) or a visit (`audit`) found on one indicator.

    One made here belongs to an `audit` and counts once that is closed; `auditor` is then the
    account's id, else whatever the file called the auditor.
    """

    __table_args__ = (
        ForeignKeyConstraint(*OF_CYCLE),
        ForeignKeyConstraint(*OF_AGENCY),
        ForeignKeyConstraint(["association", "audit"], ["audit.association", "audit.id"]),
        CheckConstraint("evidence IN ('document', 'audit')", name="known_evidence"),
    )

    association: str = Field(primary_key=True)
    cycle: UUID = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    evidence: str = Field(primary_key=True)
    found: str
    found_on: date
    expires_on: date | None = None
    disputed_on: date | None = None
    decided_on: date | None = None
    auditor: str
    reason: str | None = None
    audit: UUID | None = None
    found_at: datetime | None = None


class SeriousFinding(SQLModel, table=True):
    """A finding behind a cap, such as passports kept; `put_right_on` meets its end condition.

    It belongs to no cycle: it counts until it has ended, or from `withdrawn_on` on never did.
    """

    __tablename__ = "serious_finding"
    __table_args__ = (ForeignKeyConstraint(*OF_AGENCY),)

    association: str = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    code: str = Field(primary_key=True)
    found_on: date = Field(primary_key=True)
    put_right_on: date | None = None
    disputed_on: date | None = None
    decided_on: date | None = None
    withdrawn_on: date | None = None
    auditor: str
    reason: str | None = None


class Interview(SQLModel, table=True):
    """One worker's answers, yes or no by indicator; nothing that tells who it was.

    `draw` is the draw from a deployment list in which the worker's number came up.
    """

    __table_args__ = (
        ForeignKeyConstraint(*OF_CYCLE),
        ForeignKeyConstraint(*OF_AGENCY),
        ForeignKeyConstraint(
            ["association", "draw"], ["interview_draw.association", "interview_draw.id"]
        ),
        CheckConstraint("worker IN ('abroad', 'returned', 'before_departure')", name="worker"),
        CheckConstraint("chosen_by IN ('association', 'agency')", name="chosen_by"),
    )

    association: str = Field(primary_key=True)
    cycle: UUID = Field(primary_key=True)
    number: str = Field(primary_key=True)
    agency: UUID
    interviewed_on: date
    worker: str
    chosen_by: str
    answers: dict[str, str] = Field(sa_type=JsonDoc)
    draw: UUID | None = None
    entered_by: UUID | None = Field(default=None, foreign_key="account.id")
    entered_at: datetime | None = None
