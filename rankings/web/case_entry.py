"""An officer takes a complaint down, and hands the worker a receipt on paper."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from rankings.adapters import vault
from rankings.adapters.receipts import Receipts, new_receipt
from rankings.errors import Invalid, Problem
from rankings.usecases import (
    associations,
    case_entry,
)
from rankings.usecases.case_rules import CHOOSE
from rankings.web import (
    act,
    case_agencies,
    case_problems,
    case_vault,
    case_words,
    reading,
    transaction,
)
from rankings.web.cases import DESK
from rankings.web.languages import NAMES

pages = Blueprint("case_entry", __name__)

ENTRY = f"{DESK}new"


class EntryForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The fields of the public form, and how the complaint came in."""

    channel = StringField()
    company = StringField()
    happened = TextAreaField()
    topic = StringField()
    since = StringField()
    country = StringField()
    amount = StringField()
    currency = StringField()
    contact = StringField()
    audience = StringField()
    may_count = StringField()
    may_tell_agency = StringField()
    receipt_in = StringField()

    def taken(self) -> case_entry.Taken:
        """As the use case takes it."""
        names = (*case_entry.LISTS, *case_entry.TEXTS, "company", "happened")
        said = {name: self[name].data or "" for name in names}
        return case_entry.Taken(self.channel.data or "", said)


@pages.get(ENTRY)
def new(association: str) -> str:
    """The empty form."""
    return _page(association, EntryForm(formdata=None), {})


@pages.post(ENTRY)
def enter(association: str) -> ResponseReturnValue:
    """Seal it and show the receipt, this once."""
    form = EntryForm()
    taken, receipt = form.taken(), new_receipt()
    try:
        if form.receipt_in.data not in NAMES:
            raise Invalid([Problem("receipt_in", (form.receipt_in.data or "")[:100], CHOOSE)])
        case_entry.checked(taken)
        opened = _receipts().open(receipt)
        transaction(
            lambda session: case_entry.enter(session, association, taken, vault, opened, act())
        )
    except Invalid as invalid:
        return _page(association, form, case_problems.by_field(invalid)), 422
    return _receipt(association, receipt, form.receipt_in.data)


def _receipts() -> Receipts:
    found: Receipts = current_app.extensions["receipts"]
    return found


def _receipt(association: str, receipt: str, language: str) -> str:
    """The page to print, in the worker's language."""
    g.language = language
    with reading() as session:
        name = associations.find(session, association).name
    groups = [receipt[start : start + 4] for start in range(0, len(receipt), 4)]
    return render_template("cases/receipt.html", name=name, groups=groups)


def _page(association: str, form: FlaskForm, errors: dict[str, str]) -> str:
    with reading() as session:
        agencies = case_agencies.every(session, association)
        is_open = case_vault.has_key(session, association)
    return render_template(
        "cases/entry.html",
        form=form,
        errors=errors,
        agencies=agencies,
        is_open=is_open,
        words=case_words,
        choices=case_words.choices,
        channels=case_entry.CHANNELS,
        categories=case_entry.TOPICS,
        audiences=case_entry.AUDIENCES,
        counted=case_entry.MAY_COUNT,
        told=case_entry.TOLD,
        countries=case_words.countries(),
        currencies=case_words.currencies(),
        spoken=list(NAMES.items()),
    )
