"""Signing in and out, and the page of one's own account."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from rankings.adapters.catalogues import LANGUAGES
from rankings.errors import Invalid, TooMany
from rankings.usecases import accounts, memberships, second_factor, sign_ins
from rankings.usecases.sign_ins import SignedIn
from rankings.web import act, now, reading, transaction
from rankings.web.access import person, token
from rankings.web.account_device import caller, device, remember
from rankings.web.account_forms import CodeForm, SignInForm, too_long, wrong
from rankings.web.account_parts import (
    NEXT,
    PLACE,
    by,
    compared,
    enter,
    go,
    half,
    hasher,
    onward,
    own_path,
    refused_again,
    role_word,
    sealer,
    too_many,
)
from rankings.web.languages import say as _

pages = Blueprint("account", __name__)
pages.register_error_handler(TooMany, too_many)


@pages.get(f"{PLACE}/sign-in")
def sign_in() -> ResponseReturnValue:
    """The door; whoever is inside already goes on."""
    back = own_path(request.args.get(NEXT))
    known = half()
    if known is not None:
        return redirect(back or onward(), 303) if known.verified else go("account.code")
    return render_template("account/sign_in.html", form=SignInForm(), back=back)


@pages.post(f"{PLACE}/sign-in")
def try_sign_in() -> ResponseReturnValue:
    """Email and password; argon2 runs exactly once, whoever it is."""
    form, who = SignInForm(), caller()
    back = own_path(request.args.get(NEXT))
    email, password = form.email.data or "", form.password.data or ""
    try:
        tried = transaction(lambda held: accounts.candidate(held, email, password, who, act()))
    except Invalid:
        wrong(form, "password", too_long())
        return refused_again("account/sign_in.html", form=form, back=back)
    matched = compared(tried, password)
    fresh = transaction(lambda held: accounts.welcome(held, tried, matched, device(), act()))
    if fresh is None:
        wrong(form, "password", _("This email and password do not belong together."))
        return refused_again("account/sign_in.html", form=form, back=back)
    _renew_hash(tried, password)
    enter(fresh, back)
    return go("account.code")


def _renew_hash(tried: accounts.Candidate, password: str) -> None:
    """After a change of argon2's parameters each password is hashed anew when it is next used."""
    if tried.account is None or not hasher().is_old(tried.hashed):
        return
    whose, old, hashed = tried.account, tried.hashed, hasher().hash(password)
    transaction(lambda held: accounts.rehash(held, whose, old, hashed))


@pages.get(f"{PLACE}/code")
def code() -> ResponseReturnValue:
    """The second factor; whoever has none sets one up first."""
    known = half()
    if known is None:
        return go("account.sign_in")
    return _code_page(known, CodeForm())


@pages.post(f"{PLACE}/code")
def give_code() -> ResponseReturnValue:
    """A code of the moment or a recovery code; then the browser gets a new token."""
    form, known, who, held_token = CodeForm(), half(), caller(), token()
    if known is None or held_token is None:
        return go("account.sign_in")
    given = (form.code.data or "") if form.validate() else ""

    def work(held: Session) -> str | None:
        moment = by(known.account)
        if not second_factor.check(held, known.account, given, sealer().open, who, moment):
            return None
        return sign_ins.verify(held, held_token, moment)

    fresh = transaction(work)
    if fresh is None:
        wrong(form, "code", _("This is not the code of this moment. Wait for the next one."))
        return _code_page(known, form)
    back = onward()
    enter(fresh)
    return remember(redirect(back, 303), known.account)


def _code_page(known: SignedIn, form: CodeForm) -> ResponseReturnValue:
    if known.verified:
        return redirect(onward(), 303)
    with reading() as held:
        account = accounts.find(held, known.account)
    if account.totp_secret is None:
        return go("factor.enrol")
    shown = ""
    if current_app.config.get("DEMONSTRATION"):
        shown = second_factor.code_now(account, sealer().open, now())
    body = render_template("account/code.html", form=form, known=known, shown=shown)
    return body, 422 if form.errors else 200


@pages.post(f"{PLACE}/sign-out")
def sign_out() -> ResponseReturnValue:
    """The end, also halfway in."""
    known = half()
    if known is not None:
        moment = by(known.account)
        transaction(lambda held: sign_ins.end(held, known.account, known.sign_in, moment))
    session.clear()
    return go("account.sign_in")


@pages.get(f"{PLACE}/")
def home() -> str:
    """My roles, my sign-ins, and what I can change."""
    me = person()
    with reading() as held:
        return render_template(
            "account/home.html",
            me=me,
            roles_held=memberships.everywhere(held, me.account),
            sign_ins=sign_ins.listed(held, me.account, now()),
            codes_left=second_factor.left(held, me.account),
            role_word=role_word,
        )


@pages.post(f"{PLACE}/sign-ins/<uuid:sign_in>/end")
def end_sign_in(sign_in: UUID) -> ResponseReturnValue:
    """End one of my sign-ins."""
    me = person().account
    transaction(lambda held: sign_ins.end(held, me, sign_in, act()))
    return go("account.home")


@pages.post(f"{PLACE}/sign-ins/end-others")
def end_others() -> ResponseReturnValue:
    """End all of my sign-ins but this one."""
    me = person()
    transaction(lambda held: sign_ins.end_all(held, me.account, act(), me.sign_in))
    return go("account.home")


@pages.post(f"{PLACE}/language")
def speak() -> ResponseReturnValue:
    """The language of my pages."""
    me, wanted = person().account, request.form.get("language", "")
    transaction(lambda held: accounts.speak(held, me, wanted, act()))
    return go("account.home", lang=wanted if wanted in LANGUAGES else "en")
