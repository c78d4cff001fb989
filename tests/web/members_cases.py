"""A sealed complaint about each agency of `members`, with a key that opens it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask
from sqlmodel import Session, select

from rankings.models import Agency, Complaint, ComplaintKey
from rankings.usecases import case_deadlines
from tests.usecases.sealed import Desk

# Forms as they are meant to be, so that each changes something.
PAYLOADS: dict[str, dict[str, str]] = {
    "cases.take": {"case": ""},
    "cases.assign": {"case": "", "officer": ""},
    "cases.reopen": {"reopening": ""},
    "case_entry.enter": {
        "channel": "telephone",
        "company": "Ví Dụ",
        "happened": "Nobody answers.",
        **dict.fromkeys(("topic", "since", "country", "amount", "currency", "contact"), ""),
        "may_count": "later",
        "may_tell_agency": "no",
        "audience": "association",
        "receipt_in": "en",
    },
    "case.read": {"reason": "first_look"},
    "case.classify": {
        "agency": "VN-00011",
        "category": "wages",
        "severity": "minor",
        "workers": "2",
        "forced_labour": "deception",
        "claimed": "100",
        "recovered": "",
        "currency": "USD",
        "destination": "JP",
        "may_count": "worker",
        "may_tell_agency": "y",
    },
    "case.ask": {"question": "When was that?"},
    "case.note": {"note": "Called back."},
    "case.release": {"summary": "A worker says so."},
    "case.decide": {
        "outcome": "rejected",
        "ground": "",
        "remedied_on": "",
        "rejection": "not_true",
    },
    "case.merge": {"into": "", "who": ""},
    "agency_cases.answer": {"text": "We disagree."},
}
# What a browser does not send when a box is not ticked.
NOTIFIED, DUE = date(2026, 2, 1), date(2026, 3, 3)


def desk(app: Flask) -> Desk:
    """The folder of private keys, which the application uses as well."""
    found = Desk(app.extensions["settings"].data.parent / "complaint-keys")
    app.extensions["private_keys"] = found.keys
    return found


def things(
    session: Session, app: Flask, of: dict[str, Any], mark: str, officer: UUID
) -> dict[str, Any]:
    """A classified complaint that the agency has been told of."""
    held, association = desk(app), of["association"]
    if not session.exec(select(ComplaintKey).where(ComplaintKey.association == association)).all():
        held.key(session, association)
    agency = session.get_one(Agency, {"association": association, "id": of["agency"]})
    report = {"company": agency.code, "happened": f"They kept my passport, {mark}."}
    case = held.case(session, report, "2026-01", association=association, officer=officer)
    line = Complaint(
        association=association,
        number=f"2026-{int(agency.code[3:7]):04}",
        agency=agency.id,
        received_on=case_deadlines.first_day(case.received_month),
        category="wages",
        severity="moderate",
        outcome="open",
        agency_heard=False,
        workers_affected=1,
        forced_labour=[],
    )
    session.add(line)
    session.flush()
    case.number, case.status, case.may_tell_agency = line.number, "checking", True
    case.summary, case.notified_on, case.answer_due_on = f"{mark}, in short.", NOTIFIED, DUE
    session.add(case)
    session.flush()
    return {"case": case.id}
