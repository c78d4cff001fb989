"""Messages in every state beside `members`: one of them may be sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from rankings.models import Message


def message(
    session: Session, association: str, account: UUID, mark: str, now: datetime, **more: Any
) -> Message:
    """One message to somebody about a cycle."""
    usual: dict[str, Any] = {
        "association": association,
        "id": uuid4(),
        "account": account,
        "occasion": uuid4().hex,
        "kind": "closed",
        "values": {"cycle": mark},
        "written_at": now,
        "next_try_at": now,
    }
    row = Message(**(usual | more))
    session.add(row)
    session.flush()
    return row


def used_up(
    session: Session, association: str, account: UUID, mark: str, now: datetime
) -> dict[str, Any]:
    """A message that was given up, beside one that waits and one that was sent."""
    place = (session, association, account, mark, now)
    message(*place)
    message(*place, state="sent", tries=1, sent_at=now)
    message(*place, state="unsure", tries=1)
    given_up = message(*place, state="given_up", tries=1, told=f"550 no such mailbox, {mark}")
    return {"message": given_up.id}
