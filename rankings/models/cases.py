"""Complaints while they are worked on; everything that tells who complained is sealed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc

OF_CASE = (["association", "case"], ["complaint_case.association", "complaint_case.id"])
# Rows lie in the order of their random keys, so that their places tell nothing of their age.
UNORDERED = {"sqlite_with_rowid": False}


class HelpLine(SQLModel, table=True):
    """Whom a worker can call; names and hours are by language, `spoken` are language codes."""

    __tablename__ = "help_line"
    __table_args__ = (CheckConstraint("kind IN ('help', 'urgent')", name="known_kind"),)

    association: str = Field(primary_key=True, foreign_key="association.id")
    place: int = Field(primary_key=True)
    kind: str
    names: dict[str, str] = Field(sa_type=JsonDoc)
    number: str
    hours: dict[str, str] = Field(sa_type=JsonDoc)
    spoken: list[str] = Field(sa_type=JsonDoc)
    is_free: bool


class ComplaintKey(SQLModel, table=True):
    """The public key to which complaints are sealed; the private one is never in the database.

    The newest one that is not retired takes new complaints.
    """

    __tablename__ = "complaint_key"

    association: str = Field(primary_key=True, foreign_key="association.id")
    id: UUID = Field(primary_key=True)
    public_key: bytes
    made_at: datetime
    retired_at: datetime | None = None


class ComplaintCase(SQLModel, table=True):
    """A complaint being worked on; `number` is its line in the register once it is classified.

    `wrapped_key` is the case's own key, sealed to the association's key; `receipt_key` the same,
    sealed under the worker's receipt. Of the day it came in only the month is kept.
    """

    __tablename__ = "complaint_case"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association", "key"], ["complaint_key.association", "complaint_key.id"]
        ),
        ForeignKeyConstraint(
            ["association", "number"], ["complaint.association", "complaint.number"]
        ),
        ForeignKeyConstraint(
            ["association", "merged_into"], ["complaint_case.association", "complaint_case.id"]
        ),
        UniqueConstraint("association", "receipt_hash"),
        UniqueConstraint("association", "number"),
        CheckConstraint(
            "channel IN ('web', 'telephone', 'walk_in', 'letter', 'partner')", name="known_channel"
        ),
        CheckConstraint(
            "status IN ('received', 'asked', 'checking', 'decided', 'closed')", name="known_status"
        ),
        UNORDERED,
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    key: UUID
    wrapped_key: bytes
    receipt_hash: bytes
    receipt_key: bytes
    received_month: str
    channel: str
    status: str = "received"
    officer: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    number: str | None = None
    is_withdrawn: bool = False
    may_tell_agency: bool = False
    summary: str | None = None
    notified_on: date | None = None
    answer_due_on: date | None = None
    answered_on: date | None = None
    merged_into: UUID | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")
    closed_on: date | None = None


class ComplaintItem(SQLModel, table=True):
    """One sealed thing of a case: the report, a message, a question, a file, a note, an answer.

    It is sealed with the case's key; an agency's answer, which comes in where that key is not,
    with a key of its own (`own_key`, sealed to the association's key like the case's).
    """

    __tablename__ = "complaint_item"
    __table_args__ = (
        ForeignKeyConstraint(*OF_CASE),
        ForeignKeyConstraint(
            ["association", "key"], ["complaint_key.association", "complaint_key.id"]
        ),
        UniqueConstraint("association", "case", "place"),
        CheckConstraint(
            "kind IN ('report', 'message', 'question', 'file', 'note', 'agency_answer')",
            name="known_kind",
        ),
        UNORDERED,
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    case: UUID
    place: int
    kind: str
    month: str
    sealed: bytes
    own_key: bytes | None = None
    key: UUID | None = None
    written_by: UUID | None = Field(default=None, foreign_key="account.id")
