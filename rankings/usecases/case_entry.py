"""A complaint that an officer takes down: from the telephone, a visit, a letter, a partner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from rankings.errors import Invalid, Problem
from rankings.models import ComplaintCase
from rankings.scoring.codes import COUNTRIES, CURRENCIES
from rankings.usecases import cases, complaint_items, journal
from rankings.usecases.case_classification import CATEGORIES
from rankings.usecases.case_hearing import EMPTY, TOO_LONG, plain
from rankings.usecases.case_reports import COMPANY, DAY, STORY
from rankings.usecases.case_rules import CHOOSE

CHANNELS = ("telephone", "walk_in", "letter", "partner")
# As the public form knows them.
MAY_COUNT, TOLD = ("yes", "no", "later"), ("yes", "no")
TOPICS = tuple(one for one in CATEGORIES if one != "fee_not_allowed")
AUDIENCES = ("association", "ministry", "union")
LONGEST_STORY, LONGEST = 8_000, 300
MONTH = "must be a month such as 2026-03"
# As the public form has them; what is empty was not said.
LISTS = {
    "topic": ("", *TOPICS),
    "country": ("", *COUNTRIES),
    "currency": ("", *CURRENCIES),
    "audience": AUDIENCES,
    "may_count": MAY_COUNT,
    "may_tell_agency": TOLD,
}
TEXTS = ("since", "amount", "contact")


@dataclass(frozen=True, slots=True)
class Taken:
    """What an officer took down; `said` as the public form has it, by name."""

    channel: str
    said: dict[str, str]


def enter(
    session: Session,
    association: str,
    taken: Taken,
    vault: complaint_items.Vault,
    receipt: complaint_items.Receipt,
    act: journal.Act,
) -> ComplaintCase:
    """Seal a complaint that an officer took down; the officer works on it from now on.

    Invalid names each field that is wrong, Conflict where the association has no key. The journal
    tells how it came in, not which case it became: the day of a case stands inside of its seal.
    """
    said = checked(taken)
    today = cases.today(session, association, act)
    report, key = said | {DAY: str(today)}, UUID(bytes=act.draw(16), version=4)
    case = complaint_items.open_case(
        *(session, association, key, report, taken.channel, vault, receipt),
        month=f"{today:%Y-%m}",
        by=act.account,
    )
    case.status, case.may_tell_agency = "checking", said["may_tell_agency"] == "yes"
    session.add(case)
    session.flush()
    told = {"channel": taken.channel}
    journal.record(session, association, act, "entered a complaint", taken.channel, told)
    return case


def checked(taken: Taken) -> dict[str, Any]:
    """What was taken down as it is kept; Invalid names each field that is wrong."""
    said = {name: plain(value) for name, value in taken.said.items()}
    wrong = [] if taken.channel in CHANNELS else [Problem("channel", taken.channel[:100], CHOOSE)]
    longest = {STORY: LONGEST_STORY, COMPANY: LONGEST} | dict.fromkeys(TEXTS, LONGEST)
    for name, most in longest.items():
        if len(said[name]) > most:
            wrong.append(Problem(name, f"{said[name][:20]}…", TOO_LONG))
    wrong += [Problem(name, "", EMPTY) for name in (COMPANY, STORY) if not said[name]]
    wrong += [
        Problem(name, said[name][:100], CHOOSE)
        for name, known in LISTS.items()
        if said[name] not in known
    ]
    if said["since"] and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", said["since"], re.ASCII):
        wrong.append(Problem("since", said["since"][:100], MONTH))
    if wrong:
        raise Invalid(wrong)
    return said
