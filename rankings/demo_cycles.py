"""The demonstration's cycles between cut-off day and publication: one of every state.

One association hears its agencies, in another one a candidate waits for its approval, and an
edition of a year ago was corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from threading import Event, Thread
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from rankings import (
    db,
    demo_people,
    demo_publication,
    invented,
    jobs,
    journaling,
    publishing,
)
from rankings.models import Agency, Answer, Complaint, Finding, Interview, Message, SelfAssessment
from rankings.publishing import Order
from rankings.scheduler import Schedule, keep_ticking
from rankings.settings import Settings
from rankings.usecases import (
    accounts,
    cycles,
    dispute_decisions,
    dispute_filing,
    dispute_rules,
    disputed,
    disputes,
    memberships,
    rating_requests,
    replies,
)
from rankings.usecases.dispute_decisions import Decision
from rankings.usecases.journal import OPERATOR, Act
from rankings.usecases.replies import Words

Draw = Callable[[int], bytes]

HEARING, APPROVAL = "kamru", "upama"
SLUG = "2026-autumn"
# What happens again, with the day that moves along.
AGAIN: dict[Any, str] = {
    SelfAssessment: "submitted_on",
    Answer: "",
    Finding: "found_on",
    Interview: "interviewed_on",
}
# In the hearing so many agencies have not got their letter yet.
UNTOLD = 3
SIGNATORY, SECRETARIAT, LEAD = "agency_signatory", "secretariat", "lead_auditor"
OWN_WORDS = (
    "We have paid the fees of the last two groups back and changed our contracts in June. "
    "The visit was before that."
)
DISPUTED = "The papers that were missing on the day of the visit are in our office since May."
CORRECTED = "One complaint was counted although the worker had not agreed to it."


@dataclass(frozen=True, slots=True)
class Autumn:
    """A cycle of an association by which its state is shown."""

    association: str
    opened: datetime
    as_of: date
    heard: datetime


AUTUMN = (
    Autumn(
        HEARING,
        datetime(2026, 8, 3, 2, tzinfo=UTC),
        date(2026, 10, 31),
        datetime(2026, 11, 16, 2, tzinfo=UTC),
    ),
    Autumn(
        APPROVAL,
        datetime(2026, 8, 3, 2, tzinfo=UTC),
        date(2026, 9, 30),
        datetime(2026, 10, 12, 2, tzinfo=UTC),
    ),
)


def add(engine: Engine, settings: Settings, rounds: Sequence[invented.Round], draw: Draw) -> None:
    """Play the autumn of two associations, and the correction of an edition."""
    with db.transaction(engine) as session:
        _send_old(session)
    _correct(engine, settings, draw)
    for autumn in AUTUMN:
        last = [one for one in rounds if one.association == autumn.association][-1]
        _take(engine, last, autumn, draw)
        order = Order(autumn.association, SLUG)
        act = Act(OPERATOR, autumn.heard, draw)
        if autumn.association == HEARING:
            with db.transaction(engine) as session:
                _join(session, act)
        publishing.open_hearing(engine, settings, order, None, act)
        with db.transaction(engine) as session:
            untold = UNTOLD if autumn.association == HEARING else 0
            demo_publication.write_letters(session, order, act, untold)
            if autumn.association == HEARING:
                _hear(session, draw)
        scored = replace(act, now=demo_people.TODAY.replace(hour=1))
        publishing.score(engine, settings, order, scored)
        if autumn.association == APPROVAL:
            with db.transaction(engine) as session:
                demo_publication.prepare(session, order, scored)
    with db.transaction(engine) as session:
        _ask_again(session, draw)
    for autumn in AUTUMN:
        journaling.seal(engine, settings.data, autumn.association)


def _send_old(session: Session) -> None:
    """What was written in earlier years has been sent long ago."""
    for one in session.exec(select(Message)):
        one.state, one.sent_at, one.tries = "sent", one.written_at, 1
        session.add(one)
    session.flush()


def run_schedule(engine: Engine, settings: Settings) -> None:
    """What would have run by itself last night."""
    now = demo_people.TODAY
    known = Schedule(engine, settings.data, jobs.all_jobs(settings), clock=lambda: now)
    known.tick()
    known.stop()


@contextmanager
def scheduled(engine: Engine, settings: Settings, clock: Callable[[], datetime]) -> Iterator[None]:
    """The schedule runs beside the pages, by the demonstration's clock."""
    stop = Event()
    known = Schedule(engine, settings.data, jobs.all_jobs(settings), clock=clock)
    ticking = Thread(target=keep_ticking, args=(known, stop))
    ticking.start()
    try:
        yield
    finally:
        stop.set()
        ticking.join()


