"""The outbox as the secretariat reads it: what is in doubt, what waits, what was sent to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from rankings.models import Account, Message
from rankings.usecases.outbox import GIVEN_UP, SENDING, SENT, UNSURE, WAITING

ON_A_PAGE = 50
STATES = {"troubled": (UNSURE, GIVEN_UP), "waiting": (WAITING, SENDING), "sent": (SENT,)}


@dataclass(frozen=True, slots=True)
class Line:
    """A message and the name of its reader."""

    message: Message
    name: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of messages, from 1 on, how many pages there are, and how many messages."""

    lines: Sequence[Line]
    last: int
    many: int


def lines(session: Session, association: str, which: str, number: int = 1) -> Lines:
    """Messages that are `troubled`, `waiting` or `sent`, fifty at a time.

    What is in doubt and what was sent begins with the newest, what waits with the next one.
    """
    mine = (Message.association == association, col(Message.state).in_(STATES[which]))
    many = session.exec(select(func.count()).select_from(Message).where(*mine)).one()
    order = {
        "troubled": col(Message.written_at).desc(),
        "waiting": col(Message.next_try_at),
        "sent": col(Message.sent_at).desc(),
    }
    found = session.exec(
        select(Message, Account.name)
        .join(Account, col(Account.id) == Message.account)
        .where(*mine)
        .order_by(order[which], col(Message.id))
        .offset((number - 1) * ON_A_PAGE)
        .limit(ON_A_PAGE)
    )
    shown = [Line(message, name) for message, name in found]
    return Lines(shown, max(1, -(-many // ON_A_PAGE)), many)
