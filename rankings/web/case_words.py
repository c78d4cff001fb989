"""The words of cases: what a code means on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_skeleton

from rankings.scoring.codes import COUNTRIES, CURRENCIES
from rankings.web.languages import language
from rankings.web.languages import say as _
from rankings.web.moments import long_day


def channel(code: str) -> str:
    """How a complaint came in."""
    return {
        "web": _("By the web form"),
        "telephone": _("By telephone"),
        "walk_in": _("In person"),
        "letter": _("By letter"),
        "partner": _("By a partner organisation"),
    }.get(code, code)


def status(code: str) -> str:
    """How far a case is."""
    return {
        "received": _("New"),
        "asked": _("The worker was asked"),
        "checking": _("Being checked"),
        "decided": _("Decided"),
        "closed": _("Closed"),
    }.get(code, code)


def age(weeks: int) -> str:
    """How long a case has waited; more is not known than the month."""
    return _("up to %(weeks)d weeks ago", weeks=weeks) if weeks else _("less than a week ago")


def late(code: str) -> str:
    """What should have happened."""
    return {
        "first_look": _("Nobody has looked at it"),
        "answer": _("The agency has not answered"),
        "decision": _("Not decided in time"),
    }.get(code, code)


def reading(code: str) -> str:
    """Why somebody reads a case."""
    return {
        "first_look": _("To see what it is about"),
        "classify": _("To classify it"),
        "ask_worker": _("To ask the worker"),
        "summary": _("To write the summary for the agency"),
        "decide": _("To decide it"),
        "new_message": _("To read a new message"),
        "compare": _("To compare it with another case"),
    }.get(code, code)


def category(code: str) -> str:
    """What a complaint is about."""
    return {
        "deployment_delay": _("Departure delayed, or the job never came"),
        "documents_withheld": _("Passport or papers withheld"),
        "fees": _("Charged too much, or without a receipt"),
        "fee_not_allowed": _("Charged where no fee is allowed"),
        "misrepresentation": _("False promises or false papers"),
        "contract_substitution": _("Another contract than promised"),
        "wages": _("Wages not paid, or cut"),
        "compensation": _("Compensation for injury, death or refund"),
        "missing_person": _("A missing person"),
        "stranded": _("Stranded on the way, or not brought home"),
        "forced_labour": _("Threats, violence, debt bondage, forced labour"),
        "other": _("Something else"),
    }.get(code, code)


def indicator(code: str) -> str:
    """An indicator of forced labour."""
    return {
        "abuse_of_vulnerability": _("Abuse of vulnerability"),
        "deception": _("Deception"),
        "restriction_of_movement": _("Restriction of movement"),
        "isolation": _("Isolation"),
        "violence": _("Physical or sexual violence"),
        "intimidation": _("Intimidation and threats"),
        "retention_of_documents": _("Retention of identity papers"),
        "withholding_of_wages": _("Withholding of wages"),
        "debt_bondage": _("Debt bondage"),
        "abusive_conditions": _("Abusive working and living conditions"),
        "excessive_overtime": _("Excessive overtime"),
    }.get(code, code)


def severity(code: str) -> str:
    """How bad it is."""
    return {
        "minor": _("Minor"),
        "moderate": _("Moderate"),
        "serious": _("Serious"),
    }.get(code, code)


def may_count(code: str) -> str:
    """Who agreed that the case counts publicly."""
    return {
        "": _("Nobody yet: it does not count"),
        "worker": _("The worker agreed, knowing that the number becomes public"),
        "authority": _("An authority decided"),
    }.get(code, code)


def outcome(code: str) -> str:
    """How a case ended."""
    return {
        "open": _("Open"),
        "substantiated": _("Substantiated"),
        "remedied": _("Substantiated, and remedied in time"),
        "overdue": _("The agency did not answer in time"),
        "withdrawn": _("Withdrawn, and the worker confirmed it"),
        "withdrawn_unconfirmed": _("Withdrawn, but the worker did not confirm it"),
        "rejected": _("Not substantiated"),
        "merged": _("Goes on in another case"),
    }.get(code, code)


def ground(code: str) -> str:
    """What a decision rests on."""
    return {
        "": _("No ground"),
        "document": _("A document"),
        "verified_call_back": _("The worker was called back, and it was the right person"),
        "two_reporters": _("Two workers who do not depend on each other, one of them verified"),
        "agency_admits": _("The agency admits it"),
        "authority": _("An authority decided"),
    }.get(code, code)


def rejection(code: str) -> str:
    """Why a complaint was not substantiated."""
    return {
        "": _("No reason"),
        "not_true": _("It was not so"),
        "not_provable": _("It could not be shown"),
        "not_this_agency": _("It is about no agency of the register"),
        "not_the_code": _("The code of conduct does not cover it"),
        "no_contact": _("The worker could not be reached, and too little is known"),
    }.get(code, code)


def reopening(code: str) -> str:
    """Why a decided case is opened again."""
    return {
        "new_evidence": _("There is new evidence"),
        "mistake": _("There was a mistake"),
        "agency_objects": _("The agency objects"),
        "worker_asks": _("The worker asks for it"),
    }.get(code, code)


def item(kind: str) -> str:
    """What was written or sent."""
    return {
        "report": _("What the worker reported"),
        "message": _("The worker wrote"),
        "question": _("Question to the worker"),
        "note": _("Note of the office"),
        "file": _("A file of the worker"),
        "agency_answer": _("The agency answered"),
    }.get(kind, kind)


def report(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a report holds, in words; what was left empty is left out."""
    labels = {
        "company": _("Which company"),
        "happened": _("What happened"),
        "topic": _("What it is about"),
        "since": _("When"),
        "country": _("Where the worker is now"),
        "amount": _("Money"),
        "currency": _("Currency"),
        "may_count": _("May it count publicly?"),
        "may_tell_agency": _("May the company be told?"),
        "audience": _("Who may read it"),
        "contact": _("How to reach the worker"),
        "language": _("Language"),
        "day": _("Came in on"),
    }
    said = {name: _value(name, value) for name, value in said.items() if value not in ("", None)}
    ordered = [*(name for name in labels if name in said), *(set(said) - set(labels))]
    return [(labels.get(name, name), said[name]) for name in ordered]


