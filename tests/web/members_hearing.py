"""A hearing beside `members`: each agency is told, wrote a reply, disputed one finding of two."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlmodel import Session

from rankings.adapters.evidence_store import Store
from rankings.models import (
    Agency,
    AssessmentCycle,
    Dispute,
    DisputeFile,
    Hearing,
    HearingNotice,
    Reply,
    SeriousFinding,
)
from rankings.usecases import cycles, record_values, records, replies
from rankings.usecases.gathering import gathered
from rankings.usecases.records import Round

FOUND, ENDS = date(2026, 2, 10), date(2026, 3, 31)
SUBJECT = f"{FOUND}-passport_retention"
TEXT = "We gave every passport back"


def _seen() -> str:
    """How the reply of our own agency stands."""
    some: Any = {"text": f"{TEXT}, ours.", "language": "en"}
    return replies.token(Reply(**some))


PAYLOADS: dict[str, dict[str, str]] = {
    "hearing.file": {"statement": "No passport was ever kept."},
    "hearing.reply": {"text": "We put it right.", "language": "en", "seen": _seen()},
    "replies.moderate": {"choice": "refuse", "because": "It is no reply.", "seen": _seen()},
}


def things(
    session: Session, app: Flask, of: dict[str, Any], mark: str, whose: UUID, now: datetime
) -> dict[str, Any]:
    """The keys of what addresses of the hearing name."""
    for code in ("passport_retention", "forced_labour"):
        session.add(_serious(of, code, mark, now))
    session.flush()
    _tell(session, of, now)
    dispute = Dispute(
        **of,
        id=uuid4(),
        number=1,
        kind="serious",
        subject="forced_labour",
        found_on=FOUND,
        statement=f"Nobody was forced, {mark}.",
        filed_by=whose,
        filed_at=now,
        due_on=date(2026, 2, 28),
    )
    session.add(dispute)
    said: dict[str, Any] = {"text": f"{TEXT}, {mark}.", "language": "en"}
    session.add(Reply(**of, number=1, **said, written_by=whose, written_at=now))
    session.flush()
    file = DisputeFile(
        association=of["association"],
        id=uuid4(),
        dispute=dispute.id,
        name=f"{mark}.pdf",
        media_type="application/pdf",
        size=1,
        given_sha256="0" * 64,
        stored_sha256=Store(app.extensions["settings"].evidence).put(b"1"),
        given_by=whose,
        given_at=now,
    )
    session.add(file)
    session.flush()
    return {"subject": SUBJECT, "dispute": dispute.id, "file": file.id}


def _serious(of: dict[str, Any], code: str, mark: str, now: datetime) -> SeriousFinding:
    """One that is disputed, and one that can be."""
    return SeriousFinding(
        association=of["association"],
        agency=of["agency"],
        code=code,
        found_on=FOUND,
        disputed_on=now.date() if code == "forced_labour" else None,
        auditor=f"A {mark}",
        reason=f"Found in a drawer, {mark}.",
    )


def _tell(session: Session, of: dict[str, Any], now: datetime) -> None:
    """The hearing, which others may have opened already, and the agency's notice."""
    cycle = session.get_one(AssessmentCycle, (of["association"], of["cycle"]))
    agency = session.get_one(Agency, (of["association"], of["agency"]))
    key: dict[str, Any] = {"association": of["association"], "cycle": cycle.id, "number": 1}
    if session.get(Hearing, tuple(key.values())) is None:
        session.add(Hearing(**key, opened_at=now, opened_by="operator"))
        session.flush()
    known = gathered(session, cycle, [agency.id])[agency.id]
    held = Round(cycles.code_of(cycle).rubric, cycle, cycles.opened_on(session, cycle), {})
    frozen = {
        "identity": records.identity(agency, known, cycle.as_of),
        "inputs": record_values.values(records.record(agency, known, held)),
    }
    told: dict[str, Any] = {"served_on": now.date(), "ends_on": ENDS, "how": "page"}
    session.add(HearingNotice(**key, agency=agency.id, frozen=frozen, is_due=True, **told))
    session.flush()
