"""An edition of a cycle of its own, which somebody asks to be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, func, select

from rankings.models import AssessmentCycle, RankingEdition, Withdrawal
from rankings.usecases import cycles
from tests.usecases import world

# Its edition is no edition before the usual cycle's: nobody could read it.
SLUG = "2020"


def used_up(
    session: Session, association: str, whose: UUID, mark: str, now: datetime
) -> dict[str, Any]:
    """One more edition; the withdrawal waits for somebody else's approval."""
    cycle = _cycle(session, association)
    made = select(func.count()).where(RankingEdition.cycle == cycle.id)
    edition = RankingEdition(
        association=association,
        id=uuid4(),
        cycle=cycle.id,
        number=session.exec(made).one() + 1,
        published_at=now,
        as_of=world.AS_OF,
        reason=mark,
        digest=uuid4().hex * 2,
    )
    session.add(edition)
    session.flush()
    asked: dict[str, Any] = {"because": f"It was wrong, {mark}.", "asked_by": whose}
    session.add(Withdrawal(association=association, edition=edition.id, asked_at=now, **asked))
    session.flush()
    return {"edition": edition.id, "rest": "ranking"}


def _cycle(session: Session, association: str) -> AssessmentCycle:
    known = select(AssessmentCycle).where(
        AssessmentCycle.association == association, AssessmentCycle.slug == SLUG
    )
    found = session.exec(known).first()
    if found is not None:
        return found
    like = cycles.find(session, association, "2026").model_dump()
    row = AssessmentCycle(**(like | {"id": uuid4(), "slug": SLUG, "name": SLUG}))
    session.add(row)
    session.flush()
    return row
