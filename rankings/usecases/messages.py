"""Messages to people of the association: written with what they tell of, sent after its commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from rankings.errors import NotFound
from rankings.models import Account, Agency, Membership, Message
from rankings.usecases import journal
from rankings.usecases.memberships import AGENCY_ROLES, ROLES

# What a message of each kind must be told; all values are texts. `cycle` is the slug, `agency` the
# public code (`to_agency` adds it), `until` an ISO moment with its offset or an ISO day, `count` a
# whole number. What else is in the values is kept and not written.
KINDS: Mapping[str, tuple[str, ...]] = {
    "opened": ("cycle", "agency", "until"),
    "reminder": ("cycle", "agency", "until"),
    "closed": ("cycle",),
    "audits_ending": ("cycle", "until"),
    "hearing_opened": ("cycle", "agency", "until"),
    "hearing_ending": ("cycle", "agency", "until"),
    "dispute_filed": ("cycle", "agency", "until"),
    "dispute_decided": ("cycle", "agency"),
    "dispute_overdue": ("cycle", "agency", "until"),
    "reply_moderated": ("cycle", "agency"),
    "approval_asked": ("cycle",),
    "candidate_void": ("cycle",),
    "published": ("cycle",),
    "corrected": ("cycle",),
    "withdrawn": ("cycle",),
    "complaints_overdue": ("count",),
    "gates_red": ("cycle", "count"),
    "job_failed": ("job",),
    "rating_request_decided": ("agency",),
}
INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
FRESH: Mapping[str, Any] = {"state": "waiting", "tries": 0, "fence": 0, "told": ""}


def write(
    session: Session,
    association: str,
    account: UUID,
    occasion: str,
    kind: str,
    values: Mapping[str, str],
    act: journal.Act,
) -> None:
    """A message to one person, in the transaction of what it tells; never two for one occasion.

    Nothing happens where the account is disabled or has no role here. ValueError where the kind
    is none of KINDS, or a value is missing or cannot be read.
    """
    _check(kind, values)
    whom = _people(session, association, Membership.account == account)
    _write(session, association, whom, occasion, kind, values, act)


def to_agency(
    session: Session,
    association: str,
    agency: UUID,
    occasion: str,
    kind: str,
    values: Mapping[str, str],
    act: journal.Act,
) -> int:
    """To all who act for an agency; how many people. Somebody of two agencies hears of both.

    NotFound where the association has no such agency.
    """
    found = session.get(Agency, (association, agency))
    if found is None:
        raise NotFound("There is no such agency.")
    told = {**values, "agency": found.code}
    _check(kind, told)
    theirs = (Membership.agency == agency, col(Membership.role).in_(AGENCY_ROLES))
    whom = _people(session, association, *theirs)
    return _write(session, association, whom, f"{occasion} {found.code}", kind, told, act)


def to_role(
    session: Session,
    association: str,
    role: str,
    occasion: str,
    kind: str,
    values: Mapping[str, str],
    act: journal.Act,
) -> int:
    """To all who have a role in the association; how many people, also if they know already."""
    if role not in ROLES:
        raise ValueError(f"{role} is no role")
    _check(kind, values)
    whom = _people(session, association, Membership.role == role)
    return _write(session, association, whom, occasion, kind, values, act)


def _people(session: Session, association: str, *which: object) -> list[UUID]:
    """The accounts that are not disabled of those memberships, each once, in a fixed order."""
    found = session.exec(
        select(Account.id)
        .join(Membership, col(Membership.account) == Account.id)
        .where(Membership.association == association, col(Account.disabled_at).is_(None), *which)  # type: ignore[arg-type]
        .distinct()
        .order_by(col(Account.id))
    )
    return list(found)


def _write(
    session: Session,
    association: str,
    whom: Iterable[UUID],
    occasion: str,
    kind: str,
    values: Mapping[str, str],
    act: journal.Act,
) -> int:
    rows = [
        {
            "association": association,
            "id": UUID(bytes=act.draw(16), version=4),
            "account": account,
            "occasion": occasion,
            "kind": kind,
            "values": dict(values),
            "written_at": act.now,
            "next_try_at": act.now,
            **FRESH,
        }
        for account in whom
    ]
    if rows:
        # Who is told already is left alone, also if another transaction tells it at this moment.
        insert = INSERT[session.get_bind().dialect.name](Message.__table__)  # type: ignore[attr-defined]
        session.connection().execute(insert.on_conflict_do_nothing(), rows)
    return len(rows)


def _check(kind: str, values: Mapping[str, str]) -> None:
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of message")
    missing = [name for name in KINDS[kind] if not values.get(name)]
    if missing:
        raise ValueError(f"a message {kind} must be told {', '.join(missing)}")
    if "until" in values:
        until(values["until"])


def until(text: str) -> date | datetime:
    """The day or moment that a value names; ValueError where it is neither, or has no offset."""
    if "T" not in text and " " not in text:
        return date.fromisoformat(text)
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} says no offset from UTC")
    return found
