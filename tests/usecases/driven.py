"""A calendar for tests: an association with a rule, and a plain loop that runs what is due."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from rankings.errors import Invalid
from rankings.models import CyclePlan, JournalEntry, Occurrence
from rankings.usecases import (
    associations,
    calendar,
    calendar_rules,
    calendar_steps,
    cycles,
    rubrics,
)
from rankings.usecases.calendar import GivenRule, Move
from rankings.usecases.calendar_moves import token
from rankings.usecases.calendar_steps import JOB
from rankings.usecases.recurrence import nights
from tests.usecases import world

# Before the first opening; Yangon's clock is 6:30 ahead.
SET = datetime(2026, 11, 1, 3, tzinfo=UTC)
ZONE = "Asia/Yangon"
# While the first cycle is open.
DURING = datetime(2027, 2, 1, 3, tzinfo=UTC)
# 24 zones with every kind of clock.
ZONES = (
    *("Asia/Ho_Chi_Minh", "Asia/Phnom_Penh", "Asia/Yangon", "Asia/Bangkok", "Asia/Tokyo"),
    *("Asia/Taipei", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Kabul", "Asia/Tehran"),
    *("Asia/Gaza", "Asia/Beirut", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Apia"),
    *("Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Marquesas", "America/St_Johns"),
    *("America/New_York", "America/Sao_Paulo", "Africa/Casablanca", "Europe/London"),
    "Antarctica/Troll",
)


def given(every: str = "year", opens: str = "2027-01-01", **days: int) -> GivenRule:
    """A rule as it is typed."""
    wanted = dict(calendar_rules.DEFAULTS[every]) | days
    return GivenRule(
        every, opens, "09:00", "worked 1.0.0", {step: str(many) for step, many in wanted.items()}
    )


def association(session: Session, zone: str = ZONE) -> None:
    """Alpha, with a code of conduct."""
    associations.add(session, "alpha", "Alpha", "MM", zone, world.act(SET))
    rubrics.store(session, "alpha", world.source(), world.act(SET))


def ruled(session: Session, rule: GivenRule | None = None, now: datetime = SET) -> CyclePlan:
    """Its rule and the cycle that is planned by it."""
    seen = calendar_rules.token(calendar.rule_of(session, "alpha"))
    calendar.set_rule(session, "alpha", rule or given(), seen, world.act(now))
    return calendar.plans(session, "alpha")[0]


def open_it(session: Session, plan: CyclePlan, now: datetime) -> None:
    """What the step `opens` does."""
    rubric = (plan.rubric_code, plan.rubric_version)
    wanted = cycles.Plan(plan.id, plan.slug, plan.name, plan.as_of, rubric)
    cycles.open_cycle(session, "alpha", wanted, world.act(now))


def moving(session: Session, plan: CyclePlan, step: str, day: str, **more: str) -> Move:
    """A move of a step, by somebody who sees where it is."""
    held = calendar.steps(session, "alpha", plan.id)[step]
    usual = Move(step, day, held.time_of_day, "a feast", token(held))
    return replace(usual, **more)


def open_first(session: Session) -> None:
    """Alpha, its rule, and its first cycle, which has opened by its calendar."""
    association(session)
    ruled(session)
    assert run(session, DURING) == ["2027 opens"]


def plan(session: Session, slug: str = "2027") -> CyclePlan:
    """The plan of a short name."""
    return calendar_steps.find(session, "alpha", slug)


def days(session: Session, slug: str = "2027") -> dict[str, str]:
    """Day and time of every step of a plan."""
    found = calendar.steps(session, "alpha", plan(session, slug).id)
    return {step: f"{one.on_day:%m-%d} {one.time_of_day}" for step, one in found.items()}


def remedies(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    """What was refused, by place."""
    return {one.place: one.remedy for one in refused.value.problems}


def entries(session: Session, action: str) -> int:
    """How often the journal says something."""
    return len(session.exec(select(JournalEntry).where(JournalEntry.action == action)).all())


def note(session: Session, key: str, at: datetime, job: str = JOB) -> None:
    """The schedule ran something."""
    row = Occurrence(
        association="alpha",
        job=job,
        key=key,
        due_at=at,
        state="done",
        tries=1,
        fence=1,
        ended_at=at,
    )
    session.add(row)
    session.flush()


def run(session: Session, now: datetime) -> list[str]:
    """Does every step that is due and not done, the oldest first; the keys of these."""
    found = []
    whose, done = associations.find(session, "alpha"), calendar_steps.ran(session, "alpha")
    for due in calendar.due(session, whose, now):
        if due.key not in done:
            note(session, due.key, due.at)
            found.append(due.key)
            if due.step == "opens":
                open_it(session, due.plan, now)
            if due.step == "next_cycle":
                calendar.plan_next(session, "alpha", world.act(now))
    return found


def run_nights(session: Session, first: date, now: datetime) -> list[str]:
    """Does every night from a day on that is due and not done."""
    found, zone = [], ZoneInfo(associations.find(session, "alpha").time_zone)
    known = select(Occurrence.key).where(Occurrence.job == "nightly")
    done = set(session.exec(known))
    for day, at in nights(first, "02:00", zone, now):
        if day.isoformat() not in done:
            note(session, day.isoformat(), at, "nightly")
            found.append(day.isoformat())
    return found
