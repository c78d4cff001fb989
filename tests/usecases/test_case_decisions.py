"""How a case ends: by the rules, in another case, or again open."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from rankings import db
from rankings.errors import Conflict, Invalid
from rankings.usecases import (
    case_decisions,
    case_rules,
    cases,
    complaints,
    conflicts,
)
from tests.usecases import case_office
from tests.usecases.case_office import JULY, SEPTEMBER, Office, assign, tie


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    return case_office.office(engine, tmp_path)


def test_a_tie_that_came_later_stops_the_decision(office: Office) -> None:
    case = office.heard()
    tie(office, "officer")
    with pytest.raises(Conflict, match=conflicts.WHY):
        office.decide(case, "substantiated", "document")


def test_a_decided_case_counts_if_the_worker_agreed(office: Office) -> None:
    for may_count, counts in (("worker", True), ("", False)):
        case = office.heard(may_count=may_count)
        office.decide(case, "substantiated", "document")
        line = office.line(case)
        assert (line.outcome, line.agency_heard, line.ground) == ("substantiated", True, "document")
        assert line.decided_on == date(2026, 7, 20)
        assert complaints.counts(line) is counts
        assert office.row(case)[0].status == "decided"


def test_a_silent_agency_is_overdue_after_its_last_day(office: Office) -> None:
    case = office.case()
    office.classify(case)
    office.release(case)
    office.now = JULY
    with pytest.raises(Invalid):
        office.decide(case, "overdue")
    office.now = SEPTEMBER
    office.decide(case, "overdue")
    assert complaints.counts(office.line(case))


def test_a_refused_decision_changes_nothing(office: Office) -> None:
    case = office.case()
    office.classify(case)
    before = office.row(case)
    for outcome, ground in (("substantiated", "document"), ("overdue", ""), ("rejected", "")):
        with pytest.raises(Invalid):
            office.decide(case, outcome, ground)
    assert office.row(case) == before
    assert office.entries("decided a complaint") == []


def test_a_decision_is_final_until_the_secretariat_opens_the_case_again(office: Office) -> None:
    case = office.heard()
    office.decide(case, "rejected", rejection="not_true")
    for change in (
        lambda: office.decide(case, "substantiated", "document"),
        lambda: office.classify(case),
        lambda: office.release(case),
        lambda: assign(office, case, "second"),
    ):
        with pytest.raises(Conflict, match=cases.DONE):
            change()
    by = office.act("secretariat")
    with pytest.raises(Invalid):
        office.do(lambda session: cases.reopen(session, "alpha", case, "", by))
    office.do(lambda session: cases.reopen(session, "alpha", case, "new_evidence", by))
    assert (office.line(case).outcome, office.line(case).decided_on) == ("open", None)
    office.decide(case, "substantiated", "document")
    assert office.line(case).outcome == "substantiated"


def test_a_case_about_no_agency_ends_without_a_line(office: Office) -> None:
    case = office.case()
    with pytest.raises(Invalid):
        office.decide(case, "substantiated", "document")
    office.decide(case, "rejected", rejection="not_this_agency")
    held, line = office.row(case)
    assert (held.status, line) == ("closed", None)


def test_two_reporters_stand_by_each_other_once_one_is_verified(office: Office) -> None:
    first, second = office.heard(), office.heard()
    two: dict[str, Any] = {"ground": "two_reporters", "is_independent": True}
    with pytest.raises(Invalid, match=case_rules.NO_SECOND):
        office.decide(second, "substantiated", **two)
    office.decide(first, "substantiated", "verified_call_back")
    office.decide(second, "substantiated", **two)
    third = office.heard(category="wages")
    with pytest.raises(Invalid, match=case_rules.NO_SECOND):
        office.decide(third, "substantiated", **two)


def test_a_call_back_confirms_a_withdrawal(office: Office) -> None:
    case = office.case()
    office.classify(case)
    office.decide(case, "withdrawn", called_back=True)
    held, line = office.row(case)
    assert held.is_withdrawn
    assert line
    assert not complaints.counts(line)


def test_merging_keeps_everything_readable_and_counts_once(office: Office) -> None:
    first, second = office.heard(), office.heard()
    office.merge(second, first, "another_worker")
    held, line = office.row(second)
    assert (held.status, held.merged_into, held.number) == ("closed", first, "2026-0002")
    assert line
    assert (line.outcome, complaints.counts(line)) == (case_rules.MERGED, False)
    assert office.line(first).workers_affected == 4
    with db.reading(office.engine) as session:
        (found,) = cases.merged(session, cases.find(session, "alpha", first))
        assert office.desk.read(session, found)[0]["happened"] == "They kept my passport."
    assign(office, first, "second")
    assert office.row(second)[0].officer == office.people["second"]


def test_the_same_worker_is_not_added_up(office: Office) -> None:
    first, second = office.heard(), office.case()
    office.merge(second, first)
    assert office.line(first).workers_affected == 2
    assert office.row(second)[1] is None


def test_only_two_open_cases_of_the_same_officer_are_merged(office: Office) -> None:
    first, second, theirs = office.heard(), office.case(), office.case(officer="second")
    with pytest.raises(Conflict, match=case_decisions.NOT_YOURS):
        office.merge(theirs, first)
    with pytest.raises(Conflict, match=case_decisions.NOT_YOURS):
        office.merge(first, theirs)
    with pytest.raises(Conflict, match=case_decisions.ITSELF):
        office.merge(first, first)
    with pytest.raises(Invalid):
        office.merge(second, first, "somebody")
    office.merge(second, first)
    with pytest.raises(Conflict, match=cases.DONE):
        office.merge(first, second)
