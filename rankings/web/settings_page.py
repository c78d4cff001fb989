"""What the association decides for itself: the entrance, and the times and limits."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import HiddenField, StringField

from rankings.adapters import signature
from rankings.errors import Conflict, Invalid, NotFound
from rankings.usecases import (
    association_settings,
    associations,
    complaint_keys,
    exchange_rates,
    fee_cap_tables,
    help_lines,
    rubric_editing,
)
from rankings.usecases.association_settings import BOUNDS, Wanted
from rankings.web import act, reading, settings, settings_words, transaction
from rankings.web.access import may
from rankings.web.account_forms import wrong
from rankings.web.account_parts import go
from rankings.web.languages import say as _

pages = Blueprint("settings", __name__)

ENTRANCE = "/<association>/staff/settings/"
TERMS = f"{ENTRANCE}terms"
LONGEST_NUMBER = 6


class TermsForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The five numbers, and the token of those that were on the page."""

    hearing_days = StringField()
    dispute_days = StringField()
    appeal_days = StringField()
    least_rated_percent = StringField()
    most_over_claims_percent = StringField()
    seen = HiddenField()

    def wanted(self) -> Wanted:
        """What was typed, as numbers."""
        return Wanted(**{name: _whole(self[name].data) for name in BOUNDS})


@pages.get(ENTRANCE)
def show(association: str) -> str:
    """Everything that the association decided, with the way to change it."""
    with reading() as session:
        whose = associations.find(session, association)
        table = fee_cap_tables.newest(session, association)
        known: dict[str, Any] = {
            "row": association_settings.of(session, association),
            "table": table,
            "caps": len(fee_cap_tables.parsed(table.document)) if table else 0,
            "rates": exchange_rates.of(session, association),
            "lines": help_lines.lines(session, association),
            "versions": rubric_editing.versions(session, association),
            "complaint_key": complaint_keys.current(session, association),
        }
    return render_template(
        "settings/show.html",
        association=whose,
        elsewhere=_elsewhere(association),
        fingerprint=_fingerprint(association),
        words=settings_words,
        bounds=BOUNDS,
        **known,
    )


@pages.get(TERMS)
def terms(association: str) -> str:
    """The times and limits, to be changed."""
    with reading() as session:
        return _page(session, association, TermsForm(), fresh=True)


@pages.post(TERMS)
def save(association: str) -> ResponseReturnValue:
    """Put the numbers that were sent in place of those that were seen."""
    form = TermsForm()

    def work(session: Session) -> None:
        sent = form.wanted()
        association_settings.save(session, association, sent, form.seen.data or "", act())

    try:
        transaction(work)
    except Invalid as refusal:
        for one in refusal.problems:
            wrong(form, one.place, settings_words.bounds_word(one.place))
        return _again(association, form)
    except Conflict:
        wrong(form, "hearing_days", settings_words.clash())
        return _again(association, form)
    return go(".show", association=association)


def _again(association: str, form: TermsForm) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, association, form, fresh=False), 422


def _page(session: Session, association: str, form: TermsForm, fresh: bool) -> str:
    row = association_settings.of(session, association)
    if fresh:
        for name in BOUNDS:
            form[name].data = str(getattr(row, name))
    form.seen.data = association_settings.token(row)
    return render_template(
        "settings/terms.html",
        association=associations.find(session, association),
        form=form,
        words=settings_words,
        bounds=BOUNDS,
    )


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None


def _fingerprint(association: str) -> str:
    """Of the key that signs editions; empty where this host has none."""
    try:
        key: Ed25519PublicKey = signature.public(settings().keys, association)
    except NotFound:
        return ""
    return signature.fingerprint(key)


def _elsewhere(association: str) -> list[tuple[str, dict[str, str], str]]:
    """Pages of other parts, those that the person may open: endpoint, values, name."""
    named = [
        ("calendar.show", _("Calendar")),
        ("calendar.holidays", _("Public holidays")),
        ("help_lines.show", _("Help lines")),
        ("people.show", _("People and roles")),
        ("staff.desk", _("Cycles and panels")),
    ]
    known = current_app.view_functions
    return [
        (endpoint, {"association": association}, name)
        for endpoint, name in named
        if endpoint in known and may(endpoint)
    ]
