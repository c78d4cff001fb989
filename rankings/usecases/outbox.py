"""The outbox: which messages wait, who takes one to send it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select, update

from rankings.errors import Conflict, NotFound
from rankings.models import Account, Association, Lease, Membership, Message
from rankings.usecases import journal

WAITING, SENDING, SENT, UNSURE, GIVEN_UP = "waiting", "sending", "sent", "unsure", "given_up"
# The lease of the schedule, whose holder sends.
LEASE = "schedule"
# Whoever has taken a message and says nothing for so long is dead.
HELD = timedelta(minutes=10)
LONGEST_WAIT, MOST_TRIES = timedelta(minutes=60), 10
# Until a server that could not be reached is asked again.
PAUSE = timedelta(minutes=2)
LONGEST_TOLD = 300
DIED = "Whoever sent this message ended before the server's answer was noted."
NO_READER = "The account is disabled, or its role in the association has ended."
SENT_ALREADY = "This message has been sent in the meantime."


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that somebody has taken to send, and whom it goes to at this moment.

    `until` marks this very take: nobody else can end it.
    """

    association: Association
    id: UUID
    until: datetime
    tries: int
    email: str
    language: str
    kind: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class End:
    """What became of a take; `is_try` is False where it was not about this message."""

    state: str
    told: str = ""
    is_try: bool = True


def due(session: Session, now: datetime, limit: int) -> list[tuple[str, UUID]]:
    """The keys of messages that can be sent now, the oldest first."""
    found = session.exec(
        select(Message.association, Message.id)
        .where(Message.state == WAITING, Message.next_try_at <= now)
        .order_by(col(Message.next_try_at), col(Message.written_at), col(Message.id))
        .limit(limit)
    )
    return [(association, key) for association, key in found]


def take(session: Session, association: str, key: UUID, now: datetime, fence: int) -> Taken | None:
    """Take a message to send it; None where somebody else has it, or it has no reader any more.

    None also for a holder of the schedule whose lease went to another (`fence` 0: no holder).
    Only what is committed here may be sent.
    """
    if not _may_send(session, fence):
        return None
    until = now + HELD
    may = (Message.state == WAITING, Message.next_try_at <= now)
    values = {"state": SENDING, "tries": Message.tries + 1, "fence": fence, "next_try_at": until}
    if not _change(session, association, key, may, values):
        return None
    message = _find(session, association, key)
    whom = session.get(Account, message.account)
    if whom is None or whom.disabled_at is not None or not _has_role(session, message):
        message.state, message.told = GIVEN_UP, NO_READER
        session.add(message)
        session.flush()
        return None
    return Taken(
        association=session.get_one(Association, association),
        id=key,
        until=until,
        tries=message.tries,
        email=whom.email,
        language=whom.language,
        kind=message.kind,
        values=dict(message.values),
    )


def end(session: Session, taken: Taken, ended: End, now: datetime) -> bool:
    """Note what became of a take; False where it is no longer this take's to say.

    A message that was thought lost meanwhile is what this take says of it.
    """
    mine = (
        col(Message.state).in_((SENDING, UNSURE)),
        Message.next_try_at == taken.until,
        Message.tries == taken.tries,
    )
    is_over = ended.state == WAITING and ended.is_try and taken.tries >= MOST_TRIES
    noted = replace(ended, state=GIVEN_UP) if is_over else ended
    values: dict[str, Any] = {"state": noted.state, "told": noted.told[:LONGEST_TOLD]}
    if noted.state == WAITING:
        values["tries"] = taken.tries if noted.is_try else taken.tries - 1
        values["next_try_at"] = now + (_wait(taken.tries) if noted.is_try else PAUSE)
    if noted.state == SENT:
        values["sent_at"] = now
    return _change(session, taken.association.id, taken.id, mine, values)


def are_lost(session: Session, now: datetime, fence: int) -> bool:
    """Whether there is something to bury."""
    lost = select(Message.id).where(Message.state == SENDING, _is_lost(now, fence))
    return session.exec(lost.limit(1)).first() is not None


def bury(session: Session, now: datetime, fence: int) -> int:
    """Messages whose sender is dead may have been sent: they are unsure; how many.

    Dead is who took it too long ago, or held the schedule before its present holder.
    """
    if not _may_send(session, fence):
        return 0
    lost = update(Message).where(col(Message.state) == SENDING, _is_lost(now, fence))
    return _rows(session, lost.values(state=UNSURE, told=DIED))


def postpone(session: Session, told: str, now: datetime) -> None:
    """No server can be reached: everything that is due waits a little, and says why."""
    due_now = update(Message).where(col(Message.state) == WAITING, col(Message.next_try_at) <= now)
    _rows(session, due_now.values(next_try_at=now + PAUSE, told=told[:LONGEST_TOLD]))


def again(session: Session, association: str, key: UUID, act: journal.Act) -> None:
    """Send a message that was given up, or that may have been sent: its reader may get it twice.

    Nothing changes where it waits already; Conflict where it was sent, NotFound where there is
    none.
    """
    message = _find(session, association, key)
    if message.state == SENT:
        raise Conflict(SENT_ALREADY)
    if message.state in (WAITING, SENDING):
        return
    told = {"kind": message.kind, "state": message.state, "to": str(message.account)}
    message.state, message.tries, message.next_try_at = WAITING, 0, act.now
    session.add(message)
    session.flush()
    journal.record(session, association, act, "sent a message again", str(key), told)


def _find(session: Session, association: str, key: UUID) -> Message:
    found = session.get(Message, (association, key), populate_existing=True)
    if found is None:
        raise NotFound("There is no such message.")
    return found


def _wait(tries: int) -> timedelta:
    """1, 2, 4 … 60 minutes."""
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_WAIT)


def _is_lost(now: datetime, fence: int) -> Any:
    is_old = and_(col(Message.fence) > 0, col(Message.fence) < fence)
    return or_(col(Message.next_try_at) <= now, is_old)


def _may_send(session: Session, fence: int) -> bool:
    if not fence:
        return True
    held = session.get(Lease, LEASE)
    return held is not None and held.fence == fence


def _has_role(session: Session, message: Message) -> bool:
    found = select(Membership.id).where(
        Membership.association == message.association, Membership.account == message.account
    )
    return session.exec(found.limit(1)).first() is not None


def _change(
    session: Session, association: str, key: UUID, may: Iterable[Any], values: dict[str, Any]
) -> bool:
    """Change one message if it is still as it must be."""
    where = update(Message).where(
        col(Message.association) == association, col(Message.id) == key, *may
    )
    return _rows(session, where.values(**values)) == 1


def _rows(session: Session, statement: Any) -> int:
    """How many rows a statement changed."""
    return int(session.connection().execute(statement).rowcount)
