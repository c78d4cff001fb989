"""People: accounts, what they may do for whom, how they get in and stay in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.registry import OF_AGENCY

ROLE_OF_AGENCY = "(role IN ('agency_member', 'agency_signatory')) = (agency IS NOT NULL)"
KNOWN_ROLE = (
    "role IN ('agency_member', 'agency_signatory', 'auditor', 'lead_auditor', 'case_officer', "
    "'secretariat', 'regulator')"
)


class Account(SQLModel, table=True):
    """A person, in any number of associations and agencies.

    `email` is normalised. `totp_secret` is sealed; `totp_step` is the last time step whose code
    was used. Only a platform operator works for the installation itself.
    """

    id: UUID = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    language: str
    password_hash: str
    totp_secret: bytes | None = None
    totp_step: int = 0
    is_operator: bool = False
    created_at: datetime
    disabled_at: datetime | None = None


class Membership(SQLModel, table=True):
    """A role of a person in an association; agency roles are for one agency."""

    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        CheckConstraint(KNOWN_ROLE, name="known_role"),
        CheckConstraint(ROLE_OF_AGENCY, name="role_of_agency"),
    )

    association: str = Field(primary_key=True, foreign_key="association.id")
    id: UUID = Field(primary_key=True)
    account: UUID = Field(foreign_key="account.id", index=True)
    role: str
    agency: UUID | None = None
    granted_at: datetime


class Invitation(SQLModel, table=True):
    """A single-use link that gives a role; only the SHA-256 of its token is kept."""

    __table_args__ = (
        ForeignKeyConstraint(*OF_AGENCY),
        UniqueConstraint("association", "token_hash"),
        CheckConstraint(KNOWN_ROLE, name="known_role"),
        CheckConstraint(ROLE_OF_AGENCY, name="role_of_agency"),
    )

    association: str = Field(primary_key=True, foreign_key="association.id")
    id: UUID = Field(primary_key=True)
    token_hash: str
    email: str
    role: str
    agency: UUID | None = None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class PasswordReset(SQLModel, table=True):
    """A single-use link to a new password and second factor; only the token's SHA-256 is kept."""

    __tablename__ = "password_reset"

    token_hash: str = Field(primary_key=True)
    account: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class SignIn(SQLModel, table=True):
    """A person at a device, from the password to the end; only the token's SHA-256 is kept.

    Until `verified_at` the second factor is missing and nothing but that can be done. At
    `proved_at` the person proved both factors again, for an act that asks for it.
    """

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True)
    id: UUID = Field(unique=True)
    account: UUID = Field(foreign_key="account.id", index=True)
    device: str
    begun_at: datetime
    seen_at: datetime
    verified_at: datetime | None = None
    proved_at: datetime | None = None


class RecoveryCode(SQLModel, table=True):
    """One of the codes that stand in for a lost second factor; each is good once."""

    __tablename__ = "recovery_code"

    account: UUID = Field(primary_key=True, foreign_key="account.id")
    code_hash: str = Field(primary_key=True)
    used_at: datetime | None = None


class Throttle(SQLModel, table=True):
    """How often something was tried since its window began; `key` is a keyed digest."""

    key: str = Field(primary_key=True)
    begun_at: datetime
    tries: int
