"""Declarations of ties to agencies: made by anybody on the staff, ended, never deleted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, desc, select

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from rankings.models import (
    Agency,
    AssessmentCycle,
    Audit,
    Complaint,
    ComplaintCase,
    Declaration,
    SecondOpinion,
)
from rankings.usecases import agencies, associations, conflicts, journal, memberships, staff
from rankings.usecases.joins import same

KINDS = ("owner", "employee", "adviser", "family", "business", "dispute", "other")
MAX_STATEMENT = 500
# The remedies.
NO_PERSON = "must be somebody of the association's staff"
NO_KIND = f"must be one of {', '.join(KINDS)}"
NO_STATEMENT = f"must be 1 to {MAX_STATEMENT} characters"
IN_FUTURE = "must not lie in the future"
IN_PAST = "must be today or later: what was held until now stays as it was"
NOT_OTHERS = "Only the secretariat declares ties for somebody else."
ENDED = "This tie has ended already."
OVER = ("decided", "closed")


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie as it is declared; `agency` is a public code, `statement` says it in own words."""

    account: UUID
    agency: str
    kind: str
    statement: str
    since: date


@dataclass(frozen=True, slots=True)
class Held:
    """Something that must be given to somebody else: an `audit`, an `opinion` or a `case`.

    `agency` and `cycle` are empty for a case, about which others know no more than its number.
    """

    kind: str
    id: UUID
    account: UUID
    agency: str = ""
    cycle: str = ""


def declare(session: Session, association: str, tie: Tie, act: journal.Act) -> Declaration:
    """Declare a tie, of oneself or, by the secretariat, of others; the same one once.

    NotAllowed for somebody else's, NotFound where there is no such agency, Invalid names what
    cannot be taken.
    """
    if tie.account != act.account and not _is_secretariat(session, association, act):
        raise NotAllowed(NOT_OTHERS)
    today = associations.day(associations.find(session, association), act.now)
    statement = _checked(session, association, tie, today)
    agency = agencies.find(session, association, tie.agency)
    for one in in_force(session, association, tie.account, today):
        if (one.agency, one.kind) == (agency.id, tie.kind):
            return one
    made = Declaration(
        association=association,
        id=UUID(bytes=act.draw(16), version=4),
        account=tie.account,
        agency=agency.id,
        kind=tie.kind,
        statement=statement,
        since=tie.since,
        declared_by=act.account or tie.account,
        declared_at=act.now,
    )
    session.add(made)
    session.flush()
    # Read in the same transaction, so that an assignment at the same moment cannot slip by.
    told = {"agency": agency.code, "kind": tie.kind, "since": tie.since.isoformat()}
    told["to_give_up"] = str(len(to_give_up(session, association, tie.account, today)))
    journal.record(session, association, act, "declared a tie", str(tie.account), told)
    return made


def end(
    session: Session, association: str, declaration: UUID, until: date, act: journal.Act
) -> None:
    """End a tie on a day from today on, which it still holds; the row stays.

    NotFound for others' ties unless by the secretariat, Conflict where it has ended, Invalid for a
    day that has passed.
    """
    held = session.get(Declaration, (association, declaration))
    if held is None or (
        held.account != act.account and not _is_secretariat(session, association, act)
    ):
        raise NotFound("There is no such declaration.")
    if held.until == until:
        return
    if held.until is not None:
        raise Conflict(ENDED)
    if until < associations.day(associations.find(session, association), act.now):
        raise Invalid([Problem("until", until.isoformat(), IN_PAST)])
    held.until = until
    session.add(held)
    session.flush()
    told = {"declaration": str(held.id), "until": until.isoformat()}
    journal.record(session, association, act, "ended a tie", str(held.account), told)


def listed(session: Session, association: str, account: UUID | None = None) -> list[Declaration]:
    """The declarations of one person, or of everybody; the newest first, ended ones too."""
    found = select(Declaration).where(Declaration.association == association)
    if account is not None:
        found = found.where(Declaration.account == account)
    newest = found.order_by(desc(Declaration.declared_at), col(Declaration.id))
    return list(session.exec(newest))


def in_force(session: Session, association: str, account: UUID, today: date) -> list[Declaration]:
    """The ties that hold today; on its last day a tie still holds."""
    held = listed(session, association, account)
    return [one for one in held if one.until is None or one.until >= today]


def to_give_up(session: Session, association: str, account: UUID, today: date) -> list[Held]:
    """What a person still has in hand of agencies that the person must not judge."""
    tied = conflicts.tied(session, association, account, today)
    if not tied:
        return []
    whose = (session, association, account, tied)
    return [*_audits(*whose), *_opinions(*whose), *_cases(*whose)]


def _audits(session: Session, association: str, account: UUID, tied: set[UUID]) -> Iterator[Held]:
    """The audits that are not closed."""
    found = select(Audit, Agency.code, AssessmentCycle.slug).select_from(Audit)
    own = _placed(found, association, tied).where(
        Audit.auditor == account, col(Audit.closed_at).is_(None)
    )
    for audit, code, slug in session.exec(own):
        yield Held("audit", audit.id, account, code, slug)


def _opinions(session: Session, association: str, account: UUID, tied: set[UUID]) -> Iterator[Held]:
    """The second opinions that are still to be given."""
    found = (
        select(SecondOpinion, Agency.code, AssessmentCycle.slug)
        .select_from(SecondOpinion)
        .join(Audit, same(SecondOpinion, Audit, "audit"))
    )
    own = _placed(found, association, tied).where(
        SecondOpinion.auditor == account, col(SecondOpinion.given_at).is_(None)
    )
    for opinion, code, slug in session.exec(own):
        yield Held("opinion", opinion.id, account, code, slug)


def _cases(session: Session, association: str, account: UUID, tied: set[UUID]) -> Iterator[Held]:
    """The complaints of which it is known whom they are about, and which are not decided."""
    found = (
        select(ComplaintCase.id)
        .join(
            Complaint,
            (col(Complaint.association) == ComplaintCase.association)
            & (col(Complaint.number) == ComplaintCase.number),
        )
        .where(
            ComplaintCase.association == association,
            ComplaintCase.officer == account,
            col(ComplaintCase.status).not_in(OVER),
            col(Complaint.agency).in_(tied),
        )
    )
    for case in session.exec(found):
        yield Held("case", case, account)


def _placed(found: Any, association: str, tied: set[UUID]) -> Any:
    """Audits of some agencies, with those agencies and the cycles."""
    return (
        found.join(Agency, same(Audit, Agency, "agency"))
        .join(AssessmentCycle, same(Audit, AssessmentCycle, "cycle"))
        .where(Audit.association == association, col(Audit.agency).in_(tied))
    )


def _is_secretariat(session: Session, association: str, act: journal.Act) -> bool:
    return staff.has(session, association, act.account, memberships.SECRETARIAT)


def _checked(session: Session, association: str, tie: Tie, today: date) -> str:
    """The statement as it is stored."""
    statement = (
        unicodedata.normalize("NFC", tie.statement).replace("\r\n", "\n").replace("\0", "").strip()
    )
    problems = []
    if not staff.has(session, association, tie.account, *staff.STAFF):
        problems.append(Problem("account", str(tie.account), NO_PERSON))
    if tie.kind not in KINDS:
        problems.append(Problem("kind", tie.kind[:100], NO_KIND))
    if not 1 <= len(statement) <= MAX_STATEMENT:
        problems.append(Problem("statement", statement[:20], NO_STATEMENT))
    if tie.since > today:
        problems.append(Problem("since", tie.since.isoformat(), IN_FUTURE))
    if problems:
        raise Invalid(problems)
    return statement
