"""The forms of the register; what they take is decided by the use cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField

from rankings.errors import Invalid
from rankings.usecases import agency_links, fee_schedules, licence_states, owners, typed
from rankings.web.account_forms import wrong
from rankings.web.languages import say as _


class _Form(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A form whose faults a use case names."""

    def say(self, refusal: Invalid) -> None:
        """Put each fault beside its field."""
        words = _remedies()
        for problem in refusal.problems:
            wrong(self, problem.place, words[problem.remedy])

    def sent(self) -> dict[str, str]:
        """Every field as text."""
        kept = {name: field for name, field in self._fields.items() if name != "csrf_token"}
        return {name: field.data or "" for name, field in kept.items()}

    def offer(self, **choices: Iterable[tuple[str, str]]) -> None:
        """What can be chosen, after nothing."""
        for name, pairs in choices.items():
            self[name].choices = [("", _("Choose one")), *pairs]


class StateForm(_Form):
    """A new state of a licence."""

    state = SelectField(validate_choice=False)
    since = StringField()
    reason = TextAreaField()
    source = StringField()


class ReverseForm(_Form):
    """The end of a state that is to count no more."""

    which = SelectField(validate_choice=False)
    reversed_on = StringField()
    because = TextAreaField()


class OwnerForm(_Form):
    """A new owner."""

    name = StringField()
    number = StringField()
    share = StringField()
    since = StringField()
    source = StringField()


class EndForm(_Form):
    """The last day of an ownership."""

    owner = SelectField(validate_choice=False)
    until = StringField()


class LinkForm(_Form):
    """A link to a predecessor."""

    predecessor = SelectField(validate_choice=False)
    kind = SelectField(validate_choice=False)
    since = StringField()
    reason = TextAreaField()


class DecisionForm(_Form):
    """Yes or no to the proposal that was shown."""

    decision = StringField()
    seen = StringField()


class FeeForm(_Form):
    """A fee from a day on; the secretariat also says where it read it."""

    destination = SelectField(validate_choice=False)
    programme = SelectField(validate_choice=False)
    contract_months = StringField()
    since = StringField()
    fee = StringField()
    fee_currency = StringField()
    monthly_wage = StringField()
    wage_currency = StringField()
    document = StringField()


def _remedies() -> Mapping[str, Any]:
    """What use cases say of a value, in the language of the page."""
    before = _("This is before its first day.")
    return {
        typed.MISSING: _("Fill this in."),
        typed.TOO_LONG: _("This is too long."),
        typed.NO_DAY: _("Enter a day as year, month and day: 2026-01-31."),
        typed.NOT_YET: _("This day lies in the future."),
        typed.NO_CHOICE: _("Choose one of the list."),
        typed.NO_NUMBER: _("Enter a whole number that is possible here."),
        licence_states.BEFORE_IT_BEGAN: before,
        owners.BEFORE_IT_BEGAN: before,
        agency_links.ITSELF: _("An agency does not follow itself. Choose another one."),
        fee_schedules.NO_MONEY: _("Enter the amount in digits, decimals after a point: 1200.50."),
        fee_schedules.DECIMALS: _("This currency does not have so many decimals."),
        fee_schedules.NO_CURRENCY: _("Enter the three letters of a currency, such as USD."),
    }
