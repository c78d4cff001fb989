"""Each rule of deciding, each deadline, and what a summary may not tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from rankings.models import ComplaintCase
from rankings.usecases import case_deadlines, case_redaction, case_rules, complaints
from rankings.usecases.case_rules import Decision, Facts

TODAY = date(2026, 7, 1)
HEARD = Facts(TODAY, date(2026, 5, 1), date(2026, 5, 31), date(2026, 5, 20))
SILENT = replace(HEARD, answered_on=None)
WAITING = replace(SILENT, today=date(2026, 5, 31))
UNTOLD = Facts(TODAY)
TRUE = Decision("substantiated", "document")
REMEDIED = Decision("remedied", "agency_admits", date(2026, 5, 31))


def refused(decision: Decision, facts: Facts) -> list[tuple[str, str]]:
    return [(one.place, one.remedy) for one in case_rules.problems(decision, facts)]


@pytest.mark.parametrize("facts", [HEARD, SILENT])
@pytest.mark.parametrize("ground", ["document", "verified_call_back", "authority"])
def test_a_complaint_is_substantiated_on_a_ground_once_the_agency_was_heard(
    facts: Facts, ground: str
) -> None:
    assert refused(replace(TRUE, ground=ground), facts) == []


@pytest.mark.parametrize("facts", [WAITING, UNTOLD])
@pytest.mark.parametrize("outcome", ["substantiated", "remedied", "withdrawn_unconfirmed"])
def test_nothing_is_held_against_an_agency_that_was_not_heard(facts: Facts, outcome: str) -> None:
    wanted = Decision(outcome, "document", date(2026, 5, 1))
    assert ("outcome", case_rules.NOT_HEARD) in refused(wanted, facts)


@pytest.mark.parametrize("ground", ["", "a feeling"])
def test_without_a_ground_nothing_is_substantiated(ground: str) -> None:
    assert refused(replace(TRUE, ground=ground), HEARD) == [("ground", case_rules.NO_GROUND)]
    assert ("ground", case_rules.NO_GROUND) in refused(replace(REMEDIED, ground=ground), HEARD)


def test_an_agency_that_said_nothing_has_admitted_nothing() -> None:
    admits = replace(TRUE, ground="agency_admits")
    assert refused(admits, SILENT) == [("ground", case_rules.NO_ANSWER)]
    assert refused(admits, HEARD) == []


def test_two_reporters_need_a_second_true_case_and_the_officers_word() -> None:
    two = replace(TRUE, ground="two_reporters", is_independent=True)
    assert refused(two, HEARD) == [("ground", case_rules.NO_SECOND)]
    assert refused(two, replace(HEARD, has_second=True)) == []
    alone = replace(two, is_independent=False)
    found = refused(alone, replace(HEARD, has_second=True))
    assert found == [("is_independent", case_rules.NOT_INDEPENDENT)]


@pytest.mark.parametrize(
    ("day", "remedy"),
    [
        (date(2026, 5, 31), None),
        (date(2026, 6, 1), case_rules.TOO_LATE),
        (date(2026, 7, 2), case_rules.IN_FUTURE),
        (None, case_rules.NO_DAY),
    ],
)
def test_remedied_is_what_was_put_right_by_the_last_day(
    day: date | None, remedy: str | None
) -> None:
    found = refused(replace(REMEDIED, remedied_on=day), HEARD)
    assert found == ([("remedied_on", remedy)] if remedy else [])


def test_overdue_needs_the_last_day_passed_without_an_answer() -> None:
    overdue = Decision("overdue")
    assert refused(overdue, SILENT) == []
    for facts in (WAITING, HEARD, UNTOLD):
        assert refused(overdue, facts) == [("outcome", case_rules.NOT_DUE)]


def test_withdrawn_needs_the_workers_own_word() -> None:
    withdrawn, confirmed = Decision("withdrawn"), replace(UNTOLD, is_withdrawn=True)
    assert refused(withdrawn, UNTOLD) == [("outcome", case_rules.NOT_CONFIRMED)]
    assert refused(withdrawn, confirmed) == []
    assert refused(replace(withdrawn, called_back=True), UNTOLD) == []


def test_what_the_worker_confirmed_is_not_unconfirmed() -> None:
    unconfirmed = Decision("withdrawn_unconfirmed")
    assert refused(unconfirmed, HEARD) == []
    found = refused(unconfirmed, replace(HEARD, is_withdrawn=True))
    assert found == [("outcome", case_rules.CONFIRMED)]


def test_against_the_workers_wish_only_an_authority_goes_on() -> None:
    left = replace(HEARD, is_withdrawn=True)
    assert refused(TRUE, left) == [("outcome", case_rules.WORKER_LEFT)]
    assert refused(replace(TRUE, ground="authority"), left) == []


def test_what_counts_by_an_authoritys_word_rests_on_it() -> None:
    by_word = replace(HEARD, may_count="authority")
    assert refused(TRUE, by_word) == [("ground", case_rules.NOT_AUTHORITY)]
    assert refused(replace(TRUE, ground="authority"), by_word) == []


def test_a_rejection_needs_a_reason_and_nothing_else() -> None:
    assert refused(Decision("rejected"), UNTOLD) == [("rejection", case_rules.NO_REASON)]
    assert refused(Decision("rejected", rejection="not_true"), UNTOLD) == []


@pytest.mark.parametrize("outcome", ["", "open", "merged", "counted", "substantiated\0"])
def test_nobody_invents_an_outcome(outcome: str) -> None:
    assert refused(Decision(outcome, "document"), HEARD) == [("outcome", case_rules.CHOOSE)]


def test_a_merged_case_never_counts() -> None:
    assert case_rules.MERGED not in complaints.COUNTED
    assert set(complaints.COUNTED) <= set(case_rules.OUTCOMES)


def case(**more: Any) -> ComplaintCase:
    usual: dict[str, Any] = {"status": "received", "received_month": "2026-01"}
    return ComplaintCase(association="alpha", **(usual | more))


@pytest.mark.parametrize(
    ("day", "late"), [(date(2026, 2, 7), []), (date(2026, 2, 8), ["first_look"])]
)
def test_a_first_look_is_late_a_week_after_the_month(day: date, late: list[str]) -> None:
    assert case_deadlines.overdue(case(), day) == late
    assert case_deadlines.overdue(case(status="checking"), day) == []


def test_an_answer_is_late_after_thirty_days_and_a_decision_after_ninety() -> None:
    told = date(2026, 3, 1)
    due = case_deadlines.answer_due(told)
    held = case(status="checking", notified_on=told, answer_due_on=due)
    assert due == date(2026, 3, 31)
    assert case_deadlines.overdue(held, due) == []
    assert case_deadlines.overdue(held, due + timedelta(days=1)) == ["answer"]
    assert case_deadlines.overdue(held, date(2026, 5, 30)) == ["answer"]
    assert case_deadlines.overdue(held, date(2026, 5, 31)) == ["answer", "decision"]
    held.answered_on = due
    assert case_deadlines.overdue(held, date(2026, 5, 31)) == ["decision"]
    held.status = "decided"
    assert case_deadlines.overdue(held, date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 1, 31), date(2026, 2, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_summaries_are_released_on_the_first_of_the_next_month(day: date, first: date) -> None:
    assert case_deadlines.next_month(day) == first


def test_what_is_late_comes_first_then_what_is_old() -> None:
    late, old, new = case(), case(status="checking"), case(received_month="2026-06")
    held = case_deadlines.overdue_first([new, old, late], date(2026, 6, 10))
    assert held == [late, old, new]
    assert case_deadlines.weeks("2026-06", date(2026, 6, 10)) == 1
    assert case_deadlines.weeks("2026-07", date(2026, 6, 30)) == 0


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Call 0912 345 678 in the evening.", ["phone"]),
        ("Call +84 (91) 234-5678.", ["phone"]),
        ("ទូរស័ព្ទ ០១២ ៣៤៥ ៦៧៨", ["phone"]),
        ("ဖုန်း ၀၉ ၇၈၉ ၁၂၃ ၄၅၆", ["phone"]),
        ("電話０９０−１２３４−５６７８", ["phone"]),
        ("Write to lan.nguyen@example.org", ["email"]),
        ("lan (at) example (dot) org", ["email"]),
        ("Passport B1234567 was kept.", ["passport"]),
        ("Passport c 12345678", ["passport"]),
        ("Zalo: lan88", ["address"]),
        ("See https://example.org/x", ["address"]),
        ("My number is 1234 5678 9012 3456.", ["code"]),
        ("ID 012345678901", ["phone"]),
    ],
)
def test_a_summary_tells_no_number_and_no_address(text: str, marks: list[str]) -> None:
    assert set(marks) <= set(case_redaction.found(text))


@pytest.mark.parametrize(
    "text",
    [
        "A worker paid 95,000,000 dong before signing, without a receipt.",
        "95.000.000 đồng và 3.600 USD",
        "Several workers wait since March 2026 for a flight to Japan (36 months).",
        "The fee was 150.50 USD, the wage 12 hours a day, 6 days a week.",
        "ប្រាក់ ៩៥ ០០០ ០០០ រៀល",
        "旅券を会社が保管している。",
    ],
)
def test_sums_and_years_are_no_telephone_numbers(text: str) -> None:
    assert case_redaction.found(text) == []
