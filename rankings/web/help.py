"""Help for workers: whom to call, and how to write without a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from sqlmodel import Session, select

from rankings.adapters import vault
from rankings.adapters.evidence_kinds import BY_ENDING
from rankings.errors import Conflict
from rankings.models import Agency, Association, HelpLine
from rankings.usecases import associations, complaint_intake, complaint_keys, help_lines
from rankings.web import help_return, now, reading, transaction
from rankings.web.help_base import (
    PLACE,
    Forged,
    Stale,
    Where,
    nonce,
    pages,
    receipts,
    register,
    sendings,
)
from rankings.web.help_form import CHOICES, LONGEST, Sent, labels
from rankings.web.languages import language
from rankings.web.languages import say as _
from rankings.web.words import Words

__all__ = ["help_return", "register"]

# A page that most phones have open now and then: in all our languages, seldom blocked, and it
# says nothing about the one who is there. Nothing is sent along.
ELSEWHERE = "https://www.google.com/"
# Days until a worker finds an answer.
ANSWER = 14
# Browsers whose maker's computers fetch, and can read, each page.
PROXIES = re.compile(
    r"Opera Mini|Opera Turbo|OPR/.*Turbo|UCWEB|U2/|Puffin/|Silk-Accelerated=true|BOLT/|SkyFire|"
    r"googleweblight",
    re.IGNORECASE,
)
PROXY_HEADERS = (
    *("X-OperaMini-Features", "X-OperaMini-Phone-UA", "X-OperaMini-UA", "X-Puffin-UA"),
    *("X-UCBrowser-UA", "X-UCBrowser-Device-UA", "X-UCBrowser-Phone-UA", "Save-Data-Proxy"),
)
VIA = re.compile(r"Chrome-Compression-Proxy|Opera|Turbo", re.IGNORECASE)


@pages.get(f"{PLACE}/")
def start(association: str) -> str:
    """Whom to call, and who would read what is written."""
    with reading() as session:
        held = associations.find(session, association)
        return render_template(
            "help/start.html",
            association=held,
            lines=_lines(held, help_lines.of(session, association)),
            is_open=complaint_keys.current(session, association) is not None,
            by_proxy=by_proxy(),
            agency=request.args.get("agency", "")[:40] or None,
        )


@pages.get(f"{PLACE}/leave")
def leave(association: str) -> ResponseReturnValue:
    """Away from here, to a page that says nothing."""
    return redirect(ELSEWHERE, 303)


@pages.get(f"{PLACE}/write")
def write(association: str) -> ResponseReturnValue:
    """The empty form; of an agency's page it knows the agency."""
    with reading() as session:
        held = associations.find(session, association)
        if complaint_keys.current(session, association) is None:
            return redirect(url_for("help.start", association=association), 303)
        return _form(held, Sent.empty(_company(session, held)), {})


@pages.post(f"{PLACE}/write")
def send(association: str) -> ResponseReturnValue:
    """Seal what was written and show its number."""
    sent = Sent.typed()
    try:
        drawn = nonce()
    except Forged:
        return _again(association, sent, {"": _old()}, 400)
    except Stale:
        return _again(association, sent, {"": _old()}, 422)
    problems = sent.problems()
    if problems:
        return _again(association, sent, problems, 422)
    if sendings().is_full():
        return _again(
            association, sent, {"": _("Too many were sent from here. Call instead.")}, 429
        )
    return _sent(association, sent, drawn)


def _sent(association: str, sent: Sent, drawn: bytes) -> ResponseReturnValue:
    """Sent twice, it is one, with one number."""
    number = receipts().drawn(drawn)
    opened, case = receipts().open(number), receipts().drawn_id(drawn, "case")

    def work(session: Session) -> tuple[Association, date]:
        held = associations.find(session, association)
        today = associations.day(held, now())
        complaint_intake.receive(
            session, association, case, sent.report(str(today)), vault, opened, f"{today:%Y-%m}"
        )
        return held, today

    try:
        held, today = transaction(work)
    except Conflict as conflict:
        return _again(association, sent, {"": _reasons()[str(conflict)]}, 422)
    sendings().count()
    return render_template(
        "help/number.html",
        association=held,
        number=number,
        groups=help_return.groups(number),
        endings=",".join(BY_ENDING),
        day=format_date(today + timedelta(days=ANSWER), "long"),
    )


def _again(
    association: str, sent: Sent, problems: dict[str, str], status: int
) -> ResponseReturnValue:
    """The form with everything that was typed."""
    return _form(Where(association), sent, problems), status


def _form(association: Association | Where, sent: Sent, problems: dict[str, str]) -> str:
    return render_template(
        "help/write.html",
        association=association,
        sent=sent.values,
        problems=problems,
        choices=CHOICES,
        labels=labels(),
        longest=LONGEST,
    )


def _old() -> str:
    return _("This page was open for too long. Your words are still here: send them again.")


def _reasons() -> dict[str, str]:
    return {
        complaint_keys.NO_KEY: _("We cannot take it in at the moment. Call instead."),
        complaint_intake.SENT_BEFORE: _(
            "You have sent this page before. Send it again if this is about something else."
        ),
    }


def _company(session: Session, association: Association) -> str:
    """The agency from whose page somebody comes, by name and code."""
    agency = session.exec(
        select(Agency).where(
            Agency.association == association.id,
            Agency.code == request.args.get("agency", "").replace("\0", ""),
        )
    ).first()
    if agency is None:
        return ""
    return f"{Words.name(association.country, agency.names)[0]} ({agency.code})"


def _lines(association: Association, rows: list[HelpLine]) -> list[dict[str, object]]:
    """The help lines in the language of the page, as far as they are written in it."""
    found = []
    for row in rows:
        name, spoken = _said(association, row.names)
        hours, spoken_hours = _said(association, row.hours)
        found.append(
            {
                "kind": row.kind,
                "name": name,
                "lang": spoken,
                "number": row.number,
                "dialled": re.sub(r"[^0-9+*#]", "", row.number),
                "hours": hours,
                "hours_lang": spoken_hours,
                "spoken": help_return.spoken(row.spoken),
                "is_free": row.is_free,
            }
        )
    return found


def _said(association: Association, texts: Mapping[str, str]) -> tuple[str, str]:
    """A text in the language of the page, else in one it is written in, and which that is."""
    kept = {spoken: text for spoken, text in texts.items() if text}
    if not kept:
        return "", language()
    own = kept.get(language())
    return (own, language()) if own else Words.name(association.country, kept)


def by_proxy() -> bool:
    """Does the browser's maker fetch the pages, and so read them?"""
    headers = request.headers
    return bool(
        PROXIES.search(headers.get("User-Agent", ""))
        or any(name in headers for name in PROXY_HEADERS)
        or VIA.search(headers.get("Via", ""))
    )
