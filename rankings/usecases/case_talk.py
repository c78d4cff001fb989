"""What officers add to a case: questions to the worker, and notes for themselves."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session

from rankings.usecases import case_redaction, cases, complaint_items, journal
from rankings.usecases.case_hearing import checked


def ask(
    session: Session,
    association: str,
    case: UUID,
    text: str,
    seal: complaint_items.Box,
    act: journal.Act,
) -> None:
    """Ask the worker, who reads it with the receipt; the case then waits for the answer."""
    _add(session, association, case, ("question", text), seal, act)
    held = cases.find(session, association, case)
    held.status = "asked"
    session.add(held)
    session.flush()
    journal.record(session, association, act, "asked about a complaint", str(case))


def note(
    session: Session,
    association: str,
    case: UUID,
    text: str,
    seal: complaint_items.Box,
    act: journal.Act,
) -> None:
    """Keep a note in a case, sealed like all else; the worker never sees it."""
    _add(session, association, case, ("note", text), seal, act)
    journal.record(session, association, act, "added a note to a complaint", str(case))


def _add(
    session: Session,
    association: str,
    case: UUID,
    said: tuple[str, str],
    seal: complaint_items.Box,
    act: journal.Act,
) -> None:
    kind, text = said
    held = cases.find_open(session, association, case)
    kept = checked(kind, text, case_redaction.LONGEST_NOTE)
    month = f"{cases.today(session, association, act):%Y-%m}"
    complaint_items.add(session, held, seal, kind, {"text": kept}, month, act.account)
