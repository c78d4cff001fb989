"""Runs of the schedule beside `members`: one done, one that failed, one that was given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from rankings.models import Occurrence

FAILED = {"job": "steps", "key": "2026 opens"}
# The form as it is meant to be.
PAYLOADS: dict[str, dict[str, str]] = {"schedule.again": FAILED}


def things(session: Session, association: str, mark: str, now: datetime) -> dict[str, Any]:
    """Nothing of it has a name in addresses."""
    later = now + timedelta(minutes=8)
    for key, state, tries, next_try in (
        ("2026 opens", "failed", 4, later),
        ("2026 closes", "given_up", 8, None),
        ("2025 closes", "done", 1, None),
    ):
        one: dict[str, Any] = {"association": association, "job": "steps", "key": key}
        told = (
            f"People told: 3, {mark}." if state == "done" else f"There is a cycle {mark} already."
        )
        one |= {"due_at": now, "state": state, "tries": tries, "next_try_at": next_try}
        session.merge(Occurrence(**one, fence=1, ended_at=now, told=told))
    session.flush()
    return {}
