"""Memberships: what a person may do in an association, asked at every use."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import Account, Agency, Association, Membership
from rankings.usecases import accounts, agency_codes, associations, journal, sign_ins

SECRETARIAT = "secretariat"
AGENCY_ROLES = ("agency_member", "agency_signatory")
ROLES = (
    *AGENCY_ROLES,
    *("auditor", "lead_auditor", "case_officer", SECRETARIAT, "regulator"),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A role as pages show it; `agency` is a public code, `names` are that agency's.

    `name` is the association's.
    """

    membership: Membership
    account: Account
    name: str
    agency: str | None
    names: dict[str, str]


def of(session: Session, association: str, account: UUID) -> list[Membership]:
    """The roles of a person in an association; none where the person is a stranger."""
    rows = session.exec(
        select(Membership)
        .where(Membership.association == association, Membership.account == account)
        .order_by(col(Membership.role), col(Membership.granted_at))
    )
    return list(rows)


def everywhere(session: Session, account: UUID) -> list[Held]:
    """The roles of a person in all associations."""
    return _held(session, Membership.account == account)


def people(session: Session, association: str) -> list[Held]:
    """Everybody who has a role in an association, by email."""
    return _held(session, Membership.association == association)


def grant(
    session: Session,
    association: str,
    account: UUID,
    role: str,
    agency: str | None,
    act: journal.Act,
    but: UUID | None = None,
) -> Membership:
    """Give a role; `agency` is a public code. Sign-ins of before end: a new role, a new token.

    Invalid where role and agency do not fit, NotFound where something is not there, Conflict
    where the person has the role already.
    """
    whom, key = accounts.find(session, account), agency_key(session, association, role, agency)
    held = of(session, association, account)
    if any((one.role, one.agency) == (role, key) for one in held):
        raise Conflict(f"{whom.email} has this role already.")
    made = Membership(
        association=association,
        id=UUID(bytes=act.draw(16), version=4),
        account=account,
        role=role,
        agency=key,
        granted_at=act.now,
    )
    session.add(made)
    session.flush()
    told = {"role": role, "agency": agency}
    journal.record(session, association, act, "granted a role", str(account), told)
    sign_ins.end_all(session, account, act, but)
    return made


def end(session: Session, association: str, membership: UUID, act: journal.Act) -> None:
    """Take a role away, at once. Conflict where somebody would take away the secretariat's last.

    NotFound where the association has no such membership.
    """
    found = session.get(Membership, (association, membership))
    if found is None:
        raise NotFound("There is no such membership.")
    if found.account == act.account and _is_last_secretariat(session, found):
        raise Conflict("Nobody else could let people in: grant the role to somebody else first.")
    account, told = found.account, {"role": found.role}
    session.delete(found)
    session.flush()
    journal.record(session, association, act, "ended a role", str(account), told)
    sign_ins.end_all(session, account, act)


def agency_key(session: Session, association: str, role: str, agency: str | None) -> UUID | None:
    """The key of the agency that a role is for; None for roles that are for no agency.

    Invalid where role and agency do not fit, NotFound where one is not there.
    """
    associations.find(session, association)
    if role not in ROLES:
        raise Invalid([Problem("role", role[:100], f"must be one of {', '.join(ROLES)}")])
    if (role in AGENCY_ROLES) != bool(agency):
        remedy = "must be named for roles of agencies, and for no other role"
        raise Invalid([Problem("agency", (agency or "")[:100], remedy)])
    if not agency:
        return None
    named = select(Agency.id).where(Agency.association == association, Agency.code == agency)
    # Text that is no code never gets to the database.
    found = session.exec(named).first() if agency_codes.number(agency) else None
    if found is None:
        raise NotFound("There is no such agency.")
    return found


def _held(session: Session, condition: object) -> list[Held]:
    found = session.exec(
        select(Membership, Account, Association, Agency)
        .join(Account, col(Membership.account) == col(Account.id))
        .join(Association, col(Membership.association) == col(Association.id))
        .outerjoin(
            Agency,
            (col(Membership.association) == col(Agency.association))
            & (col(Membership.agency) == col(Agency.id)),
        )
        .where(condition)  # type: ignore[arg-type]  # a condition on columns
        .order_by(col(Membership.association), col(Account.email), col(Membership.role))
    )
    return [
        Held(one, account, whose.name, agency.code if agency else None, dict(agency.names or {}))
        if agency
        else Held(one, account, whose.name, None, {})
        for one, account, whose, agency in found
    ]


def _is_last_secretariat(session: Session, held: Membership) -> bool:
    if held.role != SECRETARIAT:
        return False
    others = session.exec(
        select(Membership)
        .join(Account, col(Membership.account) == col(Account.id))
        .where(
            Membership.association == held.association,
            Membership.role == SECRETARIAT,
            Membership.id != held.id,
            col(Account.disabled_at).is_(None),
        )
    )
    return others.first() is None
