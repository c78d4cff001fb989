"""Interviews entered one by one: who was asked, when, and yes or no; never who it was."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from rankings.canonical import canonical
from rankings.errors import Conflict, NotAllowed, NotFound
from rankings.models import Agency, AssessmentCycle, Interview
from rankings.usecases import (
    cycles,
    interview_draws,
    interviews,
    journal,
    self_assessments,
    staff,
)
from rankings.usecases.interview_draws import STATES
from rankings.usecases.typed import Typed

YES, NO, UNKNOWN = "yes", "no", "unknown"
CHOICES = (YES, NO, UNKNOWN)
# With the agency's code before it, it fits into the `interview` column of a file.
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,19}", re.ASCII)
# Under this name stands what is wrong with all answers together.
ANSWERS = "answers"

NO_NUMBER = "must be letters, digits and / . _ - only, at most 20"
NOT_DRAWN = "is in no draw: correct it, or tick that the agency named the worker"
WAS_DRAWN = "was drawn by the association: take the tick away"
OUTSIDE = "must be a day of this cycle, not after today"
NO_ANSWER = "hold no yes and no no"
MUST_HOLD = "must be so: else the interview does not count"
TAKEN = "An interview with this number has been entered already."
NOT_YOURS = "Only whoever entered an interview corrects it."


@dataclass(frozen=True, slots=True)
class Entry:
    """An interview as it was typed; `answers` has yes, no or unknown by indicator.

    `agreed`: the worker agreed to be asked; `alone`: nobody of the agency was there; `by_agency`:
    the agency named the worker. `seen` is the token of the interview that a correction replaces.
    """

    number: str
    worker: str
    interviewed_on: str
    answers: Mapping[str, str]
    agreed: bool
    alone: bool
    by_agency: bool = False
    seen: str = ""


class Taken(Conflict):
    """There is an interview with this number, and it says something else."""

    def __init__(self) -> None:
        super().__init__(TAKEN)


class Clash(Conflict):
    """The interview was changed since it was shown; `theirs` is what stands there now."""

    def __init__(self, theirs: Interview) -> None:
        super().__init__("This interview has been changed in the meantime.")
        self.theirs = theirs


def of(session: Session, cycle: AssessmentCycle, agency: UUID) -> list[Interview]:
    """The interviews about an agency in a cycle, by number."""
    found = select(Interview).where(
        Interview.association == cycle.association,
        Interview.cycle == cycle.id,
        Interview.agency == agency,
    )
    return list(session.exec(found.order_by(Interview.number)))


def find(session: Session, cycle: AssessmentCycle, agency: Agency, worker: str) -> Interview:
    """The interview with a worker by the list's number; NotFound where there is none such."""
    for number in (f"{agency.code}/{worker}", worker):
        held = session.get(Interview, _key(cycle, number))
        if held is not None and held.agency == agency.id:
            return held
    raise NotFound("There is no such interview.")


def may_read(session: Session, held: Interview, account: UUID | None) -> bool:
    """Whether a person may see the answers: who entered them, and a lead auditor."""
    if account is None:
        return False
    is_lead = staff.has(session, held.association, account, staff.LEAD)
    return is_lead or held.entered_by == account


def token(held: Interview) -> str:
    """Names what an interview says."""
    day = held.interviewed_on.isoformat()
    said = {"worker": held.worker, "day": day, "answers": held.answers}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def enter(
    session: Session, cycle: AssessmentCycle, agency: Agency, entry: Entry, act: journal.Act
) -> Interview:
    """Enter an interview. Whoever is in no draw was chosen by the agency and weighs nothing.

    Invalid where something is missing, Taken where the number has an interview that says
    something else, Conflict where the person is tied to the agency or the cycle is over.
    """
    person = interview_draws.working(session, cycle, agency, act)
    drawn = interview_draws.drawn(agency.code, interview_draws.of(session, cycle, agency.id))
    typed = Typed()
    number, draw = _number(typed, drawn, entry)
    day, answers = _checked(session, typed, cycle, entry, act)
    typed.done()
    made = Interview(
        association=cycle.association,
        cycle=cycle.id,
        number=number,
        agency=agency.id,
        interviewed_on=day,
        worker=entry.worker,
        chosen_by="association" if draw else "agency",
        answers=answers,
        draw=draw,
        entered_by=person,
        entered_at=act.now,
    )
    held = session.get(Interview, _key(cycle, number))
    if held is not None:
        return _again(held, made)
    session.add(made)
    session.flush()
    _note(session, (cycle, agency), made, "entered an interview", len(answers), act)
    return made


def _again(held: Interview, made: Interview) -> Interview:
    """The same form sent twice by the same person is one interview."""
    same = ("agency", "entered_by", "chosen_by", "worker", "interviewed_on", "answers")
    if any(getattr(held, name) != getattr(made, name) for name in same):
        raise Taken
    return held


