"""The association's exchange rates: a dated table, one added at a time or many pasted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlmodel import Session
from wtforms import BooleanField, StringField, TextAreaField

from rankings.adapters import pasted_table
from rankings.errors import Conflict, Invalid, Problem
from rankings.usecases import associations, exchange_rates
from rankings.usecases.exchange_rates import Rate
from rankings.web import act, reading, settings_words, transaction
from rankings.web.account_forms import wrong
from rankings.web.account_parts import go

pages = Blueprint("rates", __name__)

PAGE = "/<association>/staff/settings/exchange-rates"
COLUMNS = ("base", "quote", "since", "rate", "source")


class RateForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """One rate."""

    base = StringField()
    quote = StringField()
    since = StringField()
    rate = StringField()
    source = StringField()
    replace = BooleanField()

    def sent(self) -> Rate:
        """What was typed."""
        return _rate({name: self[name].data or "" for name in COLUMNS})


class ManyForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A pasted table."""

    table = TextAreaField()
    replace_all = BooleanField()


@pages.get(PAGE)
def show(association: str) -> str:
    """All rates, and the ways to add some."""
    with reading() as session:
        return _page(session, association, RateForm(), ManyForm(), ())


@pages.post(PAGE)
def add(association: str) -> ResponseReturnValue:
    """Add one rate."""
    form = RateForm()

    def work(session: Session) -> None:
        exchange_rates.add(session, association, [form.sent()], act(), bool(form.replace.data))

    try:
        transaction(work)
    except Invalid as refusal:
        for one in refusal.problems:
            wrong(form, one.place.partition(" ")[2], settings_words.rate_remedy(one.remedy))
        return _again(association, form, ManyForm(), ())
    except Conflict as conflict:
        wrong(form, "replace", settings_words.rate_remedy(str(conflict)))
        return _again(association, form, ManyForm(), ())
    return go(".show", association=association)


@pages.post(f"{PAGE}/many")
def take(association: str) -> ResponseReturnValue:
    """Add the rates of a pasted table: all of them, or none."""
    form = ManyForm()

    def work(session: Session) -> None:
        rows = pasted_table.rows(form.table.data or "", COLUMNS, COLUMNS)
        given = [_rate(row) for row in rows]
        exchange_rates.add(session, association, given, act(), bool(form.replace_all.data))

    try:
        transaction(work)
    except Invalid as refusal:
        problems = [
            Problem(one.place, one.value, settings_words.rate_remedy(one.remedy))
            for one in refusal.problems
        ]
        return _again(association, RateForm(formdata=None), form, problems)
    except Conflict as conflict:
        wrong(form, "replace_all", settings_words.rate_remedy(str(conflict)))
        return _again(association, RateForm(formdata=None), form, ())
    return go(".show", association=association)


def _rate(sent: dict[str, str]) -> Rate:
    clean = {name: sent.get(name, "").replace("\0", "").strip() for name in COLUMNS}
    return Rate(
        base=clean["base"].upper(),
        quote=clean["quote"].upper(),
        since=_day(clean["since"]),
        rate=clean["rate"],
        source=clean["source"],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _again(
    association: str, form: RateForm, many: ManyForm, problems: Sequence[Problem]
) -> ResponseReturnValue:
    with reading() as session:
        return _page(session, association, form, many, problems), 422


def _page(
    session: Session,
    association: str,
    form: RateForm,
    many: ManyForm,
    problems: Sequence[Problem],
) -> str:
    return render_template(
        "settings/rates.html",
        association=associations.find(session, association),
        rates=exchange_rates.of(session, association),
        form=form,
        many=many,
        problems=problems,
        is_sent=request.method == "POST",
    )
