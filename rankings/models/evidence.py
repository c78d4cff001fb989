"""Evidence files and workbooks that agencies hand in; the files themselves lie in a store."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc

OF_SELF_ASSESSMENT = (
    ["association", "cycle", "agency"],
    ["self_assessment.association", "self_assessment.cycle", "self_assessment.agency"],
)


class Evidence(SQLModel, table=True):
    """A file given for one indicator; it proves nothing until a reviewer has a finding.

    `given_sha256` is of the bytes as they came, `stored_sha256` of what is kept (images are
    encoded anew). `has_active_content` warns of scripts in a document.
    """

    __table_args__ = (
        ForeignKeyConstraint(*OF_SELF_ASSESSMENT),
        UniqueConstraint("association", "cycle", "agency", "indicator", "given_sha256"),
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    agency: UUID
    indicator: str
    name: str
    media_type: str
    size: int
    given_sha256: str = Field(index=True)
    stored_sha256: str
    has_active_content: bool = False
    given_by: UUID = Field(foreign_key="account.id")
    given_at: datetime


class UploadedWorkbook(SQLModel, table=True):
    """A filled-in workbook whose differences were shown; `changes` wait to be applied."""

    __tablename__ = "uploaded_workbook"
    __table_args__ = (ForeignKeyConstraint(*OF_SELF_ASSESSMENT),)

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    agency: UUID
    name: str
    sha256: str
    changes: dict[str, Any] = Field(sa_type=JsonDoc)
    uploaded_by: UUID = Field(foreign_key="account.id")
    uploaded_at: datetime
    applied_at: datetime | None = None
