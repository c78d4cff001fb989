"""The public keys to which complaints are sealed, and the change from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session, col, desc, select

from rankings.errors import Conflict, NotFound
from rankings.models import ComplaintCase, ComplaintItem, ComplaintKey
from rankings.usecases import journal

NO_KEY = "Complaints cannot be taken in yet: there is no key for them."
STILL_NEEDED = "Complaints are still sealed to this key."

# Seals a key anew: (old key, new key, wrapped, about) -> wrapped.
Rewrap = Callable[[ComplaintKey, ComplaintKey, bytes, str], bytes]


def current(session: Session, association: str) -> ComplaintKey | None:
    """The newest key that is not retired; it takes new complaints."""
    return session.exec(
        select(ComplaintKey)
        .where(ComplaintKey.association == association, col(ComplaintKey.retired_at).is_(None))
        .order_by(desc(ComplaintKey.made_at), desc(ComplaintKey.id))
        .limit(1)
    ).first()


def wanted(session: Session, association: str) -> ComplaintKey:
    """The key that takes new complaints; Conflict where there is none."""
    key = current(session, association)
    if key is None:
        raise Conflict(NO_KEY)
    return key


def of(session: Session, association: str) -> list[ComplaintKey]:
    """All keys, the oldest first, retired ones too."""
    found = select(ComplaintKey).where(ComplaintKey.association == association)
    return list(session.exec(found.order_by(col(ComplaintKey.made_at), col(ComplaintKey.id))))


def find(session: Session, association: str, key: UUID) -> ComplaintKey:
    """A key of an association; NotFound where it has no such key."""
    row = session.get(ComplaintKey, {"association": association, "id": key})
    if row is None:
        raise NotFound("There is no such key.")
    return row


def add(
    session: Session, association: str, key: UUID, public: bytes, act: journal.Act
) -> ComplaintKey:
    """A new key, which takes complaints from now on; its private half is kept already."""
    row = ComplaintKey(association=association, id=key, public_key=public, made_at=act.now)
    session.add(row)
    session.flush()
    journal.record(session, association, act, "added a key of complaints", str(key))
    return row


def retire(session: Session, association: str, key: UUID, act: journal.Act) -> ComplaintKey:
    """Nothing is sealed to it any more; Conflict where something still is."""
    row = find(session, association, key)
    if row.retired_at is not None:
        return row
    if needed(session, association, key):
        raise Conflict(STILL_NEEDED)
    row.retired_at = act.now
    session.flush()
    journal.record(session, association, act, "retired a key of complaints", str(key))
    return row


def needed(session: Session, association: str, key: UUID) -> bool:
    """Is anything sealed to this key?"""
    return bool(cases(session, association, key) or items(session, association, key))


def cases(session: Session, association: str, key: UUID) -> list[UUID]:
    """The cases whose keys are wrapped for this key."""
    return list(
        session.exec(
            select(ComplaintCase.id).where(
                ComplaintCase.association == association, ComplaintCase.key == key
            )
        )
    )


def items(session: Session, association: str, key: UUID) -> list[UUID]:
    """The things with keys of their own that are wrapped for this key."""
    return list(
        session.exec(
            select(ComplaintItem.id).where(
                ComplaintItem.association == association, ComplaintItem.key == key
            )
        )
    )


def rewrap(
    session: Session, association: str, case: UUID, old: UUID, new: UUID, rewrapped: Rewrap
) -> bool:
    """Wrap a case's key for the new key; False where it is not wrapped for the old one."""
    row = session.get(ComplaintCase, {"association": association, "id": case})
    if row is None or row.key != old:
        return False
    before, after = find(session, association, old), find(session, association, new)
    row.wrapped_key = rewrapped(before, after, row.wrapped_key, f"{association}/{case}/")
    row.key = new
    session.flush()
    return True


def rewrap_item(
    session: Session, association: str, item: UUID, old: UUID, new: UUID, rewrapped: Rewrap
) -> bool:
    """The same for a thing with a key of its own."""
    row = session.get(ComplaintItem, {"association": association, "id": item})
    if row is None or row.own_key is None or row.key != old:
        return False
    before, after = find(session, association, old), find(session, association, new)
    name = f"{association}/{row.case}/{item}"
    row.own_key, row.key = rewrapped(before, after, row.own_key, name), new
    session.flush()
    return True
