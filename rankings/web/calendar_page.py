"""The calendar in words: each step by the association's own clock, what has run, what is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from sqlmodel import Session

from rankings.models import AssessmentCycle, Association, CyclePlan, CycleStep
from rankings.usecases import (
    accounts,
    associations,
    calendar,
    calendar_moves,
    calendar_rules,
    calendar_steps,
    public_holidays,
    typed,
)
from rankings.usecases.calendar_steps import Ran
from rankings.web.languages import language
from rankings.web.languages import say as _

# A cycle whose last step came so many days ago is no longer among the running ones.
STAYS = 30


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a planned cycle as the page shows it; `days` from today on, `state` of its run."""

    row: CycleStep
    word: str
    at: datetime
    days: int
    when: str
    state: str
    run: Ran | None
    may_move: bool
    mover: str

    @property
    def far(self) -> str:
        """How far it is, in words."""
        return far(self.days)


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned cycle with its steps; `over` where its hearing is too short: when it could end."""

    plan: CyclePlan
    is_open: bool
    steps: list[Step]
    over: date | None

    @property
    def next(self) -> Step | None:
        """The first step that has still to come."""
        return next((one for one in self.steps if one.state == "coming"), None)


@dataclass(frozen=True, slots=True)
class Next:
    """The next step of a cycle, in one sentence."""

    plan: CyclePlan
    step: str
    at: datetime
    sentence: str


def step_word(step: str) -> str:
    """A step in the language of the page."""
    return {
        "opens": _("The cycle opens"),
        "reminder_14": _("First reminder, 14 days before"),
        "reminder_7": _("Second reminder, 7 days before"),
        "reminder_2": _("Last reminder, 2 days before"),
        "closes": _("Self-assessments close"),
        "audits_end": _("Audits end (cut-off day)"),
        "candidate": _("The result is scored"),
        "hearing_opens": _("The hearing opens"),
        "hearing_ends": _("The hearing is over"),
        "approval": _("Two persons approve"),
        "publication": _("Publication"),
        "next_cycle": _("The next cycle is planned"),
    }[step]


def every_word(every: str) -> str:
    """How often cycles come."""
    return {
        "year": _("Every year"),
        "half_year": _("Every half-year"),
        "quarter": _("Every quarter"),
    }[every]


def far(days: int) -> str:
    """How far a day is, from today on."""
    if days in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[days]
    if days < 0:
        return _("%(days)d days ago", days=-days)
    return _("in %(days)d days", days=days)


def when(at: datetime, zone: ZoneInfo) -> str:
    """Weekday, day and hour of a moment by a zone's clock."""
    local, spoken = at.astimezone(zone), language()
    day, clock = format_date(local, "full", spoken), format_time(local, "short", locale=spoken)
    return f"{day}, {clock}"


def zone_word(whose: Association) -> str:
    """The association's time zone as people call it."""
    return str(get_timezone_name(whose.time_zone, locale=language()))


def date_and_distance(whose: Association, at: datetime, now: datetime) -> str:
    """A moment to come: `in 12 days, Monday, November 30, 2026, 5:00 PM (Vietnam Time)`."""
    days = (associations.day(whose, at) - associations.day(whose, now)).days
    said = when(at, ZoneInfo(whose.time_zone))
    return _("%(far)s, %(when)s (%(zone)s)", far=far(days), when=said, zone=zone_word(whose))


def next_steps(session: Session, whose: Association, now: datetime) -> list[Next]:
    """Of each cycle that runs or is to come its next step, the earliest first."""
    zone, found = ZoneInfo(whose.time_zone), []
    for plan in calendar.plans(session, whose.id):
        for row in calendar.steps(session, whose.id, plan.id).values():
            at = calendar_steps.moment(row, zone)
            if at > now:
                word, distance = step_word(row.step), date_and_distance(whose, at, now)
                sentence = _("%(step)s: %(when)s", step=word, when=distance)
                found.append(Next(plan, row.step, at, sentence))
                break
    return sorted(found, key=lambda one: one.at)


def closes(
    session: Session, whose: Association, cycle: AssessmentCycle, now: datetime
) -> str | None:
    """Until when agencies may answer, also when that is over; None without a calendar."""
    at = calendar.at(session, cycle.id, whose.id, "closes")
    if at is None:
        return None
    said = date_and_distance(whose, at, now)
    if at <= now:
        return _("Self-assessments closed: %(when)s", when=said)
    return _("Self-assessments close: %(when)s", when=said)


