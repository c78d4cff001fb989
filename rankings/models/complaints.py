"""The register of complaints: what is needed to count, and nothing that tells who complained."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc
from rankings.models.registry import OF_AGENCY


class Complaint(SQLModel, table=True):
    """One case by the association's own number; money in minor units of `currency`.

    `forced_labour` are the indicators of forced labour that were seen, `ground` is what the
    decision rests on. A case that came in here has the first day of its month as `received_on`.
    """

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
    forced_labour: list[str] | None = Field(default=None, sa_type=JsonDoc)
    ground: str | None = None
