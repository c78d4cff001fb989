"""The forms of a case; what they take is checked by the use cases."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.form import BaseForm

from rankings.usecases.case_classification import Classification
from rankings.usecases.case_rules import Decision


def _typed(form: BaseForm, name: str) -> str:
    return (form[name].data or "").strip()


class ClassifyForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What a case is."""

    agency = StringField()
    category = StringField()
    severity = StringField()
    workers = StringField()
    forced_labour = SelectMultipleField(validate_choice=False)
    claimed = StringField()
    recovered = StringField()
    currency = StringField()
    destination = StringField()
    may_count = StringField()
    may_tell_agency = BooleanField()

    def given(self, agency: str) -> Classification:
        """As the use case takes it; `agency` is the code that was found."""
        return Classification(
            agency=agency,
            category=_typed(self, "category"),
            severity=_typed(self, "severity"),
            workers=_typed(self, "workers"),
            forced_labour=tuple(self.forced_labour.data or ()),
            claimed=_typed(self, "claimed"),
            recovered=_typed(self, "recovered"),
            currency=_typed(self, "currency"),
            destination=_typed(self, "destination"),
            may_count=_typed(self, "may_count"),
            may_tell_agency=bool(self.may_tell_agency.data),
        )


class ReadForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Why somebody reads."""

    reason = StringField()


class AskForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A question to the worker."""

    question = TextAreaField()


class NoteForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A note of the office."""

    note = TextAreaField()


class ReleaseForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What the agency will read."""

    summary = TextAreaField()


class DecideForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """How a case ends."""

    outcome = StringField()
    ground = StringField()
    remedied_on = StringField()
    called_back = BooleanField()
    is_independent = BooleanField()
    rejection = StringField()

    def given(self) -> Decision:
        """As the use case takes it; a day that is none counts as missing."""
        return Decision(
            outcome=_typed(self, "outcome"),
            ground=_typed(self, "ground"),
            remedied_on=day(_typed(self, "remedied_on")),
            called_back=bool(self.called_back.data),
            is_independent=bool(self.is_independent.data),
            rejection=_typed(self, "rejection"),
        )


class MergeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """In which case this one goes on, and whether it is another worker's."""

    into = StringField()
    who = StringField()


class AnswerForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """What an agency says to what it was told."""

    text = TextAreaField()


def day(text: str) -> date | None:
    """A day as browsers send it; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
