"""The register of licensed agencies, and the workers they sent."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, UniqueConstraint
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
    """The state of a licence from a day on, until the next one begins.

    From `reversed_on` on it is as if it had never been, for a reason; earlier editions keep it.
    """

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
    reason: str | None = None
    source: str | None = None
    reversed_on: date | None = None
    reversed_because: str | None = None


class Owner(SQLModel, table=True):
    """Who owns an agency, as a public register says; `number` is the owner's own there."""

    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        CheckConstraint("share BETWEEN 0 AND 100", name="percent"),
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    agency: UUID
    name: str
    number: str | None = None
    share: int | None = None
    since: date
    until: date | None = None
    source: str


class AgencyLink(SQLModel, table=True):
    """An agency that follows another one; approved by a second person, the record follows too.

    `since` is the day from which on the successor stands for the predecessor.
    """

    __tablename__ = "agency_link"
    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        ForeignKeyConstraint(["association", "predecessor"], ["agency.association", "agency.id"]),
        UniqueConstraint("association", "agency", "predecessor"),
        CheckConstraint("agency != predecessor", name="two_agencies"),
        CheckConstraint(
            "kind IN ('renamed', 'new_licence', 'taken_over', 'same_owners')", name="known_kind"
        ),
    )

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    agency: UUID
    predecessor: UUID
    kind: str
    since: date
    reason: str
    proposed_by: UUID = Field(foreign_key="account.id")
    proposed_at: datetime
    is_approved: bool | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None


class FeeSchedule(SQLModel, table=True):
    """What an agency charges a worker from a day on; money in minor units."""

    __tablename__ = "fee_schedule"
    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        CheckConstraint("fee >= 0", name="fee_not_below_0"),
        CheckConstraint("contract_months >= 1", name="a_month_at_least"),
    )

    association: str = Field(primary_key=True)
    agency: UUID = Field(primary_key=True)
    destination: str = Field(primary_key=True)
    programme: str = Field(primary_key=True)
    contract_months: int = Field(primary_key=True)
    since: date = Field(primary_key=True)
    fee: int = Field(sa_type=BigInteger)
    fee_currency: str
    monthly_wage: int | None = Field(default=None, sa_type=BigInteger)
    wage_currency: str | None = None
    source: str
    stated_by: UUID | None = Field(default=None, foreign_key="account.id")
    stated_at: datetime


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
