"""The journal's word on complaints that came in: how many since the last time, and which.

The time of a complaint is not kept, so the entry is made later, for all since the last one at
once; how finely it tells when they came in is decided by how often it is made.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.models import ComplaintCase, JournalDetail, JournalEntry
from rankings.usecases import associations, journal

ACTION = "noted new complaints"


def note(session: Session, association: str, act: journal.Act) -> int:
    """Note the complaints that no entry covers yet; how many they are, 0 leaves no entry.

    An entry lists digests of their random keys: a case cannot be taken out of the database
    without a digest being left over.
    """
    associations.find(session, association)
    noted = _noted(session, association)
    new = sorted(one for one in _digests(session, association) if one not in noted)
    if new:
        details = {"complaints": len(new), "digests": new}
        journal.record(session, association, act, ACTION, association, details)
    return len(new)


def missing(session: Session, association: str) -> list[str]:
    """Digests in the journal of which the database holds no case any more."""
    present = set(_digests(session, association))
    return sorted(_noted(session, association) - present)


def digest(association: str, case: UUID) -> str:
    """Names a case in the journal; a key is random, so it cannot be guessed from this."""
    return hashlib.sha256(f"{association}/{case}".encode()).hexdigest()


def _digests(session: Session, association: str) -> list[str]:
    found = select(ComplaintCase.id).where(ComplaintCase.association == association)
    return [digest(association, case) for case in session.exec(found)]


def _noted(session: Session, association: str) -> set[str]:
    found = session.exec(
        select(JournalDetail)
        .join(JournalEntry, col(JournalEntry.id) == JournalDetail.entry)
        .where(
            JournalEntry.association == association,
            JournalDetail.association == association,
            JournalEntry.action == ACTION,
        )
    )
    return {one for row in found for one in (row.details or {}).get("digests", ())}
