"""Audits: who checks which agency, what others find of it, and what has to be put right."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc
from rankings.models.registry import OF_AGENCY

OF_CYCLE = (["association", "cycle"], ["assessment_cycle.association", "assessment_cycle.id"])
OF_AUDIT = (["association", "audit"], ["audit.association", "audit.id"])


class Declaration(SQLModel, table=True):
    """A tie between a person and an agency; while it holds, the person does not judge there."""

    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        CheckConstraint(
            "kind IN ('owner', 'employee', 'adviser', 'family', 'business', 'dispute', 'other')",
            name="known_kind",
        ),
    )

    association: str = Field(primary_key=True, foreign_key="association.id")
    id: UUID = Field(primary_key=True)
    account: UUID = Field(foreign_key="account.id", index=True)
    agency: UUID
    kind: str
    statement: str
    since: date
    until: date | None = None
    declared_by: UUID = Field(foreign_key="account.id")
    declared_at: datetime


class PanelSeat(SQLModel, table=True):
    """Who sits on the panel of a cycle, and for whom."""

    __tablename__ = "panel_seat"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CYCLE),
        UniqueConstraint("association", "cycle", "account"),
        CheckConstraint(
            "seat IN ('association', 'ministry', 'union', 'civil_society')", name="known_seat"
        ),
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    account: UUID = Field(foreign_key="account.id")
    seat: str
    given_at: datetime


class Audit(SQLModel, table=True):
    """The check of an agency in a cycle: of its documents, or by a visit (`audit`).

    Its findings count once it is closed; `visited_on` is the day of the visit or the desk check.
    """

    __table_args__ = (
        ForeignKeyConstraint(*OF_CYCLE),
        ForeignKeyConstraint(*OF_AGENCY),
        UniqueConstraint("association", "cycle", "agency", "evidence"),
        CheckConstraint("evidence IN ('document', 'audit')", name="known_evidence"),
        CheckConstraint(
            "method IN ('documents', 'visit_announced', 'visit_unannounced', 'video')",
            name="known_method",
        ),
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    agency: UUID
    evidence: str
    auditor: UUID = Field(foreign_key="account.id", index=True)
    assigned_by: UUID = Field(foreign_key="account.id")
    assigned_at: datetime
    due_on: date
    method: str | None = None
    visited_on: date | None = None
    closed_at: datetime | None = None


class SecondOpinion(SQLModel, table=True):
    """A finding that was drawn for somebody else to make again without seeing the first one.

    Where both differ a lead auditor settles it.
    """

    __tablename__ = "second_opinion"
    __table_args__ = (
        ForeignKeyConstraint(*OF_AUDIT),
        UniqueConstraint("association", "audit", "indicator"),
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    audit: UUID
    indicator: str
    auditor: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    drawn_at: datetime
    found: str | None = None
    reason: str | None = None
    given_at: datetime | None = None
    settled_by: UUID | None = Field(default=None, foreign_key="account.id")
    settled_at: datetime | None = None
    settled_because: str | None = None


class CorrectiveAction(SQLModel, table=True):
    """What an agency has to put right by a day; it reports, the association closes."""

    __tablename__ = "corrective_action"
    __table_args__ = (ForeignKeyConstraint(*OF_CYCLE), ForeignKeyConstraint(*OF_AGENCY))

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    agency: UUID
    indicator: str
    demand: str
    due_on: date
    demanded_by: UUID = Field(foreign_key="account.id")
    demanded_at: datetime
    report: str | None = None
    reported_by: UUID | None = Field(default=None, foreign_key="account.id")
    reported_at: datetime | None = None
    closed_by: UUID | None = Field(default=None, foreign_key="account.id")
    closed_on: date | None = None
    closed_because: str | None = None


class UploadedFindings(SQLModel, table=True):
    """Auditors' workbooks whose differences were shown; `changes` wait to be applied."""

    __tablename__ = "uploaded_findings"
    __table_args__ = (ForeignKeyConstraint(*OF_CYCLE),)

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    name: str
    sha256: str
    changes: dict[str, Any] = Field(sa_type=JsonDoc)
    uploaded_by: UUID = Field(foreign_key="account.id")
    uploaded_at: datetime
    applied_at: datetime | None = None


class InterviewDraw(SQLModel, table=True):
    """Which workers of a deployment list are to be asked; `drawn` are the list's own numbers.

    Names and telephone numbers stay in the list, which is never kept here.
    """

    __tablename__ = "interview_draw"
    __table_args__ = (ForeignKeyConstraint(*OF_CYCLE), ForeignKeyConstraint(*OF_AGENCY))

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    agency: UUID
    source: str
    list_sha256: str
    list_size: int
    drawn: dict[str, Any] = Field(sa_type=JsonDoc)
    drawn_by: UUID = Field(foreign_key="account.id")
    drawn_at: datetime