def correct(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    entry: Entry,
    act: journal.Act,
) -> bool:
    """Correct an interview of one's own, and say whether anything changed.

    NotAllowed where somebody else entered it, Clash where it was changed since `seen`; else as
    `enter`. The number and who chose the worker stay.
    """
    person = interview_draws.working(session, cycle, agency, act)
    typed = Typed()
    day, answers = _checked(session, typed, cycle, entry, act)
    typed.done()
    held = find(session, cycle, agency, entry.number)
    if held.entered_by != person:
        raise NotAllowed(NOT_YOURS)
    if (held.worker, held.interviewed_on, held.answers) == (entry.worker, day, answers):
        return False
    if token(held) != entry.seen:
        # It is read after the transaction was undone.
        session.expunge(held)
        raise Clash(held)
    differ = sum(held.answers.get(one) != answers.get(one) for one in {*held.answers, *answers})
    held.worker, held.interviewed_on, held.answers = entry.worker, day, answers
    held.entered_at = act.now
    session.add(held)
    session.flush()
    _note(session, (cycle, agency), held, "corrected an interview", differ, act)
    return True


def _note(
    session: Session,
    whose: tuple[AssessmentCycle, Agency],
    held: Interview,
    action: str,
    answers: int,
    act: journal.Act,
) -> None:
    """An entry says that something was changed and never what: four answers can tell who it was."""
    cycle, agency = whose
    details = {
        "interview": held.number,
        "chosen_by": held.chosen_by,
        "answers": answers,
        "agreed": True,
        "alone": True,
    }
    about = f"{cycle.slug} {agency.code}"
    journal.record(session, cycle.association, act, action, about, details)


def _number(typed: Typed, drawn: interview_draws.Drawn, entry: Entry) -> tuple[str, UUID | None]:
    """The number as it is stored, and the draw; who is in none must have been named."""
    given = entry.number.strip()
    found = drawn.place(given)
    if not NUMBER.fullmatch(given.removeprefix(f"{drawn.code}/")):
        typed.refuse("number", given, NO_NUMBER)
    elif found is None and not entry.by_agency:
        typed.refuse("number", given, NOT_DRAWN)
    elif found is not None and entry.by_agency:
        typed.refuse("by_agency", given, WAS_DRAWN)
    return found or (f"{drawn.code}/{given.removeprefix(f'{drawn.code}/')}", None)


def _checked(
    session: Session, typed: Typed, cycle: AssessmentCycle, entry: Entry, act: journal.Act
) -> tuple[date, dict[str, str]]:
    """The day and the answers as they are stored."""
    typed.one_of("worker", entry.worker, STATES)
    day = typed.day("interviewed_on", entry.interviewed_on)
    last = min(cycle.as_of, self_assessments.day(session, cycle, act.now))
    if day != date.min and not cycles.opened_on(session, cycle) <= day <= last:
        typed.refuse("interviewed_on", entry.interviewed_on, OUTSIDE)
    asked = interviews.items(cycles.code_of(cycle).rubric)
    answers = _answers(typed, asked, entry.answers)
    for name, holds in (("agreed", entry.agreed), ("alone", entry.alone)):
        if not holds:
            typed.refuse(name, "", MUST_HOLD)
    return day, answers


def _answers(typed: Typed, asked: Collection[str], given: Mapping[str, str]) -> dict[str, str]:
    """Yes and no by indicator; what the worker did not know is left out."""
    chosen = [typed.one_of(item, given.get(item, ""), CHOICES) for item in asked]
    found = {item: given[item] for item in asked if given.get(item) in (YES, NO)}
    if not found and set(chosen) <= {UNKNOWN}:
        typed.refuse(ANSWERS, "", NO_ANSWER)
    return found


def _key(cycle: AssessmentCycle, number: str) -> dict[str, object]:
    return {"association": cycle.association, "cycle": cycle.id, "number": number}


def tallies(
    session: Session, cycle: AssessmentCycle, held: Collection[Interview], act: journal.Act
) -> dict[str, tuple[int, int]]:
    """Good answers and all answers by indicator, of those whom the association chose.

    Nothing before the cut-off day has passed, since one count less another one would tell an
    answer; nothing where fewer answered than the rubric wants of any question.
    """
    if self_assessments.day(session, cycle, act.now) <= cycle.as_of:
        return {}
    asked = interviews.fewest(cycles.code_of(cycle).rubric)
    least = max(asked.values(), default=0)
    counted = [one.answers for one in held if one.chosen_by == "association"]
    said = {item: [one[item] for one in counted if item in one] for item in asked}
    return {
        item: (some.count(YES), len(some))
        for item, some in said.items()
        if some and len(some) >= least
    }
