"""From rows to records: what decides a score, and what never does."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.models import AssessmentCycle
from rankings.scoring.exact import decimal_text
from rankings.scoring.record import DISPUTED, NOT_APPLICABLE, Asked, CapEvent, Events
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.source import read
from rankings.usecases import (
    assessments,
    audits,
    complaints,
    cycles,
    interviews,
    record_values,
    records,
    registry,
)
from tests.scoring import worked
from tests.usecases import world

RUBRIC = read(world.source()).rubric


def card(session: Session, cycle: AssessmentCycle) -> Scorecard:
    return Scorer(RUBRIC).score(world.record(session, cycle), cycle.as_of)


def findings(session: Session, cycle: AssessmentCycle, *rows: Any) -> None:
    assert audits.save_findings(session, cycle, rows, world.NOW).problems == []


def test_the_worked_example_comes_out_of_its_rows(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.fill(session, cycle)
        found = card(session, cycle)
    assert found.points is not None
    assert decimal_text(found.points, 1) == "57.7"
    assert (found.band, found.exact) == (
        "3",
        Scorer(RUBRIC).score(worked.record(), world.AS_OF).exact,
    )


def test_a_record_comes_back_from_its_values(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.fill(session, cycle)
        findings(session, cycle, world.serious())
        findings(session, cycle, world.finding("i5", "1", disputed_on=date(2026, 5, 1)))
        found = world.record(session, cycle, {world.CODE: "4"})
    values = record_values.values(found)
    assert record_values.record(RUBRIC, found.id, values) == found
    assert (found.previous_band, found.marks["i5"]) == ("4", DISPUTED)
    assert found.caps == {"K2": CapEvent(date(2026, 4, 1))}


@pytest.mark.parametrize(
    ("day", "step"),
    [
        ("2026-06-30", 0),
        ("2025-07-01", 0),
        ("2025-06-30", 1),
        ("2024-07-01", 1),
        ("2024-06-30", 2),
        ("2023-06-30", None),
        ("2026-07-01", None),
    ],
)
def test_a_day_lies_in_the_step_that_ends_at_the_cut_off_day(day: str, step: int | None) -> None:
    assert records.step_of(date.fromisoformat(day), world.AS_OF, 3) == step


def test_a_quarter_counts_where_its_last_day_lies(engine: Engine) -> None:
    numbers = [("2026-Q3", 1), ("2026-Q2", 10), ("2025-Q2", 100), ("2023-Q3", 1000)]
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        registry.save_deployments(session, cycle, world.deployments(*numbers), world.NOW)
        found = world.record(session, cycle)
    assert list(map(int, found.events["c1"].exposure)) == [10, 100, 1000]
    assert found.facts["workers_24_months"] == 110


@pytest.mark.parametrize(
    ("heard", "may", "outcome"),
    [
        *product(("yes", "no"), ("worker", "authority", None), ("substantiated", "rejected")),
        ("yes", "worker", "overdue"),
        ("yes", "authority", "withdrawn"),
    ],
)
def test_a_case_counts_only_when_decided_heard_and_agreed(
    engine: Engine, heard: str, may: str | None, outcome: str
) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        case = world.complaint("1", agency_heard=heard, may_count=may, outcome=outcome)
        complaints.save_complaints(session, cycle, [case], world.NOW)
        found = world.record(session, cycle)
    counts = heard == "yes" and may is not None and outcome in complaints.COUNTED
    assert len(found.events["c1"].counts) == counts


def test_open_cases_move_nothing(engine: Engine) -> None:
    opened = {"outcome": "open", "decided_on": None, "may_count": None, "agency_heard": None}
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.fill(session, cycle)
        before = world.record(session, cycle)
        fakes = [world.complaint(f"F{n}", **opened) for n in range(500)]
        assert complaints.save_complaints(session, cycle, fakes, world.NOW).new == 500
        assert world.record(session, cycle) == before


def test_a_decision_after_the_cut_off_day_does_not_count_yet(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        late = world.complaint("1", decided_on=date(2026, 7, 1))
        complaints.save_complaints(session, cycle, [late], world.NOW)
        assert world.record(session, cycle).events["c1"].counts == []


def test_workers_whom_the_agency_chose_carry_no_weight(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        theirs = [world.interview(n, by="agency", v1="yes", v2="yes") for n in range(20)]
        ours = [world.interview(100 + n, v1="no", v2="no") for n in range(6)]
        interviews.save_interviews(session, cycle, [*theirs, *ours], world.NOW)
        found = world.record(session, cycle)
    assert found.interviews == {"v1": Asked(0, 6), "v2": Asked(0, 6)}
    assert found.interviewed == 6


def test_so_few_workers_that_they_could_be_recognised_are_neither_counted_nor_kept(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        few = [world.interview(n, v2="no") for n in range(4)]
        interviews.save_interviews(session, cycle, few, world.NOW)
        found = world.record(session, cycle)
    assert found.interviews == {}
    assert found.interviewed == 0


@pytest.mark.parametrize(
    ("signed", "state"),
    [
        (date(2026, 1, 1), None),
        (date(2026, 1, 2), "not_participating"),
        (None, "not_participating"),
    ],
)
def test_taking_part_is_decided_by_the_day_the_cycle_opened(
    engine: Engine, signed: date | None, state: str | None
) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle, world.agency(code_signed_on=signed))
        assert world.record(session, cycle).state == state


def test_silence_is_a_fact(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        assert world.record(session, cycle).facts["returned"] == "no"
        assessments.save_self_assessments(session, cycle, [world.answer("i1", "0")], world.NOW)
        assert world.record(session, cycle).facts["returned"] == "yes"


def test_a_claim_that_something_does_not_apply_needs_a_finding(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        claim = [world.answer("i3", "not_applicable")]
        assessments.save_self_assessments(session, cycle, claim, world.NOW)
        alone = world.record(session, cycle)
        findings(session, cycle, world.finding("i3", "not_applicable", evidence="document"))
        agreed = world.record(session, cycle)
        findings(session, cycle, world.finding("i3", "1"))
        visited = world.record(session, cycle)
    assert (alone.answers.get("i3"), alone.marks) == (None, {})
    assert agreed.marks == {"i3": NOT_APPLICABLE}
    assert visited.marks == {}
    assert [one.value for one in visited.answers["i3"]] == ["1"]


def test_a_disputed_finding_is_out_until_it_is_decided(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        disputed = world.finding("i1", "1", disputed_on=date(2026, 5, 1))
        findings(session, cycle, disputed)
        assert world.record(session, cycle).marks == {"i1": DISPUTED}
        decided = {**disputed.values, "decided_on": date(2026, 7, 9)}
        findings(session, cycle, replace(disputed, values=decided))
        assert world.record(session, cycle).marks == {}


def test_findings_of_an_earlier_cycle_count_and_are_marked_as_such(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.cycle(session)
        opened = datetime(2025, 1, 1, tzinfo=UTC)
        earlier = world.open_cycle(session, "alpha", "2025", date(2025, 6, 30), opened)
        cycle = cycles.find(session, "alpha", "2026")
        world.register(session, cycle)
        findings(session, earlier, world.finding("i1", "4", found_on=date(2025, 3, 1)))
        (found,) = world.record(session, cycle).answers["i1"]
        before = world.record(session, earlier).answers["i1"][0]
    assert (found.value, found.this_cycle, found.given_on) == ("4", False, date(2025, 3, 1))
    assert before.this_cycle


def test_of_several_findings_behind_a_cap_the_one_that_limits_most_counts(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        findings(
            session,
            cycle,
            world.serious(found_on=date(2024, 1, 1)),
            world.serious(found_on=date(2025, 9, 1)),
            world.serious(found_on=date(2026, 2, 1), put_right_on=date(2026, 3, 1)),
        )
        assert world.record(session, cycle).caps == {"K2": CapEvent(date(2025, 9, 1))}


@pytest.mark.parametrize(
    ("states", "until", "state"),
    [
        ([("2015-05-01", "valid")], None, None),
        ([("2015-05-01", "valid"), ("2026-07-01", "revoked")], None, None),
        ([("2015-05-01", "valid"), ("2026-06-30", "revoked")], None, "not_eligible"),
        ([("2015-05-01", "valid")], "2026-06-29", "not_eligible"),
        ([("2015-05-01", "valid")], "2026-06-30", None),
        ([("2026-08-01", "suspended")], None, None),
    ],
)
def test_the_licence_counts_as_it_stood_on_the_cut_off_day(
    engine: Engine, states: list[tuple[str, str]], until: str | None, state: str | None
) -> None:
    day = date.fromisoformat
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        for since, word in states:
            row = world.agency(
                licence_state=word,
                licence_state_since=day(since),
                licence_valid_until=until and day(until),
            )
            assert world.register(session, cycle, row).problems == []
        sent = world.deployments(("2026-Q1", 500))
        registry.save_deployments(session, cycle, sent, world.NOW)
        found = card(session, cycle)
    assert found.state == (state or "rated")


def test_an_agency_licensed_after_the_cut_off_day_is_not_listed(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle, world.agency(licensed_on=date(2026, 7, 1)))
        assert list(records.listed(session, cycle, RUBRIC, {})) == []


def test_agencies_without_any_row_have_an_empty_record(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = world.cycle(session)
        world.register(session, cycle)
        found = world.record(session, cycle)
    assert not any([found.answers, found.interviews, found.marks, found.caps])
    assert found.events == {"c1": Events([], [Fraction(0)] * 3)}
