"""Interviews entered one by one: both confirmations, no words, one's own, and few tell nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, Invalid, NotAllowed, NotFound
from rankings.models import Interview, JournalDetail, JournalEntry
from rankings.scoring.record import Asked
from rankings.usecases import interview_entry, interviews, self_assessments
from rankings.usecases.interview_entry import Clash, Taken
from tests.usecases import world
from tests.usecases.interviewing import asker, drawn, entered, entry, numbers, place


def test_a_drawn_worker_counts_and_one_named_by_the_agency_does_not(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        for number in numbers(drawn(session, where, act))[:5]:
            entered(session, where, act, number, answers={"v1": "no", "v2": "no"})
        for other in range(20):
            entered(session, where, act, f"X-{other}", by_agency=True)
        record = world.record(session, where[0])
    assert record.interviews == {"v1": Asked(0, 5), "v2": Asked(0, 5)}
    assert record.interviewed == 5


def test_four_answers_reach_no_record(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        for number in numbers(drawn(session, where, act))[:4]:
            entered(session, where, act, number)
        record = world.record(session, where[0])
        held = interview_entry.of(session, where[0], where[1].id)
        after = replace(act, now=world.NOW)
        assert interview_entry.tallies(session, where[0], held, after) == {}
    assert "v2" not in record.interviews
    assert record.interviewed == 0


def test_counts_are_told_after_the_cut_off_day_only(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        for number in numbers(drawn(session, where, act))[:5]:
            entered(session, where, act, number)
        held = interview_entry.of(session, where[0], where[1].id)
        assert interview_entry.tallies(session, where[0], held, act) == {}
        told = interview_entry.tallies(session, where[0], held, replace(act, now=world.NOW))
    assert told == {"v1": (5, 5), "v2": (5, 5)}


WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({"agreed": False}, {"agreed"}),
    ({"alone": False}, {"alone"}),
    ({"worker": "at home"}, {"worker"}),
    ({"interviewed_on": "2026-02-30"}, {"interviewed_on"}),
    ({"interviewed_on": "2025-12-31"}, {"interviewed_on"}),
    ({"interviewed_on": "2026-03-02"}, {"interviewed_on"}),
    ({"answers": {"v1": "yes"}}, {"v2"}),
    ({"answers": {"v1": "unknown", "v2": "unknown"}}, {"answers"}),
    ({"answers": {"v1": "yes", "v2": "She said it was fine."}}, {"v2"}),
    ({"by_agency": True}, {"by_agency"}),
]


def test_what_is_missing_or_wrong_is_named(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        number = numbers(drawn(session, where, act))[0]
        for change, places in WRONG:
            with pytest.raises(Invalid) as refused:
                entered(session, where, act, number, **change)
            assert {one.place for one in refused.value.problems} == places
        assert interview_entry.of(session, where[0], where[1].id) == []


def test_a_number_that_was_not_drawn_is_asked_about(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        drawn(session, where, act)
        for number in ("", "Chị Ví Dụ", "D-99", "x" * 21, "../1"):
            with pytest.raises(Invalid) as refused:
                entered(session, where, act, number)
            assert [one.place for one in refused.value.problems] == ["number"]


def test_the_same_form_twice_is_one_interview_and_another_one_is_refused(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act, other = place(session), asker(session), asker(session, "mai")
        number = numbers(drawn(session, where, act))[0]
        entered(session, where, act, number)
        entered(session, where, act, number)
        with pytest.raises(Taken):
            entered(session, where, act, number, answers={"v1": "no", "v2": "yes"})
        with pytest.raises(Taken):
            entered(session, where, other, number)
        assert len(interview_entry.of(session, where[0], where[1].id)) == 1


def test_ones_own_interview_is_corrected_and_nobody_elses(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act, other = place(session), asker(session), asker(session, "mai", "lead_auditor")
        number = numbers(drawn(session, where, act))[0]
        seen = interview_entry.token(entered(session, where, act, number))
        changed = entry(number, answers={"v1": "no", "v2": "unknown"}, seen=seen)
        assert interview_entry.correct(session, *where, changed, act)
        assert not interview_entry.correct(session, *where, changed, act)
        assert interview_entry.find(session, *where, number).answers == {"v1": "no"}
        with pytest.raises(Clash):
            interview_entry.correct(session, *where, entry(number, seen=seen), act)
        with pytest.raises(NotAllowed):
            interview_entry.correct(session, *where, changed, other)
        with pytest.raises(Conflict, match="cut-off day"):
            interview_entry.correct(session, *where, changed, replace(act, now=world.NOW))
        with pytest.raises(NotFound):
            interview_entry.correct(session, *where, entry("D-0"), act)


def test_answers_are_for_who_entered_them_and_for_a_lead_auditor(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        lead, office = asker(session, "mai", "lead_auditor"), asker(session, "tam", "secretariat")
        held = entered(session, where, act, numbers(drawn(session, where, act))[0])
        readers = [
            interview_entry.may_read(session, held, one.account) for one in (act, lead, office)
        ]
        assert readers == [True, True, False]
        assert not interview_entry.may_read(session, held, None)


def test_the_journal_tells_that_somebody_was_asked_and_never_an_answer(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        number = numbers(drawn(session, where, act))[0]
        entered(session, where, act, number)
        found = session.exec(
            select(JournalEntry).where(JournalEntry.action == "entered an interview")
        ).one()
        told = session.get_one(JournalDetail, (found.association, found.id)).details
    assert found.about == f"2026 {world.CODE}"
    assert set(told) == {"interview", "chosen_by", "answers", "agreed", "alone"}
    assert told["answers"] == 2


def test_a_file_does_not_overwrite_what_a_person_entered(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        number = numbers(drawn(session, where, act))[0]
        entered(session, where, act, number)
        row: dict[str, Any] = {"interview": number, "agency": world.LICENCE, "v2": "yes"}
        row |= {"worker": "returned", "chosen_by": "association"}
        row |= {"interviewed_on": date.fromisoformat(entry(number).interviewed_on)}
        same, other = world.given(**row, v1="yes"), world.given(**row, v1="no")
        assert interviews.save_interviews(session, where[0], [same], world.NOW).same == 1
        refused = interviews.save_interviews(session, where[0], [other], world.NOW)
    assert "was entered in the browser" in refused.problems[0].remedy


def test_agencies_with_equal_numbers_in_their_lists_do_not_meet(engine: Engine) -> None:
    with db.transaction(engine) as session:
        where, act = place(session), asker(session)
        world.register(session, where[0], world.agency(licence_number="L-2"))
        other = self_assessments.find(session, "alpha", "2026", "VN-00020")
        for one in (where, other):
            drawn(session, one, act, many=40)
            entered(session, one, act, "D-7")
        stored = session.exec(select(Interview.number)).all()
    assert sorted(stored) == ["VN-00011/D-7", "VN-00020/D-7"]
