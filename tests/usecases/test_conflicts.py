"""Conflicts of interest: twenty kinds of ties stand against an assignment, ended ones do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, delete, true
from sqlmodel import Session, col

from rankings.errors import Conflict
from rankings.models import AgencyLink, Audit, Declaration, Membership, Owner
from rankings.usecases import audit_assignments, conflicts
from rankings.usecases.audit_assignments import Plan
from tests.usecases import offices
from tests.usecases.offices import DUE, LONG_AGO, TODAY, YESTERDAY, Office, cycle

Tie = Callable[[Office], object]
NEXT = date(2026, 3, 2)
TRIED = (Declaration, AgencyLink, Owner, Audit)


@pytest.fixture
def office(engine: Engine) -> Office:
    return offices.office(engine)


def through(*steps: Tie) -> Tie:
    def all_of_them(office: Office) -> None:
        for step in steps:
            step(office)

    return all_of_them


def chain(office: Office) -> None:
    """0 follows 1, 1 follows 2, 2 follows 3."""
    for number in range(3):
        office.link(number, number + 1)


def declared(office: Office) -> None:
    office.tie("first", 1)


def declared_at_the_end(office: Office) -> None:
    office.tie("first", 3)


def member(office: Office) -> None:
    office.role("first", 1)


AGAINST: dict[str, Tie] = {
    **{
        f"declared as {kind}": lambda office, kind=kind: office.tie("first", kind=kind)  # type: ignore[misc]
        for kind in ("owner", "employee", "adviser", "family", "business", "dispute", "other")
    },
    "declared from today on": lambda office: office.tie("first", since=TODAY),
    "on its last day": lambda office: office.tie("first", until=TODAY),
    "ends tomorrow": lambda office: office.tie("first", until=NEXT),
    "member": lambda office: office.role("first"),
    "signatory": lambda office: office.role("first", role="agency_signatory"),
    "declared at the predecessor": through(lambda office: office.link(0, 1), declared),
    "declared at the successor": through(lambda office: office.link(1, 0), declared),
    "member of the predecessor": through(lambda office: office.link(0, 1), member),
    "member of the successor": through(lambda office: office.link(1, 0), member),
    "declared at the end of a chain": through(chain, declared_at_the_end),
    "declared where the same owner is": through(lambda office: office.owner(0, 1), declared),
    "member where the same owner is": through(lambda office: office.owner(0, 1), member),
    "declared where the predecessor's owner is": through(
        lambda office: office.link(0, 2), lambda office: office.owner(1, 2), declared
    ),
    "declared at the predecessor of where the same owner is": through(
        lambda office: office.owner(0, 2), lambda office: office.link(2, 1), declared
    ),
    "declared in a ring of links": through(
        chain, lambda office: office.link(3, 0), declared_at_the_end
    ),
}
NOT_AGAINST: dict[str, Tie] = {
    "nothing": lambda office: None,
    "ended yesterday": lambda office: office.tie("first", until=YESTERDAY),
    "begins tomorrow": lambda office: office.tie("first", since=NEXT),
    "of another person": lambda office: office.tie("second"),
    "at another agency": declared,
    "a proposed link": through(lambda office: office.link(0, 1, approved=None), declared),
    "a refused link": through(lambda office: office.link(0, 1, approved=False), declared),
    "an owner who left": through(
        lambda office: office.owner(0, 1, since=LONG_AGO, until=YESTERDAY), declared
    ),
    "owners without numbers": through(lambda office: office.owner(0, 1, known_as=None), declared),
    "owners with empty numbers": through(lambda office: office.owner(0, 1, known_as=""), declared),
    "an owner of an owner's other firm": through(
        lambda office: office.owner(0, 2),
        lambda office: office.owner(2, 1, known_as="O-2"),
        declared,
    ),
}


def assign(office: Office, who: str = "first", number: int = 0) -> object:
    plan = Plan(offices.agency(number), "audit", office.people[who], DUE)
    return office.do(
        lambda session: audit_assignments.assign(session, cycle(session), plan, office.act())
    )


def test_there_are_twenty_kinds_at_least() -> None:
    assert len(AGAINST) >= 20


def test_a_tied_auditor_is_refused_with_a_sentence(office: Office) -> None:
    office.tie("first")
    with pytest.raises(Conflict, match=conflicts.WHY):
        assign(office)


def test_each_of_these_stands_against_an_assignment(office: Office) -> None:
    assert refused(office, AGAINST) == list(AGAINST)


def test_what_is_no_tie_or_no_longer_one_does_not(office: Office) -> None:
    assert refused(office, NOT_AGAINST) == []


def refused(office: Office, kinds: dict[str, Tie]) -> list[str]:
    """Those after which the assignment is refused; each is tried alone."""
    found = []
    for name, tie in kinds.items():
        tie(office)
        try:
            assign(office)
        except Conflict:
            found.append(name)
        office.do(forget)
    assert office.entries("assigned an audit") == len(kinds) - len(found)
    return found


def forget(session: Session) -> None:
    """Takes back what was tried."""
    of_agencies = col(Membership.agency).is_not(None)
    for table, where in ((Membership, of_agencies), *((one, true()) for one in TRIED)):
        session.connection().execute(delete(table).where(where))


def test_the_reasons_say_what_and_where(office: Office) -> None:
    office.tie("first", 0)
    office.role("first", 1)
    office.link(0, 1)
    office.owner(0, 2)
    office.tie("first", 2)
    found = office.ask(
        lambda session: conflicts.ties(
            session, "alpha", office.people["first"], office.agencies[0], TODAY
        )
    )
    assert found == ["declared itself", "declared owner", "role linked"]


def test_a_tie_in_another_association_is_none_here(office: Office) -> None:
    found = office.ask(
        lambda session: conflicts.ties(
            session, "beta", office.people["first"], office.agencies[0], TODAY
        )
    )
    assert found == []
