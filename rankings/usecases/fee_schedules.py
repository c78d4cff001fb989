"""What agencies charge workers, and how that compares with what the law allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from rankings.errors import Conflict
from rankings.models import Agency, Deployment, FeeSchedule
from rankings.scoring.codes import COUNTRIES, CURRENCIES, decimals
from rankings.scoring.fees import Case, FeeCap, Money, Wage, applicable, highest
from rankings.usecases import agencies, journal
from rankings.usecases.typed import MISSING, NO_CHOICE, Typed, digits

PROGRAMME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
BY_AGENCY = "agency"
BY_SECRETARIAT = "secretariat: "
LONGEST_DOCUMENT = 300
LONGEST_CONTRACT = 120
MOST_UNITS = 10**15
NO_MONEY = "must be an amount such as 1200 or 1200.50"
DECIMALS = "has more decimals than the currency"
NO_CURRENCY = "must be a currency code of ISO 4217, such as USD"
STATED = "Another fee is stated from this day on: state the new one from a later day."
KEY = ("association", "agency", "destination", "programme", "contract_months", "since")
MONEY = ("fee", "fee_currency", "monthly_wage", "wage_currency", "source")
CURRENCY_OF = {"fee": "fee_currency", "monthly_wage": "wage_currency"}
# How a fee compares with the law.
WITHIN, ABOVE, NO_CAP, NO_COMPARISON = "within", "above", "no_cap", "no_comparison"
# 1.200 and 1,200 are clear only where a currency has no decimals.
_GROUPED = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?=\.|$)", re.ASCII)
_GROUPED_WHOLE = re.compile(r"\d{1,3}([., '])\d{3}(?:\1\d{3})*", re.ASCII)
_PLAIN = re.compile(r"(\d{1,15})(?:\.(\d{1,6}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Statement:
    """A fee as it was typed; `document` is what the secretariat read it in, None for agencies."""

    destination: str
    programme: str
    contract_months: str
    since: str
    fee: str
    fee_currency: str
    monthly_wage: str
    wage_currency: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A fee beside the cap: one of the words above, the most allowed, and how much more it is."""

    word: str
    cap: FeeCap | None = None
    most: Money | None = None
    above: Money | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A stated fee, whether it holds on the day (or will), and how it compares."""

    fee: FeeSchedule
    holds: bool
    comparison: Comparison


def state(
    session: Session, association: str, code: str, given: Statement, act: journal.Act
) -> bool:
    """State a fee from a day on; an older one ends there. Whether anything changed.

    Invalid names what cannot be taken; Conflict where another fee for the same begins that day.
    """
    wanted = _row(agencies.find(session, association, code), given)
    known = session.get(FeeSchedule, {name: wanted[name] for name in KEY})
    if known is not None:
        if all(getattr(known, name) == wanted[name] for name in MONEY):
            return False
        raise Conflict(STATED)
    session.add(FeeSchedule(**wanted, stated_by=act.account, stated_at=act.now))
    session.flush()
    told = {name: wanted[name] for name in ("destination", "programme", "fee", "fee_currency")}
    told["since"] = wanted["since"].isoformat()
    journal.record(session, association, act, "stated a fee", code, told)
    return True


def of(
    session: Session, agency: Agency, origin: str, caps: Sequence[FeeCap], today: date
) -> list[Shown]:
    """All fees of an agency, per route the newest first, with the cap for workers of `origin`.

    What holds is compared as of today, what does not hold yet or any more as of its first day.
    """
    route = ("destination", "programme", "contract_months")
    order = [col(getattr(FeeSchedule, name)) for name in route]
    found = session.exec(
        select(FeeSchedule)
        .where(FeeSchedule.association == agency.association, FeeSchedule.agency == agency.id)
        .order_by(*order, col(FeeSchedule.since).desc())
    )
    shown, begun = [], set()
    for one in found:
        where = tuple(getattr(one, name) for name in route)
        holds = one.since <= today and where not in begun
        if holds:
            begun.add(where)
        day = today if holds else one.since
        shown.append(Shown(one, holds, compare(one, caps, origin, day)))
    return shown


def compare(fee: FeeSchedule, caps: Sequence[FeeCap], origin: str, day: date) -> Comparison:
    """A fee beside the legal cap of a day; no cap known does not mean that none may be charged."""
    case = Case(origin, fee.destination, fee.programme, fee.contract_months, day)
    cap = applicable(caps, case)
    if cap is None:
        return Comparison(NO_CAP)
    if isinstance(cap.limit, Wage):
        if fee.monthly_wage is None or fee.wage_currency is None:
            return Comparison(NO_COMPARISON, cap)
        wage = Money(fee.monthly_wage, fee.wage_currency)
    else:
        wage = Money(0, fee.fee_currency)
    most = highest(cap, fee.contract_months, wage)
    if most.currency != fee.fee_currency:
        return Comparison(NO_COMPARISON, cap, most)
    if fee.fee <= most.units:
        return Comparison(WITHIN, cap, most)
    return Comparison(ABOVE, cap, most, Money(fee.fee - most.units, most.currency))


def _row(agency: Agency, given: Statement) -> dict[str, Any]:
    """The fee as it was typed, without who stated it."""
    typed = Typed()
    programme = given.programme.strip()
    if not PROGRAMME.fullmatch(programme):
        typed.refuse("programme", programme, NO_CHOICE)
    row = {
        "association": agency.association,
        "agency": agency.id,
        "destination": typed.one_of("destination", given.destination, COUNTRIES),
        "programme": programme,
        "contract_months": typed.whole(
            "contract_months", given.contract_months, 1, LONGEST_CONTRACT
        ),
        "since": typed.day("since", given.since),
        "source": BY_AGENCY,
        "monthly_wage": None,
        "wage_currency": None,
    }
    row["fee"], row["fee_currency"] = _money(typed, "fee", given.fee, given.fee_currency)
    if given.monthly_wage.strip():
        wage = _money(typed, "monthly_wage", given.monthly_wage, given.wage_currency)
        row["monthly_wage"], row["wage_currency"] = wage
    if given.document is not None:
        text = typed.text("document", given.document, LONGEST_DOCUMENT)
        row["source"] = f"{BY_SECRETARIAT}{text}"
    typed.done()
    return row


def _money(typed: Typed, place: str, given: str, currency: str) -> tuple[int, str]:
    """Whole minor units of a currency, exactly, in digits of any script."""
    code, text = currency.strip().upper(), digits(given.strip()).replace("\u00a0", " ")
    if code not in CURRENCIES:
        typed.refuse(CURRENCY_OF[place], currency, NO_CURRENCY if currency.strip() else MISSING)
        return 0, code
    places = decimals(code)
    found = _PLAIN.fullmatch(_ungrouped(text, places))
    if found is None:
        typed.refuse(place, given, NO_MONEY if text else MISSING)
        return 0, code
    fraction = (found[2] or "").rstrip("0")
    if len(fraction) > places:
        typed.refuse(place, given, DECIMALS)
    units = int(found[1] + fraction.ljust(places, "0")[:places])
    if units > MOST_UNITS:
        typed.refuse(place, given, NO_MONEY)
    return units, code


def _ungrouped(text: str, places: int) -> str:
    """The amount without the signs that part thousands."""
    if places == 0 and _GROUPED_WHOLE.fullmatch(text):
        return re.sub(r"\D", "", text)
    head = _GROUPED.match(text)
    return re.sub(r"[ ']", "", head[0]) + text[head.end() :] if head else text


def programmes(session: Session, agency: Agency) -> list[str]:
    """The kinds of work for which an agency sent workers."""
    whose = (Deployment.association == agency.association, Deployment.agency == agency.id)
    return sorted(set(session.exec(select(Deployment.programme).where(*whose))))
