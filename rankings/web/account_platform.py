"""What an operator of the platform does: first secretariats, reset links, keeping people out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select

from rankings.errors import NotFound, TooMany
from rankings.models import Account, Association
from rankings.usecases import accounts, invitations, password_resets
from rankings.usecases.memberships import SECRETARIAT
from rankings.web import act, reading, settings, transaction
from rankings.web.account_device import caller
from rankings.web.account_forms import EmailForm, wrong
from rankings.web.account_parts import PLACE, go, too_many
from rankings.web.languages import say as _

pages = Blueprint("platform", __name__)
pages.register_error_handler(TooMany, too_many)

PLATFORM = f"{PLACE}/platform"


@pages.get(PLATFORM)
def show() -> ResponseReturnValue:
    """Associations and accounts."""
    with reading() as held:
        return _page(held, EmailForm())


@pages.post(f"{PLATFORM}/invite")
def invite() -> ResponseReturnValue:
    """Invite the secretariat of an association."""
    form, whose = EmailForm(), request.form.get("association", "")

    def work(held: Session) -> ResponseReturnValue:
        if not form.validate():
            return _page(held, form)
        email = form.email.data
        token = invitations.invite(held, whose, email, SECRETARIAT, None, act())
        return _handed_over(outside("links.invitation", association=whose, link=token), email)

    return transaction(work)


@pages.post(f"{PLATFORM}/reset")
def reset() -> ResponseReturnValue:
    """Make a link to a new password and second factor."""
    form, who = EmailForm(), caller()

    def work(held: Session) -> ResponseReturnValue:
        account = _account(held, form)
        if account is None:
            return _page(held, form)
        token = password_resets.make(held, account.id, who, act())
        return _handed_over(outside("links.reset", link=token), account.email)

    return transaction(work)


@pages.post(f"{PLATFORM}/accounts/<uuid:account>/disable")
def disable(account: UUID) -> ResponseReturnValue:
    """Keep somebody out, at once."""
    transaction(lambda held: accounts.disable(held, account, act()))
    return go("platform.show")


@pages.post(f"{PLATFORM}/accounts/<uuid:account>/enable")
def enable(account: UUID) -> ResponseReturnValue:
    """Let somebody in again."""
    transaction(lambda held: accounts.enable(held, account, act()))
    return go("platform.show")


def outside(endpoint: str, **values: Any) -> str:
    """The whole address of a link as the public sees it."""
    return settings().base_url + url_for(endpoint, **values)


def _account(held: Session, form: EmailForm) -> Account | None:
    if not form.validate():
        return None
    try:
        return accounts.named(held, form.email.data)
    except NotFound:
        wrong(form, "email", _("There is no account with this email."))
        return None


def _page(held: Session, form: EmailForm) -> ResponseReturnValue:
    body = render_template(
        "account/platform.html",
        form=form,
        associations=held.exec(select(Association).order_by(Association.id)).all(),
        accounts=accounts.everybody(held),
    )
    return body, 422 if form.errors else 200


def _handed_over(link: str, email: str) -> str:
    return render_template(
        "account/link.html", link=link, email=email, back=url_for("platform.show")
    )
