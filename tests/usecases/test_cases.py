"""Working on a case: who has it, what it is, whom it tells."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Complaint, JournalDetail
from rankings.usecases import (
    agency_codes,
    case_classification,
    case_hearing,
    case_reports,
    case_suggestions,
    case_talk,
    cases,
    complaints,
    conflicts,
)
from tests.usecases import case_office, world
from tests.usecases.case_office import JULY, Office, assign, take, tie

WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"agency": "VN-99999"}, "agency"),
    ({"agency": "Ví Dụ\0"}, "agency"),
    ({"category": "gossip"}, "category"),
    ({"severity": "catastrophic"}, "severity"),
    ({"workers": "0"}, "workers"),
    ({"workers": "1e3"}, "workers"),
    ({"forced_labour": ("boredom",)}, "forced_labour"),
    ({"claimed": "a lot"}, "claimed"),
    ({"claimed": "1.005"}, "claimed"),
    ({"claimed": "5", "currency": ""}, "currency"),
    ({"currency": "XXX"}, "currency"),
    ({"destination": "Mars"}, "destination"),
    ({"may_count": "agency"}, "may_count"),
)


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    return case_office.office(engine, tmp_path)


def test_a_case_is_taken_once(office: Office) -> None:
    case = office.case(officer=None)
    take(office, case, "officer")
    take(office, case, "officer")
    with pytest.raises(Conflict, match=cases.TAKEN):
        take(office, case, "second")
    assert office.row(case)[0].officer == office.people["officer"]
    assert len(office.entries("gave a complaint to")) == 1


def test_of_two_officers_at_the_same_moment_one_takes_it(office: Office) -> None:
    case = office.case(officer=None)

    def attempt(who: str) -> str:
        try:
            take(office, case, who)
        except Conflict as conflict:
            return str(conflict)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ["officer", "second"])) == [cases.TAKEN, "done"]


def test_the_secretariat_gives_a_case_to_officers_only(office: Office) -> None:
    case = office.case()
    assign(office, case, "second")
    assert office.row(case)[0].officer == office.people["second"]
    for who in ("secretariat", "member"):
        with pytest.raises(Invalid):
            assign(office, case, who)


def test_nobody_works_on_an_agency_that_they_are_tied_to(office: Office) -> None:
    tie(office, "officer")
    case = office.case()
    with pytest.raises(Conflict, match=conflicts.WHY):
        office.classify(case)
    assign(office, case, "second")
    office.classify(case, "second")
    with pytest.raises(Conflict, match=conflicts.WHY):
        assign(office, case, "officer")


def test_each_reading_is_one_entry_with_its_reason(office: Office) -> None:
    case = office.case()

    def read(reason: str) -> None:
        office.do(lambda session: cases.note_reading(session, "alpha", case, reason, office.act()))

    for reason in ("first_look", "decide"):
        read(reason)
    for reason in ("", "because I like to", "first_look\0"):
        with pytest.raises(Invalid):
            read(reason)
    held = office.entries("read a complaint")
    assert [(one.who, one.about) for one in held] == [
        (str(office.people["officer"]), str(case))
    ] * 2
    with db.reading(office.engine) as session:
        told = select(JournalDetail.details).where(
            JournalDetail.entry.in_([one.id for one in held])  # type: ignore[attr-defined]
        )
        assert {one["reason"] for one in session.exec(told)} == {"first_look", "decide"}
    assert office.row(case)[0].status == "checking"


def test_classifying_writes_an_open_line_that_counts_nothing(office: Office) -> None:
    case = office.case()
    line = office.classify(case)
    assert (line.number, line.received_on, line.outcome) == ("2026-0001", date(2026, 6, 1), "open")
    assert (line.claimed, line.currency, line.workers_affected) == (15050, "USD", 2)
    assert not complaints.counts(line)
    office.classify(case)
    assert len(office.entries("classified a complaint")) == 1
    assert office.classify(case, severity="serious").number == "2026-0001"
    assert len(office.entries("classified a complaint")) == 2


def test_what_cannot_be_is_named(office: Office) -> None:
    case = office.case()
    for more, place in WRONG:
        with pytest.raises(Invalid) as refusal:
            office.classify(case, **more)
        assert place in {one.place for one in refusal.value.problems}, more
    assert office.row(case)[1] is None


def test_numbers_have_no_gaps_whoever_is_faster(office: Office) -> None:
    waiting = [office.case() for _ in range(12)]
    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(one.number for one in pool.map(office.classify, waiting))
    assert numbers == [f"2026-{n:04}" for n in range(1, 13)]


def test_a_summary_is_seen_from_the_first_of_the_next_month_on(office: Office) -> None:
    case = office.case()
    office.classify(case)
    office.release(case)
    held = office.row(case)[0]
    assert (held.notified_on, held.answer_due_on) == (date(2026, 7, 1), date(2026, 7, 31))
    assert office.shown() == []
    office.release(case, "A passport is kept by the employer.")
    office.now = JULY
    assert office.shown() == [case]
    with pytest.raises(Conflict, match=case_hearing.VISIBLE):
        office.release(case, "Something else.")


def test_without_consent_or_a_line_the_agency_reads_nothing(office: Office) -> None:
    case = office.case()
    with pytest.raises(Conflict, match=case_hearing.NOT_CLASSIFIED):
        office.release(case)
    office.classify(case, may_tell_agency=False)
    with pytest.raises(Conflict, match=case_hearing.NO_CONSENT):
        office.release(case)


def test_consent_that_is_taken_back_in_time_takes_the_summary_back(office: Office) -> None:
    case = office.case()
    office.classify(case)
    office.release(case)
    office.classify(case, may_tell_agency=False)
    office.now = JULY
    assert office.shown() == []
    assert office.row(case)[0].notified_on is None


def test_what_the_agency_has_read_does_not_change(office: Office) -> None:
    case = office.heard()
    for more in ({"may_tell_agency": False}, {"agency": "VN-00022"}):
        with pytest.raises(Invalid):
            office.classify(case, **more)


def test_the_answer_is_sealed_and_given_once(office: Office) -> None:
    case = office.heard()
    with pytest.raises(Conflict, match=case_hearing.ANSWERED):
        office.answer(case)
    assert office.row(case)[0].answered_on == date(2026, 7, 20)
    with db.reading(office.engine) as session:
        said = office.desk.read(session, cases.find(session, "alpha", case))
    assert said[-1] == {"text": "We gave it back."}


def test_an_agency_answers_only_what_it_may_read(office: Office) -> None:
    case = office.case()
    office.classify(case)
    with pytest.raises(NotFound):
        office.answer(case)
    office.release(case)
    with pytest.raises(NotFound):
        office.answer(case)
    office.now = JULY
    with db.reading(office.engine) as session:
        other = case_hearing.agency(session, "alpha", agency_codes.code("VN", 2))
        assert case_hearing.visible(session, other, date(2026, 7, 20)) == []


def test_so_many_workers_share_agency_country_and_month(office: Office) -> None:
    held = [office.case() for _ in range(4)]
    office.classify(held[0])
    office.classify(held[1], workers="3")
    office.classify(held[2], destination="KR")
    line = office.classify(held[3], destination="")
    with db.reading(office.engine) as session:
        assert case_hearing.sharing(session, office.line(held[0])) == 5
        assert case_hearing.sharing(session, line) == 2


def test_questions_and_notes_are_sealed_and_the_worker_is_waited_for(office: Office) -> None:
    case = office.case()

    def talk(session: Session) -> None:
        seal = office.desk.seal(cases.find(session, "alpha", case))
        case_talk.note(session, "alpha", case, "Called back.", seal, office.act())
        case_talk.ask(session, "alpha", case, "When was that?", seal, office.act())

    office.do(talk)
    held = office.row(case)[0]
    assert held.status == "asked"
    with db.reading(office.engine) as session:
        said = office.desk.read(session, cases.find(session, "alpha", case))
    assert [one.get("text") for one in said[1:]] == ["Called back.", "When was that?"]


def test_reports_are_compared_where_the_key_is(office: Office) -> None:
    text = "The recruiter in our commune took the passport of all six of us and laughed."
    held = [
        office.case({"company": company, "happened": text, "day": f"2026-06-1{n}"})
        for n, company in enumerate((world.CODE.lower(), " ví dụ ", "Ví Dụ Hai", "Somebody"))
    ]
    with db.reading(office.engine) as session:
        every = cases.queue(session, "alpha")
        found = {
            one.case: one for one in case_reports.reports(session, every, office.desk.opener())
        }
        agencies = {one.case: one.subject for one in found.values()}
        assert case_reports.reports(session, [], office.desk.opener()) == []
    assert agencies[held[0]] == agencies[held[1]] != agencies[held[2]]
    assert (agencies[held[3]], found[held[3]].day) == ("somebody", date(2026, 6, 13))
    assert len(case_suggestions.pairs(list(found.values()))) == 6


def test_another_association_has_none_of_it(office: Office) -> None:
    case = office.case()
    with db.reading(office.engine) as session:
        with pytest.raises(NotFound):
            cases.find(session, "beta", case)
        assert cases.queue(session, "beta") == []
        assert case_classification.next_number(session, "beta", 2026) == "2026-0001"
        assert session.exec(select(Complaint)).all() == []
