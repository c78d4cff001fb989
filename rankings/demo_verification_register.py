"""The demonstration's register: owners, links, a state that was reversed, and fees."""

from __future__ import annotations

from rankings.demo_verification_desk import Desk, code
from rankings.usecases import (
    agency_links,
    fee_schedules,
    licence_states,
    owners,
)
from rankings.usecases.agency_links import APPROVE, Proposal
from rankings.usecases.fee_schedules import Statement
from rankings.usecases.licence_states import NewState, Reversal
from rankings.usecases.owners import NewOwner

SECRETARIAT, LEAD = "secretariat", "lead_auditor"
OWN, SISTER, TURNED, STRICT = 1, 8, 9, 10
# Serial numbers of a successor and whom it follows: one approved, one that waits.
REVOKED, NEWCOMER = 22, 98
TAKER, TAKEN = 12, 92
SHARED = "EX-0000001"
REGISTER = "Example register of enterprises"


def add(desk: Desk) -> None:
    """Everything that the register holds of a cycle's first weeks."""
    _owners(desk)
    _links(desk)
    _licence(desk)
    _fees(desk)


def _owners(desk: Desk) -> None:
    """Three owners; one of them owns two agencies, another one has sold its part."""
    act = desk.act(SECRETARIAT, 9, 7)
    held = (
        (OWN, NewOwner("Example Holding One Ltd", SHARED, "60", "2019-04-01", REGISTER)),
        (OWN, NewOwner("Example Holding Two Ltd", "EX-0000002", "40", "2021-01-15", REGISTER)),
        (SISTER, NewOwner("Example Holding One Ltd", SHARED, "100", "2022-06-01", REGISTER)),
    )
    for serial, owner in held:
        owners.add(desk.session, desk.association, code(serial), owner, act)
    sold = next(one for one in owners.of(desk.session, desk.agency(OWN)) if one.number != SHARED)
    whose = (desk.session, desk.association, code(OWN))
    owners.end(*whose, str(sold.id), "2026-08-31", desk.act(SECRETARIAT, 9, 8))


def _links(desk: Desk) -> None:
    """One that a second person approved, and one that waits for a second person."""
    approved = Proposal(
        code(REVOKED),
        "new_licence",
        "2026-09-01",
        "The same office, staff and owners work under a new licence.",
    )
    waiting = Proposal(
        code(TAKEN), "taken_over", "2026-10-01", "The contracts with workers were handed over."
    )
    act = desk.act(SECRETARIAT, 9, 9)
    agency_links.propose(desk.session, desk.association, code(NEWCOMER), approved, act)
    (shown,) = agency_links.listing(desk.session, desk.association)
    agency_links.decide(
        desk.session,
        desk.association,
        shown.link.id,
        APPROVE,
        shown.seen,
        desk.act(LEAD, 9, 11),
    )
    act = desk.act(SECRETARIAT, 11, 16)
    agency_links.propose(desk.session, desk.association, code(TAKER), waiting, act)


def _licence(desk: Desk) -> None:
    """Suspended by mistake, and reversed."""
    state = NewState(
        "suspended", "2026-09-14", "The deposit was reported missing.", "Example notice 12"
    )
    whose = (desk.session, desk.association, code(TURNED))
    licence_states.add(*whose, state, desk.act(SECRETARIAT, 9, 15))
    reversal = Reversal("2026-09-14", "2026-10-06", "The deposit had been paid in time.")
    licence_states.reverse(*whose, reversal, desk.act(SECRETARIAT, 10, 6))


def _fees(desk: Desk) -> None:
    """An agency within what the law allows, as it says, and one above it, as a paper says."""
    care, factory = ("TW", "care", "36", "2026-09-01"), ("TW", "factory", "36", "2026-09-01")
    signatory, paper = "agency_signatory", "Example contract form of 2026"
    wage = ("TWD", "20000", "TWD")
    stated = (
        (signatory, OWN, Statement(*care, "54000", *wage)),
        (signatory, OWN, Statement(*factory, "60000", *wage)),
        (SECRETARIAT, STRICT, Statement(*care, "66000", *wage, paper)),
        (SECRETARIAT, STRICT, Statement(*factory, "84000", *wage, paper)),
    )
    for who, serial, statement in stated:
        act = desk.act(who, 9, 10)
        fee_schedules.state(desk.session, desk.association, code(serial), statement, act)
