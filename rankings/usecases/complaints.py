"""Complaints: which cases there are, and which of them count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col

from rankings.models import AssessmentCycle, Complaint
from rankings.scoring.codes import decimals
from rankings.scoring.rules import Rate
from rankings.usecases import cycles
from rankings.usecases.incoming import Agencies, Given, Intake, Wrong, forbid, require, save, taken

# Outcomes after which a complaint can count; the others never move a score.
COUNTED = ("substantiated", "remedied", "overdue", "withdrawn_unconfirmed")
OPEN = "open"


def save_complaints(
    session: Session, cycle: AssessmentCycle, given_rows: Sequence[Given], now: datetime
) -> Intake:
    """The cases of a register by the association's own numbers."""
    agencies, intake = Agencies(session, cycle.association), Intake()
    rules = [one.rule for one in cycles.code_of(cycle).rubric.indicators]
    rates = [rule for rule in rules if isinstance(rule, Rate)]

    def read(given: Given) -> dict[str, Any]:
        _check_decision(given)
        for rule in rates:
            if rule.severity and given["severity"] not in rule.severity:
                raise Wrong("severity", f"the rubric knows {', '.join(rule.severity)}")
        return {
            "association": cycle.association,
            "number": given["case"],
            "agency": agencies.find(given),
            "agency_heard": given["agency_heard"] == "yes",
            "claimed": _units(given, "claimed"),
            "recovered": _units(given, "recovered"),
            **{name: given[name] for name in AS_GIVEN},
        }

    wanted = list(taken(given_rows, read, intake))
    save(session, Complaint, wanted, [col(Complaint.association) == cycle.association], intake)
    return intake


AS_GIVEN = (
    *("received_on", "category", "severity", "outcome", "decided_on", "may_count"),
    *("workers_affected", "currency", "destination"),
)


def _check_decision(given: Given) -> None:
    if given["outcome"] == OPEN:
        forbid(given, "while the case is open", "decided_on", "may_count")
        return
    require(given, "decided_on", "agency_heard")
    if given["decided_on"] < given["received_on"]:
        raise Wrong("decided_on", f"is before received_on, {given['received_on']}")


def _units(given: Given, column: str) -> int | None:
    """An amount in whole minor units of its currency."""
    amount: Fraction | None = given[column]
    if amount is None:
        return None
    require(given, "currency")
    units = amount * 10 ** decimals(given["currency"])
    if units.denominator != 1:
        raise Wrong(column, f"has more decimals than {given['currency']} has")
    return int(units)


def counts(complaint: Any) -> bool:
    """Whether a case may move a score: decided, the agency heard, and somebody's word for it."""
    heard: bool = complaint.agency_heard
    return heard and complaint.may_count is not None and complaint.outcome in COUNTED
