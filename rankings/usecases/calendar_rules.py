"""The rule by which cycles come: what it may say, and on which days a cycle's steps are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from rankings.canonical import canonical
from rankings.models import CalendarRule
from rankings.usecases.calendar_steps import REMINDERS
from rankings.usecases.recurrence import MONTHS
from rankings.usecases.typed import Typed

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
# The steps that a rule gives a day, so many after the opening; the others follow from these.
CHOSEN = (
    *("closes", "audits_end", "candidate", "hearing_opens"),
    *("approval", "publication", "next_cycle"),
)
# What suits most associations, by how often cycles come.
DEFAULTS: Mapping[str, Mapping[str, int]] = {
    "year": dict(zip(CHOSEN, (60, 180, 187, 190, 214, 221, 300), strict=True)),
    "half_year": dict(zip(CHOSEN, (45, 100, 105, 108, 132, 137, 150), strict=True)),
    "quarter": dict(zip(CHOSEN, (21, 42, 44, 46, 66, 70, 76), strict=True)),
}
# The fewest days from one opening to the next.
SHORTEST = {"year": 365, "half_year": 181, "quarter": 89}
# Agencies have a whole last day, and so have auditors.
END_OF_DAY = "23:59"
# The first reminder comes after the opening.
LEAST_OPEN, MOST_DAYS = max(REMINDERS.values()) + 1, 400
NO_CLOCK = "must be a time of day such as 09:00"
TOO_EARLY = "must come after the step before it"
NO_TIME_TO_ANSWER = "must leave agencies 15 days"
NO_TIME_TO_HEAR = "must come after the end of the hearing"
TOO_LATE = "must come before the next cycle opens"
NO_RUBRIC = "is no code of conduct of the association"
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GivenRule:
    """A rule as it was typed; `rubric` is code and version, `days` by step."""

    every: str
    first_opens_on: str
    time_of_day: str
    rubric: str
    days: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that holds together."""

    every: str
    first_opens_on: date
    time_of_day: str
    rubric_code: str
    rubric_version: str
    days: dict[str, int]


def checked(given: GivenRule, hearing_days: int, rubrics: Collection[str]) -> Rule:
    """The rule that was typed; Invalid names every fault.

    Hearings take working days; `rubrics` are code and version of those that may be used.
    """
    typed = Typed()
    every = typed.one_of("every", given.every, MONTHS)
    first = typed.day("first_opens_on", given.first_opens_on)
    clock = time_of_day(typed, "time_of_day", given.time_of_day)
    code, _, version = given.rubric.partition(" ")
    if given.rubric not in rubrics:
        typed.refuse("rubric", given.rubric, NO_RUBRIC)
    days = {step: typed.whole(step, given.days.get(step, ""), 1, MOST_DAYS) for step in CHOSEN}
    typed.done()
    _in_order(typed, every, days, hearing_days)
    typed.done()
    return Rule(every, first, clock, code, version, days)


def time_of_day(typed: Typed, place: str, given: str) -> str:
    """A time of day by the wall clock, hours and minutes."""
    if not CLOCK.fullmatch(given.strip()):
        typed.refuse(place, given, NO_CLOCK)
    return given.strip()


def _in_order(typed: Typed, every: str, days: Mapping[str, int], hearing_days: int) -> None:
    least = dict.fromkeys(CHOSEN, 0) | {"closes": LEAST_OPEN}
    for before, step in zip(CHOSEN, CHOSEN[1:], strict=False):
        least[step] = days[before] + (0 if step == "audits_end" else 1)
    heard = days["hearing_opens"] + longest(hearing_days) + 1
    for step in CHOSEN:
        if days[step] < least[step]:
            typed.refuse(
                step, str(days[step]), NO_TIME_TO_ANSWER if step == "closes" else TOO_EARLY
            )
    if days["approval"] <= heard:
        typed.refuse("approval", str(days["approval"]), NO_TIME_TO_HEAR)
    if days["next_cycle"] >= SHORTEST[every]:
        typed.refuse("next_cycle", str(days["next_cycle"]), TOO_LATE)


def longest(working_days: int) -> int:
    """The most days that so many working days take without a public holiday."""
    return working_days + 2 * -(-working_days // 5)


def dated(
    rule: CalendarRule, opens: date, over: Callable[[date], date]
) -> dict[str, tuple[date, str]]:
    """Day and time of each step of a cycle that opens on a day.

    `over` says on which day a hearing is over; where holidays make it long, what follows waits.
    """
    days = {step: opens + timedelta(days=rule.days[step]) for step in CHOSEN}
    days |= {"opens": opens, "hearing_ends": over(days["hearing_opens"])}
    days |= {one: days["closes"] - timedelta(days=many) for one, many in REMINDERS.items()}
    days["approval"] = max(days["approval"], days["hearing_ends"] + A_DAY)
    days["publication"] = max(days["publication"], days["approval"] + A_DAY)
    days["next_cycle"] = max(days["next_cycle"], days["publication"] + A_DAY)
    ends = dict.fromkeys(("closes", "audits_end"), END_OF_DAY)
    return {step: (day, ends.get(step, rule.time_of_day)) for step, day in days.items()}


def short_name(every: str, opens: date) -> tuple[str, str]:
    """A cycle as addresses and as people call it."""
    part = {
        "year": ("", ""),
        "half_year": (f"-h{(opens.month + 5) // 6}", f" H{(opens.month + 5) // 6}"),
        "quarter": (f"-q{(opens.month + 2) // 3}", f" Q{(opens.month + 2) // 3}"),
    }[every]
    return f"{opens.year}{part[0]}", f"{opens.year}{part[1]}"


def token(rule: CalendarRule | None) -> str:
    """Names what a rule says; whoever saves sends back the token of what was on the page."""
    said = {"rule": _said(rule) if rule else None}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def says(row: CalendarRule | None, rule: Rule) -> bool:
    """Whether a stored rule says this already."""
    return row is not None and _said(row) == _said(rule)


def _said(rule: CalendarRule | Rule) -> list[object]:
    first, rubric = rule.first_opens_on.isoformat(), [rule.rubric_code, rule.rubric_version]
    return [rule.every, first, rule.time_of_day, rubric, dict(rule.days)]