def _take(engine: Engine, last: invented.Round, autumn: Autumn, draw: Draw) -> None:
    """Open the cycle, and let happen in it once more what happened in the round before."""
    with db.transaction(engine) as session:
        before = cycles.find(session, last.association, last.cycle)
        rubric = (before.rubric_code, before.rubric_version)
        key = UUID(bytes=draw(16), version=4)
        plan = cycles.Plan(key, SLUG, "2026 autumn", autumn.as_of, rubric)
        cycles.open_cycle(session, last.association, plan, Act(OPERATOR, autumn.opened, draw))
        for table, day in AGAIN.items():
            held = session.exec(
                select(table).where(
                    table.association == before.association, table.cycle == before.id
                )
            )
            for row in held.all():
                later = {day: getattr(row, day) + (autumn.as_of - before.as_of)} if day else {}
                session.add(table(**(row.model_dump() | later | {"cycle": key})))
            session.flush()


def _join(session: Session, act: Act) -> None:
    """The agency's people of the other association act for one here, too."""
    agency = _audited(session)
    for name in demo_people.AGENCY_ROLES:
        account = accounts.named(session, demo_people.email(name)).id
        memberships.grant(session, HEARING, account, name, agency.code, act)


def _audited(session: Session) -> Agency:
    """The first agency that answered; visits found something there."""
    answered = (
        select(Agency)
        .join(SelfAssessment, SelfAssessment.agency == Agency.id)  # type: ignore[arg-type]
        .where(Agency.association == HEARING, SelfAssessment.association == HEARING)
    )
    return session.exec(answered.order_by(Agency.code).limit(1)).one()


def _hear(session: Session, draw: Draw) -> None:
    """A reply that waits, a dispute that was decided and one that is open."""
    cycle, agency = cycles.find(session, HEARING, SLUG), _audited(session)
    signed = _act(session, SIGNATORY, (11, 19), draw)
    replies.write(session, cycle, agency, Words(OWN_WORDS, "en", replies.token(None)), signed)
    stage = dispute_rules.stage(session, cycle, agency, signed.now)
    found = disputed.disputable(session, cycle, agency, stage)
    place = (cycle, agency)
    filed = [
        dispute_filing.file(session, place, one.key, DISPUTED, (), signed) for one in found[:2]
    ]
    for one in filed[1:]:
        held = disputes.find(session, HEARING, one.id)
        row = disputed.row_of(session, one)
        why = "The papers came after the visit; they count with the next one."
        said = Decision("stands", "", why, dispute_decisions.token(row))
        dispute_decisions.decide(session, held, said, _act(session, LEAD, (11, 23), draw))


def _correct(engine: Engine, settings: Settings, draw: Draw) -> None:
    """A complaint that should not have counted, and so the second edition of the last round."""
    with db.transaction(engine) as session:
        wrong = select(Complaint).where(
            Complaint.association == APPROVAL,
            Complaint.may_count == "worker",
            col(Complaint.decided_on).is_not(None),
        )
        found = session.exec(wrong.order_by(Complaint.number).limit(1)).one()
        found.may_count = None
        session.add(found)
    act = Act(OPERATOR, datetime(2026, 9, 7, 2, tzinfo=UTC), draw)
    order = Order(APPROVAL, "2026")
    demo_publication.publish(engine, settings, order, act, CORRECTED)


def _ask_again(session: Session, draw: Draw) -> None:
    """An agency asks to be checked again."""
    agency = _own(session)
    asking = _act(session, SIGNATORY, (11, 20), draw)
    why = "We have closed the branch of which the finding on contracts was made."
    rating_requests.ask(session, demo_people.ASSOCIATION, agency.code, why, asking)


def _own(session: Session) -> Agency:
    """The agency of the demonstration's agency accounts."""
    whose = demo_people.ASSOCIATION
    signatory = accounts.named(session, demo_people.email(SIGNATORY)).id
    held = memberships.of(session, whose, signatory)
    return session.get_one(Agency, (whose, held[0].agency))


def _act(session: Session, name: str, day: tuple[int, int], draw: Draw) -> Act:
    who = accounts.named(session, demo_people.email(name)).id
    return Act(str(who), datetime(2026, *day, 3, tzinfo=UTC), draw)
