"""Two associations in which people hear of things: agencies, their people, the secretariat."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.models import Account, Agency, Message
from rankings.usecases import accounts, agency_codes, journal, memberships, messages
from tests import factories
from tests.usecases.persons import NOW, OPERATOR

FIRST, OTHER = agency_codes.code("VN", 1), agency_codes.code("VN", 2)

SCHEDULED = journal.Act(journal.OPERATOR, NOW)
UNTIL = "2026-11-30T10:00:00+00:00"


def opened(session: Session) -> None:
    """alpha and beta, each with the same two agencies."""
    for association in ("alpha", "beta"):
        factories.association(session, association)
        first = factories.agency(session, association)
        more = {"id": UUID(int=4), "code": OTHER, "licence_number": "L-2"}
        session.add(Agency(**first.model_dump() | more))
    session.flush()


def somebody(session: Session, name: str, *roles: str, at: str = "alpha") -> UUID:
    """A person with roles in an association; a role of an agency is `role:code`."""
    newcomer = accounts.Newcomer(name.title(), "vi", "no password opens this")
    made = accounts.add(session, f"{name}@example.org", newcomer, OPERATOR)
    for role in roles:
        word, _, agency = role.partition(":")
        memberships.grant(session, at, made.id, word, agency or None, OPERATOR)
    return made.id


def agency(session: Session, code: str = FIRST, at: str = "alpha") -> UUID:
    found = select(Agency.id).where(Agency.association == at, Agency.code == code)
    return session.exec(found).one()


def tell(session: Session, whom: UUID, occasion: str = "2026 closes", at: str = "alpha") -> None:
    """One message to somebody."""
    messages.write(session, at, whom, occasion, "closed", {"cycle": "2026"}, SCHEDULED)


def told(session: Session) -> list[tuple[str, str]]:
    """Who is written to about what."""
    found = session.exec(
        select(Account.email, Message.occasion)
        .join(Account, col(Account.id) == Message.account)
        .order_by(Account.email, Message.occasion)
    )
    return [(email.partition("@")[0], occasion) for email, occasion in found]


def after(**more: float) -> datetime:
    return NOW + timedelta(**more)
