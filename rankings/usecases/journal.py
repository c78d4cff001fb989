"""The journal: every change, refusal and failure leaves one entry that nobody alters."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from rankings.canonical import canonical
from rankings.models import JournalDetail, JournalEntry

# What concerns no association, such as a sign-in, stands in a chain of its own.
NO_ASSOCIATION = ""
NOBODY = "nobody"
OPERATOR = "operator"
# What runs by itself, when it is due.
SCHEDULE = "schedule"
NO_PERSON = frozenset({NOBODY, OPERATOR, SCHEDULE})
# Under this name a session keeps the associations whose journal it has added to.
TOUCHED = "journal"
# Of a text in an entry; who sends nonsense does not fill the journal.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something and when: an account's id, or one of `NO_PERSON`.

    `draw` gives random bytes; only a demonstration, whose builds repeat, draws from a seed.
    """

    who: str
    now: datetime
    draw: Callable[[int], bytes] = field(default=secrets.token_bytes, repr=False, compare=False)

    @property
    def account(self) -> UUID | None:
        """The account that acted, if it was a person signed in."""
        return None if self.who in NO_PERSON else UUID(self.who)


def record(
    session: Session,
    association: str,
    act: Act,
    action: str,
    about: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note an act in the caller's own transaction; details are JSON values without secrets.

    `action` is a verb in the past and its object ("saved an answer"), `about` names the object
    ("2026 VN-00011 a1.1"). The entry joins the chain when the journal is sealed.
    """
    salt, said = act.draw(16).hex(), {key: _plain(value) for key, value in (details or {}).items()}
    entry = key(act.now, act.draw(10))
    session.add(
        JournalEntry(
            association=association,
            id=entry,
            at=act.now,
            who=act.who,
            action=action,
            about=_plain(about),
            digest=digest(salt, said),
        )
    )
    session.flush()
    session.add(JournalDetail(association=association, entry=entry, salt=salt, details=said))
    session.flush()
    session.info.setdefault(TOUCHED, set()).add(association)


def digest(salt: str, details: Mapping[str, Any]) -> str:
    """The salted digest of details; without the salt they cannot be guessed from it."""
    return hashlib.sha256(salt.encode() + canonical(details)).hexdigest()


def key(at: datetime, drawn: bytes = bytes(10)) -> UUID:
    """The key of an entry: its millisecond, then 74 of 80 random bits (RFC 9562, version 7).

    Keys grow with time, so that the newest entries are found without looking at all others.
    """
    since = at - datetime(1970, 1, 1, tzinfo=at.tzinfo)
    found = int.from_bytes((since // timedelta(milliseconds=1)).to_bytes(6) + drawn)
    found = found & ~(0xF << 76) | 0x7 << 76
    return UUID(int=found & ~(0b11 << 62) | 0b10 << 62)


def _plain(value: Any) -> Any:
    """The value as both databases can keep it: no NUL, no half characters, no endless text."""
    if isinstance(value, str):
        kept = value.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
        return kept[:LONGEST]
    if isinstance(value, Mapping):
        return {_plain(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
