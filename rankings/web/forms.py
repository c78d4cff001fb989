"""The forms of an agency; what they ask follows from the rubric, what they take stands here."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired


class AnswerForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """One answer, its note, and the token of the answer it replaces."""

    answer = StringField()
    note = TextAreaField()
    seen = HiddenField()


class SubmitForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The signatory's word that the answers are true."""

    confirmed = BooleanField(validators=[InputRequired()])
