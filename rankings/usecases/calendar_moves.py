"""A step of a coming or running cycle is moved: with a reason, in order, never after it ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from rankings.errors import Conflict, NotFound
from rankings.models import CyclePlan, CycleStep
from rankings.usecases import (
    association_settings,
    associations,
    calendar_rules,
    journal,
    working_days,
)
from rankings.usecases.calendar_steps import (
    ENDS,
    REMINDERS,
    STEPS,
    at,
    has_run,
    is_open,
    moment,
    steps,
)
from rankings.usecases.recurrence import instant
from rankings.usecases.typed import Typed

LONGEST_REASON = 500
NOTICE = timedelta(days=2)
FOLLOWS = "A reminder follows the day on which the self-assessments close."
HAS_RUN = "This step has run. It can no longer be moved."
FIXED = "The cycle is open: its cut-off day stays as it was announced."
CHANGED = "Somebody else has moved this step in the meantime."
NOT_AHEAD = "must lie ahead"
BEFORE_ITS_TURN = "must come after the step before it"
AFTER_ITS_TURN = "must come before the step after it"
TOO_SOON = "must leave agencies two days"
TOO_SHORT = "must leave agencies the working days of the hearing"

# Day and time by the wall clock.
When = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step goes, as it was typed; `seen` is the token of where it was."""

    step: str
    day: str
    time_of_day: str
    reason: str
    seen: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What a move must fit: the plan's steps, the zone and the moment."""

    held: dict[str, CycleStep]
    zone: ZoneInfo
    now: datetime

    def at(self, when: When) -> datetime:
        return instant(*when, self.zone)


def token(step: CycleStep) -> str:
    """Names where a step is."""
    return f"{step.on_day.isoformat()} {step.time_of_day}"


def hearing_over(session: Session, association: str, opens: date) -> date:
    """The first day after a hearing of as many working days as the association gives."""
    many = association_settings.of(session, association).hearing_days
    return working_days.after(session, association, opens, many) + timedelta(days=1)


def new_step(plan: CyclePlan, step: str, when: When) -> CycleStep:
    """A step where nobody has moved it yet."""
    return CycleStep(
        association=plan.association,
        plan=plan.id,
        step=step,
        on_day=when[0],
        time_of_day=when[1],
    )


def why_fixed(session: Session, plan: CyclePlan, step: str, now: datetime) -> str | None:
    """Why a step cannot be moved (any more); None where it can."""
    if step in REMINDERS:
        return FOLLOWS
    if has_run(session, plan, step) or (step == "opens" and is_open(session, plan)):
        return HAS_RUN
    came = at(session, plan.id, plan.association, step) if step in ENDS else None
    return HAS_RUN if came is not None and came <= now else None


def move(session: Session, association: str, slug: str, wanted: Move, act: journal.Act) -> bool:
    """Move a step of a planned cycle, and what follows from it; whether anything changed.

    The reminders follow `closes`, the end of the hearing follows its opening, and the cut-off day
    is the day of `audits_end`. NotFound where there is no such step; Invalid names what does not
    fit; Conflict where the step has run, is fixed, or somebody else moved it.
    """
    plan = _locked(session, association, slug)
    held = steps(session, association, plan.id)
    if wanted.step not in held:
        raise NotFound("There is no such step.")
    when, reason = _typed(wanted)
    step = held[wanted.step]
    if when == (step.on_day, step.time_of_day):
        return False
    _refuse(session, plan, step, wanted.seen, when, act.now)
    zone = ZoneInfo(associations.find(session, association).time_zone)
    around = _Around(held, zone, act.now)
    places = _places(session, plan, around, wanted.step, when)
    _check(session, around, wanted, places)
    was = token(step)
    _apply(session, plan, held, places)
    step.moved_because, step.moved_by, step.moved_at = reason, act.account, act.now
    session.add(step)
    session.flush()
    details = {"was": was, "becomes": token(step)}
    about = f"{plan.slug} {wanted.step}"
    journal.record(session, association, act, "moved a step of a cycle", about, details)
    return True


def _locked(session: Session, association: str, slug: str) -> CyclePlan:
    plan = session.exec(
        select(CyclePlan)
        .where(CyclePlan.association == association, CyclePlan.slug == slug)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if plan is None:
        raise NotFound("There is no such cycle.")
    return plan


def _typed(wanted: Move) -> tuple[When, str]:
    typed = Typed()
    day = typed.day("day", wanted.day)
    clock = calendar_rules.time_of_day(typed, "time_of_day", wanted.time_of_day)
    reason = typed.text("reason", wanted.reason, LONGEST_REASON)
    typed.done()
    return (day, clock), reason or ""


def _refuse(
    session: Session, plan: CyclePlan, step: CycleStep, seen: str, when: When, now: datetime
) -> None:
    why = why_fixed(session, plan, step.step, now)
    if why:
        raise Conflict(why)
    if token(step) != seen:
        raise Conflict(CHANGED)
    if step.step == "audits_end" and when[0] != step.on_day and is_open(session, plan):
        raise Conflict(FIXED)


def _places(
    session: Session, plan: CyclePlan, around: _Around, step: str, when: When
) -> dict[str, When]:
    """Where all steps are after the move; a reminder whose time is over is left out."""
    held = {one: (row.on_day, row.time_of_day) for one, row in around.held.items()}
    places = held | {step: when}
    if step == "closes":
        for one, many in REMINDERS.items():
            if not has_run(session, plan, one):
                places[one] = (when[0] - timedelta(days=many), held["opens"][1])
                if around.at(places[one]) <= around.now:
                    del places[one]
    if step == "hearing_opens":
        over = hearing_over(session, plan.association, when[0])
        places["hearing_ends"] = max((over, held["hearing_ends"][1]), held["hearing_ends"])
    return {one: places[one] for one in STEPS if one in places}


def _check(session: Session, around: _Around, wanted: Move, places: dict[str, When]) -> None:
    """Refuse a move into the past, out of order, or that takes agencies their time."""
    typed, when = Typed(), places[wanted.step]
    goes, was = around.at(when), moment(around.held[wanted.step], around.zone)
    if goes <= around.now:
        typed.refuse("day", wanted.day, NOT_AHEAD)
    elif wanted.step == "closes" and goes < was and goes - around.now < NOTICE:
        typed.refuse("day", wanted.day, TOO_SOON)
    typed.done()
    over = hearing_over(session, around.held["opens"].association, places["hearing_opens"][0])
    if wanted.step == "hearing_ends" and when[0] < over:
        typed.refuse("day", wanted.day, TOO_SHORT)
    typed.done()
    order = list(places)
    for before, after in zip(order, order[1:], strict=False):
        if not _follows(around, before, after, places):
            late = order.index(wanted.step) <= order.index(before)
            typed.refuse("day", wanted.day, AFTER_ITS_TURN if late else BEFORE_ITS_TURN)
            break
    typed.done()


def _follows(around: _Around, before: str, after: str, places: dict[str, When]) -> bool:
    """Whether two steps are in order; nothing is scored before the cut-off day is over."""
    if after == "candidate":
        return places[before][0] < places[after][0]
    first, second = around.at(places[before]), around.at(places[after])
    return first < second or (first == second and after == "audits_end")


def _apply(
    session: Session, plan: CyclePlan, held: dict[str, CycleStep], places: dict[str, When]
) -> None:
    for step, (day, clock) in places.items():
        row = held.get(step) or new_step(plan, step, (day, clock))
        row.on_day, row.time_of_day = day, clock
        session.add(row)
    for step in held.keys() - places.keys():
        session.delete(held[step])
    plan.as_of = places["audits_end"][0]
    session.add(plan)
