"""Until when something must have happened in a case; what came in is known by its month only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from rankings.models import ComplaintCase

# Days: to look at a new complaint, for the agency to answer, and to decide once it was told.
FIRST_LOOK_DAYS, ANSWER_DAYS, DECISION_DAYS = 7, 30, 90
OPEN = ("received", "asked", "checking")
FIRST_LOOK, ANSWER, DECISION = "first_look", "answer", "decision"


def first_day(month: str) -> date:
    """The first day of a month such as `2026-01`."""
    return date.fromisoformat(f"{month}-01")


def next_month(day: date) -> date:
    """The first day of the month after a day's: when released summaries become visible."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def weeks(month: str, today: date) -> int:
    """Whole weeks that a complaint of a month has waited at most."""
    return max(0, (today - first_day(month)).days // 7)


def answer_due(notified_on: date) -> date:
    """The last day for the agency's answer."""
    return notified_on + timedelta(days=ANSWER_DAYS)


def decision_due(notified_on: date) -> date:
    """The last day for the decision."""
    return notified_on + timedelta(days=DECISION_DAYS)


def overdue(case: ComplaintCase, today: date) -> list[str]:
    """What should have happened in a case: `first_look`, `answer`, `decision`.

    A first look is late when it is late even for a complaint of the month's last day.
    """
    if case.status not in OPEN or case.merged_into is not None:
        return []
    looked = next_month(first_day(case.received_month)) + timedelta(days=FIRST_LOOK_DAYS - 1)
    found = [FIRST_LOOK] if case.status == "received" and today > looked else []
    if case.answer_due_on and case.answered_on is None and today > case.answer_due_on:
        found.append(ANSWER)
    if case.notified_on and today > decision_due(case.notified_on):
        found.append(DECISION)
    return found


def overdue_first(cases: Iterable[ComplaintCase], today: date) -> list[ComplaintCase]:
    """Cases in the order in which they should be looked at: what is late, then the oldest."""

    def order(case: ComplaintCase) -> tuple[bool, str, str]:
        return (not overdue(case, today), case.received_month, str(case.id))

    return sorted(cases, key=order)
