"""What stands behind links that are handed over: an invitation, a reset; and a new password."""

from __future__ import annotations

from flask import Blueprint, render_template, session
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import TooMany
from rankings.models import Account, Invitation
from rankings.usecases import accounts, associations, invitations, password_resets, sign_ins
from rankings.usecases.accounts import Newcomer
from rankings.usecases.sign_ins import SignedIn
from rankings.usecases.sign_ins import begin as begin_sign_in
from rankings.web import act, now, reading, transaction
from rankings.web.access import person, token
from rankings.web.account_device import device
from rankings.web.account_forms import (
    ChangePasswordForm,
    NewAccountForm,
    NewPasswordForm,
    wrong,
)
from rankings.web.account_parts import (
    PLACE,
    by,
    enter,
    go,
    half,
    hasher,
    knows_password,
    path,
    refused_again,
    role_word,
    too_many,
)
from rankings.web.languages import language
from rankings.web.languages import say as _

pages = Blueprint("links", __name__)
pages.register_error_handler(TooMany, too_many)

# `link` is the token of the link; the browser's own is another one.
INVITATION = f"{PLACE}/invitations/<association>/<link>"
RESET = f"{PLACE}/resets/<link>"


@pages.get(INVITATION)
def invitation(association: str, link: str) -> ResponseReturnValue:
    """What is offered to whom, and the way to take it."""
    with reading() as held:
        found, name, has_account = _offered(held, association, link)
    return _invitation_page(found, name, has_account, NewAccountForm())


@pages.post(INVITATION)
def accept(association: str, link: str) -> ResponseReturnValue:
    """Somebody new: an account with the role; the second factor comes next."""
    form = NewAccountForm()
    found, name, has_account = transaction(lambda held: _offered(held, association, link))
    form.known = (found.email, form.name.data or "", name)
    if has_account or not form.validate():
        return _invitation_page(found, name, has_account, form)
    newcomer = Newcomer(form.name.data, language(), hasher().hash(form.password.data))

    def work(held: Session) -> str:
        account = invitations.accept(held, association, link, newcomer, act())
        return begin_sign_in(held, account, device(), by(account))

    enter(transaction(work))
    return go("factor.enrol")


@pages.post(f"{INVITATION}/join")
def join(association: str, link: str) -> ResponseReturnValue:
    """Somebody with an account: only the role is new, and with it the token of the sign-in."""
    me, known = person(), token() or ""

    def work(held: Session) -> str:
        invitations.accept(held, association, link, me.account, act(), me.sign_in)
        return sign_ins.renew(held, known, now())

    enter(transaction(work))
    return go("account.home")


@pages.get(RESET)
def reset(link: str) -> ResponseReturnValue:
    """Asks for a new password."""
    with reading() as held:
        found = password_resets.find(held, link, now())
    return _reset_page(found, NewPasswordForm())


@pages.post(RESET)
def use_reset(link: str) -> ResponseReturnValue:
    """Takes the new password; everything else of the account's ways in begins anew."""
    form = NewPasswordForm()
    found = transaction(lambda held: password_resets.find(held, link, now()))
    form.known = (found.email, found.name)
    if not form.validate():
        return _reset_page(found, form)
    hashed = hasher().hash(form.password.data)
    transaction(lambda held: password_resets.use(held, link, hashed, act()))
    session.clear()
    return go("account.sign_in")


@pages.get(f"{PLACE}/forgotten")
def forgotten() -> str:
    """The same for everybody: whom to ask for a link."""
    return render_template("account/forgotten.html")


@pages.get(f"{PLACE}/password")
def password() -> str:
    """Asks for the current and a new password."""
    return render_template("account/password.html", form=ChangePasswordForm())


@pages.post(f"{PLACE}/password")
def change_password() -> ResponseReturnValue:
    """Takes a new password; other sign-ins end and this one gets a new token."""
    form, me, known = ChangePasswordForm(), person(), token() or ""
    form.known = (me.email, me.name)
    if not form.validate():
        return refused_again("account/password.html", form=form)
    if not knows_password(me, form.current.data or ""):
        wrong(form, "current", _("This is not your password."))
        return refused_again("account/password.html", form=form)
    hashed = hasher().hash(form.password.data)

    def work(held: Session) -> str:
        accounts.change_password(held, me.account, hashed, act(), me.sign_in)
        return sign_ins.renew(held, known, now())

    enter(transaction(work))
    return go("account.home")


def _offered(held: Session, association: str, link: str) -> tuple[Invitation, str, bool]:
    found = invitations.find(held, association, link, now())
    has_account = accounts.by_email(held, found.email) is not None
    return found, associations.find(held, association).name, has_account


def _invitation_page(
    found: Invitation, association: str, has_account: bool, form: NewAccountForm
) -> ResponseReturnValue:
    known: SignedIn | None = half()
    body = render_template(
        "account/invitation.html",
        invitation=found,
        association=association,
        role=role_word(found.role),
        has_account=has_account,
        known=known if known is not None and known.verified else None,
        form=form,
        path=path(),
    )
    return body, 422 if form.errors else 200


def _reset_page(found: Account, form: NewPasswordForm) -> ResponseReturnValue:
    body = render_template("account/reset.html", form=form, email=found.email)
    return body, 422 if form.errors else 200
