"""Cases: the queue, who works on one, and every reading of what is sealed in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import Agency, Complaint, ComplaintCase
from rankings.usecases import associations, case_deadlines, case_rules, conflicts, journal, staff
from rankings.usecases.complaints import OPEN

OFFICER = "case_officer"
# Why somebody opens what a worker wrote.
READINGS = ("first_look", "classify", "ask_worker", "summary", "decide", "new_message", "compare")

TAKEN = "Somebody else works on this case already."
DONE = "This case is decided. It can only be opened again by the secretariat."
NOT_DONE = "This case is still open."


def find(session: Session, association: str, case: UUID) -> ComplaintCase:
    """A case of an association; NotFound where it has none such."""
    found = session.get(ComplaintCase, {"association": association, "id": case})
    if found is None:
        raise NotFound("There is no such case.")
    return found


def find_open(session: Session, association: str, case: UUID) -> ComplaintCase:
    """A case that is still worked on; Conflict where it is decided or goes on in another one."""
    found = find(session, association, case)
    if found.status not in case_deadlines.OPEN:
        raise Conflict(DONE)
    return found


def queue(session: Session, association: str) -> list[ComplaintCase]:
    """All cases of an association, in the order of their random keys."""
    whose = select(ComplaintCase).where(ComplaintCase.association == association)
    return list(session.exec(whose.order_by(col(ComplaintCase.id))))


def merged(session: Session, case: ComplaintCase) -> list[ComplaintCase]:
    """The cases that go on in this one."""
    return [one for one in queue(session, case.association) if one.merged_into == case.id]


def line(session: Session, case: ComplaintCase) -> Complaint | None:
    """The line of the register of a case; None until it is classified."""
    if case.number is None:
        return None
    return session.get(Complaint, {"association": case.association, "number": case.number})


def lines(
    session: Session, association: str, cases: Collection[ComplaintCase]
) -> dict[UUID, Complaint]:
    """The lines of the register by case."""
    numbers = {one.number: one.id for one in cases if one.number}
    found = session.exec(
        select(Complaint).where(
            Complaint.association == association, col(Complaint.number).in_(numbers)
        )
    )
    return {numbers[one.number]: one for one in found}


def agency(session: Session, association: str, key: UUID) -> Agency:
    """The agency of a line."""
    found = session.get(Agency, {"association": association, "id": key})
    if found is None:
        raise NotFound("There is no such agency.")
    return found


def today(session: Session, association: str, act: journal.Act) -> date:
    """The day of an act by the association's own clock."""
    return associations.day(associations.find(session, association), act.now)


def take(session: Session, association: str, case: UUID, act: journal.Act) -> None:
    """Whoever is signed in works on a case from now on; Conflict where somebody else does.

    Conflict, too, where the case is about an agency that the person is tied to.
    """
    if act.account is None:
        raise NotFound("There is no such person.")
    held = find_open(session, association, case)
    if held.officer not in (None, act.account):
        raise Conflict(TAKEN)
    _give(session, held, act.account, act)


def assign(session: Session, association: str, case: UUID, account: UUID, act: journal.Act) -> None:
    """Give a case to an officer; Invalid where the person is none, Conflict where tied to it."""
    held = find_open(session, association, case)
    if not staff.has(session, association, account, OFFICER):
        raise Invalid([Problem("officer", str(account), case_rules.CHOOSE)])
    _give(session, held, account, act)


def _give(session: Session, held: ComplaintCase, account: UUID, act: journal.Act) -> None:
    """What was merged into a case goes with it."""
    if held.officer == account:
        return
    together = [held, *merged(session, held)]
    day = today(session, held.association, act)
    for known in lines(session, held.association, together).values():
        conflicts.refuse(session, held.association, account, known.agency, day)
    was = held.officer
    for one in together:
        one.officer = account
        session.add(one)
    session.flush()
    told = {"officer": str(account), "was": str(was) if was else None}
    journal.record(session, held.association, act, "gave a complaint to", str(held.id), told)


def note_reading(
    session: Session, association: str, case: UUID, reason: str, act: journal.Act
) -> ComplaintCase:
    """Note that somebody reads a case and why; Invalid without a reason of the list.

    Whoever shows contents calls this first, in the transaction that also reads them.
    """
    held = find(session, association, case)
    if reason not in READINGS:
        raise Invalid([Problem("reason", reason[:100], case_rules.CHOOSE)])
    if held.status == "received":
        held.status = "checking"
        session.add(held)
        session.flush()
    journal.record(session, association, act, "read a complaint", str(case), {"reason": reason})
    return held


def note_paper(
    session: Session, association: str, case: UUID, paper: UUID, act: journal.Act
) -> ComplaintCase:
    """Note that somebody takes a worker's paper out of the vault."""
    held = find(session, association, case)
    told = {"paper": str(paper)}
    journal.record(session, association, act, "took a paper of a complaint", str(case), told)
    return held


def reopen(session: Session, association: str, case: UUID, reason: str, act: journal.Act) -> None:
    """Open a decided case again; Conflict while it is open, Invalid without a reason of the list.

    What it counted for is gone with the next edition; editions made before keep it.
    """
    held = find(session, association, case)
    if reason not in case_rules.REOPENINGS:
        raise Invalid([Problem("reason", reason[:100], case_rules.CHOOSE)])
    if held.status in case_deadlines.OPEN:
        raise Conflict(NOT_DONE)
    held.status, held.decided_by, held.closed_on, held.merged_into = "checking", None, None, None
    session.add(held)
    known = line(session, held)
    if known is not None:
        known.outcome, known.decided_on, known.ground = OPEN, None, None
        session.add(known)
    session.flush()
    journal.record(session, association, act, "reopened a complaint", str(case), {"reason": reason})
