"""Conflicts of interest: nobody judges an agency that they are tied to, or one close to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict
from rankings.models import AgencyLink, Declaration, Membership, Owner

WHY = "This person is tied to the agency, or to one close to it, and does not judge it."
# How an agency is close to another one: it is the same, one follows the other, or they share an
# owner.
ITSELF, LINKED, OWNER = "itself", "linked", "owner"
DECLARED, ROLE = "declared", "role"

Pairs = dict[UUID, set[UUID]]


def ties(session: Session, association: str, account: UUID, agency: UUID, today: date) -> list[str]:
    """Why a person does not judge an agency; empty where nothing stands against it.

    Each is what the person has (`declared` or `role`) and where, such as `declared itself`,
    `role linked` or `declared owner`.
    """
    near = related(session, association, agency, today)
    own = own_ties(session, association, account, today)
    return sorted({f"{what} {near[where]}" for what, where in own if where in near})


def refuse(session: Session, association: str, account: UUID, agency: UUID, today: date) -> None:
    """Conflict where the person has a tie."""
    if ties(session, association, account, agency, today):
        raise Conflict(WHY)


def tied(session: Session, association: str, account: UUID, today: date) -> set[UUID]:
    """The agencies that a person does not judge."""
    own = {where for _what, where in own_ties(session, association, account, today)}
    return {near for where in own for near in related(session, association, where, today)}


def own_ties(
    session: Session, association: str, account: UUID, today: date
) -> set[tuple[str, UUID]]:
    """What a person has (`declared` or `role`) in which agency; the last day still counts."""
    declared = session.exec(
        select(Declaration.agency).where(
            Declaration.association == association,
            Declaration.account == account,
            Declaration.since <= today,
            col(Declaration.until).is_(None) | (col(Declaration.until) >= today),
        )
    )
    roles = session.exec(
        select(Membership.agency).where(
            Membership.association == association, Membership.account == account
        )
    )
    held = {(ROLE, one) for one in roles if one is not None}
    return {(DECLARED, one) for one in declared} | held


def related(session: Session, association: str, agency: UUID, today: date) -> dict[UUID, str]:
    """The agency and those close to it, each with how.

    A chain of approved links is one firm, in both directions. Firms with an owner in common today
    are close; owners of those owners' other firms are not followed any further.
    """
    links = _links(session, association)
    firm = _firm(links, [agency])
    sisters = _firm(links, _sharing(session, association, firm, today))
    near = dict.fromkeys(sisters, OWNER) | dict.fromkeys(firm, LINKED)
    return near | {agency: ITSELF}


def _links(session: Session, association: str) -> Pairs:
    approved = session.exec(
        select(AgencyLink).where(
            AgencyLink.association == association, col(AgencyLink.is_approved).is_(True)
        )
    )
    found: Pairs = {}
    for one in approved:
        found.setdefault(one.agency, set()).add(one.predecessor)
        found.setdefault(one.predecessor, set()).add(one.agency)
    return found


def _firm(links: Pairs, begin: Iterable[UUID]) -> set[UUID]:
    """All that are reached from some agencies by links; those of a ring once."""
    found: set[UUID] = set()
    waiting = list(begin)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += links.get(one, ())
    return found


def _sharing(session: Session, association: str, firm: Collection[UUID], today: date) -> list[UUID]:
    """The agencies with an owner whose number is also that of an owner of the firm."""
    now = (
        Owner.association == association,
        col(Owner.number).is_not(None),
        Owner.number != "",
        Owner.since <= today,
        col(Owner.until).is_(None) | (col(Owner.until) >= today),
    )
    numbers = session.exec(select(Owner.number).where(*now, col(Owner.agency).in_(firm))).all()
    same = select(Owner.agency).where(*now, col(Owner.number).in_(numbers))
    return list(session.exec(same)) if numbers else []
