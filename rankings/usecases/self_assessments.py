"""An agency's own self-assessment: begun, answered by several people at a time, submitted once."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, desc, select, update

from rankings.canonical import canonical
from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import Account, Agency, Answer, AssessmentCycle, SelfAssessment
from rankings.usecases import associations, calendar, cycles, journal
from rankings.usecases.answers import Questions
from rankings.usecases.incoming import Given, Wrong
from rankings.usecases.rows import insert_once

MAX_NOTE = 1_000
ANSWER, NOTE = "answer", "note"


@dataclass(frozen=True, slots=True)
class Change:
    """One answer as it is wanted; `seen` is the token of the answer that it replaces.

    An empty value takes the answer away.
    """

    indicator: str
    value: str
    note: str
    seen: str


class Clash(Conflict):
    """Somebody else changed the answer since it was shown; `theirs` is what stands there now."""

    def __init__(self, theirs: Answer | None, name: str | None) -> None:
        super().__init__("Somebody else has changed this answer in the meantime.")
        self.theirs, self.name = theirs, name


def find(
    session: Session, association: str, slug: str, code: str
) -> tuple[AssessmentCycle, Agency]:
    """A cycle and an agency of an association; NotFound where it lacks either."""
    cycle = cycles.find(session, association, slug)
    agency = session.exec(
        select(Agency).where(Agency.association == association, Agency.code == code)
    ).first()
    if agency is None:
        raise NotFound("There is no such agency.")
    return cycle, agency


def key(cycle: AssessmentCycle, agency: UUID) -> dict[str, object]:
    """The key of an agency's self-assessment in a cycle."""
    return {"association": cycle.association, "cycle": cycle.id, "agency": agency}


def of(session: Session, cycle: AssessmentCycle, agency: UUID) -> SelfAssessment | None:
    """The self-assessment, draft or submitted; None where nothing has been answered yet."""
    return session.get(SelfAssessment, key(cycle, agency))


def answers(session: Session, cycle: AssessmentCycle, agency: UUID) -> dict[str, Answer]:
    """The answers by indicator, of a draft as well."""
    found = select(Answer).where(
        Answer.association == cycle.association,
        Answer.cycle == cycle.id,
        Answer.agency == agency,
    )
    return {one.indicator: one for one in session.exec(found)}


def names(session: Session, given: Mapping[str, Answer]) -> dict[UUID, str]:
    """The names of the people who gave the answers."""
    people = {one.answered_by for one in given.values()} - {None}
    found = session.exec(select(Account).where(col(Account.id).in_(people)))
    return {one.id: one.name for one in found}


def before(session: Session, cycle: AssessmentCycle, agency: UUID) -> dict[str, Answer]:
    """The agency's submitted answers in the last cycle by the same code of conduct."""
    last = session.exec(
        select(AssessmentCycle)
        .join(SelfAssessment, col(SelfAssessment.cycle) == AssessmentCycle.id)
        .where(
            AssessmentCycle.association == cycle.association,
            AssessmentCycle.rubric_code == cycle.rubric_code,
            AssessmentCycle.as_of < cycle.as_of,
            SelfAssessment.association == cycle.association,
            SelfAssessment.agency == agency,
            col(SelfAssessment.submitted_on).is_not(None),
        )
        .order_by(desc(AssessmentCycle.as_of))
        .limit(1)
    ).first()
    return answers(session, last, agency) if last else {}


def token(answer: Answer | None) -> str:
    """Names what an answer says; whoever saves sends back the token of what was on the page."""
    said = {"value": answer.value, "note": answer.note} if answer else {}
    return hashlib.sha256(canonical(said)).hexdigest()[:16]


def why_closed(
    session: Session, cycle: AssessmentCycle, agency: Agency, now: datetime
) -> str | None:
    """Why a self-assessment cannot change (any more); None while it is open.

    One of `submitted`, `closed` (the calendar's moment to close, or the cut-off day has passed)
    and `not_taking_part`.
    """
    held = of(session, cycle, agency.id)
    if held is not None and held.submitted_on is not None:
        return "submitted"
    if _is_over(session, cycle, now):
        return "closed"
    signed = agency.code_signed_on
    if signed is None or signed > cycles.opened_on(session, cycle):
        return "not_taking_part"
    return None


def _is_over(session: Session, cycle: AssessmentCycle, now: datetime) -> bool:
    closes = calendar.at(session, cycle.id, cycle.association, "closes")
    is_closed = closes is not None and closes <= now
    return is_closed or day(session, cycle, now) > cycle.as_of


def day(session: Session, cycle: AssessmentCycle, now: datetime) -> date:
    """Today by the association's own clock."""
    return associations.day(associations.find(session, cycle.association), now)


WHY = {
    "submitted": "This self-assessment has been submitted and can no longer change.",
    "closed": "The cut-off day of this cycle has passed.",
    "not_taking_part": "The agency had not signed the code of conduct when the cycle opened.",
}
NOTHING_ANSWERED = "Nothing has been answered yet."


