"""Associations, and the rubrics they rate by."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc


class Association(SQLModel, table=True):
    """A body that rates its members; its code stands first in every key."""

    __table_args__ = (CheckConstraint("length(country) = 2", name="country_code"),)

    id: str = Field(primary_key=True)
    name: str
    country: str
    time_zone: str
    created_at: datetime


class Rubric(SQLModel, table=True):
    """One version of a code of conduct, as the text it was read from."""

    association: str = Field(primary_key=True, foreign_key="association.id")
    code: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    document: str
    labels: dict[str, str] = Field(sa_type=JsonDoc)
    digest: str
    stored_at: datetime
