"""The forms of accounts, and what is said where a field cannot be taken."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, SubmitField, ValidationError
from wtforms.form import BaseForm
from wtforms.validators import Length

from rankings.errors import Invalid
from rankings.usecases import accounts, password_rules
from rankings.web.languages import say as _

LONGEST_CODE = 100


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Nothing is checked here: what is wrong is answered in the same words whatever it is."""

    email = StringField()
    password = PasswordField()


class CodeForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Six digits of the moment, or a recovery code."""

    code = StringField(validators=[Length(max=LONGEST_CODE)])


class PasswordAgainForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The password once more, before something that a thief would do first."""

    current = PasswordField()


class ProofForm(PasswordAgainForm):
    """Both factors once more, before an act that asks for it; what is empty is no try."""

    code = StringField(validators=[Length(max=LONGEST_CODE)])

    def validate_current(self, field: PasswordField) -> None:
        if not field.data:
            raise ValidationError(_("Enter your password."))

    def validate_code(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Enter the code."))


class ChangeFactorForm(PasswordAgainForm):
    """A code of the new second factor; the password where there is one already."""

    code = StringField(validators=[Length(max=LONGEST_CODE)])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A new password, twice, since it cannot be seen; `known` is what it must not be made of."""

    password = PasswordField()
    again = PasswordField()
    known: Iterable[str] = ()

    def validate_password(self, field: PasswordField) -> None:
        try:
            password_rules.check(field.data or "", self.known)
        except Invalid as refusal:
            raise ValidationError(_password_words()[refusal.problems[0].remedy]) from refusal

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords differ. Type them again."))


class ChangePasswordForm(NewPasswordForm, PasswordAgainForm):
    """A new password in place of the current one."""


class NewAccountForm(NewPasswordForm):
    """Who takes an invitation for the first time."""

    name = StringField()

    def validate_name(self, field: StringField) -> None:
        try:
            accounts.proper_name(field.data or "")
        except Invalid as refusal:
            raise ValidationError(
                _("Enter your name, in at most %(most)d letters.", most=accounts.LONGEST_NAME)
            ) from refusal


class EmailForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Somebody's email."""

    email = StringField()
    send = SubmitField()

    def validate_email(self, field: StringField) -> None:
        try:
            accounts.normalised(field.data or "")
        except Invalid as refusal:
            raise ValidationError(
                _("Enter an email address like %(example)s.", example="name@example.org")
            ) from refusal


def wrong(form: BaseForm, field: str, message: str) -> None:
    """Say what is wrong with a field after the form itself found nothing."""
    form[field].errors = [*form[field].errors, message]


def _password_words() -> dict[str, str]:
    return {
        password_rules.TOO_LONG: too_long(),
        password_rules.TOO_SHORT: _(
            "Use at least %(least)d characters. Several words are easy to remember.",
            least=password_rules.SHORTEST,
        ),
        password_rules.FOLLOWS: _(
            "This is too easy to guess: letters repeat or follow each other."
        ),
        password_rules.KNOWN: _(
            "This is too easy to guess: it is a well-known word or your own name."
        ),
    }


def too_long() -> str:
    """What is said of a password longer than any."""
    return _("This is too long: at most %(most)d bytes.", most=password_rules.MOST_BYTES)
