"""What lifts an agency one band is asked of the engine itself."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from rankings.canonical import canonical
from rankings.scoring.lift import Action, Lift, lift_now, values
from rankings.scoring.parse import parse
from rankings.scoring.record import DISPUTED, Answer, Asked, CapEvent, Record
from rankings.scoring.score import Scorer
from tests.scoring.builders import DAY
from tests.scoring.lifting import WORKED, carried_out, lifted, planned
from tests.scoring.worked import document, record


def test_the_worked_example_reaches_band_4_with_two_actions() -> None:
    card, found = lifted(record())
    assert found == Lift(
        band="4",
        missing=133,
        blockers=(),
        plan=(Action("i5", "4", "document", 75), Action("i1", "4", "audit", 62)),
        points=714,
    )
    assert card.points == Fraction("57.7")
    assert sum(one.gain for one in found.plan or ()) == 714 - 577


def test_within_the_cycle_the_band_before_decides_on_the_buffer() -> None:
    given = record()
    found = lift_now(WORKED, given, WORKED.score(given, DAY), DAY)
    assert found is not None
    assert found.missing == 123
    stands = replace(given, previous_band="4")
    found = lift_now(WORKED, stands, WORKED.score(stands, DAY), DAY)
    assert found is not None
    assert found.missing == 113


def test_a_plan_is_plain_values() -> None:
    capped = record(caps={"K2": CapEvent(date(2026, 3, 31))})
    found = planned(capped)
    assert values(WORKED.rubric, found) == {
        "band": "3",
        "missing": 0,
        "blockers": [
            {"kind": "cap", "code": "K2", "of": None, "wanted": None, "there": None}
            | {"until": "2027-03-31"}
        ],
        "plan": [],
        "points": 577,
    }
    assert canonical(values(WORKED.rubric, planned(record())))


def test_a_cap_without_a_day_ends_when_something_happens() -> None:
    [blocker] = planned(record(caps={"K2": CapEvent()})).blockers
    assert (blocker.code, blocker.until) == ("K2", None)


def test_a_condition_cap_is_taken_away_as_well() -> None:
    fields = [{"id": "returned", "type": "text"}]
    cap = {"id": "K9", "when": {"of": "returned", "is": "no"}, "ceiling": "2"}
    scorer = Scorer(parse(document() | {"fields": fields, "caps": [cap]}))
    found = planned(record(facts={"returned": "no"}), scorer)
    assert [(one.code, one.until) for one in found.blockers] == [("K9", None)]
    assert (found.band, found.plan) == ("3", ())


def test_with_over_claiming_there_is_no_plan_in_this_cycle() -> None:
    levels = [one.id for one in WORKED.rubric.indicators if one.type == "level"]
    answers = {code: [Answer("4", "self"), Answer("2")] for code in levels}
    card, found = lifted(record(answers=answers, marks={}))
    assert card.overclaimed
    assert found is not None
    assert [one.kind for one in found.blockers if one.kind != "condition"] == ["overclaim"]
    assert (found.plan, found.points) == (None, None)


def test_a_part_that_the_agency_cannot_mend_leaves_no_plan() -> None:
    voices = {"v1": Asked(0, 30), "v2": Asked(0, 30)}
    found = planned(record(interviews=voices))
    assert [(one.code, one.of) for one in found.blockers] == [("pillars_at_least", "voice")]
    assert found.plan is None


def test_a_part_that_is_too_low_is_mended_first() -> None:
    voices = {"v1": Asked(30, 30), "v2": Asked(30, 30)}
    poor = record(answers={"i1": [Answer("2", "self")]}, interviews=voices, events={})
    found = planned(poor)
    assert [(one.code, one.of) for one in found.blockers] == [
        ("pillars_at_least", "conduct"),
        ("confidence_at_least", None),
    ]
    assert found.plan
    after = WORKED.score(carried_out(WORKED, poor, found), DAY)
    conduct = after.workings.value(WORKED.tree.places["conduct"]) if after.workings else None
    assert (conduct or 0) >= 40


def test_too_few_interviews_stand_in_the_way_and_are_waited_for() -> None:
    voices = {"v1": Asked(9, 10), "v2": Asked(8, 10)}
    found = planned(record(interviews=voices))
    short = [(one.code, one.wanted, one.there) for one in found.blockers]
    assert short == [("interviews_at_least", Fraction(12), Fraction(10))]
    assert found.plan


def test_where_only_confidence_is_short_one_answer_is_checked_as_it_is() -> None:
    bands = [{"id": "sure", "at_least": 50, "confidence_at_least": 55}, {"id": "1", "at_least": 0}]
    scorer = Scorer(parse(document() | {"bands": bands, "caps": [], "evidence": _evidence()}))
    answers = {code: [Answer("4", "self")] for code in ("i1", "i2", "i4", "i5")}
    card, found = lifted(record(answers=answers), scorer)
    assert card.band == "1"
    assert found is not None
    assert [one.code for one in found.blockers] == ["confidence_at_least"]
    assert [(one.indicator, one.to, one.grade) for one in found.plan or ()] == [
        ("i1", "4", "document")
    ]


def _evidence() -> dict[str, object]:
    evidence = document()["evidence"]
    assert isinstance(evidence, dict)
    return {key: value for key, value in evidence.items() if key != "overclaim"}


def test_what_is_not_the_agencys_to_claim_is_in_no_plan() -> None:
    given = record(marks={"i3": DISPUTED, "i5": DISPUTED})
    found = planned(replace(given, marks={"i3": "not_applicable", "i5": DISPUTED}))
    assert not {one.indicator for one in found.plan or ()} & {"i3", "i5", "v1", "v2", "c1"}


def test_at_the_best_band_and_without_a_rating_there_is_nothing_to_say() -> None:
    levels = [one.id for one in WORKED.rubric.indicators if one.type == "level"]
    full = Record(
        "one",
        answers={code: [Answer("4")] for code in levels},
        interviews={code: Asked(50, 50) for code in ("v1", "v2")},
    )
    assert lifted(full)[0].band == "5"
    assert lifted(full)[1] is None
    assert lifted(replace(full, state="insufficient_evidence"))[1] is None