def _value(name: str, value: Any) -> str:
    """An answer of the form in words."""
    if name == "topic":
        return category(str(value))
    if name == "country":
        return country(str(value))
    if name in ("day", "since", "language"):
        return _in_words(name, str(value))
    if isinstance(value, list | tuple):
        return ", ".join(_value(name, one) for one in value)
    if name == "audience":
        return audience(str(value))
    return yes_no(str(value)) if name in ("may_count", "may_tell_agency") else str(value)


def _in_words(name: str, value: str) -> str:
    """A language, a day or a month; what is none of them stands as it was written."""
    if name == "language":
        return str(Locale(language()).languages.get(value, value))
    try:
        if name == "day":
            return long_day(date.fromisoformat(value))
        return str(format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=language()))
    except ValueError:
        return value


def audience(code: str) -> str:
    """Who may read a complaint."""
    return {
        "association": _("The association only"),
        "ministry": _("The labour ministry, too"),
        "union": _("A trade union, too"),
    }.get(code, code)


def yes_no(code: str) -> str:
    """A short answer."""
    return {"yes": _("Yes"), "no": _("No"), "later": _("Ask later")}.get(code, code)


def choices(codes: Iterable[str], word: Callable[[str], str]) -> list[tuple[str, str]]:
    """What can be chosen: a code and its word."""
    return [(code, word(code)) for code in codes]


def countries() -> list[tuple[str, str]]:
    """All countries by their name."""
    return sorted(choices(COUNTRIES, country), key=lambda one: one[1])


def currencies() -> list[tuple[str, str]]:
    """All currencies."""
    return choices(sorted(CURRENCIES), str)


def country(code: str) -> str:
    """A country in the language of the page."""
    return str(Locale(language()).territories.get(code, code))
