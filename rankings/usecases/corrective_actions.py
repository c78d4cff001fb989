"""Corrective actions: demanded by a day, reported done by the agency, closed by the association."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.canonical import canonical
from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import Account, Agency, AssessmentCycle, CorrectiveAction
from rankings.usecases import conflicts, cycles, journal, self_assessments
from rankings.usecases.answers import Questions

MAX_TEXT = 1_000
# Of a reason that stands in the journal.
MAX_REASON = 200
LONGEST = timedelta(days=730)
CLOSED = "This corrective action is closed."
CHANGED = "Somebody else has changed this corrective action in the meantime."
# A cycle, an agency, and a corrective action of both.
Held = tuple[AssessmentCycle, Agency, CorrectiveAction]
OPEN, REPORTED, OVERDUE, DONE = "open", "reported", "overdue", "closed"


@dataclass(frozen=True, slots=True)
class Demand:
    """What an agency is to put right about a question, in 1 to 1,000 characters, by a day."""

    indicator: str
    text: str
    due_on: date


def of(session: Session, cycle: AssessmentCycle, agency: UUID) -> list[CorrectiveAction]:
    """An agency's corrective actions of a cycle: open ones first, the earliest due first."""
    found = select(CorrectiveAction).where(
        CorrectiveAction.association == cycle.association,
        CorrectiveAction.cycle == cycle.id,
        CorrectiveAction.agency == agency,
    )
    return sorted(session.exec(found), key=_order)


def of_cycle(session: Session, cycle: AssessmentCycle) -> list[tuple[CorrectiveAction, Agency]]:
    """All corrective actions of a cycle with their agencies, in the same order."""
    found = session.exec(
        select(CorrectiveAction, Agency)
        .join(
            Agency,
            (col(Agency.association) == CorrectiveAction.association)
            & (col(Agency.id) == CorrectiveAction.agency),
        )
        .where(
            CorrectiveAction.association == cycle.association,
            CorrectiveAction.cycle == cycle.id,
        )
    )
    return sorted(found, key=lambda pair: _order(pair[0]))


def _order(action: CorrectiveAction) -> tuple[bool, date, str, str]:
    return action.closed_on is not None, action.due_on, action.indicator, str(action.id)


def find(
    session: Session, cycle: AssessmentCycle, agency: Agency, action: UUID
) -> CorrectiveAction:
    """A corrective action of this very agency and cycle; NotFound where there is none such."""
    found = session.get(CorrectiveAction, {"association": cycle.association, "id": action})
    if found is None or (found.cycle, found.agency) != (cycle.id, agency.id):
        raise NotFound("There is no such corrective action.")
    return found


def state(action: CorrectiveAction, today: date) -> str:
    """`closed`, `reported` (done, says the agency), `overdue` (the day has passed) or `open`."""
    if action.closed_on is not None:
        return DONE
    if action.report is not None:
        return REPORTED
    return OVERDUE if action.due_on < today else OPEN


def is_late(action: CorrectiveAction, today: date) -> bool:
    """Whether it is not closed although its day has passed, reported or not."""
    return action.closed_on is None and action.due_on < today


def token(action: CorrectiveAction) -> str:
    """Names how an action stands; whoever changes it sends back the token of the page."""
    closed_on = action.closed_on and action.closed_on.isoformat()
    said = {"report": action.report, "due_on": action.due_on.isoformat(), "closed_on": closed_on}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def names(session: Session, actions: Sequence[CorrectiveAction]) -> dict[UUID, str]:
    """The names of the people who demanded, reported and closed."""
    people = {
        who
        for one in actions
        for who in (one.demanded_by, one.reported_by, one.closed_by)
        if who is not None
    }
    found = session.exec(select(Account).where(col(Account.id).in_(people)))
    return {one.id: one.name for one in found}


def demand(
    session: Session, cycle: AssessmentCycle, agency: Agency, wanted: Demand, act: journal.Act
) -> CorrectiveAction:
    """Demand that an agency puts something right, from today to two years ahead.

    The same demand that is open already is not made twice.
    """
    today = _judge(session, cycle, agency, act)
    text = _text(wanted.text)
    problems = [*_wrong_day(wanted.due_on, today), *_wrong_text("demand", text, MAX_TEXT)]
    if wanted.indicator not in Questions(cycles.code_of(cycle)).asked:
        remedy = "is not a question of the cycle's rubric"
        problems.append(Problem("indicator", wanted.indicator, remedy))
    if problems:
        raise Invalid(problems)
    for one in of(session, cycle, agency.id):
        if one.closed_on is None and (one.indicator, one.demand) == (wanted.indicator, text):
            return one
    made = CorrectiveAction(
        association=cycle.association,
        id=UUID(bytes=act.draw(16), version=4),
        cycle=cycle.id,
        agency=agency.id,
        indicator=wanted.indicator,
        demand=text,
        due_on=wanted.due_on,
        demanded_by=_person(act),
        demanded_at=act.now,
    )
    session.add(made)
    session.flush()
    told = {"due_on": made.due_on.isoformat()}
    _note(session, (cycle, agency, made), act, "demanded a corrective action", told)
    return made


