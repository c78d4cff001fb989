"""Which files were taken in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from rankings.models.assessments import OF_CYCLE


class ImportedFile(SQLModel, table=True):
    """A file that was imported; `digest` is over its rows, whatever program saved them."""

    __tablename__ = "imported_file"
    __table_args__ = (ForeignKeyConstraint(*OF_CYCLE),)

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    cycle: UUID
    kind: str
    name: str
    rows: int
    digest: str
    imported_at: datetime
