"""Counts tries in windows of time. Too many are slowed down; nobody is ever locked out."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlmodel import Session, SQLModel, col, delete

from rankings.errors import TooMany
from rankings.models import Throttle

Limits = Sequence[tuple[int, timedelta]]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SIGN_IN: Limits = ((5, MINUTE), (20, HOUR))
ADDRESS: Limits = ((10, 5 * MINUTE),)
EVERYBODY: Limits = ((1_000, 5 * MINUTE),)
SECOND_FACTOR: Limits = ((5, 5 * MINUTE), (20, HOUR), (50, DAY))
RESET: Limits = ((5, DAY),)
LONGEST = DAY

_MOMENT = SQLModel.metadata.tables["throttle"].c.begun_at.type
# One statement, so that two tries at the same moment count as two.
_COUNT = (
    text(
        "INSERT INTO throttle (key, begun_at, tries) VALUES (:key, :now, 1) "
        "ON CONFLICT (key) DO UPDATE SET "
        "tries = CASE WHEN throttle.begun_at <= :ended THEN 1 ELSE throttle.tries + 1 END, "
        "begun_at = CASE WHEN throttle.begun_at <= :ended THEN :now ELSE throttle.begun_at END "
        "RETURNING tries, begun_at"
    )
    .bindparams(bindparam("now", type_=_MOMENT), bindparam("ended", type_=_MOMENT))
    .columns(begun_at=_MOMENT)
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try comes from. A device is known to the accounts that got in from it before."""

    secret: bytes
    address: str
    device: str = ""
    accounts: frozenset[UUID] = frozenset()

    def key(self, *parts: str) -> str:
        """A keyed digest: the table of tries holds neither addresses nor emails."""
        return hmac.new(self.secret, "\x00".join(parts).encode(), hashlib.sha256).hexdigest()

    def bucket(self, account: UUID | None, otherwise: str) -> tuple[str, str]:
        """Whose tries count together: a known device's own, else all for the same person.

        So a stranger's tries never keep the owner out.
        """
        if account is not None and account in self.accounts:
            return "device", f"{self.device} {account}"
        return "person", otherwise


def count(session: Session, key: str, limit: int, length: timedelta, now: datetime) -> None:
    """Count one try; TooMany above the limit. A window begins at its first try.

    The refused try is not kept where the caller's transaction is undone: the window ends as if it
    had not been made.
    """
    values = {"key": key, "now": now, "ended": now - length}
    tries, begun_at = session.connection().execute(_COUNT, values).one()
    if tries > limit:
        left = (begun_at + length - now).total_seconds()
        raise TooMany(max(1, math.ceil(left)))


def count_all(
    session: Session, caller: Caller, what: Sequence[str], limits: Limits, now: datetime
) -> None:
    """Count one try of something in each of its windows; TooMany above one of the limits."""
    for limit, length in limits:
        key = caller.key(*what, str(int(length.total_seconds())))
        count(session, key, limit, length, now)


def forget(session: Session, now: datetime) -> None:
    """Drop windows that ended long ago."""
    session.exec(delete(Throttle).where(col(Throttle.begun_at) < now - 2 * LONGEST))
