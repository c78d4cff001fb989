"""The register of licensed agencies, and the workers they sent."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc

OF_AGENCY = (["association", "agency"], ["agency.association", "agency.id"])


class Agency(SQLModel, table=True):
    """A licence holder. `code` is public and never changes; names are by language.

    `names_as_given` keeps what stood in a file before it was converted to Unicode.
    """

    __table_args__ = (
        UniqueConstraint("association", "code"),
        UniqueConstraint("association", "licensing_authority", "licence_number"),
    )

    association: str = Field(primary_key=True, foreign_key="association.id")
    id: UUID = Field(primary_key=True)
    code: str
    licensing_authority: str
    licence_number: str
    names: dict[str, str] = Field(sa_type=JsonDoc)
    names_as_given: dict[str, str] = Field(sa_type=JsonDoc)
    licensed_on: date
    licence_valid_until: date | None = None
    code_signed_on: date | None = None
    added_at: datetime


class FormerName(SQLModel, table=True):
    """What an agency was called until a day."""

    __tablename__ = "former_name"
    __table_args__ = (ForeignKeyConstraint(*OF_AGENCY),)

    association: str = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    until: date = Field(primary_key=True)
    names: dict[str, str] = Field(sa_type=JsonDoc)


class LicenceState(SQLModel, table=True):
    """The state of a licence from a day on, until the next one begins."""

    __tablename__ = "licence_state"
    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        CheckConstraint(
            "state IN ('valid', 'suspended', 'revoked', 'expired')", name="known_state"
        ),
    )

    association: str = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    since: date = Field(primary_key=True)
    state: str


class Deployment(SQLModel, table=True):
    """Workers sent in a quarter (`2026-Q1`) to a country, by programme and sex, and who counted."""

    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        CheckConstraint("workers >= 0", name="not_below_0"),
    )

    association: str = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    quarter: str = Field(primary_key=True)
    destination: str = Field(primary_key=True)
    programme: str = Field(primary_key=True)
    sex: str = Field(primary_key=True)
    workers: int
    source: str
