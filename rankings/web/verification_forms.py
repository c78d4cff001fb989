"""The forms of declarations, panels, assignments and second opinions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.form import BaseForm

from rankings.errors import Conflict, Invalid
from rankings.models import Account, Agency
from rankings.usecases import audit_assignments, declarations, panel
from rankings.web.account_forms import wrong
from rankings.web.languages import say as _
from rankings.web.verification_words import (
    change_word,
    evidence_word,
    reasons,
    remedies,
    seat_word,
    tie_word,
)
from rankings.web.words import Words


class DayField(StringField):  # type: ignore[misc]  # wtforms has no types
    """A day, as browsers send it."""

    day = date.min

    def pre_validate(self, form: BaseForm) -> None:
        """Take what was sent as a day."""
        try:
            self.day = date.fromisoformat((self.data or "").strip())
        except ValueError as error:
            example = "2026-03-31"
            raise ValidationError(_("Enter a day like %(example)s.", example=example)) from error


class PersonField(SelectField):  # type: ignore[misc]  # wtforms has no types
    """One of some people; `key` is the account."""

    key = UUID(int=0)

    def offer(self, people: Iterable[Account]) -> None:
        """Who can be chosen."""
        named = [(str(one.id), one.name) for one in people]
        self.choices = [("", _("Choose a person")), *named]

    def pre_validate(self, form: BaseForm) -> None:
        """Take only who was offered."""
        if not self.data or self.data not in {value for value, _name in self.choices}:
            raise ValidationError(_("Choose a person."))
        self.key = UUID(self.data)


class AgencyField(SelectField):  # type: ignore[misc]  # wtforms has no types
    """One of the association's agencies, by its code."""

    def offer(self, country: str, agencies: Iterable[Agency]) -> None:
        """Which can be chosen."""
        named = [(one.code, f"{one.code} {Words.name(country, one.names)[0]}") for one in agencies]
        self.choices = [("", _("Choose an agency")), *named]

    def pre_validate(self, form: BaseForm) -> None:
        """Take only what was offered."""
        if not self.data or self.data not in {value for value, _name in self.choices}:
            raise ValidationError(_("Choose an agency."))


class Refusable(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A form beside whose fields a use case's refusals are said."""

    def refuse(self, refusal: Invalid | Conflict, field: str) -> int:
        """Say what is wrong, a conflict beside `field`; the status of the answer."""
        if isinstance(refusal, Invalid):
            known = remedies()
            for one in refusal.problems:
                place = one.place if one.place in self else field
                wrong(self, place, known.get(one.remedy) or _("Choose one of the answers."))
            return 422
        wrong(self, field, reasons()[str(refusal)])
        return 409


def _only_if(good: bool, remedy: str) -> None:
    """Say at once what the use case would say later, so that all faults are named together."""
    if not good:
        raise ValidationError(remedies()[remedy])


class DeclareForm(Refusable):
    """Who is tied to which agency, how, and since when."""

    account = PersonField(validate_choice=False)
    agency = AgencyField(validate_choice=False)
    kind = SelectField(validate_choice=False)
    since = DayField()
    statement = TextAreaField()

    def offer(self, country: str, people: list[Account], agencies: list[Agency]) -> None:
        """What can be chosen."""
        self.account.offer(people)
        self.agency.offer(country, agencies)
        kinds = [(kind, tie_word(kind)) for kind in declarations.KINDS]
        self.kind.choices = [("", _("Choose a kind of tie")), *kinds]

    def validate_kind(self, field: SelectField) -> None:
        _only_if(field.data in declarations.KINDS, declarations.NO_KIND)

    def validate_statement(self, field: TextAreaField) -> None:
        said = (field.data or "").strip()
        _only_if(1 <= len(said) <= declarations.MAX_STATEMENT, declarations.NO_STATEMENT)


class EndForm(Refusable):
    """The last day of a tie."""

    until = DayField()


class SeatForm(Refusable):
    """Who sits on the panel, and for whom."""

    account = PersonField(validate_choice=False)
    seat = SelectField(validate_choice=False)

    def offer(self, people: list[Account]) -> None:
        """What can be chosen."""
        self.account.offer(people)
        self.seat.choices = [(seat, seat_word(seat)) for seat in panel.SEATS]


class AssignForm(Refusable):
    """Which agency is checked how, by whom, by when."""

    agency = AgencyField(validate_choice=False)
    evidence = SelectField(validate_choice=False)
    auditor = PersonField(validate_choice=False)
    due_on = DayField()

    def offer(self, country: str, people: list[Account], agencies: list[Agency]) -> None:
        """What can be chosen."""
        self.agency.offer(country, agencies)
        self.auditor.offer(people)
        kinds = reversed(audit_assignments.KINDS)
        self.evidence.choices = [(kind, evidence_word(kind)) for kind in kinds]


class ReassignForm(Refusable):
    """Who checks an agency from now on, by when, and why it changes."""

    auditor = PersonField(validate_choice=False)
    due_on = DayField()
    reason = SelectField(validate_choice=False)
    seen = HiddenField()

    def offer(self, people: list[Account]) -> None:
        """What can be chosen."""
        self.auditor.offer(people)
        known = [(one, change_word(one)) for one in audit_assignments.REASONS]
        self.reason.choices = [("", _("Choose a reason")), *known]

    def validate_reason(self, field: SelectField) -> None:
        _only_if(field.data in audit_assignments.REASONS, audit_assignments.NO_REASON)


class AskForm(Refusable):
    """Who is asked for a second opinion."""

    auditor = PersonField(validate_choice=False)
    seen = HiddenField()


class OpinionForm(Refusable):
    """A second opinion and its reason."""

    found = StringField()
    reason = TextAreaField()


class SettleForm(Refusable):
    """Which finding holds, and why."""

    choice = StringField()
    because = TextAreaField()
    seen = HiddenField()
