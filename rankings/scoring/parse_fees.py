"""Reading the table of fee caps: every mistake is named with its place and a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from rankings.scoring.codes import COUNTRIES, CURRENCIES
from rankings.scoring.fees import ANY, FeeCap, Limit, Money, Nothing, Wage
from rankings.scoring.reading import Problem, RubricError, Section, shown

FILE = "fee-caps.toml"
KINDS = ("amount", "months_of_wage", "zero")
PROGRAMME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?")
LONGEST_TEXT = 300
LONGEST_CONTRACT = 600
LARGEST_AMOUNT = 10**15

Placed = tuple[Section, FeeCap]


def parse_caps(document: Mapping[str, Any], file: str = FILE) -> tuple[FeeCap, ...]:
    """The rows of a parsed document; RubricError names everything that is wrong."""
    problems: list[Problem] = []
    root = Section(file, "", document, problems)
    if not root.has("caps"):
        root.problem("caps", "is missing: at least one [[caps]] row is needed")
    rows = [(section, _row(section)) for section in root.sections("caps")]
    root.close()
    if not problems:
        _overlaps(rows)
    if problems:
        raise RubricError(problems)
    return tuple(cap for _, cap in rows)


def _row(section: Section) -> FeeCap:
    least, most = _contract(section)
    since, until = _validity(section)
    cap = FeeCap(
        origin=_country(section, "origin"),
        destination=_country(section, "destination", ANY),
        programme=_programme(section),
        contract_months_from=least,
        contract_months_to=most,
        limit=_limit(section),
        valid_from=since,
        valid_to=until,
        legal_reference=_text(section, "legal_reference"),
        source=_source(section),
        verified=_verified(section),
    )
    section.close()
    return cap


def _country(section: Section, key: str, other: str | None = None) -> str:
    code = section.required(key)
    if code and code not in COUNTRIES and code != other:
        instead = f', or "{other}"' if other else ""
        section.problem(key, f"{shown(code)} is not a country code such as VN{instead}")
    return code


def _programme(section: Section) -> str:
    word = _text(section, "programme")
    if word and word != ANY and not PROGRAMME.fullmatch(word):
        sentence = 'must be "*" or a word such as skilled-worker (a-z, 0-9, single hyphens)'
        section.problem("programme", f"{shown(word)} {sentence}")
    return word


def _text(section: Section, key: str) -> str:
    text = section.required(key)
    if len(text) > LONGEST_TEXT:
        section.problem(key, f"has {len(text)} characters; at most {LONGEST_TEXT}")
    return text


def _source(section: Section) -> str:
    address = _text(section, "source")
    if address and not ADDRESS.fullmatch(address):
        section.problem("source", f"{shown(address)} must be one address that starts with https://")
    return address


def _verified(section: Section) -> bool:
    if not section.has("verified"):
        section.problem("verified", "is missing: true or false")
    return bool(section.flag("verified"))


def _contract(section: Section) -> tuple[int | None, int | None]:
    least = _length(section, "contract_months_from")
    most = _length(section, "contract_months_to")
    if least is not None and most is not None and most < least:
        section.problem("contract_months_to", f"{most} is below contract_months_from, {least}")
    return least, most


def _length(section: Section, key: str) -> int | None:
    """Whole months from 1, or None where the key is absent."""
    return _whole(section, key, LONGEST_CONTRACT) if section.has(key) else None


def _whole(section: Section, key: str, most: int) -> int:
    number = section.number(key)
    if number is not None and not (number.denominator == 1 and 1 <= number <= most):
        section.problem(key, f"{shown(number)} must be a whole number from 1 to {most}")
    return int(number or 1)


def _validity(section: Section) -> tuple[date, date | None]:
    if not section.has("valid_from"):
        section.problem("valid_from", "is missing")
    since, until = _day(section, "valid_from"), _day(section, "valid_to")
    if since and until and until < since:
        section.problem("valid_to", f"{until} is before valid_from, {since}")
    return since or date.min, until


def _day(section: Section, key: str) -> date | None:
    section.known.add(key)
    value = section.table.get(key)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    section.problem(key, f"{shown(value)} must be a day such as 2022-01-01, without quotes")
    return None


def _limit(section: Section) -> Limit:
    """What the row allows; its keys are read in any case, so that none counts as unknown."""
    kinds = [kind for kind in KINDS if section.has(kind)]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none"
        sentence = f"needs exactly one of {', '.join(KINDS)}; here: {found}"
        section.problem("", sentence)
    readings = {"amount": _amount(section), "months_of_wage": _wage(section), "zero": Nothing()}
    if section.flag("zero") is False:
        section.problem("zero", "must be true, or be left out")
    return readings[kinds[0]] if kinds else Nothing()


def _amount(section: Section) -> Limit:
    currency = section.text("currency") or ""
    if section.has("amount") and not section.has("currency"):
        section.problem("currency", "is missing")
    if section.has("currency") and not section.has("amount"):
        section.problem("currency", "belongs to amount, which is missing")
    if currency and currency not in CURRENCIES:
        section.problem("currency", f"{shown(currency)} is not a currency code such as USD")
    return Money(_whole(section, "amount", LARGEST_AMOUNT), currency)


def _wage(section: Section) -> Limit:
    per, most = "per_contract_months", "at_most_months"
    for key, needed in ((per, "months_of_wage"), (most, per)):
        if section.has(key) and not section.has(needed):
            section.problem(key, f"belongs to {needed}, which is missing")
    return Wage(
        _wages(section, "months_of_wage") or Fraction(1),
        _length(section, per),
        _wages(section, most),
    )


def _wages(section: Section, key: str) -> Fraction | None:
    """Months of wage above 0, or None where the key is absent."""
    number = section.number(key)
    if number is not None and not 0 < number <= LONGEST_CONTRACT:
        section.problem(key, f"{shown(number)} must be above 0 and at most {LONGEST_CONTRACT}")
    return number


def _overlaps(rows: Sequence[Placed]) -> None:
    """Name every row that says, as specifically, what an earlier row says for the same case."""
    groups: dict[object, list[Placed]] = {}
    for section, cap in rows:
        earlier = groups.setdefault(
            (cap.origin, cap.destination, cap.programme, cap.specificity), []
        )
        twin = next((place.place for place, other in earlier if _meet(cap, other)), None)
        if twin:
            section.problem(
                "", f"covers the same cases and days as {twin}: change the lengths or the days"
            )
        earlier.append((section, cap))


def _meet(one: FeeCap, other: FeeCap) -> bool:
    """Whether some contract length on some day falls under both."""
    return _reaches(one, other) and _reaches(other, one)


def _reaches(one: FeeCap, other: FeeCap) -> bool:
    """Whether `one` begins no later than `other` ends, in contract length and in days."""
    return (one.contract_months_from or 1) <= (other.contract_months_to or LONGEST_CONTRACT) and (
        one.valid_from <= (other.valid_to or date.max)
    )
