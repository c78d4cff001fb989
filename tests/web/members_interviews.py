"""A draw and an interview of each agency, for the pages that name them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from rankings.models import Agency, Interview, InterviewDraw


def things(
    session: Session,
    of: dict[str, Any],
    mark: str,
    accounts: Mapping[str, UUID],
    now: datetime,
) -> dict[str, Any]:
    """Three drawn workers, of whom the first was asked by an auditor."""
    whose = accounts["auditor" if of["association"] == "alpha" else "theirs"]
    agency = session.get_one(Agency, {"association": of["association"], "id": of["agency"]})
    # The first one stands in addresses, which come back on the way to the sign-in.
    numbers = ["E-1", f"{mark}-2", f"{mark}-3"]
    drawn = [{"number": number, "state": "abroad", "destination": "JP"} for number in numbers]
    row = InterviewDraw(
        **of,
        id=uuid4(),
        source=mark,
        list_sha256="0" * 64,
        list_size=9,
        drawn={"seed": "0" * 32, "workers": drawn},
        drawn_by=whose,
        drawn_at=now,
    )
    session.add(row)
    session.flush()
    asked = Interview(
        **of,
        number=f"{agency.code}/{numbers[0]}",
        interviewed_on=date(2026, 2, 1),
        worker="abroad",
        chosen_by="association",
        answers={"v1": "yes"},
        draw=row.id,
        entered_by=whose,
        entered_at=now,
    )
    session.add(asked)
    session.flush()
    return {"worker": numbers[0]}


PAYLOADS: dict[str, dict[str, str]] = {
    "interviews.enter": {
        "number": "X-1",
        "by_agency": "yes",
        "worker": "abroad",
        "interviewed_on": "2026-02-20",
        "agreed": "yes",
        "alone": "yes",
        **{f"answer-v{number}": "no" for number in range(1, 8)},
    },
}
