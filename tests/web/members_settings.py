"""Settings of each association, for the crawl of every route."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from rankings.usecases import exchange_rates
from rankings.usecases.exchange_rates import Rate
from tests.usecases import world


def things(session: Session, association: str, mark: str) -> dict[str, Any]:
    """A rate with the mark of the association, and the names of its one rubric."""
    rate = Rate("USD", "VND", date(2025, 1, 1), "26000.5", f"a bank, {mark}")
    exchange_rates.add(session, association, [rate], world.act(world.OPENED))
    return {"rubric": "coc-vn", "version": "1.0.0"}
