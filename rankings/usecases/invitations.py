"""Invitations: links that give one role to one email, once, within seven days."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from rankings.errors import Conflict, NotFound
from rankings.models import Agency, Invitation
from rankings.usecases import accounts, journal, memberships
from rankings.usecases.sign_ins import TOKEN_BYTES, digest

HOLDS = timedelta(days=7)


def invite(
    session: Session,
    association: str,
    email: str,
    role: str,
    agency: str | None,
    act: journal.Act,
) -> str:
    """The token of a new invitation, to be handed over; it is never shown again.

    Invalid where email, role or agency cannot be, NotFound where the agency is not there.
    """
    address = accounts.normalised(email)
    key = memberships.agency_key(session, association, role, agency)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = Invitation(
        association=association,
        id=uuid4(),
        token_hash=digest(token),
        email=address,
        role=role,
        agency=key,
        created_at=act.now,
        expires_at=act.now + HOLDS,
    )
    session.add(made)
    session.flush()
    told = {"role": role, "agency": agency}
    journal.record(session, association, act, "invited a person", str(made.id), told)
    return token


def find(session: Session, association: str, token: str, now: datetime) -> Invitation:
    """An invitation that can be taken; the same NotFound for all that cannot."""
    found = session.exec(
        select(Invitation).where(
            Invitation.association == association, Invitation.token_hash == digest(token)
        )
    ).first()
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise NotFound("There is no such invitation.")
    return found


def accept(
    session: Session,
    association: str,
    token: str,
    by: accounts.Newcomer | UUID,
    act: journal.Act,
    but: UUID | None = None,
) -> UUID:
    """Take an invitation, as somebody new or with the account of that very email; the account.

    NotFound where it cannot be taken or is for another email, Conflict where somebody new has an
    account already: then it is taken signed in. The sign-in `but` goes on, all others end.
    """
    invitation = find(session, association, token, act.now)
    account = _account(session, invitation, by, act)
    invitation.used_at = act.now
    session.flush()
    act = replace(act, who=str(account))
    told = {"invitation": str(invitation.id)}
    journal.record(session, association, act, "accepted an invitation", str(account), told)
    agency = _agency_code(session, invitation)
    memberships.grant(session, association, account, invitation.role, agency, act, but)
    return account


def opened(session: Session, association: str, now: datetime) -> list[tuple[Invitation, str]]:
    """Invitations that can still be taken, the newest first, each with its agency's code or ""."""
    rows = session.exec(
        select(Invitation)
        .where(
            Invitation.association == association,
            col(Invitation.used_at).is_(None),
            col(Invitation.expires_at) > now,
        )
        .order_by(col(Invitation.created_at).desc())
    )
    return [(row, _agency_code(session, row) or "") for row in rows.all()]


def withdraw(session: Session, association: str, invitation: UUID, act: journal.Act) -> None:
    """Make an open invitation good for nothing; NotFound where there is none."""
    found = session.get(Invitation, (association, invitation))
    if found is None or found.used_at is not None:
        raise NotFound("There is no such invitation.")
    session.delete(found)
    session.flush()
    about = str(invitation)
    journal.record(session, association, act, "withdrew an invitation", about)


def _account(
    session: Session, invitation: Invitation, by: accounts.Newcomer | UUID, act: journal.Act
) -> UUID:
    if isinstance(by, UUID):
        if accounts.find(session, by).email != invitation.email:
            raise NotFound("There is no such invitation.")
        return by
    if accounts.by_email(session, invitation.email) is not None:
        raise Conflict("There is an account with this email: sign in to take the invitation.")
    return accounts.add(session, invitation.email, by, act).id


def _agency_code(session: Session, invitation: Invitation) -> str | None:
    if invitation.agency is None:
        return None
    return session.get_one(Agency, (invitation.association, invitation.agency)).code
