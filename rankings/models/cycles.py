"""Assessment cycles, each with the rubric it was opened with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc


class AssessmentCycle(SQLModel, table=True):
    """One round of assessment; its rubric is frozen in it and looked up nowhere else."""

    __tablename__ = "assessment_cycle"
    __table_args__ = (UniqueConstraint("association", "slug"),)

    association: str = Field(primary_key=True, foreign_key="association.id")
    id: UUID = Field(primary_key=True)
    slug: str
    name: str
    as_of: date
    opened_at: datetime
    rubric_code: str
    rubric_version: str
    rubric_document: str
    rubric_labels: dict[str, str] = Field(sa_type=JsonDoc)
