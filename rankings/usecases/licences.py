"""Licences: their state on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from rankings.models import Agency
from rankings.scoring.evidence import months_after

VALID, EXPIRED = "valid", "expired"
STATES = (VALID, "suspended", "revoked", EXPIRED)


def licence(agency: Agency, states: Sequence[Any], day: date) -> dict[str, str | None]:
    """A licence as it stood on a day; `states` are in the order of their first days.

    A state that was reversed by then never was. What was recorded as valid and has passed its last
    day has expired.
    """
    begun = [one for one in states if one.since <= day and not is_reversed(one, day)]
    state, since = (begun[-1].state, begun[-1].since) if begun else (VALID, agency.licensed_on)
    until = agency.licence_valid_until
    if state == VALID and until is not None and until < day:
        state, since = EXPIRED, until + timedelta(days=1)
    return {
        "authority": agency.licensing_authority,
        "number": agency.licence_number,
        "licensed_on": agency.licensed_on.isoformat(),
        "state": state,
        "since": since.isoformat(),
        "valid_until": until.isoformat() if until else None,
    }


def is_reversed(state: Any, day: date) -> bool:
    """Whether a state is as if it had never been, as seen on a day."""
    return state.reversed_on is not None and state.reversed_on <= day


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another, 0 where the second comes first."""
    months = max(0, (last.year - first.year) * 12 + last.month - first.month)
    return months if months == 0 or months_after(first, months) <= last else months - 1
