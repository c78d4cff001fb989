"""The jobs themselves: the steps of a cycle as they come, and what is done every night."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db, jobs, publishing
from rankings.adapters import signature
from rankings.models import (
    AssessmentCycle,
    Association,
    Audit,
    ComplaintCase,
    ComplaintKey,
    JournalEntry,
    Notice,
    SelfAssessment,
)
from rankings.runs import Due
from rankings.usecases import calendar, journal, occurrences
from rankings.usecases.occurrences import Run
from tests.jobs_house import OPENS, SIGNED, House, built, person
from tests.usecases import driven


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> Iterator[House]:
    with built(engine, tmp_path) as found:
        yield found


def test_a_cycle_opens_reminds_and_closes_by_itself(house: House) -> None:
    house.at(OPENS - timedelta(minutes=1))
    assert house.told() == {}
    house.at(OPENS + timedelta(hours=5))
    assert house.told() == {"2027 opens": "The cycle is open. People told: 2."}
    with db.reading(house.engine) as session:
        cycle = session.exec(select(AssessmentCycle)).one()
        (plan,) = calendar.plans(session, "alpha")
        who = session.exec(
            select(JournalEntry.who).where(JournalEntry.action == "opened a cycle")
        ).one()
    assert (cycle.id, cycle.opened_at, who) == (plan.id, OPENS, journal.SCHEDULE)
    assert [one for one, _ in house.heard("opened")] == ["linh", "sok"]
    house.at(house.step("reminder_14"))
    assert house.heard("reminder") == [("linh", "2027 reminder_14 MM-00011")]
    # It did not run for a week: who reminds twice at a time is not heard.
    house.at(house.step("reminder_2"))
    assert house.told()["2027 reminder_7"] == "Too late for this reminder: nobody was told."
    assert [one for _, one in house.heard("reminder")] == [
        "2027 reminder_14 MM-00011",
        "2027 reminder_2 MM-00011",
    ]
    house.at(house.step("closes"))
    assert house.heard("closed") == [("linh", "2027 closes MM-00011")]


def test_who_has_submitted_is_not_reminded(house: House) -> None:
    house.at(OPENS)
    with db.transaction(house.engine) as session:
        cycle = session.exec(select(AssessmentCycle)).one()
        of: dict[str, Any] = {"association": "alpha", "cycle": cycle.id, "agency": SIGNED}
        session.add(SelfAssessment(**of, submitted_on=date(2027, 1, 2)))
    house.at(house.step("reminder_14"))
    assert house.told()["2027 reminder_14"] == "People reminded: 0."


def test_auditors_hear_once_that_the_audits_end(house: House) -> None:
    house.at(OPENS)
    with db.transaction(house.engine) as session:
        cycle, aye = session.exec(select(AssessmentCycle)).one(), person(session, "aye")
        session.add(
            Audit(
                association="alpha",
                id=uuid4(),
                cycle=cycle.id,
                agency=SIGNED,
                evidence="audit",
                auditor=aye,
                assigned_by=aye,
                assigned_at=OPENS,
                due_on=cycle.as_of,
            )
        )
    ends = house.step("audits_end")
    for days in (5, 2, 1):
        house.at(ends - timedelta(days=days))
    assert house.heard("audits_ending") == [("aye", "2027 audits ending")]
    house.at(ends)
    assert house.told()["2027 audits_end"] == "Audits that were not closed: 1."


def test_the_cycle_after_it_is_planned_once(house: House) -> None:
    house.at(OPENS)
    with db.transaction(house.engine) as session:
        alpha = session.get_one(Association, "alpha")
        due = Due("2027 next_cycle", OPENS)
        act = journal.Act(journal.SCHEDULE, OPENS)
        for _ in range(2):
            told = jobs.do_step(house.settings, session, alpha, due, act)
            assert told == "The next cycle is 2028."


def test_officers_hear_every_day_how_many_complaints_are_overdue(house: House) -> None:
    with db.transaction(house.engine) as session:
        mai = person(session, "mai")
        _key(session)
        for officer in (mai, mai, None):
            session.add(_case(officer))
    for day in (1, 2):
        house.at(datetime(2026, 12, day, 3, tzinfo=UTC))
    assert house.told("complaint_deadlines")["2026-12-02"] == "Overdue complaints: 3."
    assert house.heard("complaints_overdue") == [
        ("mai", "complaints overdue 2026-12-01"),
        ("mai", "complaints overdue 2026-12-02"),
        ("su", "complaints of nobody overdue 2026-12-01"),
        ("su", "complaints of nobody overdue 2026-12-02"),
    ]
    assert set(house.told("complaint_count").values()) == {
        "New complaints: 3.",
        "New complaints: 0.",
    }


def _key(session: Session) -> None:
    session.add(
        ComplaintKey(association="alpha", id=UUID(int=1), public_key=b"-", made_at=driven.SET)
    )
    session.flush()


def _case(officer: UUID | None) -> ComplaintCase:
    return ComplaintCase(
        association="alpha",
        id=uuid4(),
        key=UUID(int=1),
        wrapped_key=b"-",
        receipt_hash=uuid4().bytes,
        receipt_key=b"-",
        received_month="2026-08",
        channel="web",
        status="received",
        officer=officer,
    )


def test_an_expired_licence_leads_to_a_new_notice(house: House) -> None:
    signature.make(house.settings.keys, "alpha", b"a" * 32)
    house.at(datetime(2027, 1, 9, tzinfo=UTC))
    assert set(house.told("licence_notice").values()) == {"Nothing is published yet."}
    act = journal.Act(journal.OPERATOR, house.wall.now)
    publishing.issue_notice(house.engine, house.settings, "alpha", act)
    house.at(datetime(2027, 1, 10, tzinfo=UTC))
    house.at(datetime(2027, 1, 11, tzinfo=UTC))
    told = house.told("licence_notice")
    assert told["2027-01-10"] == "Notice 1 still holds."
    assert told["2027-01-11"] == "Notice 2 is issued."
    with db.reading(house.engine) as session:
        body = session.get_one(Notice, ("alpha", 2)).body
    states = {one["state"] for one in json.loads(body)["notice"]["licences"].values()}
    assert states == {"expired"}


def test_a_host_without_the_key_says_so_and_goes_on(house: House) -> None:
    signature.make(house.settings.keys, "alpha", b"a" * 32)
    house.wall.now = datetime(2027, 1, 9, tzinfo=UTC)
    act = journal.Act(journal.OPERATOR, house.wall.now)
    publishing.issue_notice(house.engine, house.settings, "alpha", act)
    for file in house.settings.keys.iterdir():
        file.unlink()
    house.at(datetime(2027, 1, 12, tzinfo=UTC))
    (told,) = house.told("licence_notice").values()
    assert told == "Notice 1 no longer holds, and this host has no key to sign a new one."


def test_a_night_makes_up_for_those_in_which_it_failed(house: House) -> None:
    run = Run("alpha", "complaint_count", "2026-11-30", datetime(2026, 11, 30, tzinfo=UTC))
    with db.transaction(house.engine) as session:
        act = journal.Act(journal.SCHEDULE, datetime(2026, 11, 30, tzinfo=UTC))
        occurrences.failed(session, run, "It could not.", act)
    house.at(datetime(2026, 12, 2, tzinfo=UTC))
    told = house.told("complaint_count")
    assert told == {
        "2026-11-30": "A later run did it: 2026-12-02.",
        "2026-12-02": "New complaints: 0.",
    }


def test_it_can_be_said_what_comes_next(house: House) -> None:
    with db.reading(house.engine) as session:
        alpha = session.get_one(Association, "alpha")
        coming = {
            job.name: list(job.coming(session, alpha, driven.SET))
            for job in jobs.all_jobs(house.settings)
        }
    assert [due.key for due in coming["steps"]][:2] == ["2027 opens", "2027 reminder_14"]
    # Two in the morning in Yangon.
    night = Due("2026-11-02", datetime(2026, 11, 1, 19, 30, tzinfo=UTC))
    assert [coming[name] for name in jobs.NIGHTS] == [[night]] * len(jobs.NIGHTS)
