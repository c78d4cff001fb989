"""The forms of the calendar; what they take is decided by the use cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from rankings.errors import Invalid
from rankings.models import CalendarRule
from rankings.usecases.calendar import GivenRule, Move
from rankings.usecases.calendar_rules import CHOSEN, DEFAULTS, MOST_DAYS
from rankings.usecases.recurrence import MONTHS
from rankings.usecases.typed import Typed
from rankings.web.account_forms import wrong
from rankings.web.calendar_page import every_word, remedies, step_word
from rankings.web.languages import say as _


class _Form(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A form whose faults a use case names."""

    def say(self, refusal: Invalid) -> None:
        """Put each fault beside its field."""
        words = remedies()
        for problem in refusal.problems:
            wrong(self, problem.place, words[problem.remedy])


class RuleForm(_Form):
    """By which rule cycles come; beside it a number of days for each step that is chosen."""

    every = SelectField(validate_choice=False)
    first_opens_on = StringField()
    time_of_day = StringField()
    rubric = SelectField(validate_choice=False)
    seen = HiddenField()
    closes = StringField()
    audits_end = StringField()
    candidate = StringField()
    hearing_opens = StringField()
    approval = StringField()
    publication = StringField()
    next_cycle = StringField()

    def offer(self, rubrics: Iterable[str]) -> None:
        """What can be chosen."""
        self.every.choices = [(every, every_word(every)) for every in MONTHS]
        self.rubric.choices = [("", _("Choose one")), *((one, one) for one in rubrics)]

    def given(self) -> GivenRule:
        """The rule as it was typed."""
        days = {step: self[step].data or "" for step in CHOSEN}
        every, first = self.every.data or "", self.first_opens_on.data or ""
        clock, rubric = self.time_of_day.data or "", self.rubric.data or ""
        return GivenRule(every, first, clock, rubric, days)

    def first(self) -> dict[str, date]:
        """On which day each step of the first cycle is, as far as the form says so."""
        typed = Typed()
        opens = typed.day("first_opens_on", self.first_opens_on.data or "")
        many = {step: typed.whole(step, self[step].data or "", 1, MOST_DAYS) for step in CHOSEN}
        if typed.problems:
            return {}
        return {step: opens + timedelta(days=days) for step, days in many.items()}


class MoveForm(_Form):
    """Where a step goes, and why."""

    day = StringField()
    time_of_day = StringField()
    reason = TextAreaField()
    seen = HiddenField()

    def move(self, step: str) -> Move:
        """The move as it was typed."""
        names = ("day", "time_of_day", "reason", "seen")
        return Move(step, *(self[name].data or "" for name in names))


class HolidayForm(_Form):
    """A public holiday."""

    day = StringField()
    name = StringField()


def filled(rule: CalendarRule | None, every: str, first: str) -> dict[str, str]:
    """What the form of the rule shows at first: the rule, or what suits most associations."""
    if rule is not None and every in ("", rule.every):
        days = {step: str(rule.days[step]) for step in CHOSEN if step in rule.days}
        known = {"every": rule.every, "first_opens_on": rule.first_opens_on.isoformat()}
        rubric = f"{rule.rubric_code} {rule.rubric_version}"
        return known | {"time_of_day": rule.time_of_day, "rubric": rubric} | days
    chosen = every if every in DEFAULTS else "year"
    days = {step: str(many) for step, many in DEFAULTS[chosen].items()}
    return {"every": chosen, "first_opens_on": first, "time_of_day": "09:00"} | days


def labels() -> dict[str, str]:
    """What the fields are called."""
    return {step: step_word(step) for step in CHOSEN} | {
        "every": _("How often"),
        "first_opens_on": _("The first cycle by this rule opens on"),
        "time_of_day": _("Time of day"),
        "rubric": _("Code of conduct"),
        "day": _("Day"),
        "reason": _("Reason"),
        "name": _("Name"),
    }
