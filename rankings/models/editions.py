"""Ranking editions: what was published, byte for byte."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class RankingEdition(SQLModel, table=True):
    """One publication of a cycle; a correction is the next number and says why.

    `digest` is that of the manifest.
    """

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


class EditionBundle(SQLModel, table=True):
    """The edition itself: one file with every part, what was made from them, and the signature."""

    __tablename__ = "edition_bundle"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association", "edition"], ["ranking_edition.association", "ranking_edition.id"]
        ),
        {"info": {"written_once": True}},
    )

    association: str = Field(primary_key=True)
    edition: UUID = Field(primary_key=True)
    body: bytes


class Notice(SQLModel, table=True):
    """What holds today beside the editions: licence states, which edition is the newest."""

    __table_args__ = ({"info": {"written_once": True}},)

    association: str = Field(primary_key=True, foreign_key="association.id")
    number: int = Field(primary_key=True)
    issued_at: datetime
    body: bytes