def planned(session: Session, whose: Association, now: datetime) -> tuple[list[Planned], list[str]]:
    """The cycles that run or are to come, the next one last, and the names of earlier ones."""
    ran = calendar_steps.ran(session, whose.id)
    every = [_planned(session, whose, plan, ran, now) for plan in calendar.plans(session, whose.id)]
    current = [one for one in every if one.steps and one.steps[-1].days >= -STAYS]
    earlier = [one.plan.name for one in every if one not in current]
    return current[::-1], earlier


def _planned(
    session: Session,
    whose: Association,
    plan: CyclePlan,
    ran: Mapping[str, Ran],
    now: datetime,
) -> Planned:
    held = calendar.steps(session, whose.id, plan.id)
    steps = [shown(session, whose, plan, row, ran, now) for row in held.values()]
    over = None
    if {"hearing_opens", "hearing_ends"} <= held.keys():
        first = calendar_moves.hearing_over(session, whose.id, held["hearing_opens"].on_day)
        is_over = calendar_steps.moment(held["hearing_ends"], ZoneInfo(whose.time_zone)) <= now
        over = first if first > held["hearing_ends"].on_day and not is_over else None
    return Planned(plan, calendar_steps.is_open(session, plan), steps, over)


def shown(
    session: Session,
    whose: Association,
    plan: CyclePlan,
    row: CycleStep,
    ran: Mapping[str, Ran],
    now: datetime,
) -> Step:
    """A step in words."""
    zone = ZoneInfo(whose.time_zone)
    at, run = calendar_steps.moment(row, zone), ran.get(calendar_steps.key(plan, row.step))
    return Step(
        row=row,
        word=step_word(row.step),
        at=at,
        days=(associations.day(whose, at) - associations.day(whose, now)).days,
        when=when(at, zone),
        state=calendar_steps.state(row, at, run, now),
        run=run,
        may_move=calendar_moves.why_fixed(session, plan, row.step, now) is None,
        mover=accounts.find(session, row.moved_by).name if row.moved_by else "",
    )


def remedies() -> Mapping[str, str]:
    """What use cases say of a value, in the language of the page."""
    least = calendar_rules.LEAST_OPEN
    ahead = _("This must lie in the future.")
    return {
        typed.MISSING: _("Fill this in."),
        typed.TOO_LONG: _("This is too long."),
        typed.NO_DAY: _("Enter a day as year, month and day: 2026-01-31."),
        typed.NO_CHOICE: _("Choose one of the list."),
        typed.NO_NUMBER: _("Enter a whole number that is possible here."),
        calendar.NOT_AHEAD: ahead,
        calendar_moves.NOT_AHEAD: ahead,
        calendar_moves.BEFORE_ITS_TURN: _("This must come after the step before it."),
        calendar_moves.AFTER_ITS_TURN: _("This must come before the step after it."),
        calendar_moves.TOO_SOON: _("Agencies must have at least two more days."),
        calendar_moves.TOO_SHORT: _("Agencies must have all working days of the hearing."),
        calendar_rules.NO_CLOCK: _("Enter a time of day as hours and minutes: 09:00."),
        calendar_rules.NO_TIME_TO_ANSWER: _(
            "Agencies must have at least %(days)d days to answer.", days=least
        ),
        calendar_rules.NO_TIME_TO_HEAR: _(
            "This must come after the hearing, whose length is one of the settings."
        ),
        calendar_rules.TOO_LATE: _("This must come before the next cycle opens."),
        calendar_rules.NO_RUBRIC: _("Choose a code of conduct of the association."),
    }


def reasons() -> dict[str, str]:
    """Why something cannot be done now, in the language of the page."""
    moved = _("Somebody else has moved this step in the meantime. Look at the calendar again.")
    changed = _("Somebody else has changed the rule in the meantime. Look at it again.")
    return {
        calendar_moves.HAS_RUN: _("This step has run. It can no longer be moved."),
        calendar_moves.FOLLOWS: _("Reminders follow the day on which self-assessments close."),
        calendar_moves.FIXED: _("The cycle is open: its cut-off day stays as it was announced."),
        calendar_moves.CHANGED: moved,
        calendar.CHANGED: changed,
        public_holidays.TAKEN: _("There is another holiday on this day already."),
    }
