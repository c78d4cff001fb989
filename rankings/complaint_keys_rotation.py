"""Changing the key of complaints: database and private keys meet here, one step at a time.

Whatever step a process is killed at, every case is wrapped for exactly one key whose private half
is kept, and running it again goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db, journaling
from rankings.adapters import vault
from rankings.adapters.private_keys import PrivateKeys
from rankings.models import ComplaintKey
from rankings.usecases import complaint_keys
from rankings.usecases.complaint_keys import Rewrap
from rankings.usecases.journal import Act

# Wraps something anew: (session, its id, key it is wrapped for, key to come, how).
Step = Callable[[Session, str, UUID, UUID, UUID, Rewrap], bool]


def make(engine: Engine, data: Path, keys: PrivateKeys, association: str, act: Act) -> UUID:
    """A new key, which takes complaints from now on; its private half is kept first."""
    private, public = vault.make()
    key = UUID(bytes=act.draw(16), version=4)
    keys.put(association, key, private)
    journaling.run(
        engine, data, lambda session: complaint_keys.add(session, association, key, public, act)
    )
    return key


def rotate(engine: Engine, data: Path, keys: PrivateKeys, association: str, act: Act) -> UUID:
    """A new key in place of all others; a change that was cut short is finished instead."""
    opened = [one for one in _keys(engine, association) if one.retired_at is None]
    new = opened[-1].id if len(opened) > 1 else make(engine, data, keys, association, act)
    for old in opened:
        if old.id != new:
            _move(engine, keys, association, old.id, new)
            _retire(engine, data, association, old.id, act)
    for one in _keys(engine, association):
        if one.retired_at is not None:
            keys.forget(association, one.id)
    return new


def _keys(engine: Engine, association: str) -> list[ComplaintKey]:
    with db.reading(engine) as session:
        return complaint_keys.of(session, association)


def _move(engine: Engine, keys: PrivateKeys, association: str, old: UUID, new: UUID) -> None:
    """Wrap for the new key what is wrapped for the old one, each in a transaction of its own."""

    def rewrapped(before: ComplaintKey, after: ComplaintKey, wrapped: bytes, about: str) -> bytes:
        plain = keys.unwrap(association, before.id, wrapped, about)
        return vault.wrap(after.public_key, plain, about)

    with db.reading(engine) as session:
        cases = complaint_keys.cases(session, association, old)
        items = complaint_keys.items(session, association, old)
    steps: list[tuple[Step, UUID]] = [(complaint_keys.rewrap, one) for one in cases]
    steps += [(complaint_keys.rewrap_item, one) for one in items]
    for step, one in steps:
        _once(engine, association, step, one, (old, new), rewrapped)


def _once(
    engine: Engine,
    association: str,
    step: Step,
    one: UUID,
    change: tuple[UUID, UUID],
    rewrapped: Rewrap,
) -> None:
    old, new = change
    db.run(engine, lambda session: step(session, association, one, old, new, rewrapped))


def _retire(engine: Engine, data: Path, association: str, old: UUID, act: Act) -> None:
    journaling.run(
        engine, data, lambda session: complaint_keys.retire(session, association, old, act)
    )
