"""The association's calendar: the rule by which cycles come, and the next cycle that is planned.

How steps are read stands in `calendar_steps`, how one is moved in `calendar_moves`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import AssessmentCycle, CalendarRule, CyclePlan, CycleStep, Rubric
from rankings.usecases import (
    association_settings,
    associations,
    calendar_rules,
    journal,
    method_changes,
)
from rankings.usecases.calendar_moves import Move, hearing_over, move, new_step
from rankings.usecases.calendar_rules import GivenRule, Rule
from rankings.usecases.calendar_steps import (
    STEPS,
    Due,
    at,
    due,
    has_run,
    is_open,
    plans,
    steps,
)
from rankings.usecases.recurrence import opening

__all__ = [
    "STEPS",
    "Due",
    "GivenRule",
    "Move",
    "at",
    "due",
    "is_coming",
    "move",
    "plan_next",
    "plans",
    "rule_of",
    "set_rule",
    "steps",
]

CHANGED = "Somebody else has changed the calendar's rule in the meantime."
NOT_AHEAD = "must lie ahead"


def rule_of(session: Session, association: str) -> CalendarRule | None:
    """The rule of an association; None where cycles are opened by hand."""
    return session.get(CalendarRule, association)


def is_coming(session: Session, plan: CyclePlan) -> bool:
    """Whether a planned cycle has still to open."""
    return not is_open(session, plan) and not has_run(session, plan, "opens")


def set_rule(
    session: Session, association: str, given: GivenRule, seen: str, act: journal.Act
) -> bool:
    """Set the rule and plan the next cycle by it; whether anything changed.

    A cycle that has not opened yet is planned anew. Invalid names what cannot be taken, Conflict
    where somebody else changed the rule since it was shown (`seen`: `calendar_rules.token`).
    """
    held = session.get(CalendarRule, association, with_for_update=True, populate_existing=True)
    rule = _checked(session, association, given)
    if calendar_rules.says(held, rule):
        return False
    if calendar_rules.token(held) != seen:
        raise Conflict(CHANGED)
    begins = held is None or (held.every, held.first_opens_on) != (rule.every, rule.first_opens_on)
    if begins:
        _refuse_past(session, association, rule, act)
    _keep(session, held or CalendarRule(association=association, **_values(rule, act)), rule, act)
    _forget_coming(session, association, act)
    if begins:
        _count_backwards(session, association)
    details = {"every": rule.every, "first_opens_on": rule.first_opens_on.isoformat()}
    details |= {"rubric": f"{rule.rubric_code} {rule.rubric_version}"}
    told = details | {"time_of_day": rule.time_of_day, "days": rule.days}
    journal.record(session, association, act, "set the calendar's rule", rule.every, told)
    plan_next(session, association, act)
    return True


def plan_next(session: Session, association: str, act: journal.Act) -> CyclePlan | None:
    """The cycle that is to open next, planned by the rule unless it is there already.

    No period is left out, also where one is planned late. None where there is no rule.
    """
    rule, known = rule_of(session, association), plans(session, association)
    if rule is None:
        return None
    coming = [one for one in known if is_coming(session, one)]
    if coming:
        return coming[-1]
    plan = _planned(session, rule, known[0].period + 1 if known else 0, act)
    details = {"as_of": plan.as_of.isoformat()}
    journal.record(session, association, act, "planned a cycle", plan.slug, details)
    return plan


def _planned(session: Session, rule: CalendarRule, period: int, act: journal.Act) -> CyclePlan:
    """A period's cycle and its steps; Conflict where its version needs a method report first."""
    whose, opens = rule.association, opening(rule.every, rule.first_opens_on, period)
    method_changes.refuse_without_report(session, whose, rule.rubric_code, rule.rubric_version)
    dated = calendar_rules.dated(rule, opens, lambda day: hearing_over(session, whose, day))
    slug, name = calendar_rules.short_name(rule.every, opens)
    plan = CyclePlan(
        association=whose,
        id=UUID(bytes=act.draw(16), version=4),
        slug=_free(session, whose, slug),
        name=name,
        period=period,
        as_of=dated["audits_end"][0],
        rubric_code=rule.rubric_code,
        rubric_version=rule.rubric_version,
        planned_at=act.now,
    )
    session.add(plan)
    session.flush()
    session.add_all([new_step(plan, step, when) for step, when in dated.items()])
    session.flush()
    return plan


def _checked(session: Session, association: str, given: GivenRule) -> Rule:
    associations.find(session, association)
    stored = select(col(Rubric.code), col(Rubric.version)).where(Rubric.association == association)
    known = {f"{code} {version}" for code, version in session.exec(stored)}
    hearing_days = association_settings.of(session, association).hearing_days
    return calendar_rules.checked(given, hearing_days, known)


def _refuse_past(session: Session, association: str, rule: Rule, act: journal.Act) -> None:
    today = associations.day(associations.find(session, association), act.now)
    if rule.first_opens_on <= today:
        first = rule.first_opens_on.isoformat()
        raise Invalid([Problem("first_opens_on", first, NOT_AHEAD)])


def _values(rule: Rule, act: journal.Act) -> dict[str, Any]:
    return {
        "every": rule.every,
        "first_opens_on": rule.first_opens_on,
        "time_of_day": rule.time_of_day,
        "days": rule.days,
        "rubric_code": rule.rubric_code,
        "rubric_version": rule.rubric_version,
        "changed_by": act.account,
        "changed_at": act.now,
    }


def _keep(session: Session, row: CalendarRule, rule: Rule, act: journal.Act) -> None:
    for name, value in _values(rule, act).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()


def _forget_coming(session: Session, association: str, act: journal.Act) -> None:
    for plan in plans(session, association):
        if is_coming(session, plan):
            of = (CycleStep.association == association, CycleStep.plan == plan.id)
            session.exec(delete(CycleStep).where(*of))  # type: ignore[arg-type]
            session.delete(plan)
            session.flush()
            journal.record(session, association, act, "withdrew a planned cycle", plan.slug)


def _count_backwards(session: Session, association: str) -> None:
    """Cycles of an older rule come before the first period of the new one."""
    for number, plan in enumerate(plans(session, association), start=1):
        plan.period = -number
        session.add(plan)
    session.flush()


def _free(session: Session, association: str, slug: str) -> str:
    """The short name, or the next one that no cycle and no plan has."""
    tables = (CyclePlan, AssessmentCycle)
    taken: set[str] = set()
    for table in tables:
        taken |= set(session.exec(select(table.slug).where(table.association == association)))
    number, found = 1, slug
    while found in taken:
        number += 1
        found = f"{slug}-{number}"
    return found
