"""What each column of a table means, and how a wrong cell is named."""

from datetime import date
from fractions import Fraction

import pytest

from rankings.scoring.record import Answer, Asked, CapEvent, Count, Record
from tests.adapters.tables import problems, record

ONE = Fraction(1)


@pytest.mark.parametrize(
    ("columns", "cells", "answers"),
    [
        ("level", "half", [Answer("half")]),
        ("level,level.self", "half,yes", [Answer("half"), Answer("yes", "self")]),
        ("level,level.document", ",yes", [Answer("yes", "document")]),
        ("level,level.self", "not_answered,yes", []),
        ("level", "not_applicable", []),
        ("level", "disputed", []),
    ],
)
def test_a_level_is_its_option(columns: str, cells: str, answers: list[Answer]) -> None:
    assert [*record(columns, cells).answers.get("level", ())] == answers


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", "12"),
        ("12.5", "12.5"),
        (" 12.5 ", "12.5"),
        ("-0.1", "-0.1"),
        ("+3", "3"),
        ("1e3", "1000"),
        ("25E-1", "2.5"),
        ("0.1000000000000000000000000001", "0.1000000000000000000000000001"),
        ("3.", "3"),
    ],
)
def test_a_number_is_read_exactly(cell: str, value: str) -> None:
    [answer] = record("days", cell).answers["days"]
    assert answer == Answer(Fraction(value))


@pytest.mark.parametrize(
    "cell",
    ["twelve", "1 000", "1'000", "12,5", "0x10", "nan", "inf", "1_000", "1/3", "១២", "１２", "--1"]
    + [".5", "1e100", "9" * 31, "-", "1.2.3", "12 %"],
)
def test_anything_else_is_not_a_number(cell: str) -> None:
    if "," in cell:
        cell = cell.replace(",", "٫")
    [problem] = problems("days", cell)
    assert problem == (
        f"row 2, column days: {cell!r}: "
        "must be a number such as 12.5, without spaces or thousands separators"
    )


def test_interviews_are_good_of_asked() -> None:
    assert record("talks.good,talks.asked", "3,5").interviews == {"talks": Asked(3, 5)}


@pytest.mark.parametrize(
    ("columns", "cells", "counts"),
    [
        ("cases.events", "3", [Count(Fraction(3))]),
        ("cases.events.serious", "2", [Count(Fraction(2), "serious")]),
        ("cases.events.minor.remedied", "1", [Count(ONE, "minor", "remedied")]),
        ("cases.events.minor.proven.1", "1.5", [Count(Fraction("1.5"), "minor", "proven", 1)]),
        ("cases.events,cases.events.serious", "1,", [Count(ONE)]),
        ("cases.events,cases.events.serious", "1,1", [Count(ONE), Count(ONE, "serious")]),
    ],
)
def test_events_are_counted_as_their_column_says(
    columns: str, cells: str, counts: list[Count]
) -> None:
    found = record(f"{columns},cases.exposure", f"{cells},400").events
    assert [*found["cases"].counts] == counts
    assert [*found["cases"].exposure] == [400, 0]


def test_exposure_is_given_per_step() -> None:
    found = record("cases.exposure,cases.exposure.1", "400,300").events["cases"]
    assert [*found.exposure] == [400, 300]
    newest = record("cases.exposure.0,cases.exposure.1", "7,").events["cases"]
    assert [*newest.exposure] == [7, 0]


@pytest.mark.parametrize(
    ("sentence", "columns", "cells", "state", "marks"),
    [
        ("empty is insufficient by default", "level", "", "insufficient_evidence", ["talks"]),
        ("not_answered is not", "level", "not_answered", None, ["talks"]),
        ("an indicator of its own rule is silent", "days", "", None, ["talks"]),
        ("one that does not apply when empty", "", "", None, ["talks"]),
        ("unless it says otherwise", "talks", "not_answered", None, []),
        ("agreed not to apply", "level", "not_applicable", None, ["level", "talks"]),
        ("disputed", "days", "disputed", None, ["days", "talks"]),
        ("interviews can be disputed", "talks", "disputed", None, ["talks"]),
        ("a rate can be disputed", "cases", "disputed", None, ["cases", "talks"]),
        ("a state that is given comes first", "level,state", ",too_new", "too_new", ["talks"]),
        ("a weaker answer is an answer", "level,level.self", ",yes", None, ["talks"]),
    ],
)
def test_an_empty_cell_means_what_the_rubric_says(
    sentence: str, columns: str, cells: str, state: str | None, marks: list[str]
) -> None:
    found = record(columns, cells)
    assert (found.state, sorted(found.marks)) == (state, marks), sentence


