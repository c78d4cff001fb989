"""The register of complaints: what is needed to count, and nothing that tells who complained."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from rankings.models.registry import OF_AGENCY


class Complaint(SQLModel, table=True):
    """One case by the association's own number; money in minor units of `currency`."""

    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        CheckConstraint("(outcome = 'open') = (decided_on IS NULL)", name="decided_has_a_day"),
        CheckConstraint("workers_affected >= 1", name="somebody_affected"),
    )

    association: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    agency: UUID
    received_on: date
    category: str
    severity: str
    outcome: str
    decided_on: date | None = None
    agency_heard: bool
    may_count: str | None = None
    workers_affected: int
    claimed: int | None = Field(default=None, sa_type=BigInteger)
    recovered: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    destination: str | None = None