def draft(
    session: Session, cycle: AssessmentCycle, agency: Agency, act: journal.Act
) -> SelfAssessment:
    """The agency's draft, begun if it is the first; nobody else changes it until the commit.

    Conflict where it is submitted, the cycle is over or the agency takes no part.
    """
    reason = why_closed(session, cycle, agency, act.now)
    if reason:
        raise Conflict(WHY[reason])
    insert_once(session, SelfAssessment, key(cycle, agency.id))
    held = session.exec(
        select(SelfAssessment)
        .where(
            SelfAssessment.association == cycle.association,
            SelfAssessment.cycle == cycle.id,
            SelfAssessment.agency == agency.id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if held.submitted_on is not None:
        raise Conflict(WHY["submitted"])
    return held


def save_answers(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    changes: Sequence[Change],
    act: journal.Act,
) -> int:
    """Save answers, all or none, and say how many differed from what stood there.

    Clash where another answer stands there than `seen` names, Invalid where one is wrong. Saving
    what stands there already changes nothing and is never a clash.
    """
    draft(session, cycle, agency, act)
    questions = Questions(cycles.code_of(cycle))
    return sum(_save(session, (cycle, agency, questions), change, act) for change in changes)


def _save(
    session: Session,
    whose: tuple[AssessmentCycle, Agency, Questions],
    change: Change,
    act: journal.Act,
) -> bool:
    cycle, agency, questions = whose
    value, note = checked(questions, change)
    held = session.get(Answer, key(cycle, agency.id) | {"indicator": change.indicator})
    if _says(held) == (value, note):
        return False
    if token(held) != change.seen:
        raise _clash(session, held)
    was = held.value if held else None
    if held and not value:
        session.delete(held)
    else:
        answer = held or Answer(
            association=cycle.association,
            cycle=cycle.id,
            agency=agency.id,
            indicator=change.indicator,
            value=value,
        )
        answer.value, answer.note = value, note
        answer.answered_by, answer.answered_at = act.account, act.now
        session.add(answer)
    session.flush()
    about = f"{cycle.slug} {agency.code} {change.indicator}"
    details = {"was": was, "becomes": value or None}
    journal.record(session, cycle.association, act, "saved an answer", about, details)
    return True


def _says(held: Answer | None) -> tuple[str, str | None]:
    return (held.value, held.note) if held else ("", None)


def _clash(session: Session, held: Answer | None) -> Clash:
    person = session.get(Account, held.answered_by) if held and held.answered_by else None
    if held:
        # It is read after the transaction was undone.
        session.expunge(held)
    return Clash(held, person.name if person else None)


def checked(questions: Questions, change: Change) -> tuple[str, str | None]:
    """The value and the note as they are stored; Invalid names what is wrong."""
    note = unicodedata.normalize("NFC", change.note).replace("\r\n", "\n").strip()
    given = Given(
        {"indicator": change.indicator, ANSWER: change.value.strip()},
        lambda column: f"{change.indicator} {column}",
    )
    if len(note) > MAX_NOTE:
        remedy = f"has {len(note)} characters; write at most {MAX_NOTE}"
        raise Invalid([Problem(f"{change.indicator} {NOTE}", note[:20] + "…", remedy)])
    try:
        if change.indicator in questions.asked and not given[ANSWER]:
            return _without_answer(change, note)
        return questions.answer(given, ANSWER), note or None
    except Wrong as wrong:
        raise Invalid([given.problem(wrong.column, str(wrong))]) from None


def _without_answer(change: Change, note: str) -> tuple[str, None]:
    if note:
        remedy = "choose an answer as well: a note alone would be lost"
        raise Invalid([Problem(f"{change.indicator} {ANSWER}", "", remedy)])
    return "", None


def submit(session: Session, cycle: AssessmentCycle, agency: Agency, act: journal.Act) -> None:
    """Submit the draft; from then on it is locked. Of several at once exactly one submits."""
    draft(session, cycle, agency, act)
    given = answers(session, cycle, agency.id)
    if not given:
        raise Conflict(NOTHING_ANSWERED)
    done = session.execute(
        update(SelfAssessment)
        .where(
            col(SelfAssessment.association) == cycle.association,
            col(SelfAssessment.cycle) == cycle.id,
            col(SelfAssessment.agency) == agency.id,
            col(SelfAssessment.submitted_on).is_(None),
        )
        .values(submitted_on=day(session, cycle, act.now), submitted_by=act.account)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE counts its rows
        raise Conflict(WHY["submitted"])
    said = {code: [one.value, one.note] for code, one in given.items()}
    details = {"answers": len(given), "sha256": hashlib.sha256(canonical(said)).hexdigest()}
    about = f"{cycle.slug} {agency.code}"
    journal.record(session, cycle.association, act, "submitted a self-assessment", about, details)
