"""What runs by itself: who may run it, what has run, which messages wait."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from rankings.models.columns import JsonDoc


class Lease(SQLModel, table=True):
    """Which process runs the schedule; `fence` grows with every holder.

    `expires_at` is in milliseconds since 1970 by the database's clock.
    """

    name: str = Field(primary_key=True)
    holder: str
    fence: int
    expires_at: int = Field(sa_type=BigInteger)


class Occurrence(SQLModel, table=True):
    """One due run of a job; its key is unique, so that nothing runs twice.

    `key` names the occasion within the job: a plan's step, or a day. `state` is `done`, `failed`
    (it is tried again from `next_try_at` on) or `given_up`.
    """

    __table_args__ = (
        CheckConstraint("state IN ('done', 'failed', 'given_up')", name="known_state"),
    )

    association: str = Field(primary_key=True, foreign_key="association.id")
    job: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    due_at: datetime
    state: str
    tries: int
    fence: int
    ended_at: datetime
    next_try_at: datetime | None = None
    told: str = ""


class Message(SQLModel, table=True):
    """A message that waits to be sent, or was; to one person for one occasion there is one.

    `sending` is a state between two commits: who died there may have sent it, so it is `unsure`
    and never sent again by itself.
    """

    __table_args__ = (
        UniqueConstraint("association", "account", "occasion"),
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unsure', 'given_up')", name="known_state"
        ),
    )

    association: str = Field(primary_key=True, foreign_key="association.id")
    id: UUID = Field(primary_key=True)
    account: UUID = Field(foreign_key="account.id", index=True)
    occasion: str
    kind: str
    values: dict[str, Any] = Field(sa_type=JsonDoc)
    written_at: datetime
    state: str = "waiting"
    tries: int = 0
    next_try_at: datetime
    fence: int = 0
    sent_at: datetime | None = None
    told: str = ""
