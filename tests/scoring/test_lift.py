"""What lifts an agency one band is asked of the engine itself, and nothing smaller would do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.adapters import rubric_files
from rankings.canonical import canonical
from rankings.scoring.bands import place_of
from rankings.scoring.lift import Action, Lift, lift, lift_now, values
from rankings.scoring.next_band import Shortfall, shortfalls
from rankings.scoring.parse import parse
from rankings.scoring.record import DISPUTED, Answer, Asked, CapEvent, Events, Record
from rankings.scoring.rules import Indicator, Level, Numeric, Points
from rankings.scoring.score import Scorecard, Scorer
from rankings.scoring.source import read
from tests.scoring.builders import DAY, EVIDENCE, scorer_of
from tests.scoring.random_rubrics import CUTS, SCORERS, Maker, _levels
from tests.scoring.test_score_properties import some
from tests.scoring.worked import document, record

ALL = st.builds(Maker, st.sampled_from(sorted(SCORERS)), st.integers(0, 2**32))
SEEDS = st.integers(0, 2**32)
RUBRICS = Path(__file__).resolve().parents[2] / "fixtures" / "rubrics"
WORKED = SCORERS["worked"]

# Means and sums without conditions: there the fewest actions can be counted by hand.
PLAIN = {
    "mean": '[total]\nweights_sum = 5\n[[nodes]]\nid = "p"\nweight = 3\n'
    + '[[nodes]]\nid = "q"\nweight = 2\n'
    + _levels("l1", "l2", "l3", "l4", parent="p", more="not_applicable = true")
    + _levels("l5", "l6", "l7", parent="q"),
    "sum": '[total]\naggregate = "sum"\n[[nodes]]\nid = "p"\naggregate = "sum"\n'
    + _levels("l1", "l2", parent="p", more="weight = 0.3")
    + _levels("l3", "l4", "l5", "l6", parent="p", more="weight = 0.1"),
}
SMALL = {
    name: scorer_of(EVIDENCE + text + "[banding]\nbuffer = 1\n" + CUTS)
    for name, text in PLAIN.items()
}


def lifted(given: Record, scorer: Scorer = WORKED) -> tuple[Scorecard, Lift | None]:
    card = scorer.score(given, DAY)
    return card, lift(scorer, given, card, DAY)


def planned(given: Record, scorer: Scorer = WORKED) -> Lift:
    found = lifted(given, scorer)[1]
    assert found is not None
    return found


def best(indicator: Indicator, scorer: Scorer) -> Fraction:
    """The best number, for indicators that have one."""
    rule = indicator.rule
    if isinstance(rule, Numeric):
        return rule.best
    assert isinstance(rule, Points)
    found = indicator.max if scorer.rubric.scale.higher_is_better else rule.min
    assert found is not None
    return found


def carried_out(scorer: Scorer, given: Record, found: Lift) -> Record:
    """The record after a plan, written down a second time: blockers gone, answers found."""
    by_code = {one.id: one for one in scorer.rubric.indicators}
    answers = dict(given.answers)
    for one in found.plan or ():
        value = one.to if one.to is not None else best(by_code[one.indicator], scorer)
        claims = [each for each in answers.get(one.indicator, ()) if each.grade == "self"]
        answers[one.indicator] = [*claims, Answer(value, one.grade, DAY)]
    gone = {one.code for one in found.blockers if one.kind == "cap"}
    asked = [one.wanted for one in found.blockers if one.code == "interviews_at_least"]
    return replace(
        given,
        answers=answers,
        caps={code: event for code, event in given.caps.items() if code not in gone},
        interviewed=int(asked[0] or 0) if asked else given.interviewed,
        previous_band=scorer.score(given, DAY).points_band,
    )


def reaches(scorer: Scorer, given: Record, band: str) -> bool:
    card = scorer.score(given, DAY)
    assert card.band is not None
    return place_of(scorer.rubric, card.band) <= place_of(scorer.rubric, band)


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


@some(80)
@given(ALL)
def test_a_plan_always_reaches_the_band_in_the_engine(maker: Maker) -> None:
    scorer = maker.scorer
    unit = 10**scorer.rubric.scale.decimals
    for given_ in maker.records(6):
        card, found = lifted(given_, scorer)
        if found is None or found.plan is None or card.points is None:
            continue
        after = carried_out(scorer, given_, found)
        assert reaches(scorer, after, found.band), (given_, found)
        assert scorer.score(after, DAY).points == Fraction(found.points or 0, unit)
        assert len({one.indicator for one in found.plan}) == len(found.plan)
        sign = 1 if scorer.rubric.scale.higher_is_better else -1
        risen = sign * ((found.points or 0) - card.points * unit)
        assert abs(sum(one.gain for one in found.plan) - risen) <= (1 if scorer.special else 0)


@some(80)
@given(ALL)
def test_no_step_of_a_plan_is_idle(maker: Maker) -> None:
    for given_ in maker.records(4):
        _, found = lifted(given_, maker.scorer)
        if found is None or not found.plan:
            continue
        for one in found.plan:
            less = replace(found, plan=tuple(each for each in found.plan if each is not one))
            after = carried_out(maker.scorer, given_, less)
            assert not reaches(maker.scorer, after, found.band), (given_, found, one)


@some(80)
@given(st.sampled_from(sorted(SMALL)), SEEDS)
def test_no_smaller_set_of_actions_does(name: str, seed: int) -> None:
    scorer, random = SMALL[name], Random(seed)
    for _ in range(4):
        given_ = _answered(scorer, random)
        card, found = lifted(given_, scorer)
        if found is None or card.state != "rated":
            continue
        sizes = [len(one) for one in _working(scorer, given_, found)]
        assert (min(sizes) if sizes else None) == (
            None if found.plan is None else len(found.plan)
        ), (given_, found)


def _answered(scorer: Scorer, random: Random) -> Record:
    grades = ("audit", "document", "self")
    answers = {
        one.id: [Answer(random.choice(_ids(one)), random.choice(grades))]
        for one in scorer.rubric.indicators
        if random.random() < 0.85
    }
    return Record("one", answers=answers, previous_band=random.choice([None, "a", "b", "c", "d"]))


def _ids(indicator: Indicator) -> list[str]:
    assert isinstance(indicator.rule, Level)
    return [option.id for option in indicator.rule.options]


def _working(scorer: Scorer, given_: Record, found: Lift) -> Iterator[Sequence[Action]]:
    """Every set of best answers that reaches the band."""
    steps = []
    for one in scorer.rubric.indicators:
        grades = [each.grade for each in given_.answers.get(one.id, ())]
        grade = "audit" if "audit" in grades else "document"
        steps.append(Action(one.id, _ids(one)[-1], grade, 0))
    for size in range(len(steps) + 1):
        for some_ in combinations(steps, size):
            after = carried_out(scorer, given_, replace(found, plan=some_))
            if reaches(scorer, after, found.band):
                yield some_


@pytest.mark.parametrize("name", ["coc-vn-1.0.0", "kh-code-1.0.0"])
def test_plans_by_the_shipped_codes_reach_the_band_quickly(name: str) -> None:
    scorer, random = Scorer(read(rubric_files.source(RUBRICS / name)).rubric), Random(name)
    plans, seconds = 0, 0.0
    for _ in range(40):
        given_ = _agency(scorer, random)
        card, start = scorer.score(given_, DAY), process_time()
        found = lift(scorer, given_, card, DAY)
        seconds += process_time() - start
        if found is None or found.plan is None:
            continue
        plans += 1
        after = replace(carried_out(scorer, given_, found), facts={"returned": "yes"})
        assert reaches(scorer, after, found.band), (given_, found)
    assert plans > 10
    assert seconds / 40 < 0.015


def _agency(scorer: Scorer, random: Random) -> Record:
    """An agency that keeps some part of the code, and of which some part was checked."""
    quality, checked = random.random(), random.random()
    parts: dict[str, dict[str, Any]] = {"level": {}, "numeric": {}, "proportion": {}, "rate": {}}
    for one in scorer.rubric.indicators:
        if isinstance(one.rule, Level):
            ids = _ids(one)
            at = min(len(ids) - 1, int(random.gauss(quality + 0.2, 0.3) * len(ids)))
            grade = random.choice(["audit", "document"]) if random.random() < checked else "self"
            parts["level"][one.id] = [Answer(ids[max(at, 0)], grade)]
        elif one.type == "numeric":
            parts["numeric"][one.id] = [Answer(Fraction(random.randint(5, 60)), "self")]
        elif one.type == "proportion":
            parts["proportion"][one.id] = Asked(int(20 * (0.4 + 0.6 * quality)), 20)
        else:
            parts["rate"][one.id] = Events([], [Fraction(900)] * 3)
    answers = parts["level"] | parts["numeric"]
    facts = {"returned": random.choice(["yes", "yes", "no"])}
    return Record("one", answers, parts["proportion"], parts["rate"], facts=facts)


@some(60)
@given(ALL)
def test_changing_nothing_gives_the_same_score(maker: Maker) -> None:
    for given_ in maker.records(4):
        card, found = lifted(given_, maker.scorer)
        if found is None:
            continue
        nothing = replace(found, plan=(), blockers=())
        same = replace(carried_out(maker.scorer, given_, nothing), previous_band=None)
        assert maker.scorer.score(same, DAY).points == card.points
        assert lifted(given_, maker.scorer)[1] == found


@some(60)
@given(ALL)
def test_what_stands_in_the_way_is_what_the_engine_refuses(maker: Maker) -> None:
    for given_ in maker.records(4):
        card, found = lifted(given_, maker.scorer)
        if found is None or card.workings is None:
            continue
        rated = maker.scorer.on_its_way(given_, DAY, card.workings, card.overclaimed)
        place = place_of(maker.scorer.rubric, found.band)
        told = [
            Shortfall(one.code, one.of, one.wanted, one.there)
            for one in found.blockers
            if one.kind == "condition"
        ]
        assert told == list(shortfalls(maker.scorer, rated, place))


@pytest.mark.parametrize("grade", ["self", "document", "audit"])
def test_a_plan_asks_for_documents_and_leaves_audits_as_they_are(grade: str) -> None:
    scorer = SMALL["mean"]
    codes = [one.id for one in scorer.rubric.indicators]
    given_ = Record("one", answers={code: [Answer("some", grade)] for code in codes})
    found = planned(given_, scorer)
    wanted = {"self": "document"}.get(grade, grade)
    assert {one.grade for one in found.plan or ()} == {wanted}
