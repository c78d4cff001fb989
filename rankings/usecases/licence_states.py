"""Dated states of a licence: added and reversed, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from rankings.errors import Conflict, NotFound
from rankings.models import Agency, LicenceState
from rankings.usecases import agencies, associations, journal, licences
from rankings.usecases.typed import Typed

LONGEST_REASON, LONGEST_SOURCE = 500, 300
BEFORE_IT_BEGAN = "is before the first day of the state"
TAKEN = "From this day on there is another state already."
REVERSED = "This state has been reversed already."


@dataclass(frozen=True, slots=True)
class NewState:
    """A state as it was typed; `since` may lie in the future when it was announced."""

    state: str
    since: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Reversal:
    """The state that begins on the day `which`, from when on it never was, and why."""

    which: str
    reversed_on: str
    because: str


def add(session: Session, association: str, code: str, new: NewState, act: journal.Act) -> bool:
    """Give a licence a state from a day on; whether anything changed.

    Invalid names what cannot be taken; Conflict where another state begins on that day.
    """
    agency, typed = agencies.find(session, association, code), Typed()
    state = typed.one_of("state", new.state, licences.STATES)
    since = typed.day("since", new.since)
    reason = typed.text("reason", new.reason, LONGEST_REASON)
    source = typed.text("source", new.source, LONGEST_SOURCE)
    typed.done()
    known = _known(session, agency, since)
    if known is not None:
        if (known.state, known.reason, known.source) == (state, reason, source):
            return False
        raise Conflict(TAKEN)
    row = LicenceState(
        association=association,
        agency=agency.id,
        since=since,
        state=state,
        reason=reason,
        source=source,
    )
    session.add(row)
    session.flush()
    told = {"state": state, "since": since.isoformat()}
    journal.record(session, association, act, "added a licence state", code, told)
    return True


def reverse(
    session: Session, association: str, code: str, reversal: Reversal, act: journal.Act
) -> bool:
    """From a day on a state is as if it had never been; whether anything changed.

    Invalid names what cannot be taken, NotFound where no state begins on that day; Conflict where
    it was reversed otherwise.
    """
    agency, typed = agencies.find(session, association, code), Typed()
    today = associations.day(associations.find(session, association), act.now)
    since = typed.day("which", reversal.which)
    day = typed.day("reversed_on", reversal.reversed_on, latest=today)
    because = typed.text("because", reversal.because, LONGEST_REASON)
    if not typed.problems and day < since:
        typed.refuse("reversed_on", reversal.reversed_on, BEFORE_IT_BEGAN)
    typed.done()
    row = _known(session, agency, since)
    if row is None:
        raise NotFound("There is no such state.")
    if row.reversed_on is not None:
        if (row.reversed_on, row.reversed_because) == (day, because):
            return False
        raise Conflict(REVERSED)
    row.reversed_on, row.reversed_because = day, because
    session.flush()
    told = {"state": row.state, "since": since.isoformat(), "reversed_on": day.isoformat()}
    journal.record(session, association, act, "reversed a licence state", code, told)
    return True


def _known(session: Session, agency: Agency, since: date) -> LicenceState | None:
    """The state that begins on a day; nobody else changes it until the commit."""
    return session.exec(
        select(LicenceState)
        .where(
            LicenceState.association == agency.association,
            LicenceState.agency == agency.id,
            LicenceState.since == since,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
