"""A hearing: an agency that was audited and told, its signatory, and those who decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings.models import (
    Agency,
    AssessmentCycle,
    Dispute,
    Finding,
    Hearing,
    HearingNotice,
    Message,
    RankingEdition,
    SeriousFinding,
)
from rankings.usecases import (
    cycles,
    dispute_decisions,
    dispute_filing,
    dispute_rules,
    disputed,
    disputes,
    journal,
    memberships,
    record_values,
    records,
)
from rankings.usecases.dispute_decisions import Decision
from rankings.usecases.evidence import Handed
from rankings.usecases.gathering import gathered
from rankings.usecases.records import Round
from tests.usecases import offices, persons, world
from tests.usecases.offices import Office, cycle

# The cycle's cut-off day was the last of June; 1 July 2026 is a Wednesday.
OPENED = datetime(2026, 7, 1, 2, tzinfo=UTC)
SERVED, ENDS = date(2026, 7, 1), date(2026, 7, 15)
IN_TIME = datetime(2026, 7, 15, 16, 59, tzinfo=UTC)  # 23:59 in Bangkok
TOO_LATE = datetime(2026, 7, 15, 17, 0, tzinfo=UTC)
PUBLISHED = datetime(2026, 7, 20, 2, tzinfo=UTC)
AFTER = datetime(2026, 7, 25, 2, tzinfo=UTC)
I1, FEE = "audit-i1", "2026-05-01-illegal_fee"
REASON = "The receipts that were handed in are signed by the workers."
FILE = Handed("receipt.pdf", "application/pdf", 9, "1" * 64, "2" * 64)


@dataclass
class Court:
    """The office with a hearing of its first agency."""

    office: Office

    def by(self, who: str, now: datetime = OPENED) -> journal.Act:
        return journal.Act(str(self.office.people[who]), now)

    def file(
        self,
        key: str = I1,
        who: str = "signatory",
        now: datetime = OPENED,
        said: str = "We never did this.",
        files: Sequence[Handed] = (),
    ) -> Dispute:
        return self.office.do(
            lambda session: dispute_filing.file(
                session, place(session), key, said, files, self.by(who, now)
            )
        )

    def decide(
        self,
        dispute: Dispute,
        outcome: str = "changed",
        who: str = "other_lead",
        now: datetime = OPENED,
        **more: str,
    ) -> None:
        def work(session: Session) -> None:
            one = disputes.find(session, "alpha", dispute.id)
            seen = dispute_decisions.token(disputed.row_of(session, one.dispute))
            usual = {"found": "4", "reason": REASON, "seen": seen}
            said = Decision(outcome, **(usual | more))
            dispute_decisions.decide(session, one, said, self.by(who, now))

        self.office.do(work)

    def finding(self) -> Finding:
        wanted = select(Finding).where(Finding.indicator == "i1", Finding.association == "alpha")
        return self.office.ask(lambda session: session.exec(wanted).one())

    def fee(self) -> SeriousFinding:
        wanted = select(SeriousFinding)
        return self.office.ask(lambda session: session.exec(wanted).one())

    def keys(self, now: datetime = OPENED) -> list[str]:
        """What can be disputed."""

        def ask(session: Session) -> list[str]:
            found = place(session)
            held = dispute_rules.stage(session, *found, now)
            return [one.key for one in disputed.disputable(session, *found, held)]

        return self.office.ask(ask)

    def told(self, kind: str) -> list[UUID]:
        """Who has a message of a kind."""
        wanted = select(Message.account).where(Message.kind == kind)
        return self.office.ask(lambda session: list(session.exec(wanted)))

    def marks(self) -> dict[str, str]:
        """What is left out of the agency's score by the rows of now."""
        return dict(self.office.ask(lambda session: record(session).marks))

    def publish(self, number: int = 1, now: datetime = PUBLISHED) -> None:
        """An edition, as a row."""
        reason = None if number == 1 else "An appeal."
        row: dict[str, Any] = {"association": "alpha", "number": number, "reason": reason}
        self.office.do(
            lambda session: session.add(
                RankingEdition(
                    **row,
                    id=uuid4(),
                    cycle=cycle(session).id,
                    published_at=now,
                    as_of=world.AS_OF,
                    digest="0" * 64,
                )
            )
        )

    def correct(self, is_due: bool = True) -> None:
        """The hearing before a second edition."""
        self.office.do(lambda session: hear(session, 2, AFTER, is_due))


def place(session: Session) -> tuple[AssessmentCycle, Agency]:
    held = cycle(session)
    found = select(Agency).where(Agency.association == "alpha", Agency.code == offices.agency(0))
    return held, session.exec(found).one()


def record(session: Session) -> Any:
    held, agency = place(session)
    known = gathered(session, held, [agency.id])[agency.id]
    rubric = cycles.code_of(held).rubric
    return records.record(agency, known, Round(rubric, held, cycles.opened_on(session, held), {}))


def hear(
    session: Session,
    number: int = 1,
    now: datetime = OPENED,
    is_due: bool = True,
    served: date | None = SERVED,
) -> None:
    """A hearing and what the first agency is told."""
    held, agency = place(session)
    key: dict[str, Any] = {"association": "alpha", "cycle": held.id, "number": number}
    session.add(Hearing(**key, opened_at=now, opened_by="operator", reason="An appeal."))
    session.flush()
    known = gathered(session, held, [agency.id])[agency.id]
    frozen = {
        "identity": records.identity(agency, known, held.as_of),
        "inputs": record_values.values(record(session)),
    }
    told: dict[str, Any] = {"served_on": served, "ends_on": served and ENDS}
    if number > 1:
        told["ends_on"] = date(2026, 8, 10)
    session.add(HearingNotice(**key, agency=agency.id, frozen=frozen, is_due=is_due, **told))
    session.flush()


def court(engine: Engine, is_heard: bool = True) -> Court:
    """An audited agency with a serious finding; its hearing runs to the middle of July."""
    office = offices.office(engine)
    office.opinion(office.audit(), found="1")

    def add(session: Session) -> None:
        for name, role in (("signatory", "agency_signatory"), ("member", "agency_member")):
            office.people[name] = persons.person(session, name).id
            act = world.act(world.OPENED)
            whom = office.people[name]
            memberships.grant(session, "alpha", whom, role, offices.agency(0), act)
        session.add(
            SeriousFinding(
                association="alpha",
                agency=office.agencies[0],
                code="illegal_fee",
                found_on=date(2026, 5, 1),
                auditor=str(office.people["third"]),
                reason="Paid twice the cap.",
            )
        )
        session.flush()
        if is_heard:
            hear(session)

    office.do(add)
    return Court(office)
