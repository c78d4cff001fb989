"""Both factors once more: asked for by what one person alone may not do lightly."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.errors import NotFound, TooMany
from rankings.usecases import accounts, second_factor, sign_ins
from rankings.usecases.throttles import Caller
from rankings.web import act, now, reading, transaction
from rankings.web.access import person, token
from rankings.web.account_device import caller
from rankings.web.account_forms import ProofForm, wrong
from rankings.web.account_parts import (
    NEXT,
    PLACE,
    enter,
    knows_password,
    own_path,
    sealer,
    too_many,
)
from rankings.web.languages import say as _

pages = Blueprint("proof", __name__)
pages.register_error_handler(TooMany, too_many)


@pages.get(f"{PLACE}/prove")
def ask() -> str:
    """The form; afterwards the person goes on at `next`."""
    return _page(ProofForm())


@pages.post(f"{PLACE}/prove")
def prove() -> ResponseReturnValue:
    """Take password and code of whoever is signed in; the browser gets a new token."""
    form, me, held_token, who = ProofForm(), person(), token(), caller()
    if not form.validate():
        return _page(form), 422
    if not knows_password(me, form.current.data or ""):
        wrong(form, "current", _("This is not your password."))
        return _page(form), 422

    fresh = transaction(lambda held: _proved(held, form.code.data or "", held_token, who))
    if fresh is None:
        wrong(form, "code", _("This is not the code of this moment. Wait for the next one."))
        return _page(form), 422
    enter(fresh)
    return redirect(own_path(request.args.get(NEXT)) or url_for("account.home"), 303)


def _proved(held: Session, code: str, known: str | None, who: Caller) -> str | None:
    """A new token where it is the code of the moment."""
    if known is None:
        raise NotFound("Nobody is signed in.")
    account = person().account
    if not second_factor.check(held, account, code, sealer().open, who, act()):
        return None
    return sign_ins.prove(held, known, act())


def _page(form: ProofForm) -> str:
    back, shown = own_path(request.args.get(NEXT)), ""
    if current_app.config.get("DEMONSTRATION"):
        with reading() as held:
            account = accounts.find(held, person().account)
            shown = second_factor.code_now(account, sealer().open, now())
    return render_template("account/prove.html", form=form, back=back, shown=shown)
