"""The legal fee caps of an edition as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from rankings.scoring.exact import fraction_text
from rankings.scoring.fees import FeeCap, Limit, Money, Wage, valid_on


def in_force(caps: Iterable[FeeCap], country: str, day: date) -> list[dict[str, Any]]:
    """The caps for workers from a country on a day, broadest first."""
    held = [cap for cap in caps if cap.origin == country and valid_on(cap, day)]
    return [value(cap) for cap in sorted(held, key=_order)]


def _order(cap: FeeCap) -> tuple[str, str, int, int]:
    # "*" sorts before every code and word.
    least, most = cap.contract_months_from or 0, cap.contract_months_to or 0
    return cap.destination, cap.programme, least, most


def value(cap: FeeCap) -> dict[str, Any]:
    """One cap as it stands in an edition."""
    return {
        "destination": cap.destination,
        "programme": cap.programme,
        "contract_months_from": cap.contract_months_from,
        "contract_months_to": cap.contract_months_to,
        "limit": _limit(cap.limit),
        "valid_from": cap.valid_from.isoformat(),
        "valid_to": cap.valid_to and cap.valid_to.isoformat(),
        "legal_reference": cap.legal_reference,
        "source": cap.source,
        "verified": cap.verified,
    }


def _limit(limit: Limit) -> dict[str, Any]:
    if isinstance(limit, Money):
        return {"kind": "amount", "units": limit.units, "currency": limit.currency}
    if not isinstance(limit, Wage):
        return {"kind": "zero"}
    most = limit.at_most_months
    return {
        "kind": "months_of_wage",
        "months": fraction_text(limit.months),
        "per_contract_months": limit.per_contract_months,
        "at_most_months": None if most is None else fraction_text(most),
    }
