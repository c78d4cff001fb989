"""Associations, and the rubrics they rate by."""

from datetime import date, datetime
from uuid import UUID

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


class AssociationSettings(SQLModel, table=True):
    """What an association decides for itself; where it has no row the defaults hold.

    `hearing_days` and `dispute_days` are working days, `appeal_days` calendar days after the
    publication. The gates block below so many percent of rated members, and above so many percent
    of checked claims that were too high.
    """

    __tablename__ = "association_settings"

    association: str = Field(primary_key=True, foreign_key="association.id")
    hearing_days: int = 10
    dispute_days: int = 20
    appeal_days: int = 30
    least_rated_percent: int = 50
    most_over_claims_percent: int = 60
    changed_by: UUID | None = Field(default=None, foreign_key="account.id")
    changed_at: datetime


class FeeCapTable(SQLModel, table=True):
    """Legal fee caps as the association keeps them; the highest number holds."""

    __tablename__ = "fee_cap_table"

    association: str = Field(primary_key=True, foreign_key="association.id")
    number: int = Field(primary_key=True)
    document: str
    stored_by: UUID | None = Field(default=None, foreign_key="account.id")
    stored_at: datetime


class ExchangeRate(SQLModel, table=True):
    """So many units of `quote` for one of `base` from a day on, e.g. USD VND 26000.5.

    `rate` is a decimal in text. Rates are for reading and comparing, never for a score.
    """

    __tablename__ = "exchange_rate"

    association: str = Field(primary_key=True, foreign_key="association.id")
    base: str = Field(primary_key=True)
    quote: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    rate: str
    source: str
