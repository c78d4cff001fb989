"""Owners of agencies, as public registers say: added and ended, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from rankings.errors import Conflict, NotFound
from rankings.models import Agency, Owner
from rankings.usecases import agencies, associations, journal
from rankings.usecases.typed import Typed

LONGEST_NAME, LONGEST_NUMBER, LONGEST_SOURCE = 200, 60, 300
BEFORE_IT_BEGAN = "is before the first day of the ownership"
ENDED = "This ownership has ended already."


@dataclass(frozen=True, slots=True)
class NewOwner:
    """An owner as it was typed; `number` is the owner's own in a register, `share` in percent."""

    name: str
    number: str
    share: str
    since: str
    source: str


def add(session: Session, association: str, code: str, new: NewOwner, act: journal.Act) -> bool:
    """Note an owner; whether anything changed. Invalid names what cannot be taken."""
    agency = agencies.find(session, association, code)
    row = _row(agency, new, _today(session, association, act))
    if any(_says(one) == _says(row) for one in of(session, agency)):
        return False
    row.id = UUID(bytes=act.draw(16), version=4)
    session.add(row)
    session.flush()
    # Owners may be persons: their names stay out of the journal.
    told = {"owner": str(row.id), "since": row.since.isoformat()}
    journal.record(session, association, act, "added an owner", code, told)
    return True


def end(
    session: Session, association: str, code: str, owner: str, until: str, act: journal.Act
) -> bool:
    """The last day of an ownership; whether anything changed.

    Invalid where it is no day, NotFound where the agency has no such owner, Conflict where the
    ownership ended on another day.
    """
    agency, typed = agencies.find(session, association, code), Typed()
    known = {str(one.id): one for one in of(session, agency)}
    today = _today(session, association, act)
    typed.one_of("owner", owner, known)
    day = typed.day("until", until, latest=today)
    row = known.get(owner)
    if row is not None and not typed.problems and day < row.since:
        typed.refuse("until", until, BEFORE_IT_BEGAN)
    typed.done()
    if row is None:
        raise NotFound("There is no such owner.")
    if row.until is not None:
        if row.until == day:
            return False
        raise Conflict(ENDED)
    row.until = day
    session.flush()
    told = {"owner": owner, "until": day.isoformat()}
    journal.record(session, association, act, "ended an ownership", code, told)
    return True


def of(session: Session, agency: Agency) -> list[Owner]:
    """All owners of an agency, of before as well."""
    whose = select(Owner).where(Owner.association == agency.association, Owner.agency == agency.id)
    return list(session.exec(whose.order_by(Owner.since, Owner.name, Owner.id)))  # type: ignore[arg-type]


def _row(agency: Agency, new: NewOwner, today: date) -> Owner:
    typed = Typed()
    name = typed.text("name", new.name, LONGEST_NAME)
    number = typed.text("number", new.number, LONGEST_NUMBER, required=False)
    share = typed.whole("share", new.share, 0, 100) if new.share.strip() else None
    since = typed.day("since", new.since, latest=today)
    source = typed.text("source", new.source, LONGEST_SOURCE)
    typed.done()
    return Owner(
        association=agency.association,
        id=UUID(int=0),
        agency=agency.id,
        name=name or "",
        number=number,
        share=share,
        since=since,
        source=source or "",
    )


def _says(owner: Owner) -> tuple[object, ...]:
    return owner.name, owner.number, owner.share, owner.since, owner.source


def _today(session: Session, association: str, act: journal.Act) -> date:
    return associations.day(associations.find(session, association), act.now)
