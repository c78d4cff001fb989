"""The legal fee caps of an edition in the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from flask_babel import format_decimal, get_locale

from rankings.scoring.codes import decimals
from rankings.scoring.exact import decimal_text
from rankings.scoring.fees import ANY
from rankings.web.languages import say as _
from rankings.web.words import short


class Days(Protocol):
    """Says days in the language of the page."""

    def day(self, text: str) -> str:
        """An ISO date in words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One cap: where to, for what, how much, since when, by which act."""

    destination: str
    about: tuple[str, ...]
    limit: str
    reference: str
    validity: str
    verified: bool


def row(words: Days, cap: Mapping[str, Any]) -> Row:
    """A cap of the edition as it is printed."""
    validity = _("since %(day)s", day=words.day(cap["valid_from"]))
    if cap["valid_to"]:
        validity += " " + _("until %(day)s", day=words.day(cap["valid_to"]))
    return Row(
        destination=country(cap["destination"]),
        about=(programme(cap["programme"]), *_contract(cap)),
        limit=limit(cap["limit"]),
        reference=cap["legal_reference"],
        validity=validity,
        verified=cap["verified"],
    )


def country(code: str) -> str:
    """A country in the language of the page."""
    return _("All countries") if code == ANY else str(get_locale().territories.get(code, code))


def programme(word: str) -> str:
    """Kinds of work; a word that is not known stands as it is."""
    known = {
        ANY: _("all jobs"),
        "ship-crew": _("ship crew"),
        "technical-intern": _("technical intern"),
        "skilled-worker": _("skilled worker"),
        "second-stay": _("second stay, with a new employer"),
    }
    return known.get(word, word)


def _contract(cap: Mapping[str, Any]) -> Iterator[str]:
    least, most = cap["contract_months_from"], cap["contract_months_to"]
    if least and most:
        yield _("contract of %(least)s to %(most)s months", least=least, most=most)
    elif least:
        yield _("contract of %(least)s months or more", least=least)
    elif most:
        yield _("contract of up to %(most)s months", most=most)


def limit(most: Mapping[str, Any]) -> str:
    """What may be charged at most."""
    if most["kind"] == "amount":
        return money(most["units"], most["currency"])
    if most["kind"] == "zero":
        return _("no fee at all")
    text = _wage(most["months"])
    if most["per_contract_months"]:
        months = most["per_contract_months"]
        text = _("%(wage)s for each %(months)s months of contract", wage=text, months=months)
    if most["at_most_months"]:
        all_in = _wage(most["at_most_months"])
        text = _("%(fee)s, at most %(wage)s in all", fee=text, wage=all_in)
    return text


def _wage(months: str) -> str:
    number = format_decimal(Decimal(short(Fraction(months))))
    return _("1 month's wage") if months == "1" else _("%(months)s months' wage", months=number)


def money(units: int, currency: str) -> str:
    """The currency's code and the amount, without idle decimals."""
    places = decimals(currency)
    amount = Fraction(units, 10**places)
    shown = places if amount.denominator != 1 else 0
    pattern = "#,##0" + ("." + "0" * shown if shown else "")
    number = format_decimal(Decimal(decimal_text(amount, shown)), format=pattern)
    return f"{currency} {number}"
