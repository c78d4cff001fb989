"""The parts of an edition that no score depends on: what the association states beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from rankings.models import AssessmentCycle
from rankings.usecases import exchange_rates, method_changes, report_card
from rankings.usecases.edition_parts import METHOD_REPORT, RATES, REPORT_CARD, Part


def of(
    session: Session, cycle: AssessmentCycle, ranking: Part, computed: Mapping[str, Any]
) -> Iterator[tuple[str, Part]]:
    """Every stated part of a cycle's edition by name; `computed` is that half of the card."""
    rates = exchange_rates.on(session, cycle.association, cycle.as_of)
    if rates:
        yield RATES, {"rates": rates}
    yield REPORT_CARD, report_card.part(computed, report_card.stated(session, cycle))
    report = method_changes.part(session, cycle, ranking)
    if report is not None:
        yield METHOD_REPORT, report
