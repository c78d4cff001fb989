"""The hearing before an edition: what each agency is told, until when, and what is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, desc, select

from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import (
    Agency,
    AssessmentCycle,
    Hearing,
    HearingNotice,
    Membership,
)
from rankings.scoring.record import Record
from rankings.scoring.rubric import Rubric
from rankings.usecases import (
    association_settings,
    associations,
    disputes,
    journal,
    memberships,
    messages,
    record_values,
    replies,
    working_days,
)
from rankings.usecases.edition_parts import Listed

PAGE, LETTER = "page", "letter"
LICENCE, REPLY = "licence", "reply"
# The sentences and remedies.
OPEN_ALREADY = "The hearing has been opened already."
NO_REASON = "A correction says why."
TOO_EARLY = "The cut-off day has not passed: what is judged could still change."
SERVED = "This agency has been told already."
NOT_DUE = "Nothing changes for this agency: it needs no notice."
NO_SUCH_DAY = "must be a day from the opening of the hearing to today"

Known = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a hearing is: how many agencies must be told, are not, and have time left."""

    due: int
    unserved: int
    running: int

    @property
    def is_over(self) -> bool:
        """Whether everybody was told and had the time to answer."""
        return self.unserved == self.running == 0


def open_hearing(
    session: Session,
    cycle: AssessmentCycle,
    number: int,
    reason: str | None,
    listed: Iterable[Listed],
    known: Mapping[str, Known],
    act: journal.Act,
) -> Hearing:
    """Fix what is judged and tell every agency; `known` are the parts of the edition before.

    In a correction only agencies for which something changes are told. Conflict where the hearing
    has been opened, the cut-off day has not passed, or a correction has no reason.
    """
    why = (reason or "").strip() or None
    if number > 1 and why is None:
        raise Conflict(NO_REASON)
    if of(session, cycle, number) is not None:
        raise Conflict(OPEN_ALREADY)
    if _today(session, cycle, act) <= cycle.as_of:
        raise Conflict(TOO_EARLY)
    key: dict[str, Any] = {"association": cycle.association, "cycle": cycle.id, "number": number}
    hearing = Hearing(**key, opened_at=act.now, opened_by=act.who, reason=why)
    session.add(hearing)
    session.flush()
    agencies = _keys(session, cycle.association)
    for one in listed:
        frozen = {"identity": dict(one.identity), "inputs": record_values.values(one.record)}
        code = one.identity["code"]
        is_due = number == 1 or _changed(frozen, known.get(code))
        session.add(HearingNotice(**key, agency=agencies[code], frozen=frozen, is_due=is_due))
    session.flush()
    told = {"number": number, "reason": why}
    journal.record(session, cycle.association, act, "opened a hearing", cycle.slug, told)
    _serve_on_page(session, cycle, hearing, act)
    return hearing


def of(session: Session, cycle: AssessmentCycle, number: int) -> Hearing | None:
    """The hearing before an edition; None where it has not been opened."""
    return session.get(Hearing, (cycle.association, cycle.id, number))


def newest(session: Session, cycle: AssessmentCycle) -> Hearing | None:
    """The last hearing of a cycle."""
    found = select(Hearing).where(
        Hearing.association == cycle.association, Hearing.cycle == cycle.id
    )
    return session.exec(found.order_by(desc(Hearing.number))).first()


def find_newest(session: Session, cycle: AssessmentCycle) -> Hearing:
    """The last hearing of a cycle; NotFound where none has been opened."""
    found = newest(session, cycle)
    if found is None:
        raise NotFound("There is no hearing.")
    return found


def notice(session: Session, hearing: Hearing, agency: UUID) -> HearingNotice:
    """What an agency is told; NotFound where it is not listed."""
    key = (hearing.association, hearing.cycle, hearing.number, agency)
    found = session.get(HearingNotice, key)
    if found is None:
        raise NotFound("This agency is not heard.")
    return found


def notices(session: Session, hearing: Hearing) -> list[tuple[HearingNotice, Agency]]:
    """All notices of a hearing with their agencies, by code."""
    found = session.exec(
        select(HearingNotice, Agency)
        .join(
            Agency,
            (col(Agency.association) == HearingNotice.association)
            & (col(Agency.id) == HearingNotice.agency),
        )
        .where(
            HearingNotice.association == hearing.association,
            HearingNotice.cycle == hearing.cycle,
            HearingNotice.number == hearing.number,
        )
        .order_by(Agency.code)
    )
    return list(found)


def progress(session: Session, hearing: Hearing, today: date) -> Progress:
    """How far a hearing is on a day; the last day of a clock still belongs to the agency."""
    due = [one for one, _agency in notices(session, hearing) if one.is_due]
    return Progress(
        due=len(due),
        unserved=sum(one.served_on is None for one in due),
        running=sum(one.ends_on is not None and one.ends_on >= today for one in due),
    )


