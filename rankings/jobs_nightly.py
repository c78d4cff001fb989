"""What is done every night at two by the association's own clock, each piece by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from rankings.adapters import notice, signature
from rankings.errors import NotFound
from rankings.models import Association, Audit
from rankings.settings import Settings
from rankings.usecases import (
    associations,
    calendar,
    calendar_steps,
    case_deadlines,
    cases,
    complaint_notes,
    messages,
    notices,
    recurrence,
)
from rankings.usecases.journal import Act

AT = "02:00"
# So long before the end of the audits their auditors are told.
AHEAD = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Tonight:
    """A night of an association; `key` is its day."""

    session: Session
    settings: Settings
    association: Association
    key: str
    act: Act

    @property
    def today(self) -> date:
        """The present day by the association's clock."""
        return associations.day(self.association, self.act.now)


Effect = Callable[[Tonight], str]


def nights(association: Association, now: datetime) -> Iterator[tuple[date, datetime]]:
    """The nights of the last days, the oldest first."""
    first = associations.day(association, now) - timedelta(days=3)
    yield from recurrence.nights(first, AT, ZoneInfo(association.time_zone), now)


def next_night(association: Association, now: datetime) -> tuple[date, datetime]:
    """The night that comes."""
    zone, today = ZoneInfo(association.time_zone), associations.day(association, now)
    until = now + timedelta(days=3)
    return next(one for one in recurrence.nights(today, AT, zone, until) if one[1] > now)


def complaint_deadlines(the: Tonight) -> str:
    """Case officers are told how many of their complaints are overdue; nothing else of them."""
    late = Counter(
        one.officer
        for one in cases.queue(the.session, the.association.id)
        if case_deadlines.overdue(one, the.today)
    )
    for officer, many in late.items():
        told = ("complaints_overdue", {"count": str(many)}, the.act)
        if officer is None:
            to, occasion = "secretariat", f"complaints of nobody overdue {the.key}"
            messages.to_role(the.session, the.association.id, to, occasion, *told)
        else:
            occasion = f"complaints overdue {the.key}"
            messages.write(the.session, the.association.id, officer, occasion, *told)
    return f"Overdue complaints: {late.total()}."


def complaint_count(the: Tonight) -> str:
    """The journal gets the number of new complaints."""
    many = complaint_notes.note(the.session, the.association.id, the.act)
    return f"New complaints: {many}."


def licence_notice(the: Tonight) -> str:
    """A new notice where the newest one no longer says what holds: a licence has expired."""
    whose = the.association.id
    number = notices.newest(the.session).get(whose)
    if number is None:
        return "Nothing is published yet."
    said = json.loads(notices.body(the.session, whose, number))["notice"]
    holds = notices.values(the.session, whose, number + 1, the.act.now)
    if all(said.get(part) == holds[part] for part in ("editions", "licences")):
        return f"Notice {number} still holds."
    try:
        key = signature.private(the.settings.keys, whose)
    except NotFound:
        return f"Notice {number} no longer holds, and this host has no key to sign a new one."
    made = notices.issue(the.session, whose, partial(notice.sign, key), the.act)
    return f"Notice {made.number} is issued."


def audits_ending(the: Tonight) -> str:
    """Auditors with open audits are told once that the last days have begun."""
    told = 0
    for plan in calendar.plans(the.session, the.association.id):
        ends = calendar.at(the.session, plan.id, the.association.id, "audits_end")
        running = ends is not None and the.act.now < ends <= the.act.now + AHEAD
        if ends is None or not (running and calendar_steps.is_open(the.session, plan)):
            continue
        values = {"cycle": plan.slug, "until": ends.isoformat()}
        for auditor in _still_auditing(the, plan.id):
            to = (the.session, the.association.id, auditor, f"{plan.slug} audits ending")
            messages.write(*to, "audits_ending", values, the.act)
            told += 1
    return f"Auditors told: {told}."


def _still_auditing(the: Tonight, cycle: UUID) -> list[UUID]:
    found = select(Audit.auditor).where(
        Audit.association == the.association.id,
        Audit.cycle == cycle,
        col(Audit.closed_at).is_(None),
    )
    return sorted(set(the.session.exec(found)))


EFFECTS: Mapping[str, Effect] = {
    "complaint_deadlines": complaint_deadlines,
    "complaint_count": complaint_count,
    "licence_notice": licence_notice,
    "audits_ending": audits_ending,
}
