"""Classifying a case: from then on it has a line in the register, which is still open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from rankings.errors import Invalid, Problem
from rankings.models import Agency, AssessmentCycle, Complaint, ComplaintCase
from rankings.scoring.codes import COUNTRIES, CURRENCIES, decimals
from rankings.scoring.rules import Rate
from rankings.usecases import agency_codes, case_deadlines, cases, conflicts, cycles, journal
from rankings.usecases.case_rules import CHOOSE
from rankings.usecases.complaints import OPEN

CATEGORIES = (
    *("deployment_delay", "documents_withheld", "fees", "fee_not_allowed", "misrepresentation"),
    *("contract_substitution", "wages", "compensation", "missing_person", "stranded"),
    *("forced_labour", "other"),
)
# The eleven indicators of the International Labour Organization.
FORCED_LABOUR = (
    *("abuse_of_vulnerability", "deception", "restriction_of_movement", "isolation", "violence"),
    *("intimidation", "retention_of_documents", "withholding_of_wages", "debt_bondage"),
    *("abusive_conditions", "excessive_overtime"),
)
MAY_COUNT = ("worker", "authority")
# Severities where no cycle is open yet.
SEVERITIES = ("minor", "moderate", "serious")
MOST_WORKERS, MOST_MONEY = 100_000, 10**15

UNKNOWN_AGENCY = "must be the code of an agency of the register"
TOLD = "cannot change any more: the agency has been told"
COUNT = "must be a whole number from 1 on"
AMOUNT = "must be an amount in figures, such as 2500000 or 150.50"
CURRENCY = "is needed with an amount"
_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Classification:
    """What an officer says a case is; texts as they were typed, `agency` is a public code."""

    agency: str
    category: str
    severity: str
    workers: str = "1"
    forced_labour: tuple[str, ...] = ()
    claimed: str = ""
    recovered: str = ""
    currency: str = ""
    destination: str = ""
    may_count: str = ""
    may_tell_agency: bool = False


def severities(session: Session, association: str) -> list[str]:
    """The severities that the newest cycle's rubric knows, the lightest first."""
    newest = session.exec(
        select(AssessmentCycle)
        .where(AssessmentCycle.association == association)
        .order_by(col(AssessmentCycle.as_of).desc())
        .limit(1)
    ).first()
    asked = cycles.code_of(newest).rubric.indicators if newest else ()
    weights: dict[str, Any] = {}
    for one in asked:
        if isinstance(one.rule, Rate):
            weights |= one.rule.severity
    return sorted(weights, key=lambda code: weights[code]) or list(SEVERITIES)


def classify(
    session: Session, association: str, case: UUID, given: Classification, act: journal.Act
) -> Complaint:
    """Write or change the line of a case; Invalid names every field that is wrong.

    Conflict where the officer is tied to the agency, or the case is decided. Where the worker no
    longer wants the agency told, a summary that it cannot see yet is taken back.
    """
    held = cases.find_open(session, association, case)
    today = cases.today(session, association, act)
    found = _agency(session, association, given.agency)
    wrong = [*_wrong(session, held, given, found), *_too_late(session, held, given, found, today)]
    if wrong or found is None:
        raise Invalid(wrong)
    if held.officer is not None:
        conflicts.refuse(session, association, held.officer, found.id, today)
    values = _values(given, found)
    line = cases.line(session, held) or _new_line(session, held, values)
    changed = sorted(name for name, value in values.items() if getattr(line, name) != value)
    changed += _consent(held, given)
    if changed or held.number is None:
        for name, value in values.items():
            setattr(line, name, value)
        _keep(session, held, line, changed, act)
    return line


def _keep(
    session: Session, held: ComplaintCase, line: Complaint, changed: list[str], act: journal.Act
) -> None:
    session.add(line)
    session.flush()
    told = {"number": line.number, "changed": changed if held.number else []}
    held.number = line.number
    if held.status == "received":
        held.status = "checking"
    session.add(held)
    session.flush()
    journal.record(session, held.association, act, "classified a complaint", str(held.id), told)


def _consent(held: ComplaintCase, given: Classification) -> list[str]:
    """Keep whether the agency may be told; the name of what changed."""
    if held.may_tell_agency == given.may_tell_agency:
        return []
    held.may_tell_agency = given.may_tell_agency
    if not given.may_tell_agency:
        held.summary = held.notified_on = held.answer_due_on = None
    return ["may_tell_agency"]


