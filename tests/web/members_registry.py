"""What stands in the register beside each agency of `members`."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from sqlmodel import Session, select

from rankings.models import Agency, AgencyLink, FeeSchedule, FormerName, LicenceState, Owner

SINCE = date(2026, 1, 15)
# Forms as they are meant to be, so that each changes something.
PAYLOADS: dict[str, dict[str, str]] = {
    "registry.add_state": {
        "state": "revoked",
        "since": "2026-02-01",
        "reason": "decided",
        "source": "a letter",
    },
    "registry.reverse_state": {
        "which": "2015-05-01",
        "reversed_on": "2026-02-01",
        "because": "by mistake",
    },
    "owners.add": {
        "name": "New owner",
        "number": "",
        "share": "50",
        "since": "2026-02-01",
        "source": "a register",
    },
    "agency_links.decide": {"decision": "approve", "seen": "2026-03-01T03:00:00+00:00"},
    "fees.state": {
        "destination": "JP",
        "programme": "all",
        "contract_months": "36",
        "since": "2026-02-01",
        "fee": "1200",
        "fee_currency": "USD",
        "monthly_wage": "",
        "wage_currency": "",
        "document": "a contract",
    },
}


def things(session: Session, of: dict[str, Any], mark: str, proposer: Any, now: Any) -> Any:
    """An owner, a fee, a reversed state, a former name, and a link that waits; its key."""
    whose = {"association": of["association"], "agency": of["agency"]}
    others = select(Agency).where(
        Agency.association == of["association"], Agency.id != of["agency"]
    )
    other = session.exec(others).one()
    link = AgencyLink(
        **whose,
        id=uuid4(),
        predecessor=other.id,
        kind="renamed",
        since=SINCE,
        reason=f"the same address, {mark}",
        proposed_by=proposer,
        proposed_at=now,
    )
    fee: dict[str, Any] = {"fee": 120_000, "fee_currency": "USD", "source": f"secretariat: {mark}"}
    work: dict[str, Any] = {"destination": "JP", "programme": "all", "contract_months": 36}
    state: dict[str, Any] = {"state": "suspended", "reason": mark, "source": mark}
    undone: dict[str, Any] = {"reversed_on": SINCE, "reversed_because": f"by mistake, {mark}"}
    session.add_all(
        [
            link,
            Owner(**whose, id=uuid4(), name=f"Owner {mark}", since=SINCE, source=mark),
            FeeSchedule(**whose, **fee, **work, since=SINCE, stated_by=proposer, stated_at=now),
            LicenceState(**whose, **state, **undone, since=SINCE),
            FormerName(**whose, until=SINCE, names={"vi": f"Ví Dụ Cũ {mark}"}),
        ]
    )
    session.flush()
    return {"proposal": link.id}
