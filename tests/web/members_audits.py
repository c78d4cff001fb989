"""One of each thing that addresses of audits and ties name, and what their forms send."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from rankings.models import Audit, CorrectiveAction, Declaration, PanelSeat, SecondOpinion
from rankings.usecases import audit_findings, corrective_actions
from tests.usecases import world

DUE = date(2026, 2, 1)  # a month before the pages are looked at


def action(
    session: Session, of: dict[str, Any], indicator: str, mark: str, whose: UUID
) -> dict[str, Any]:
    """A corrective action whose day has passed."""
    action = CorrectiveAction(
        **of,
        id=uuid4(),
        indicator=indicator,
        demand=f"Register every branch, {mark}.",
        due_on=DUE,
        demanded_by=whose,
        demanded_at=world.OPENED,
    )
    session.add(action)
    session.flush()
    return {"action": action.id}


def given(session: Session, of: dict[str, Any], auditor: UUID, lead: UUID) -> dict[str, Any]:
    """An audit and a second opinion, both given to one auditor."""
    audit = Audit(
        **of,
        id=uuid4(),
        evidence="audit",
        auditor=auditor,
        assigned_by=lead,
        assigned_at=world.OPENED,
        due_on=world.AS_OF,
    )
    session.add(audit)
    session.flush()
    opinion = SecondOpinion(
        association=of["association"],
        id=uuid4(),
        audit=audit.id,
        indicator="1.1",
        auditor=auditor,
        drawn_at=world.OPENED,
    )
    session.add(opinion)
    session.flush()
    return {"audit": audit.id, "opinion": opinion.id}


def _seen() -> str:
    """How that action stands."""
    some: Any = {"due_on": DUE, "report": None, "closed_on": None}
    return corrective_actions.token(CorrectiveAction(**some))


PAYLOADS: dict[str, dict[str, str]] = {
    "audit.save": {"found": "own-staff", "reason": "", "seen": audit_findings.token(None)},
    "audit.visit": {"visited_on": "2026-02-20", "method": "visit_announced", "seen": " "},
    "audit.close": {},
    "audit.reopen": {"reason": "A finding was forgotten."},
    "corrective_actions.demand": {
        "indicator": "1.2",
        "demand": "Send the reports.",
        "due_on": "2026-04-01",
    },
    "corrective_actions.report": {"report": "Both are registered.", "seen": _seen()},
    "corrective_actions.close": {"because": "The register names them.", "seen": _seen()},
    "corrective_actions.extend": {
        "due_on": "2026-05-01",
        "reason": "The authority is slow.",
        "seen": _seen(),
    },
}


def rewinding(engine: Engine) -> Callable[[], None]:
    """Brings every row of a SQLite file back to what it is now, much faster than a new one."""
    file = str(engine.url.database)
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(file)) as held:
        held.backup(kept)

    def rewind() -> None:
        with closing(sqlite3.connect(file)) as held:
            kept.backup(held)

    return rewind


def things(
    session: Session, of: dict[str, Any], mark: str, whose: UUID, now: datetime
) -> dict[str, Any]:
    """A tie to an agency with which nobody who acts in these tests has anything to do."""
    tie = Declaration(
        association=of["association"],
        id=uuid4(),
        account=whose,
        agency=of["agency"],
        kind="family",
        statement=mark,
        since=now.date(),
        declared_by=whose,
        declared_at=now,
    )
    session.add(tie)
    session.flush()
    return {"declaration": tie.id}


def used_up(session: Session, of: dict[str, Any], whose: UUID, now: datetime) -> dict[str, Any]:
    """A seat of somebody who comes and goes."""
    association, cycle = of["association"], of["cycle"]
    one: dict[str, Any] = {"association": association, "cycle": cycle, "account": whose}
    seat = PanelSeat(**one, id=uuid4(), seat="union", given_at=now)
    session.add(seat)
    session.flush()
    return {"seat": seat.id}


def filled(accounts: Mapping[str, UUID], agency: str, endpoint: str) -> dict[str, str]:
    """What the forms of these pages send when they are filled in; nothing for others."""
    auditor, since = str(accounts["auditor"]), "2026-01-01"
    tie = {"account": auditor, "agency": agency, "kind": "family", "since": since}
    sent = {
        "declarations.declare": tie | {"statement": "A cousin works there."},
        "declarations.end": {"until": "2026-03-02"},
        "panel.give": {"account": str(accounts["lead_auditor"]), "seat": "union"},
        "audits.assign": {
            "agency": agency,
            "evidence": "document",
            "auditor": auditor,
            "due_on": "2026-04-01",
        },
        "audits.reassign": {
            "auditor": str(accounts["lead_auditor"]),
            "due_on": "2026-04-01",
            "reason": "absence",
            "seen": auditor,
        },
        "opinions.assign": {"auditor": auditor, "seen": ""},
        "opinions.give": {"found": "lent", "reason": "Seen at the desk."},
        "opinions.settle": {"choice": "first", "because": "It is clear.", "seen": ""},
    }
    return sent.get(endpoint, {})
