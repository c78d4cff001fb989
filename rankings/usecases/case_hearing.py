"""Hearing the agency: a summary that tells nobody's name, a day, and its answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import Agency, Complaint, ComplaintCase
from rankings.usecases import case_deadlines, case_redaction, cases, journal

NOT_CLASSIFIED = "The case must be classified first."
NO_CONSENT = "The worker has not agreed that the agency is told."
VISIBLE = "The agency can read the summary already. It can no longer change."
ANSWERED = "This has been answered already."
OVER = "This complaint is decided. It can no longer be answered."
EMPTY, TOO_LONG, MARKS = "is missing", "is too long", "tells who somebody is: "

# Seals an answer where the key of cases is not, and keeps it with the case.
Deposit = Callable[[Session, ComplaintCase, str], None]


def plain(text: str) -> str:
    """A typed text as it is kept."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def checked(place: str, text: str, longest: int) -> str:
    """A text of at most so many letters; Invalid where it is empty or longer."""
    kept = plain(text)
    if not kept:
        raise Invalid([Problem(place, "", EMPTY)])
    if len(kept) > longest:
        raise Invalid([Problem(place, f"{kept[:20]}…", TOO_LONG)])
    return kept


def release(session: Session, association: str, case: UUID, text: str, act: journal.Act) -> None:
    """Release a summary for the agency of a case, which can read it from the next month on.

    From that day it has 30 days to answer. Invalid where the text tells who somebody is, Conflict
    without the worker's consent, before the case is classified or once the agency can read it.
    """
    held = cases.find_open(session, association, case)
    kept = checked("summary", text, case_redaction.LONGEST_SUMMARY)
    marks = case_redaction.found(kept)
    if marks:
        raise Invalid([Problem("summary", "", MARKS + ", ".join(marks))])
    if kept == held.summary:
        return
    today = cases.today(session, association, act)
    _refuse_release(held, today)
    held.summary, held.notified_on = kept, case_deadlines.next_month(today)
    held.answer_due_on = case_deadlines.answer_due(held.notified_on)
    session.add(held)
    session.flush()
    told = {"visible_on": str(held.notified_on), "answer_due_on": str(held.answer_due_on)}
    journal.record(session, association, act, "released a summary", str(case), told)


def _refuse_release(held: ComplaintCase, today: date) -> None:
    if held.number is None:
        raise Conflict(NOT_CLASSIFIED)
    if not held.may_tell_agency:
        raise Conflict(NO_CONSENT)
    if held.notified_on is not None and held.notified_on <= today:
        raise Conflict(VISIBLE)


def sharing(session: Session, line: Complaint) -> int:
    """How many workers of the register share agency, destination and month with a line.

    The fewer, the easier the agency guesses who complained.
    """
    alike = select(func.sum(Complaint.workers_affected)).where(
        Complaint.association == line.association,
        Complaint.agency == line.agency,
        Complaint.received_on >= line.received_on.replace(day=1),
        Complaint.received_on < case_deadlines.next_month(line.received_on),
        Complaint.destination == line.destination
        if line.destination
        else col(Complaint.destination).is_(None),
    )
    return int(session.exec(alike).one() or 0)


def agency(session: Session, association: str, code: str) -> Agency:
    """The agency of a code; NotFound where the association has none such."""
    named = select(Agency).where(Agency.association == association, Agency.code == code)
    found = session.exec(named).first()
    if found is None:
        raise NotFound("There is no such agency.")
    return found


def visible(session: Session, agency: Agency, today: date) -> list[tuple[ComplaintCase, Complaint]]:
    """What an agency may read today, with its line of the register; the next due first."""
    found = session.exec(
        select(ComplaintCase, Complaint)
        .join(
            Complaint,
            (col(Complaint.association) == col(ComplaintCase.association))
            & (col(Complaint.number) == col(ComplaintCase.number)),
        )
        .where(
            ComplaintCase.association == agency.association,
            Complaint.association == agency.association,
            Complaint.agency == agency.id,
            col(ComplaintCase.summary).is_not(None),
            col(ComplaintCase.notified_on) <= today,
        )
        .order_by(col(ComplaintCase.answer_due_on), col(ComplaintCase.number))
    )
    return list(found)


def answer(
    session: Session, agency: Agency, case: UUID, text: str, deposit: Deposit, act: journal.Act
) -> None:
    """An agency answers what it was told, once; late answers are heard until the decision.

    NotFound where it may not read the case, Conflict where it is answered or decided already.
    """
    today = cases.today(session, agency.association, act)
    held = next((one for one, _line in visible(session, agency, today) if one.id == case), None)
    if held is None:
        raise NotFound("There is no such complaint.")
    kept = checked("text", text, case_redaction.LONGEST_ANSWER)
    if held.answered_on is not None:
        raise Conflict(ANSWERED)
    if held.status not in case_deadlines.OPEN:
        raise Conflict(OVER)
    deposit(session, held, kept)
    held.answered_on = today
    session.add(held)
    session.flush()
    about = f"{agency.code} {held.number}"
    journal.record(session, agency.association, act, "answered a complaint", about)
