"""The lease on the schedule: one process holds it, and a number says how many did before.

Two rows: `schedule` has the holder and the end of the lease and changes with every beat;
`schedule fence` changes with the holder only (its `expires_at` is the moment of the change), so
that a long piece of work is disturbed by another holder and not by its own beats. All moments are
of the database's clock, which is one for all hosts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, or_, select, text, update

from rankings.models import Lease
from rankings.usecases.rows import insert_once, rows

SCHEDULE, FENCE = "schedule", "schedule fence"
# How long a lease lives that is not renewed, and how often it is.
LIFE, BEAT = timedelta(seconds=60), timedelta(seconds=15)
CLOCK = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
}
# A process that was stopped in the middle holds what others wait for: the server ends it.
PATIENCE = 10


class Deposed(Exception):
    """Another process holds the lease by now; nothing of this one may be kept."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who runs the schedule, since when, until when without another beat."""

    holder: str
    since: datetime
    until: datetime
    is_held: bool


def is_free(session: Session, life: timedelta) -> bool:
    """Whether the lease can be taken, as far as one can see without writing.

    One that would end later than any real one is free: the clock was put back since.
    """
    now = _now(session)
    until = [row[0] for row in rows(session, (Lease.expires_at,), col(Lease.name) == SCHEDULE)]
    return not until or not now < until[0] <= now + 2 * _milliseconds(life)


def take(session: Session, holder: str, life: timedelta) -> int | None:
    """The number of a new holder; None while the lease is somebody else's."""
    now, span = _now(session), _milliseconds(life)
    for name in (SCHEDULE, FENCE):
        insert_once(session, Lease, {"name": name, "holder": "", "fence": 0, "expires_at": 0})
    free = or_(col(Lease.expires_at) <= now, col(Lease.expires_at) > now + 2 * span)
    values = {"holder": holder, "fence": col(Lease.fence) + 1, "expires_at": now + span}
    if not _change(session, values, col(Lease.name) == SCHEDULE, free):
        return None
    fence = int(_row(session, SCHEDULE)[1])
    _change(
        session,
        {"holder": holder, "fence": fence, "expires_at": now},
        col(Lease.name) == FENCE,
    )
    return fence


def beat(session: Session, fence: int, life: timedelta) -> bool:
    """Renew the lease of the holder with this number; False where there is another one."""
    until = _now(session) + _milliseconds(life)
    mine = (col(Lease.name) == SCHEDULE, col(Lease.fence) == fence)
    return _change(session, {"expires_at": until}, *mine)


def give_back(session: Session, fence: int) -> None:
    """Let the next one take the lease at once."""
    mine = (col(Lease.name) == SCHEDULE, col(Lease.fence) == fence)
    _change(session, {"expires_at": _now(session)}, *mine)


def enter(session: Session, fence: int, life: timedelta) -> None:
    """The first statement of a holder's transaction; Deposed where the lease is another's.

    On SQLite nobody can take the lease before this transaction ends, as there is one writer.
    """
    _end_if_idle(session, PATIENCE * life)
    _check(session, fence)


def finish(session: Session, fence: int, life: timedelta) -> None:
    """The last statement before the commit: from here to there nobody can take the lease.

    Deposed, or an error after which the transaction is tried again, where somebody has.
    """
    session.flush()
    _end_if_idle(session, life)
    held = select(Lease.fence).where(Lease.name == FENCE).with_for_update(read=True)
    if session.exec(held).one() != fence:
        raise Deposed


def holding(session: Session) -> Holding | None:
    """Who holds the lease, or held it last; None where nobody ever did."""
    found = {row[0]: row for row in rows(session, (Lease.name, Lease.holder, Lease.expires_at))}
    if SCHEDULE not in found or FENCE not in found:
        return None
    (_, holder, until), since = found[SCHEDULE], found[FENCE][2]
    return Holding(holder, _moment(since), _moment(until), until > _now(session))


def _check(session: Session, fence: int) -> None:
    held = rows(session, (Lease.fence,), col(Lease.name) == FENCE)
    if [row[0] for row in held] != [fence]:
        raise Deposed


def _row(session: Session, name: str) -> Any:
    (found,) = rows(session, (Lease.holder, Lease.fence), col(Lease.name) == name)
    return found


def _change(session: Session, values: dict[str, Any], *which: Any) -> bool:
    statement = update(Lease).where(*which).values(**values)
    done = session.exec(statement.execution_options(synchronize_session=False))
    return bool(done.rowcount)


def _now(session: Session) -> int:
    """Milliseconds since 1970 by the database's clock."""
    clock = CLOCK[session.get_bind().dialect.name]
    return int(session.connection().execute(text(f"SELECT {clock}")).scalar_one())


def _end_if_idle(session: Session, after: timedelta) -> None:
    """On PostgreSQL: end this transaction from outside if it says nothing for so long."""
    if session.get_bind().dialect.name == "postgresql":
        limit = str(_milliseconds(after))
        session.exec(select(func.set_config("idle_in_transaction_session_timeout", limit, True)))


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
