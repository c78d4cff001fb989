"""The calendar of each association of `members`: a rule, a planned cycle, a holiday."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from rankings.models import CalendarRule, CycleStep
from rankings.usecases import calendar, calendar_rules, journal, public_holidays
from rankings.usecases.calendar import GivenRule

STEP = "publication"
DAYS = {step: str(many) for step, many in calendar_rules.DEFAULTS["year"].items()}
RULE = GivenRule("year", "2027-01-01", "09:00", "coc-vn 1.0.0", DAYS)
SEEN = calendar_rules.token(
    CalendarRule(
        association="",
        every="year",
        first_opens_on=date(2027, 1, 1),
        time_of_day="09:00",
        days=dict(calendar_rules.DEFAULTS["year"]),
        rubric_code="coc-vn",
        rubric_version="1.0.0",
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
)
# Forms as they are meant to be, so that each changes something.
PAYLOADS: dict[str, dict[str, str]] = {
    "calendar.set_rule": {
        "every": "year",
        "first_opens_on": "2027-02-01",
        "time_of_day": "09:00",
        "rubric": "coc-vn 1.0.0",
        "seen": SEEN,
        **DAYS,
    },
    "calendar.move": {
        "day": "2027-08-12",
        "time_of_day": "09:00",
        "reason": "a feast",
        "seen": "2027-08-10 09:00",
    },
    "calendar.add_holiday": {"day": "2027-09-02", "name": "National Day"},
    "calendar.remove_holiday": {"which": "2027-04-30"},
}


def things(session: Session, association: str, mark: str, now: datetime) -> dict[str, Any]:
    """The association's planned cycle, once; its name and a moved step bear the mark."""
    act = journal.Act(journal.OPERATOR, now)
    if calendar.rule_of(session, association) is None:
        calendar.set_rule(session, association, RULE, calendar_rules.token(None), act)
        (plan,) = calendar.plans(session, association)
        plan.name = f"{plan.name} {mark}"
        held = session.get_one(CycleStep, (association, plan.id, STEP))
        held.moved_because, held.moved_at = f"a feast, {mark}", now
        session.add_all([plan, held])
        session.flush()
        public_holidays.add(session, association, "2027-04-30", f"Feast {mark}", act)
    return {"plan": "2027", "step": STEP}