def _new_line(session: Session, held: ComplaintCase, values: dict[str, Any]) -> Complaint:
    received = case_deadlines.first_day(held.received_month)
    return Complaint(
        association=held.association,
        number=next_number(session, held.association, received.year),
        received_on=received,
        outcome=OPEN,
        agency_heard=False,
        **values,
    )


def next_number(session: Session, association: str, year: int) -> str:
    """The next free number of a year, `2026-0001` first; two at once never get the same."""
    taken = session.exec(
        select(Complaint.number)
        .where(Complaint.association == association, col(Complaint.number).like(f"{year}-____%"))
        .order_by(func.length(Complaint.number).desc(), col(Complaint.number).desc())
    )
    # Numbers of an imported register may look alike.
    last = next((one for one in taken if re.fullmatch(r"\d{4}-\d{4,8}", one, re.ASCII)), "-0")
    return f"{year}-{int(last.partition('-')[2]) + 1:04}"


def _agency(session: Session, association: str, code: str) -> Agency | None:
    # Text that is no code never gets to the database.
    if not agency_codes.number(code.strip()):
        return None
    named = select(Agency).where(Agency.association == association, Agency.code == code.strip())
    return session.exec(named).first()


def _values(given: Classification, agency: Agency) -> dict[str, Any]:
    return {
        "agency": agency.id,
        "category": given.category,
        "severity": given.severity,
        "workers_affected": int(given.workers),
        "claimed": units(given.claimed, given.currency),
        "recovered": units(given.recovered, given.currency),
        "currency": given.currency or None,
        "destination": given.destination or None,
        "forced_labour": [one for one in FORCED_LABOUR if one in given.forced_labour],
        "may_count": given.may_count or None,
    }


def units(amount: str, currency: str) -> int | None:
    """A typed amount in whole minor units of its currency; None where nothing was typed."""
    bare = "".join(amount.split())
    return int(Decimal(bare).scaleb(decimals(currency))) if bare else None


def typed(amount: int | None, currency: str | None) -> str:
    """An amount of minor units as one types it."""
    if amount is None or currency is None:
        return ""
    return str(Decimal(amount).scaleb(-decimals(currency)))


def _too_late(
    session: Session,
    held: ComplaintCase,
    given: Classification,
    agency: Agency | None,
    today: date,
) -> Iterator[Problem]:
    """What can no longer change, since the agency has read it."""
    line = cases.line(session, held)
    if line and held.summary and agency and agency.id != line.agency:
        yield Problem("agency", given.agency[:100], TOLD)
    visible = held.notified_on is not None and held.notified_on <= today
    if visible and not given.may_tell_agency:
        yield Problem("may_tell_agency", "", TOLD)


def _wrong(
    session: Session, held: ComplaintCase, given: Classification, agency: Agency | None
) -> Iterator[Problem]:
    if agency is None:
        yield Problem("agency", given.agency[:100], UNKNOWN_AGENCY)
    lists = {
        "category": CATEGORIES,
        "severity": tuple(severities(session, held.association)),
        "destination": ("", *COUNTRIES),
        "currency": ("", *CURRENCIES),
        "may_count": ("", *MAY_COUNT),
    }
    for place, known in lists.items():
        if getattr(given, place) not in known:
            yield Problem(place, getattr(given, place)[:100], CHOOSE)
    if not set(given.forced_labour) <= set(FORCED_LABOUR):
        yield Problem("forced_labour", "", CHOOSE)
    if not re.fullmatch(r"[1-9]\d{0,5}", given.workers, re.ASCII):
        yield Problem("workers", given.workers[:100], COUNT)
    yield from _wrong_money(given)


def _wrong_money(given: Classification) -> Iterator[Problem]:
    places = decimals(given.currency)
    for place in ("claimed", "recovered"):
        typed = getattr(given, place)
        bare = "".join(typed.split())
        if not bare:
            continue
        if not _AMOUNT.fullmatch(bare) or len(bare.partition(".")[2]) > places:
            yield Problem(place, typed[:100], AMOUNT)
        if not given.currency:
            yield Problem("currency", "", CURRENCY)
            return
