"""Sign-ins of the demonstration, one or two for each role, and a self-assessment that was begun."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.adapters.passwords import Hasher
from rankings.adapters.sealing import Sealer
from rankings.models import Account, Agency, AssessmentCycle, SelfAssessment
from rankings.usecases import (
    accounts,
    calendar,
    calendar_rules,
    calendar_steps,
    cycles,
    memberships,
    occurrences,
    second_factor,
    self_assessments,
)
from rankings.usecases.calendar_rules import GivenRule
from rankings.usecases.journal import OPERATOR, Act
from rankings.usecases.occurrences import Run
from rankings.usecases.self_assessments import Change

ASSOCIATION = "vidu"
# The demonstration's own clock starts here whenever it is served.
TODAY = datetime(2026, 11, 24, 2, tzinfo=UTC)
OPENED = datetime(2026, 9, 1, 1, tzinfo=UTC)
CYCLE = "2027"
# Days from the opening to each step: self-assessments until the end of the year, audits until June.
DAYS = {
    "closes": 121,
    "audits_end": 302,
    "candidate": 305,
    "hearing_opens": 308,
    "approval": 330,
    "publication": 336,
    "next_cycle": 350,
}
OPERATOR_ROLE = "operator"
AGENCY_ROLES = ("agency_member", "agency_signatory")
# Each account by its name, with its role; a second opinion, and a second desk, need a second one.
PEOPLE = {
    **{role: role for role in (*memberships.ROLES, OPERATOR_ROLE)},
    "second_auditor": "auditor",
    "second_case_officer": "case_officer",
}
# How many answers were taken over from the year before.
BEGUN = 17

Draw = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class SignInLine:
    """What the command prints for one account."""

    name: str
    email: str
    password: str
    code: str


def hire(session: Session, hasher: Hasher, sealer: Sealer, act: Act, where: Sequence[str]) -> None:
    """Everybody's account; the staff has its roles in all associations."""
    for name, role in PEOPLE.items():
        account = _account(session, name, hasher, sealer, act)
        if role in (OPERATOR_ROLE, *AGENCY_ROLES):
            continue
        for association in where:
            memberships.grant(session, association, account.id, role, None, act)


def add(session: Session, draw: Draw) -> None:
    """The people of an agency, and an open cycle with a begun draft."""
    act = Act(OPERATOR, OPENED, draw)
    cycle = _open(session, act)
    agency = _agency(session)
    for name in AGENCY_ROLES:
        account = accounts.named(session, email(name)).id
        memberships.grant(session, ASSOCIATION, account, name, agency.code, act)
    member = accounts.named(session, email(AGENCY_ROLES[0])).id
    _begin(session, cycle, agency, Act(str(member), TODAY, draw))


def lines(session: Session, sealer: Sealer, now: datetime) -> list[SignInLine]:
    """The sign-ins with the codes of a moment."""
    found = []
    for name in PEOPLE:
        account = accounts.named(session, email(name))
        code = second_factor.code_now(account, sealer.open, now)
        found.append(SignInLine(name, account.email, _password(name), code))
    return found


def _open(session: Session, act: Act) -> AssessmentCycle:
    """The cycle, which the calendar has opened; it is called by the year of its cut-off day."""
    before = cycles.find(session, ASSOCIATION, str(int(CYCLE) - 1))
    days = {step: str(number) for step, number in DAYS.items()}
    rubric = f"{before.rubric_code} {before.rubric_version}"
    rule = GivenRule("year", OPENED.date().isoformat(), "08:00", rubric, days)
    planned = replace(act, now=OPENED - timedelta(days=14))
    calendar.set_rule(session, ASSOCIATION, rule, calendar_rules.token(None), planned)
    (plan,) = calendar.plans(session, ASSOCIATION)
    plan.slug = plan.name = CYCLE
    session.add(plan)
    named = (plan.rubric_code, plan.rubric_version)
    opened = cycles.Plan(plan.id, CYCLE, CYCLE, plan.as_of, named)
    cycle = cycles.open_cycle(session, ASSOCIATION, opened, act)
    run = Run(ASSOCIATION, calendar_steps.JOB, calendar_steps.key(plan, "opens"), act.now)
    occurrences.done(session, run, "The cycle is open.", act.now)
    return cycle


def _agency(session: Session) -> Agency:
    """The first agency that answered the year before."""
    answered = select(SelfAssessment.agency).where(
        SelfAssessment.association == ASSOCIATION, SelfAssessment.cycle == UUID(int=2026)
    )
    taking_part = select(Agency).where(
        Agency.association == ASSOCIATION, col(Agency.id).in_(answered)
    )
    return session.exec(taking_part.order_by(Agency.code).limit(1)).one()


def _account(session: Session, name: str, hasher: Hasher, sealer: Sealer, act: Act) -> Account:
    hashed = hasher.hash(_password(name))
    newcomer = accounts.Newcomer(name.replace("_", " ").capitalize(), "en", hashed)
    account = accounts.add(session, email(name), newcomer, act, name == OPERATOR_ROLE)
    account.totp_secret = sealer.seal(base64.b32encode(_seed(name)[:20]))
    session.flush()
    return account


def email(name: str) -> str:
    """The address of an account."""
    return f"{name.replace('_', '-')}@demo.example"


def _password(name: str) -> str:
    text = base64.b32encode(_seed(f"password {name}")).decode().lower()
    return "-".join((text[:4], text[4:8], text[8:12], text[12:16]))


def _seed(what: str) -> bytes:
    return hashlib.sha256(f"demonstration {what}".encode()).digest()


def _begin(session: Session, cycle: AssessmentCycle, agency: Agency, act: Act) -> None:
    """The first answers, as they were a year ago."""
    before: Mapping[str, str] = {
        code: one.value for code, one in self_assessments.before(session, cycle, agency.id).items()
    }
    none = self_assessments.token(None)
    order = [one.id for one in cycles.code_of(cycle).rubric.indicators if one.id in before]
    changes = [Change(code, before[code], "", none) for code in order[:BEGUN]]
    self_assessments.save_answers(session, cycle, agency, changes, act)
