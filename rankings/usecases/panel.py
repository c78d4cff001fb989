"""The panel of a cycle: who sits on it for the association, ministry, union, civil society."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import AssessmentCycle, PanelSeat
from rankings.usecases import journal, memberships

SEATS = ("association", "ministry", "union", "civil_society")
# The remedies.
NO_SEAT = f"must be one of {', '.join(SEATS)}"
NO_PERSON = "must be somebody with a role in the association and with none in an agency"
SEATED = "This person sits on the panel already."


def of(session: Session, cycle: AssessmentCycle) -> list[PanelSeat]:
    """The seats that are taken, in the order in which they were given."""
    found = select(PanelSeat).where(
        PanelSeat.association == cycle.association, PanelSeat.cycle == cycle.id
    )
    return list(session.exec(found.order_by(col(PanelSeat.given_at), col(PanelSeat.id))))


def empty(session: Session, cycle: AssessmentCycle) -> list[str]:
    """For whom nobody sits on the panel."""
    taken = {one.seat for one in of(session, cycle)}
    return [seat for seat in SEATS if seat not in taken]


def give(
    session: Session, cycle: AssessmentCycle, account: UUID, seat: str, act: journal.Act
) -> None:
    """Give a person a seat; of each kind there may be several, a person has one.

    Invalid names what cannot be taken, Conflict where the person has another seat.
    """
    if seat not in SEATS:
        raise Invalid([Problem("seat", seat[:100], NO_SEAT)])
    roles = {one.role for one in memberships.of(session, cycle.association, account)}
    if not roles or roles & set(memberships.AGENCY_ROLES):
        raise Invalid([Problem("account", str(account), NO_PERSON)])
    for one in of(session, cycle):
        if one.account == account:
            if one.seat == seat:
                return
            raise Conflict(SEATED)
    made = PanelSeat(
        association=cycle.association,
        id=UUID(bytes=act.draw(16), version=4),
        cycle=cycle.id,
        account=account,
        seat=seat,
        given_at=act.now,
    )
    session.add(made)
    session.flush()
    _note(session, cycle, made, "gave a panel seat", act)


def take_away(session: Session, cycle: AssessmentCycle, seat: UUID, act: journal.Act) -> None:
    """Free a seat; NotFound where the panel of the cycle has no such one."""
    held = session.get(PanelSeat, (cycle.association, seat))
    if held is None or held.cycle != cycle.id:
        raise NotFound("There is no such seat.")
    session.delete(held)
    session.flush()
    _note(session, cycle, held, "took a panel seat away", act)


def _note(
    session: Session, cycle: AssessmentCycle, seat: PanelSeat, action: str, act: journal.Act
) -> None:
    told = {"account": str(seat.account), "seat": seat.seat}
    journal.record(session, cycle.association, act, action, cycle.slug, told)
