"""The association's calendar: by which rule cycles come, and on which day each step is."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc


class CalendarRule(SQLModel, table=True):
    """By which rule cycles come, from the first opening on, at a time of day such as `09:00`.

    `days` says for each step how many days after the opening it is; the hearing's length is
    counted in working days and stands in the association's settings.
    """

    __tablename__ = "calendar_rule"
    __table_args__ = (
        CheckConstraint("every IN ('year', 'half_year', 'quarter')", name="known_rule"),
    )

    association: str = Field(primary_key=True, foreign_key="association.id")
    every: str
    first_opens_on: date
    time_of_day: str
    days: dict[str, int] = Field(sa_type=JsonDoc)
    rubric_code: str
    rubric_version: str
    changed_by: UUID | None = Field(default=None, foreign_key="account.id")
    changed_at: datetime


class CyclePlan(SQLModel, table=True):
    """A cycle that is to come or has come; once it is open the cycle has the plan's key.

    `period` counts the rule's periods from its first opening, 0 the first.
    """

    __tablename__ = "cycle_plan"
    __table_args__ = (UniqueConstraint("association", "slug"),)

    association: str = Field(primary_key=True, foreign_key="association.id")
    id: UUID = Field(primary_key=True)
    slug: str
    name: str
    period: int
    as_of: date
    rubric_code: str
    rubric_version: str
    planned_at: datetime


class CycleStep(SQLModel, table=True):
    """A dated step of a planned cycle by the association's wall clock, never by UTC.

    So a change of the zone's rules moves the instant and not the hour that people were told.
    """

    __tablename__ = "cycle_step"
    __table_args__ = (
        ForeignKeyConstraint(["association", "plan"], ["cycle_plan.association", "cycle_plan.id"]),
    )

    association: str = Field(primary_key=True)
    plan: UUID = Field(primary_key=True)
    step: str = Field(primary_key=True)
    on_day: date
    time_of_day: str
    moved_because: str | None = None
    moved_by: UUID | None = Field(default=None, foreign_key="account.id")
    moved_at: datetime | None = None


class PublicHoliday(SQLModel, table=True):
    """A day on which the association does not work, beside its weekends."""

    __tablename__ = "public_holiday"

    association: str = Field(primary_key=True, foreign_key="association.id")
    day: date = Field(primary_key=True)
    name: str
