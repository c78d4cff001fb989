"""Ranking editions: what was published, byte for byte."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class RankingEdition(SQLModel, table=True):
    """One publication of a cycle; a correction is the next number and says why."""

    __tablename__ = "ranking_edition"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association", "cycle"], ["assessment_cycle.association", "assessment_cycle.id"]
        ),
        UniqueConstraint("association", "cycle", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("number = 1 OR reason IS NOT NULL", name="correction_says_why"),
        {"info": {"written_once": True}},
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    number: int
    published_at: datetime
    as_of: date
    reason: str | None = None
    digest: str


class EditionPart(SQLModel, table=True):
    """One named part of an edition: the table, an agency, or a file made from them."""

    __tablename__ = "edition_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association", "edition"], ["ranking_edition.association", "ranking_edition.id"]
        ),
        {"info": {"written_once": True}},
    )

    association: str = Field(primary_key=True)
    edition: UUID = Field(primary_key=True)
    name: str = Field(primary_key=True)
    body: bytes
    digest: str
