"""The journal: who did what, when, about what; each association's entries form a hash chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc

OF_ENTRY = (["association", "entry"], ["journal_entry.association", "journal_entry.id"])


class JournalEntry(SQLModel, table=True):
    """One change, refusal or failure; `association` is empty for what concerns none.

    `digest` is the salted SHA-256 of the details, so that they can be erased.
    """

    __tablename__ = "journal_entry"
    __table_args__ = ({"info": {"written_once": True}},)

    association: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    at: datetime
    who: str
    action: str
    about: str
    digest: str


class JournalDetail(SQLModel, table=True):
    """What an entry tells beyond who and what; it may be erased, the entry stays.

    No foreign key: on PostgreSQL it would set writers of several entries against each other.
    """

    __tablename__ = "journal_detail"

    association: str = Field(primary_key=True)
    entry: UUID = Field(primary_key=True)
    salt: str
    details: dict[str, Any] = Field(sa_type=JsonDoc)


class JournalSeal(SQLModel, table=True):
    """An entry's place in the chain: `hash` covers the entry, its number and the hash before."""

    __tablename__ = "journal_seal"
    __table_args__ = (
        ForeignKeyConstraint(*OF_ENTRY),
        UniqueConstraint("association", "entry"),
        {"info": {"written_once": True}},
    )

    association: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    entry: UUID
    previous: str
    hash: str