def serve_by_letter(
    session: Session,
    cycle: AssessmentCycle,
    hearing: Hearing,
    agency: Agency,
    on: date,
    act: journal.Act,
) -> None:
    """Note that an agency without an account was told by letter; its clock runs from that day.

    Conflict where it was told already or need not be, Invalid names a day that cannot be.
    """
    found = notice(session, hearing, agency.id)
    if not found.is_due:
        raise Conflict(NOT_DUE)
    if found.served_on is not None:
        raise Conflict(SERVED)
    opened = associations.day(associations.find(session, cycle.association), hearing.opened_at)
    if not opened <= on <= _today(session, cycle, act):
        raise Invalid([Problem("day", on.isoformat(), NO_SUCH_DAY)])
    _serve(session, found, on, LETTER, act)
    about, told = f"{cycle.slug} {agency.code}", {"how": LETTER, "ends_on": str(found.ends_on)}
    journal.record(session, cycle.association, act, "served a notice", about, told)


def serve_newcomers(session: Session, cycle: AssessmentCycle, act: journal.Act) -> int:
    """Tell agencies that got an account after the hearing was opened; how many there were."""
    hearing = newest(session, cycle)
    return _serve_on_page(session, cycle, hearing, act) if hearing else 0


def listed(
    session: Session,
    cycle: AssessmentCycle,
    hearing: Hearing,
    live: Iterable[Listed],
    rubric: Rubric,
) -> Iterator[Listed]:
    """What is judged: what the hearing fixed, with licences of now and decided disputes.

    `live` is the same from the rows of now; of it nothing else is taken.
    """
    now = {one.identity["code"]: one for one in live}
    for fixed, agency in notices(session, hearing):
        record = record_values.record(rubric, agency.code, fixed.frozen["inputs"])
        identity = dict(fixed.frozen["identity"])
        fresh = now.get(agency.code)
        if fresh is not None:
            identity[LICENCE] = fresh.identity[LICENCE]
            subjects = disputes.subjects(session, cycle, agency.id)
            record = merged(rubric, record, fresh.record, subjects)
        reply = replies.part(session, cycle, hearing.number, agency.id)
        yield Listed(identity | ({REPLY: reply} if reply else {}), record)


def merged(
    rubric: Rubric, fixed: Record, fresh: Record, subjects: Iterable[tuple[str, str]]
) -> Record:
    """A fixed record with the licence and the disputed subjects as they are now."""
    answers, marks = dict(fixed.answers), dict(fixed.marks)
    caps, facts = dict(fixed.caps), dict(fixed.facts)
    if LICENCE in fresh.facts:
        facts[LICENCE] = fresh.facts[LICENCE]
    for kind, subject in subjects:
        if kind == "finding":
            _take(answers, fresh.answers, subject)
            _take(marks, fresh.marks, subject)
        else:
            for cap in rubric.caps:
                if subject in cap.findings:
                    _take(caps, fresh.caps, cap.id)
    return replace(fixed, answers=answers, marks=marks, caps=caps, facts=facts)


def _take(fixed: dict[str, Any], fresh: Mapping[str, Any], key: str) -> None:
    fixed.pop(key, None)
    if key in fresh:
        fixed[key] = fresh[key]


def _changed(frozen: Known, before: Known | None) -> bool:
    """Whether an agency is judged by anything else than in the edition before."""
    if before is None:
        return True
    return any(before.get(key) != value for key, value in _public(frozen).items())


def _public(frozen: Known) -> dict[str, Any]:
    return {**frozen["identity"], "inputs": frozen["inputs"]}


def _keys(session: Session, association: str) -> dict[str, UUID]:
    found = session.exec(select(Agency).where(Agency.association == association))
    return {one.code: one.id for one in found}


def _serve_on_page(
    session: Session, cycle: AssessmentCycle, hearing: Hearing, act: journal.Act
) -> int:
    """Tell all that have somebody who can read it here."""
    today, served = _today(session, cycle, act), 0
    reached = _with_accounts(session, cycle.association)
    for one, agency in notices(session, hearing):
        if not one.is_due or one.served_on is not None or agency.id not in reached:
            continue
        _serve(session, one, today, PAGE, act)
        occasion = f"hearing {cycle.slug} {hearing.number}"
        values = {"cycle": cycle.slug, "agency": agency.code, "until": str(one.ends_on)}
        messages.to_agency(
            session, cycle.association, agency.id, occasion, "hearing_opened", values, act
        )
        served += 1
    if served:
        told = {"number": hearing.number, "agencies": served}
        journal.record(session, cycle.association, act, "served notices", cycle.slug, told)
    return served


def _with_accounts(session: Session, association: str) -> set[UUID]:
    found = session.exec(
        select(Membership.agency).where(
            Membership.association == association,
            col(Membership.role).in_(memberships.AGENCY_ROLES),
        )
    )
    return {agency for agency in found if agency is not None}


def _serve(session: Session, one: HearingNotice, on: date, how: str, act: journal.Act) -> None:
    """The clock starts on the working day after."""
    days = association_settings.of(session, one.association).hearing_days
    ends = working_days.after(session, one.association, on, days)
    one.served_on, one.ends_on, one.how, one.served_by = on, ends, how, act.who
    session.add(one)
    session.flush()


def _today(session: Session, cycle: AssessmentCycle, act: journal.Act) -> date:
    return associations.day(associations.find(session, cycle.association), act.now)
