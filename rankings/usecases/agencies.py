"""The register as people read it: the list of agencies, and all that is known of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import NotFound
from rankings.models import (
    Agency,
    AgencyLink,
    Deployment,
    FormerName,
    LicenceState,
    Owner,
)
from rankings.usecases import agency_codes, licences
from rankings.usecases.similar_names import squeezed


@dataclass(frozen=True, slots=True)
class Line:
    """An agency in the list: its licence on the day, who owns it then, what it follows."""

    agency: Agency
    licence: dict[str, str | None]
    owners: list[Owner]
    linked: int


@dataclass(frozen=True, slots=True)
class Held:
    """One agency with everything that stands in the register."""

    agency: Agency
    former_names: list[FormerName]
    licence: dict[str, str | None]
    states: list[LicenceState]
    owners: list[Owner]
    deployments: list[Deployment]


def find(session: Session, association: str, code: str) -> Agency:
    """The agency of a public code; NotFound where the association has none such."""
    named = select(Agency).where(Agency.association == association, Agency.code == code)
    # Text that is no code never gets to the database.
    found = session.exec(named).first() if agency_codes.number(code) else None
    if found is None:
        raise NotFound("There is no such agency.")
    return found


def every(session: Session, association: str) -> list[Agency]:
    """All agencies in the order of their codes."""
    known = select(Agency).where(Agency.association == association).order_by(Agency.code)
    return list(session.exec(known))


def listing(session: Session, association: str, wanted: str, today: date) -> list[Line]:
    """The agencies in whose names, former names, licence number or code the text stands."""
    former = _by_agency(session, FormerName, association)
    states = _by_agency(session, LicenceState, association)
    owners = _by_agency(session, Owner, association)
    linked = _linked(session, association)
    text = squeezed(wanted)
    return [
        Line(
            one,
            licences.licence(one, states.get(one.id, ()), today),
            [owner for owner in owners.get(one.id, ()) if is_owner(owner, today)],
            linked.get(one.id, 0),
        )
        for one in every(session, association)
        if not wanted.strip() or _named(text, one, former.get(one.id, ()))
    ]


def one(session: Session, association: str, code: str, today: date) -> Held:
    """Everything about an agency; NotFound where there is none such."""
    agency = find(session, association, code)
    states = _of(session, LicenceState, agency, LicenceState.since)
    work = (Deployment.quarter, Deployment.destination, Deployment.programme, Deployment.sex)
    return Held(
        agency=agency,
        former_names=_of(session, FormerName, agency, FormerName.until),
        licence=licences.licence(agency, states, today),
        states=states,
        owners=_of(session, Owner, agency, Owner.since, Owner.name, Owner.id),
        deployments=_of(session, Deployment, agency, *work),
    )


def is_owner(owner: Owner, day: date) -> bool:
    """Whether somebody owns a part on a day; the last day counts."""
    return owner.since <= day and (owner.until is None or day <= owner.until)


def missing_quarters(quarters: Iterable[str]) -> list[str]:
    """The quarters of which nothing is known between the first one and the last."""
    known = {_place(one) for one in quarters}
    if not known:
        return []
    between = range(min(known), max(known))
    return [f"{place // 4}-Q{place % 4 + 1}" for place in between if place not in known]


def _place(quarter: str) -> int:
    """The place of a quarter such as `2026-Q1` in the row of all quarters."""
    return int(quarter[:4]) * 4 + int(quarter[-1]) - 1


def _named(text: str, agency: Agency, former: Sequence[FormerName]) -> bool:
    names = [*agency.names.values(), *(name for one in former for name in one.names.values())]
    written = (squeezed(one) for one in (*names, agency.licence_number, agency.code))
    return bool(text) and any(text in one for one in written)


def _by_agency(session: Session, table: Any, association: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    order = tuple(table.__table__.primary_key)
    if table is Owner:
        order = (Owner.since, Owner.name, Owner.id)
    for row in session.exec(select(table).where(table.association == association).order_by(*order)):
        found.setdefault(row.agency, []).append(row)
    return found


def _of(session: Session, table: Any, agency: Agency, *order: Any) -> list[Any]:
    whose = (table.association == agency.association, table.agency == agency.id)
    return list(session.exec(select(table).where(*whose).order_by(*order)))


def _linked(session: Session, association: str) -> dict[UUID, int]:
    """How many approved links each agency is part of."""
    found: dict[UUID, int] = {}
    for link in session.exec(
        select(AgencyLink).where(
            AgencyLink.association == association, col(AgencyLink.is_approved).is_(True)
        )
    ):
        for end in (link.agency, link.predecessor):
            found[end] = found.get(end, 0) + 1
    return found