def report(session: Session, held: Held, text: str, seen: str, act: journal.Act) -> None:
    """The agency says what it has done, in 1 to 1,000 characters; until it is closed."""
    said = _text(text)
    _refuse(_wrong_text("report", said, MAX_TEXT))
    action = _locked(session, held)
    if action.report == said:
        return
    _refuse_changed(action, seen)
    action.report, action.reported_by, action.reported_at = said, act.account, act.now
    session.add(action)
    session.flush()
    _note(session, held, act, "reported a corrective action", {})


def close(session: Session, held: Held, because: str, seen: str, act: journal.Act) -> None:
    """The association says why nothing is left to do; no finding changes by this."""
    cycle, agency, _action = held
    today = _judge(session, cycle, agency, act)
    said = _text(because)
    _refuse(_wrong_text("because", said, MAX_TEXT))
    action = _locked(session, held)
    _refuse_changed(action, seen)
    action.closed_by, action.closed_on, action.closed_because = _person(act), today, said
    session.add(action)
    session.flush()
    told = {"due_on": action.due_on.isoformat(), "reported": action.report is not None}
    _note(session, held, act, "closed a corrective action", told)


def extend(
    session: Session, held: Held, until: tuple[date, str], seen: str, act: journal.Act
) -> None:
    """Give more time, with a reason of 1 to 200 characters for the journal that names no person."""
    cycle, agency, _action = held
    today = _judge(session, cycle, agency, act)
    due_on, reason = until[0], _text(until[1])
    _refuse([*_wrong_day(due_on, today), *_wrong_text("reason", reason, MAX_REASON)])
    action = _locked(session, held)
    if action.due_on == due_on:
        return
    _refuse_changed(action, seen)
    if due_on < action.due_on:
        remedy = f"must be after {action.due_on}"
        raise Invalid([Problem("due_on", due_on.isoformat(), remedy)])
    told = {"was": action.due_on.isoformat(), "becomes": due_on.isoformat(), "reason": reason}
    action.due_on = due_on
    session.add(action)
    session.flush()
    _note(session, held, act, "gave a corrective action more time", told)


def _judge(session: Session, cycle: AssessmentCycle, agency: Agency, act: journal.Act) -> date:
    """Today; Conflict for whoever is tied to the agency."""
    today = self_assessments.day(session, cycle, act.now)
    conflicts.refuse(session, cycle.association, _person(act), agency.id, today)
    return today


def _person(act: journal.Act) -> UUID:
    if act.account is None:
        raise Conflict("Only a person who is signed in does this.")
    return act.account


def _locked(session: Session, held: Held) -> CorrectiveAction:
    """The action, which nobody else changes until the commit; Conflict where it is closed."""
    found = session.exec(
        select(CorrectiveAction)
        .where(
            CorrectiveAction.association == held[2].association,
            CorrectiveAction.id == held[2].id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if found.closed_on is not None:
        raise Conflict(CLOSED)
    return found


def _refuse_changed(action: CorrectiveAction, seen: str) -> None:
    if token(action) != seen:
        raise Conflict(CHANGED)


def _text(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def _wrong_text(place: str, text: str, most: int) -> list[Problem]:
    if 1 <= len(text) <= most:
        return []
    return [Problem(place, text[:20], f"must have 1 to {most} characters")]


def _wrong_day(day: date, today: date) -> list[Problem]:
    if today <= day <= today + LONGEST:
        return []
    return [Problem("due_on", day.isoformat(), f"must be from {today} to {today + LONGEST}")]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Invalid(problems)


def _note(
    session: Session, held: Held, act: journal.Act, action: str, told: Mapping[str, object]
) -> None:
    cycle, agency, about = held
    place = f"{cycle.slug} {agency.code} {about.indicator}"
    journal.record(session, cycle.association, act, action, place, {"id": str(about.id), **told})