@pytest.mark.parametrize(
    ("columns", "cells", "caps"),
    [
        ("cap.K1", "", {}),
        ("cap.K1", "no", {}),
        ("cap.K1", "yes", {"K1": CapEvent()}),
        ("cap.K1", "2026-03-01", {"K1": CapEvent(date(2026, 3, 1))}),
        (
            "cap.K2,cap.K2.met",
            "2026-03-01,2026-04-01",
            {"K2": CapEvent(date(2026, 3, 1), date(2026, 4, 1))},
        ),
        ("cap.K1,cap.K2", "yes,yes", {"K1": CapEvent(), "K2": CapEvent()}),
    ],
)
def test_a_cap_is_none_in_force_or_found_on_a_day(
    columns: str, cells: str, caps: dict[str, CapEvent]
) -> None:
    assert record(columns, cells).caps == caps


def test_the_other_columns_are_facts_or_nothing() -> None:
    names = "months,town,member,interviews,previous_band,name"
    found = record(names, "7.5,Huế,yes,14,good,whatever")
    assert found.facts == {"months": Fraction("7.5"), "town": "Huế", "member": "yes"}
    assert (found.interviewed, found.previous_band) == (14, "good")
    empty = record(names, ",,,,,")
    assert [*empty.answers["level"]] == [Answer("yes")]
    marks = {"talks": "not_applicable"}
    assert empty == Record("one", empty.answers, marks=marks)


@pytest.mark.parametrize(
    ("columns", "cells", "problem"),
    [
        ("level", "maybe", "column level: 'maybe': is not one of no, half, yes"),
        ("level,level.self", "yes,maybe", "column level.self: 'maybe': is not one of no, half"),
        ("days", "not_applicable", "column days: 'not_applicable': the rubric does not allow"),
        ("cases", "not_applicable", "column cases: 'not_applicable': the rubric does not allow"),
        ("talks", "disputted", "column talks: 'disputted': must be empty or one of"),
        ("talks.good,talks.asked", "6,5", "column talks.good: '6': is more than the 5"),
        ("talks.good,talks.asked", "2,", "column talks.good: '2': good and asked go together"),
        ("talks.good,talks.asked", "2,2.5", "column talks.asked: '2.5': must be a whole number"),
        ("talks.good,talks.asked", "-1,2", "column talks.good: '-1': must be a whole number"),
        ("cases.exposure", "-1", "column cases.exposure: '-1': must not be below 0"),
        ("cases.exposure,cases.events", "1,x", "column cases.events: 'x': must be a number"),
        ("extra", "100.1", "column extra: '100.1': must be from 0 to 100"),
        ("cap.K1", "maybe", "column cap.K1: 'maybe': must be a date such as 2026-03-01"),
        ("cap.K1", "2026-02-30", "column cap.K1: '2026-02-30': must be a date"),
        ("cap.K2,cap.K2.met", "yes,soon", "column cap.K2.met: 'soon': must be a date"),
        ("state", "gone", "column state: 'gone': is not a state: insufficient_evidence, too_new"),
        ("previous_band", "best", "column previous_band: 'best': is not a band: good, poor"),
        ("interviews", "-3", "column interviews: '-3': must be a whole number from 0 on"),
        ("months", "old", "column months: 'old': must be a number"),
        ("member", "maybe", "column member: 'maybe': must be yes or no"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(columns: str, cells: str, problem: str) -> None:
    [found] = problems(columns, cells)
    assert found.startswith(f"row 2, {problem}")


def test_every_wrong_cell_of_a_row_is_named() -> None:
    found = problems("level,days,state", "maybe,x,gone")
    assert [line.partition(":")[0] for line in found] == [
        "row 2, column level",
        "row 2, column days",
        "row 2, column state",
    ]
