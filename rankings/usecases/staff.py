"""The people of an association itself: everybody whose role is for no agency."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from rankings.models import Account, Membership
from rankings.usecases import memberships

AUDITOR, LEAD = "auditor", "lead_auditor"
STAFF = tuple(role for role in memberships.ROLES if role not in memberships.AGENCY_ROLES)


def people(session: Session, association: str, *roles: str) -> list[Account]:
    """Everybody who has one of some roles (of any, if none is named) and can get in, by name."""
    having = select(Membership.account).where(
        Membership.association == association, col(Membership.role).in_(roles or STAFF)
    )
    found = select(Account).where(col(Account.id).in_(having), col(Account.disabled_at).is_(None))
    return list(session.exec(found.order_by(Account.name, col(Account.id))))


def has(session: Session, association: str, account: UUID | None, *roles: str) -> bool:
    """Whether an account has one of some roles in an association."""
    if account is None:
        return False
    return any(one.role in roles for one in memberships.of(session, association, account))


def names(session: Session, accounts: set[UUID]) -> dict[UUID, str]:
    """The names of some accounts, of those that have left as well."""
    found = session.exec(select(Account).where(col(Account.id).in_(accounts)))
    return {one.id: one.name for one in found}
