"""Setting up and changing the second factor, and the recovery codes, which are shown once."""

from __future__ import annotations

import segno
from flask import Blueprint, make_response, render_template, session
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlmodel import Session

from rankings.errors import Invalid, TooMany
from rankings.usecases import accounts, second_factor, sign_ins
from rankings.usecases.sign_ins import SignedIn
from rankings.web import act, reading, transaction
from rankings.web.access import person, token
from rankings.web.account_device import remember
from rankings.web.account_forms import ChangeFactorForm, PasswordAgainForm, wrong
from rankings.web.account_parts import (
    PLACE,
    by,
    enter,
    go,
    half,
    knows_password,
    onward,
    refused_again,
    sealer,
    too_many,
)
from rankings.web.languages import say as _

pages = Blueprint("factor", __name__)
pages.register_error_handler(TooMany, too_many)

# Under this name the cookie keeps the sealed secret until its first code has proved it.
SEALED = "enrolling"


@pages.get(f"{PLACE}/second-factor")
def enrol() -> ResponseReturnValue:
    """A new secret as a picture and as text."""
    known = half()
    if known is None:
        return go("account.sign_in")
    if not known.verified and _has_one(known):
        return go("account.code")
    return _enrol_page(known, ChangeFactorForm())


@pages.post(f"{PLACE}/second-factor")
def confirm() -> ResponseReturnValue:
    """Its first code; then the browser gets a new token and the person the recovery codes."""
    form, known = ChangeFactorForm(), half()
    if known is None or SEALED not in session:
        return go("factor.enrol")
    if known.verified and not knows_password(known, form.current.data or ""):
        wrong(form, "current", _("This is not your password."))
        return _enrol_page(known, form)
    try:
        codes, fresh = transaction(lambda held: _confirmed(held, known, form.code.data or ""))
    except Invalid:
        wrong(form, "code", _("This is not the code of this moment. Wait for the next one."))
        return _enrol_page(known, form)
    back = onward()
    enter(fresh)
    page = render_template("account/recovery.html", codes=codes, onward=back)
    return remember(make_response(page), known.account)


@pages.get(f"{PLACE}/recovery-codes")
def recovery() -> str:
    """Asks for the password before it makes new codes."""
    return render_template("account/new_recovery.html", form=PasswordAgainForm())


@pages.post(f"{PLACE}/recovery-codes")
def renew_recovery() -> ResponseReturnValue:
    """New codes in place of all old ones."""
    form, me = PasswordAgainForm(), person()
    if not knows_password(me, form.current.data or ""):
        wrong(form, "current", _("This is not your password."))
        return refused_again("account/new_recovery.html", form=form)
    codes = transaction(lambda held: second_factor.renew_recovery(held, me.account, act()))
    return render_template("account/recovery.html", codes=codes, onward="")


def _confirmed(held: Session, known: SignedIn, code: str) -> tuple[list[str], str]:
    codes = second_factor.confirm(
        held,
        known.account,
        session[SEALED].encode(),
        code,
        sealer().open,
        by(known.account),
        but=known.sign_in,
        replaces=known.verified,
    )
    return codes, sign_ins.verify(held, token() or "", by(known.account))


def _enrol_page(known: SignedIn, form: ChangeFactorForm) -> ResponseReturnValue:
    """The secret stays the same while its page is open: the app may have it already."""
    if SEALED in session:
        secret = sealer().open(session[SEALED].encode()).decode()
    else:
        secret, sealed = second_factor.enrol(sealer().seal)
        session[SEALED] = sealed.decode()
    with reading() as held:
        address = second_factor.address(accounts.find(held, known.account), secret)
    picture = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff")
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    body = render_template(
        "account/enrol.html", form=form, known=known, picture=Markup(picture), groups=groups
    )
    return body, 422 if form.errors else 200


def _has_one(known: SignedIn) -> bool:
    with reading() as held:
        return accounts.find(held, known.account).totp_secret is not None
