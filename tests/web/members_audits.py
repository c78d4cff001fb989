"""What the addresses of declarations, panels and assignments name, for the guards of rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from rankings.models import Declaration, PanelSeat


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
