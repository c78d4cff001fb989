"""Whom to visit next: reasons with numbers, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from rankings import db
from rankings.importing import SAVE
from rankings.models import LicenceState
from rankings.usecases import sampling
from rankings.usecases.sampling import Facts, Proposal, reasons
from tests.usecases import offices, world
from tests.usecases.offices import DURING, TODAY, Office, cycle

# Licensed long ago, visited last month, as good as it gets.
STANDING: dict[str, Any] = {"unaudited": 1, "licensed": 120}


def told(**more: Any) -> list[tuple[str, int]]:
    return [(one.code, one.points) for one in reasons(Facts(**(STANDING | more)))]


def upheld(weight: int, usual: int, grave: int = 0) -> dict[str, Any]:
    told = {"weight": Fraction(weight), "usual": Fraction(usual)}
    return {"upheld": 1, "complaints": 1, "grave": grave, **told}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        # Three of six claims stand a level or more above what was found: half of 30.
        ({"gaps": [1, 2, 1, 0, 0, -1]}, [("claims", 15)]),
        ({"gaps": [1, 0, 0, 0, 0]}, [("claims", 6)]),
        ({"gaps": [1, 0, 0, 0, 0, 0]}, []),
        ({"gaps": [1, 1, 1, 1]}, []),
        ({"gaps": [-1] * 9}, []),
        # Three expected and none there; two would be chance too often.
        ({"expected": Fraction(3)}, [("silence", 20)]),
        ({"expected": Fraction(299, 100)}, []),
        ({"expected": Fraction(9), "complaints": 1}, []),
        ({"unaudited": 11}, []),
        ({"unaudited": 12}, [("unaudited", 12)]),
        ({"unaudited": 40}, [("unaudited", 25)]),
        ({"unaudited": None}, [("unaudited", 25)]),
        ({"licensed": 11}, [("new", 10)]),
        ({"licensed": 12}, []),
        ({"reversals": 2}, [("reversal", 15)]),
        # As much as expected is no reason; once, twice, and three times as much again are.
        (upheld(4, usual=4), []),
        (upheld(8, usual=4), [("complaint", 20)]),
        (upheld(9, usual=4), [("complaint", 25)]),
        (upheld(12, usual=4), [("complaint", 40)]),
        (upheld(90, usual=4), [("complaint", 40)]),
        (upheld(3, usual=4), []),
        (upheld(1, usual=0), [("complaint", 40)]),
        # However large the agency is.
        (upheld(10, usual=400, grave=1), [("complaint", 40)]),
        (
            upheld(12, usual=4) | {"unaudited": None, "gaps": [2] * 5},
            [("complaint", 40), ("claims", 30), ("unaudited", 25)],
        ),
    ],
)
def test_the_points_by_hand(facts: dict[str, Any], expected: list[tuple[str, int]]) -> None:
    assert told(**facts) == expected


def test_the_numbers_are_said() -> None:
    (one,) = reasons(Facts(gaps=[1, 2, 1, 0, 0, -1], **STANDING))
    assert one.numbers == {"higher": 3, "compared": 6, "gap": Fraction(1, 2)}


FACTS = st.builds(
    Facts,
    gaps=st.lists(st.integers(-4, 4), max_size=12),
    complaints=st.integers(0, 5),
    expected=st.fractions(0, 50),
    upheld=st.integers(0, 5),
    weight=st.fractions(0, 50),
    usual=st.fractions(0, 50),
    grave=st.integers(0, 2),
    unaudited=st.none() | st.integers(0, 90),
    licensed=st.integers(0, 400),
    reversals=st.integers(0, 3),
)


@given(FACTS)
@settings(max_examples=200, deadline=None)
def test_points_stay_within_the_weights_and_the_heaviest_comes_first(facts: Facts) -> None:
    found = reasons(facts)
    assert all(0 < one.points <= sampling.WEIGHTS[one.code] for one in found)
    assert [one.points for one in found] == sorted((one.points for one in found), reverse=True)


@given(FACTS)
@settings(max_examples=200, deadline=None)
def test_a_grave_complaint_always_brings_an_agency_up(facts: Facts) -> None:
    """No grade, visit, size or age exempts: whoever had none before has forty points more."""
    none: dict[str, Any] = {"upheld": 0, "weight": Fraction(0), "grave": 0}
    before = replace(facts, **none, complaints=max(facts.complaints, 1))
    after = replace(before, upheld=1, weight=Fraction(10), grave=1)
    points = [sum(one.points for one in reasons(one)) for one in (before, after)]
    assert points[1] == points[0] + sampling.WEIGHTS["complaint"]


@given(FACTS, st.fractions(0, 50))
@settings(max_examples=200, deadline=None)
def test_more_severity_never_means_fewer_points(facts: Facts, more: Fraction) -> None:
    after = replace(facts, weight=facts.weight + more)
    points = [sum(one.points for one in reasons(one)) for one in (facts, after)]
    assert points[1] >= points[0]


@pytest.fixture
def office(engine: Engine) -> Office:
    return offices.office(engine)


def take(office: Office, kind: str, *rows: Any) -> None:
    with db.transaction(office.engine) as session:
        assert SAVE[kind](session, cycle(session), list(rows), DURING).problems == []


def proposed(office: Office, day: date = TODAY) -> dict[str, Proposal]:
    found = office.ask(lambda session: sampling.proposed(session, cycle(session), day))
    return {one.agency.code: one for one in found}


def codes(one: Proposal) -> dict[str, int]:
    return {reason.code: reason.points for reason in one.reasons}


def visited(number: int, day: date) -> list[Any]:
    return [world.finding("i1", "3", agency=f"L-{number}", found_on=day)]


def test_from_rows_the_strongest_reason_comes_first(office: Office) -> None:
    """The first has claims above findings, the second is large and silent, the third quiet."""
    day = date(2026, 2, 1)
    for number in (1, 2, 3):
        take(office, "findings", *visited(number, day))
    more = [world.finding(f"i{n}", "1", found_on=day) for n in range(2, 6)]
    take(office, "findings", *more)
    take(office, "self-assessments", *(world.answer(f"i{n}", "4") for n in range(1, 6)))
    # At most 10 of weight per 1,000 workers, and the gravest weighs 10: 3,000 workers, 3 cases.
    take(office, "deployments", *world.deployments(("2025-Q3", 3_000), agency="L-2"))
    found = proposed(office)
    assert list(found) == [offices.agency(0), offices.agency(3), offices.agency(1)]
    assert codes(found[offices.agency(0)]) == {"claims": 30}
    assert found[offices.agency(0)].reasons[0].numbers["gap"] == Fraction(13, 5)
    assert codes(found[offices.agency(3)]) == {"unaudited": 25}
    assert codes(found[offices.agency(1)]) == {"silence": 20}


def test_one_complaint_of_any_state_ends_the_silence(office: Office) -> None:
    take(office, "findings", *visited(2, date(2026, 2, 1)))
    take(office, "deployments", *world.deployments(("2025-Q3", 5_000), agency="L-2"))
    assert codes(proposed(office)[offices.agency(1)]) == {"silence": 20}
    open_case = {"outcome": "open", "decided_on": None, "may_count": None, "agency_heard": None}
    take(office, "complaints", world.complaint("1", agency="L-2", **open_case))
    assert offices.agency(1) not in proposed(office)


def test_complaints_count_against_what_the_size_lets_expect(office: Office) -> None:
    """10 of weight per 1,000 workers, so 3 for 300: a moderate one (3) is usual, two are twice it.

    With the minor one there is 7 of weight: 20 x (7/3 - 1) = 26.7.
    """
    take(office, "findings", *visited(1, date(2026, 1, 15)))
    take(office, "deployments", *world.deployments(("2025-Q3", 300)))
    take(office, "complaints", world.complaint("1"))
    assert offices.agency(0) not in proposed(office)
    take(office, "complaints", world.complaint("1"), world.complaint("2"))
    assert codes(proposed(office)[offices.agency(0)]) == {"complaint": 20}
    old = world.complaint("4", received_on=date(2024, 1, 5), decided_on=date(2024, 6, 1))
    more = [world.complaint("3", severity="minor"), old]
    take(office, "complaints", world.complaint("1"), world.complaint("2"), *more)
    found = proposed(office)[offices.agency(0)]
    assert codes(found) == {"complaint": 26}
    assert found.reasons[0].numbers == {"cases": 3, "weight": 7, "expected": 3}


def test_silence_is_measured_with_the_usual_weight_of_a_complaint(office: Office) -> None:
    """20 minor complaints elsewhere: 300 workers let expect 3 of weight 1."""
    take(office, "findings", *visited(2, date(2026, 2, 1)))
    take(office, "deployments", *world.deployments(("2025-Q3", 300), agency="L-2"))
    assert offices.agency(1) not in proposed(office)
    minor = [world.complaint(str(n), severity="minor", agency="L-3") for n in range(20)]
    take(office, "complaints", *minor)
    assert codes(proposed(office)[offices.agency(1)]) == {"silence": 20}


def test_a_grave_complaint_brings_the_best_agency_up_at_once(office: Office) -> None:
    take(office, "findings", *visited(1, date(2026, 1, 15)))
    take(office, "deployments", *world.deployments(("2025-Q3", 9_000)))
    take(office, "complaints", world.complaint("0", severity="minor"))
    assert offices.agency(0) not in proposed(office)
    take(office, "complaints", world.complaint("1", severity="serious"))
    found = proposed(office)
    assert next(iter(found)) == offices.agency(0)
    assert codes(found[offices.agency(0)]) == {"complaint": 40}
    assert offices.agency(0) not in proposed(office, date(2026, 1, 31))


def test_whoever_has_a_visit_in_the_cycle_or_no_licence_is_not_proposed(office: Office) -> None:
    office.audit(0)
    office.audit(1, evidence="document")

    def revoke(session: Any) -> None:
        row: dict[str, Any] = {"association": "alpha", "agency": office.agencies[2]}
        session.add(LicenceState(**row, since=date(2026, 1, 1), state="revoked"))

    office.do(revoke)
    assert sorted(proposed(office)) == [offices.agency(1), offices.agency(3)]


def test_a_reversed_state_of_a_licence_is_a_reason(office: Office) -> None:
    take(office, "findings", *visited(1, date(2026, 2, 1)))

    def reverse(session: Any) -> None:
        row: dict[str, Any] = {"association": "alpha", "agency": office.agencies[0]}
        when: dict[str, Any] = {"since": date(2025, 6, 1), "reversed_on": date(2025, 9, 1)}
        session.add(LicenceState(**row, **when, state="suspended"))

    office.do(reverse)
    assert codes(proposed(office)[offices.agency(0)]) == {"reversal": 15}


@pytest.mark.parametrize("is_closed", [True, False])
def test_what_an_open_audit_found_is_not_known_yet(office: Office, is_closed: bool) -> None:
    """Neither as a visit nor for the comparison of claims."""
    take(office, "self-assessments", *(world.answer(f"i{n}", "4") for n in range(1, 6)))
    audit = office.audit(0, evidence="document", closed_at=DURING if is_closed else None)
    for number in range(1, 6):
        office.finding(audit, "1", f"i{number}")
    expected = {"unaudited": 25} | ({"claims": 30} if is_closed else {})
    assert codes(proposed(office)[offices.agency(0)]) == expected
