"""The journal: every change, refusal and failure leaves one entry that nobody alters."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from rankings.canonical import canonical
from rankings.models import JournalDetail, JournalEntry

# What concerns no association, such as a sign-in, stands in a chain of its own.
NO_ASSOCIATION = ""
NOBODY = "nobody"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something and when: an account's id, `operator` (command line) or `nobody`."""

    who: str
    now: datetime

    @property
    def account(self) -> UUID | None:
        """The account that acted, if it was a person signed in."""
        return None if self.who in (NOBODY, OPERATOR) else UUID(self.who)


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
    salt, said = secrets.token_hex(16), dict(details or {})
    entry = uuid4()
    session.add(
        JournalEntry(
            association=association,
            id=entry,
            at=act.now,
            who=act.who,
            action=action,
            about=about,
            digest=digest(salt, said),
        )
    )
    session.flush()
    session.add(JournalDetail(association=association, entry=entry, salt=salt, details=said))
    session.flush()


def digest(salt: str, details: Mapping[str, Any]) -> str:
    """The salted digest of details; without the salt they cannot be guessed from it."""
    return hashlib.sha256(salt.encode() + canonical(details)).hexdigest()
