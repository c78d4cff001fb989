"""Withdrawals: an edition is taken back by two persons, and stays readable under a banner."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from rankings.models import AssessmentCycle, RankingEdition, Withdrawal
from rankings.usecases import approvals, journal, messages, taking_part

LEAST, MOST = 20, 500
# The sentences and remedies.
NO_REASON = f"must be {LEAST} to {MOST} characters: everybody reads it"
ASKED = "Somebody has asked for this withdrawal already."
NOT_ASKED = "Nobody has asked for this withdrawal."
WITHDRAWN = "This edition is withdrawn already."


def ask(
    session: Session,
    edition: RankingEdition,
    because: str,
    proved_at: datetime | None,
    act: journal.Act,
) -> None:
    """Ask for a withdrawal with its public reason; nothing changes until another one approves.

    NotAllowed for whoever may not prepare, Conflict where it was asked for, Invalid without reason.
    """
    account = approvals.refuse_unless(
        session, edition.association, approvals.PREPARED, proved_at, act
    )
    why = " ".join(because.split())
    if not LEAST <= len(why) <= MOST or not why.isprintable():
        raise Invalid([Problem("because", why[:100], NO_REASON)])
    if of(session, edition) is not None:
        raise Conflict(ASKED)
    session.add(
        Withdrawal(
            association=edition.association,
            edition=edition.id,
            because=why,
            asked_by=account,
            asked_at=act.now,
        )
    )
    session.flush()
    _note(session, edition, "asked for a withdrawal", act)


def approve(
    session: Session, edition: RankingEdition, proved_at: datetime | None, act: journal.Act
) -> None:
    """Withdraw the edition; the caller issues a new notice. Refused for whoever asked for it."""
    account = approvals.refuse_unless(
        session, edition.association, approvals.APPROVED, proved_at, act
    )
    asked = _waiting(session, edition)
    if asked.asked_by == account:
        raise NotAllowed(approvals.SAME_PERSON)
    # Whoever has lost the role since stands for nothing any more.
    if not approvals.may(session, edition.association, approvals.PREPARED, asked.asked_by):
        raise Conflict(NOT_ASKED)
    asked.approved_by, asked.approved_at = account, act.now
    session.add(asked)
    session.flush()
    _note(session, edition, "withdrew an edition", act)
    cycle = session.get_one(AssessmentCycle, (edition.association, edition.cycle))
    occasion = f"withdrawn {cycle.slug} {edition.number}"
    for agency in taking_part.with_people(session, edition.association):
        values = {"cycle": cycle.slug}
        messages.to_agency(session, edition.association, agency, occasion, "withdrawn", values, act)


def refuse(session: Session, edition: RankingEdition, act: journal.Act) -> None:
    """Drop a withdrawal that was asked for; the edition stays."""
    session.delete(_waiting(session, edition))
    session.flush()
    _note(session, edition, "refused a withdrawal", act)


def of(session: Session, edition: RankingEdition) -> Withdrawal | None:
    """The withdrawal of an edition, asked for or approved."""
    return session.get(Withdrawal, (edition.association, edition.id))


def approved(session: Session, association: str) -> dict[UUID, Withdrawal]:
    """The withdrawn editions of an association."""
    found = select(Withdrawal).where(
        Withdrawal.association == association, col(Withdrawal.approved_at).is_not(None)
    )
    return {one.edition: one for one in session.exec(found)}


def find_edition(session: Session, association: str, edition: UUID) -> RankingEdition:
    """An edition by its key; NotFound."""
    found = session.get(RankingEdition, (association, edition))
    if found is None:
        raise NotFound("There is no such edition.")
    return found


def _waiting(session: Session, edition: RankingEdition) -> Withdrawal:
    asked = of(session, edition)
    if asked is None:
        raise Conflict(NOT_ASKED)
    if asked.approved_at is not None:
        raise Conflict(WITHDRAWN)
    return asked


def _note(session: Session, edition: RankingEdition, action: str, act: journal.Act) -> None:
    told = {"digest": edition.digest, "number": edition.number}
    journal.record(session, edition.association, act, action, str(edition.id), told)
