"""Disputes and appeals: filed in time, not counted, decided once by somebody else, escalated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound
from rankings.models import Audit, Dispute, Finding, HearingNotice, SecondOpinion
from rankings.usecases import (
    conflicts,
    dispute_decisions,
    dispute_filing,
    dispute_rules,
    disputes,
    second_opinions,
)
from rankings.usecases.evidence import Handed
from tests.usecases import hearing_world
from tests.usecases.hearing_world import (
    FEE,
    FILE,
    I1,
    IN_TIME,
    OPENED,
    TOO_LATE,
    Court,
)
from tests.usecases.offices import cycle

# Twenty working days after 1 July 2026.
DUE = date(2026, 7, 29)
LATE = OPENED + timedelta(days=29)


@pytest.fixture
def court(engine: Engine) -> Court:
    return hearing_world.court(engine)


def test_a_disputed_finding_does_not_count_until_it_is_decided(court: Court) -> None:
    made = court.file()
    assert (made.due_on, made.kind, made.evidence, made.edition) == (DUE, "finding", "audit", None)
    assert court.marks() == {"i1": "disputed"}
    assert court.finding().disputed_on == date(2026, 7, 1)
    people = court.office.people
    deciders = {people[who] for who in ("lead", "other_lead", "secretary")}
    assert set(court.told("dispute_filed")) == deciders
    court.decide(made, "stands")
    assert court.marks() == {}
    assert court.finding().found == "1"
    assert set(court.told("dispute_decided")) == {people["signatory"], people["member"]}


def test_a_decision_changes_the_finding_with_its_reason(court: Court) -> None:
    made = court.file()
    court.decide(made, "changed", found="3")
    found = court.finding()
    assert (found.found, found.reason, found.decided_on) == (
        "3",
        hearing_world.REASON,
        date(2026, 7, 1),
    )
    held = court.office.ask(lambda session: disputes.find(session, "alpha", made.id)).dispute
    assert (held.outcome, held.found_before, held.found_after) == ("changed", "1", "3")
    assert court.office.entries("decided a dispute") == 1


def test_a_serious_finding_is_withdrawn_or_stands(court: Court) -> None:
    assert court.keys() == [I1, FEE]
    made = court.file(FEE)
    with pytest.raises(Invalid, match="outcome"):
        court.decide(made, "changed")
    court.decide(made, "withdrawn")
    assert court.fee().withdrawn_on == date(2026, 7, 1)
    assert court.office.ask(lambda session: hearing_world.record(session).caps) == {}
    assert court.keys() == [I1]


def test_of_a_desk_check_and_a_visit_only_what_counts_can_be_disputed(engine: Engine) -> None:
    court = hearing_world.court(engine, is_heard=False)
    with pytest.raises(Conflict, match=dispute_rules.NO_HEARING):
        court.file()
    desk = court.office.audit(evidence="document")

    def close(session: Session) -> None:
        session.get_one(Audit, ("alpha", desk)).closed_at = OPENED

    court.office.finding(desk, "0")
    court.office.finding(desk, "2", "i2")
    court.office.finding(court.office.audit(1), "0", "i4")
    court.office.do(close)
    court.office.do(hearing_world.hear)
    assert court.keys() == [I1, "document-i2", FEE]
    with pytest.raises(NotFound):
        court.file("document-i1")
    with pytest.raises(NotFound):
        court.file("audit-i4")


def test_the_clock_runs_for_who_was_told_to_the_end_of_its_last_day(court: Court) -> None:
    court.file(now=IN_TIME)
    with pytest.raises(Conflict, match=dispute_rules.OVER):
        court.file(FEE, now=TOO_LATE)

    def change(**values: object) -> None:
        def work(session: Session) -> None:
            notice = session.exec(select(HearingNotice)).one()
            for name, value in values.items():
                setattr(notice, name, value)

        court.office.do(work)

    change(served_on=None, ends_on=None)
    with pytest.raises(Conflict, match=dispute_rules.NOT_SERVED):
        court.file()
    change(is_due=False)
    with pytest.raises(Conflict, match=dispute_rules.NOT_DUE):
        court.file()


def test_a_signatory_disputes_with_a_statement_and_at_most_ten_files(court: Court) -> None:
    for who in ("member", "lead", "secretary"):
        with pytest.raises(NotAllowed, match=dispute_filing.NOT_A_SIGNATORY):
            court.file(who=who)
    with pytest.raises(Invalid, match="statement"):
        court.file(said=" \u200b\u202e ")
    with pytest.raises(Invalid, match="statement"):
        court.file(said="a" * 2_001)
    many = [Handed("a.pdf", "-", 1, f"{n}" * 32, "2") for n in range(10, 21)]
    with pytest.raises(Invalid, match="files"):
        court.file(files=many)
    made = court.file(files=[FILE, FILE])
    held = court.office.ask(lambda session: disputes.files(session, made))
    assert [one.name for one in held] == ["receipt.pdf"]
    with pytest.raises(NotFound):
        court.office.ask(lambda session: disputes.find_file(session, made, made.id))
    with pytest.raises(NotFound):
        court.office.ask(lambda session: disputes.find(session, "beta", made.id))


def test_one_dispute_at_a_time_and_one_decision_per_stage(court: Court) -> None:
    made = court.file()
    with pytest.raises(Conflict, match=dispute_filing.OPEN_ALREADY):
        court.file()
    court.decide(made)
    with pytest.raises(Conflict, match=dispute_filing.DECIDED_ALREADY):
        court.file()
    with pytest.raises(Conflict, match=dispute_decisions.DECIDED):
        court.decide(made)


def test_of_two_who_dispute_or_decide_at_once_one_does(court: Court) -> None:
    def attempt(work: object) -> str:
        try:
            work()  # type: ignore[operator]
        except Conflict:
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [court.file] * 2)) == ["done", "refused"]
    made = court.office.ask(lambda session: session.exec(select(Dispute)).one())
    ways = [
        lambda: court.decide(made, "stands", "secretary"),
        lambda: court.decide(made, "changed", "other_lead"),
    ]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ways)) == ["done", "refused"]


def test_nobody_decides_who_made_or_judges_the_finding(court: Court) -> None:
    made = court.file()

    def owe(session: Session) -> None:
        session.exec(select(SecondOpinion)).one().auditor = court.office.people["secretary"]

    court.office.do(owe)
    with pytest.raises(Conflict, match="second opinion"):
        court.decide(made, who="secretary")

    people = court.office.people

    def work(session: Session) -> None:
        opinion = session.exec(select(SecondOpinion)).one()
        opinion.auditor, opinion.found = people["secretary"], "2"
        opinion.given_at, opinion.settled_by, opinion.settled_at = OPENED, people["lead"], OPENED
        session.exec(select(Finding)).one().auditor = str(people["other_lead"])

    court.office.do(work)
    for who in ("secretary", "lead", "other_lead"):
        with pytest.raises(Conflict, match=dispute_decisions.OWN):
            court.decide(made, who=who)
    for who in ("first", "officer", "signatory"):
        with pytest.raises(NotAllowed, match=dispute_decisions.NOT_A_DECIDER):
            court.decide(made, who=who)


def test_nobody_decides_with_a_tie_or_without_a_reason(court: Court) -> None:
    made = court.file()
    court.office.tie("other_lead")
    with pytest.raises(Conflict, match=conflicts.WHY):
        court.decide(made)
    with pytest.raises(Invalid, match="reason"):
        court.decide(made, who="secretary", reason="Because.")
    for unknown in ("9", ""):
        with pytest.raises(Invalid, match="found"):
            court.decide(made, who="secretary", found=unknown)
    with pytest.raises(Invalid, match=dispute_decisions.SAME_FOUND):
        court.decide(made, who="secretary", found="1")
    with pytest.raises(Conflict, match=dispute_decisions.FINDING_CHANGED):
        court.decide(made, who="secretary", seen="before")


def test_a_changed_finding_settles_the_second_opinion_that_differs(court: Court) -> None:
    def agree(session: Session) -> None:
        opinion = session.exec(select(SecondOpinion)).one()
        opinion.found, opinion.given_at = "1", OPENED

    court.office.do(agree)
    court.decide(court.file(), found="4")
    open_now = court.office.ask(lambda session: second_opinions.open_of(session, cycle(session)))
    assert open_now == []


def test_past_its_day_a_dispute_is_escalated_once(court: Court) -> None:
    made = court.file()

    def escalate(today: date) -> int:
        return court.office.do(
            lambda session: disputes.escalate(session, "alpha", today, court.by("secretary", LATE))
        )

    assert escalate(DUE) == 0
    assert [escalate(DUE + timedelta(days=1)) for _ in range(2)] == [1, 0]
    assert len(court.told("dispute_overdue")) == 3
    assert court.office.entries("escalated a dispute") == 1
    late = DUE + timedelta(days=1)
    found = court.office.ask(lambda session: disputes.overdue(session, "alpha", late))
    assert [one.id for one in found] == [made.id]
    shown = court.office.ask(lambda session: disputes.listed(session, "alpha", late))
    assert [one.is_overdue(late) for one in shown] == [True]
