"""The right of reply: what agencies are told before it is published, and what they say to it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.audits import OF_CYCLE
from rankings.models.columns import JsonDoc
from rankings.models.registry import OF_AGENCY

OF_NOTICE = (
    ["association", "cycle", "number", "agency"],
    [
        "hearing_notice.association",
        "hearing_notice.cycle",
        "hearing_notice.number",
        "hearing_notice.agency",
    ],
)


class Hearing(SQLModel, table=True):
    """The hearing before an edition (`number`) of a cycle; it fixes what is judged.

    From then on only decided disputes and licence states change the inputs.
    """

    __table_args__ = (
        ForeignKeyConstraint(*OF_CYCLE),
        CheckConstraint("number = 1 OR reason IS NOT NULL", name="correction_says_why"),
    )

    association: str = Field(primary_key=True)
    cycle: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    opened_at: datetime
    opened_by: str
    reason: str | None = None


class HearingNotice(SQLModel, table=True):
    """What one agency is told before publication, with the very inputs that it is judged by.

    `frozen` holds `identity` and `inputs`, as they stand in an edition. Nobody needs to be told
    where a correction changes nothing (`is_due` false). `how` is `page` or `letter`; the clock
    runs to the end of `ends_on`.
    """

    __tablename__ = "hearing_notice"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association", "cycle", "number"],
            ["hearing.association", "hearing.cycle", "hearing.number"],
        ),
        ForeignKeyConstraint(*OF_AGENCY),
        CheckConstraint("how IN ('page', 'letter')", name="known_way"),
        CheckConstraint("(served_on IS NULL) = (ends_on IS NULL)", name="served_has_an_end"),
    )

    association: str = Field(primary_key=True)
    cycle: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    frozen: dict[str, Any] = Field(sa_type=JsonDoc)
    is_due: bool
    served_on: date | None = None
    ends_on: date | None = None
    how: str | None = None
    served_by: str | None = None


class Reply(SQLModel, table=True):
    """An agency's own words beside its rating; a refused one is not printed, the reason is."""

    __table_args__ = (
        ForeignKeyConstraint(*OF_NOTICE),
        CheckConstraint("state IN ('waiting', 'printed', 'refused')", name="known_state"),
    )

    association: str = Field(primary_key=True)
    cycle: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    text: str
    language: str
    written_by: UUID = Field(foreign_key="account.id")
    written_at: datetime
    state: str = "waiting"
    because: str | None = None
    moderated_by: UUID | None = Field(default=None, foreign_key="account.id")
    moderated_at: datetime | None = None


class Dispute(SQLModel, table=True):
    """A finding that an agency disputes: before publication a dispute, after it an appeal.

    `subject` is an indicator, or with `serious` a serious finding's code. Of `due_on` it must have
    been decided; past it, it is escalated and shows.
    """

    __table_args__ = (
        ForeignKeyConstraint(*OF_CYCLE),
        ForeignKeyConstraint(*OF_AGENCY),
        ForeignKeyConstraint(
            ["association", "edition"], ["ranking_edition.association", "ranking_edition.id"]
        ),
        CheckConstraint("kind IN ('finding', 'serious')", name="known_kind"),
        CheckConstraint("outcome IN ('stands', 'changed', 'withdrawn')", name="known_outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_has_an_outcome"),
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    agency: UUID
    number: int
    edition: UUID | None = None
    kind: str
    subject: str
    evidence: str | None = None
    found_on: date
    statement: str
    filed_by: UUID = Field(foreign_key="account.id")
    filed_at: datetime
    due_on: date
    escalated_at: datetime | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None
    outcome: str | None = None
    found_before: str | None = None
    found_after: str | None = None
    reason: str | None = None


class DisputeFile(SQLModel, table=True):
    """A file that an agency hands in for a dispute; it lies in the store of evidence."""

    __tablename__ = "dispute_file"
    __table_args__ = (
        ForeignKeyConstraint(["association", "dispute"], ["dispute.association", "dispute.id"]),
        UniqueConstraint("association", "dispute", "given_sha256"),
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    dispute: UUID
    name: str
    media_type: str
    size: int
    given_sha256: str
    stored_sha256: str
    has_active_content: bool = False
    given_by: UUID = Field(foreign_key="account.id")
    given_at: datetime
