"""What stands between a score and its publication: the candidate, approvals, the method report."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.audits import OF_CYCLE
from rankings.models.columns import JsonDoc
from rankings.models.registry import OF_AGENCY

OF_CANDIDATE = (["association", "candidate"], ["candidate.association", "candidate.id"])
OF_EDITION = (["association", "edition"], ["ranking_edition.association", "ranking_edition.id"])


class Candidate(SQLModel, table=True):
    """An edition to be: what would be published of a cycle, by the digest of all of it.

    `contents` lists digest and size of every part and file. One that was void stays as a line
    without its body.
    """

    __table_args__ = (ForeignKeyConstraint(*OF_CYCLE),)

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    number: int
    reason: str | None = None
    digest: str
    contents: dict[str, Any] = Field(sa_type=JsonDoc)
    scored_at: datetime
    scored_by: str
    void_since: datetime | None = None
    void_because: dict[str, Any] | None = Field(default=None, sa_type=JsonDoc)


class CandidateBody(SQLModel, table=True):
    """The parts and files of a candidate in one archive."""

    __tablename__ = "candidate_body"
    __table_args__ = (ForeignKeyConstraint(*OF_CANDIDATE),)

    association: str = Field(primary_key=True)
    candidate: UUID = Field(primary_key=True)
    body: bytes


class Approval(SQLModel, table=True):
    """A person stands for a candidate by its digest: one `prepared` it, another `approved` it."""

    __table_args__ = (
        ForeignKeyConstraint(*OF_CANDIDATE),
        UniqueConstraint("association", "candidate", "account"),
        CheckConstraint("step IN ('prepared', 'approved')", name="known_step"),
        {"info": {"written_once": True}},
    )

    association: str = Field(primary_key=True)
    candidate: UUID = Field(primary_key=True)
    step: str = Field(primary_key=True)
    account: UUID = Field(foreign_key="account.id")
    digest: str
    proved_at: datetime
    given_at: datetime


class Withdrawal(SQLModel, table=True):
    """An edition that the association takes back: it stays readable, under a banner.

    One person asks for it, another one approves.
    """

    __table_args__ = (ForeignKeyConstraint(*OF_EDITION),)

    association: str = Field(primary_key=True)
    edition: UUID = Field(primary_key=True)
    because: str
    asked_by: UUID = Field(foreign_key="account.id")
    asked_at: datetime
    approved_by: UUID | None = Field(default=None, foreign_key="account.id")
    approved_at: datetime | None = None


class MethodReport(SQLModel, table=True):
    """What a new version of a rubric would have done to an edition; without it none is used.

    `body` is the report as it is published with the edition of the first cycle by that version.
    """

    __tablename__ = "method_report"
    __table_args__ = (
        ForeignKeyConstraint(*OF_EDITION),
        ForeignKeyConstraint(
            ["association", "rubric_code", "rubric_version"],
            ["rubric.association", "rubric.code", "rubric.version"],
        ),
    )

    association: str = Field(primary_key=True)
    rubric_code: str = Field(primary_key=True)
    rubric_version: str = Field(primary_key=True)
    edition: UUID = Field(primary_key=True)
    body: dict[str, Any] = Field(sa_type=JsonDoc)
    made_by: str
    made_at: datetime


class RatingRequest(SQLModel, table=True):
    """An agency asks to be checked again after an edition, once; the rating may fall as well."""

    __tablename__ = "rating_request"
    __table_args__ = (
        ForeignKeyConstraint(*OF_EDITION),
        ForeignKeyConstraint(*OF_AGENCY),
    )

    association: str = Field(primary_key=True)
    edition: UUID = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    reason: str
    asked_by: UUID = Field(foreign_key="account.id")
    asked_at: datetime
    is_granted: bool | None = None
    because: str | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None
