"""What pages about accounts share: who is half signed in, where to go on, words for refusals."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from rankings.adapters.catalogues import LANGUAGES
from rankings.adapters.passwords import Hasher
from rankings.adapters.sealing import Sealer
from rankings.errors import TooMany
from rankings.usecases import accounts, journal, sign_ins
from rankings.usecases.accounts import Candidate
from rankings.usecases.sign_ins import SignedIn
from rankings.web import now, reading, transaction
from rankings.web.access import TOKEN, token
from rankings.web.account_device import caller
from rankings.web.languages import say as _

PLACE = f"/account/<any({', '.join(LANGUAGES)}):lang>"
NEXT, LONGEST_NEXT = "next", 2_000


def hasher() -> Hasher:
    """The application's only way to run argon2."""
    found: Hasher = current_app.extensions["hasher"]
    return found


def sealer() -> Sealer:
    """Seals the secrets of second factors."""
    found: Sealer = current_app.extensions["sealer"]
    return found


def half() -> SignedIn | None:
    """Whoever gave a password in this browser, with or without the second factor."""
    known = token()
    if known is None:
        return None
    with reading() as held:
        found = sign_ins.current(held, known, now())
    if found is not None and found.verified:
        g.person = found
    return found


def by(account: object) -> journal.Act:
    """An act of somebody whose second factor is still missing."""
    return journal.Act(str(account), now())


def enter(fresh: str, back: str = "") -> None:
    """Give the browser a new token; everything else it held ends, also the secret of its forms."""
    session.clear()
    session[TOKEN] = fresh
    if back:
        session[NEXT] = back


def own_path(wanted: str | None) -> str:
    """An address of this very site to go on at, else nothing: never another host."""
    if not wanted or len(wanted) > LONGEST_NEXT or not wanted.isprintable():
        return ""
    if not wanted.startswith("/") or wanted.startswith("//") or set(wanted) & set("\\ "):
        return ""
    parts = urlsplit(wanted)
    return "" if parts.scheme or parts.netloc else wanted


def onward() -> str:
    """Where somebody who has just got in goes on."""
    return own_path(session.pop(NEXT, "")) or url_for("account.home")


def go(endpoint: str, **values: Any) -> Response:
    """To another page, after something was done."""
    return redirect(url_for(endpoint, **values), 303)


def compared(tried: Candidate, password: str) -> bool:
    """Was it the password? Takes as long where nobody could have had it."""
    return hasher().matches(tried.hashed or hasher().unknown, password)


def knows_password(person: SignedIn, password: str) -> bool:
    """Does whoever is signed in know the password? Counts as a try to sign in.

    If not, the answer is a refusal, and as such it gets into the journal.
    """
    who = caller()
    tried = transaction(
        lambda held: accounts.candidate(held, person.email, password, who, by(person.account))
    )
    matched = compared(tried, password)
    with reading() as held:
        return accounts.proved(held, tried, matched) == person.account


def too_many(refusal: TooMany) -> ResponseReturnValue:
    """Slowed down: how long to wait, in words and for machines."""
    minutes = -(-refusal.seconds // 60)
    body = render_template("account/wait.html", seconds=refusal.seconds, minutes=minutes)
    return body, 429, {"Retry-After": str(refusal.seconds)}


def role_word(role: str) -> str:
    """A role in the language of the page."""
    return {
        "agency_member": _("Member of an agency"),
        "agency_signatory": _("Signatory of an agency"),
        "auditor": _("Auditor"),
        "lead_auditor": _("Lead auditor"),
        "case_officer": _("Case officer"),
        "secretariat": _("Secretariat"),
        "regulator": _("Regulator"),
    }.get(role, role)


def refused_again(template: str, **values: Any) -> ResponseReturnValue:
    """The same form with what is wrong in it."""
    return render_template(template, **values), 422


def path() -> str:
    """The address of this page, to come back to."""
    return own_path(request.full_path.rstrip("?"))
