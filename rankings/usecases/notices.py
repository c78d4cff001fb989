"""The notice: what holds today beside the editions. Licence states and editions, no scores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, desc, func, select

from rankings.canonical import digest
from rankings.models import (
    Agency,
    AssessmentCycle,
    Association,
    LicenceState,
    Notice,
    RankingEdition,
    Withdrawal,
)
from rankings.usecases import associations, journal, licences, withdrawals
from rankings.usecases.rows import rows

FORMAT = "rankings-notice/1"

# A corrected older cycle does not become the current ranking again.
CURRENT_FIRST = (
    desc(RankingEdition.as_of),
    desc(RankingEdition.published_at),
    desc(RankingEdition.number),
)

# From the notice's values to the signed document.
Sign = Callable[[dict[str, Any]], bytes]


def issue(session: Session, association: str, sign: Sign, act: journal.Act) -> Notice:
    """The association's next notice, as of now."""
    numbers = select(func.max(Notice.number)).where(Notice.association == association)
    number = (session.exec(numbers).one() or 0) + 1
    body = sign(values(session, association, number, act.now))
    notice = Notice(association=association, number=number, issued_at=act.now, body=body)
    session.add(notice)
    session.flush()
    said = {"digest": digest(body)}
    journal.record(session, association, act, "issued a notice", str(number), said)
    return notice


def values(session: Session, association: str, number: int, now: datetime) -> dict[str, Any]:
    """What a notice says at a moment, unsigned."""
    whose = associations.find(session, association)
    today = associations.day(whose, now)
    return {
        "format": FORMAT,
        "association": {"code": whose.id, "name": whose.name, "country": whose.country},
        "number": number,
        "issued_at": now.isoformat(),
        "issued_on": today.isoformat(),
        "editions": _editions(session, whose),
        "licences": _licences(session, association, today),
    }


def newest(session: Session) -> dict[str, int]:
    """The number of every association's newest notice."""
    columns = (Notice.association, func.max(Notice.number))
    return dict(session.exec(select(*columns).group_by(Notice.association)).all())


def body(session: Session, association: str, number: int) -> bytes:
    """One notice as it was signed."""
    return session.get_one(Notice, (association, number)).body


def _editions(session: Session, whose: Association) -> list[dict[str, Any]]:
    """Every edition, the newest of the newest cycle first."""
    withdrawn = withdrawals.approved(session, whose.id)
    columns = (
        *(RankingEdition.id, AssessmentCycle.slug, RankingEdition.number, RankingEdition.digest),
        *(RankingEdition.published_at, RankingEdition.as_of, RankingEdition.reason),
    )
    found = rows(
        session,
        columns,
        col(RankingEdition.association) == whose.id,
        col(AssessmentCycle.association) == whose.id,
        col(AssessmentCycle.id) == RankingEdition.cycle,
        by=CURRENT_FIRST,
    )
    return [
        {
            "cycle": slug,
            "number": number,
            "digest": digest,
            "published_on": associations.day(whose, published_at).isoformat(),
            "as_of": as_of.isoformat(),
            "reason": reason,
            **_withdrawn(whose, withdrawn.get(key)),
        }
        for key, slug, number, digest, published_at, as_of, reason in found
    ]


def _withdrawn(whose: Association, one: Withdrawal | None) -> dict[str, Any]:
    if one is None or one.approved_at is None:
        return {}
    day = associations.day(whose, one.approved_at).isoformat()
    return {"withdrawn": {"on": day, "because": one.because}}


def _licences(session: Session, association: str, today: date) -> dict[str, Any]:
    """The state of every licence on a day, by public code."""
    states: dict[Any, list[LicenceState]] = {}
    for one in session.exec(
        select(LicenceState)
        .where(LicenceState.association == association)
        .order_by(col(LicenceState.since))
    ):
        states.setdefault(one.agency, []).append(one)
    agencies = session.exec(select(Agency).where(Agency.association == association))
    found = ((one.code, licences.licence(one, states.get(one.id, ()), today)) for one in agencies)
    return {
        code: {key: licence[key] for key in ("state", "since", "valid_until")}
        for code, licence in found
    }
