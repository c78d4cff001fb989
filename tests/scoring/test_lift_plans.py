"""Every plan reaches its band in the engine, and nothing smaller would do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.adapters import rubric_files
from rankings.scoring.bands import place_of
from rankings.scoring.lift import Action, Lift, lift
from rankings.scoring.next_band import Shortfall, shortfalls
from rankings.scoring.record import Answer, Asked, Events, Record
from rankings.scoring.rules import Indicator, Level
from rankings.scoring.score import Scorer
from rankings.scoring.source import read
from tests.scoring.builders import DAY, EVIDENCE, scorer_of
from tests.scoring.lifting import (
    ALL,
    RUBRICS,
    SEEDS,
    carried_out,
    lifted,
    planned,
    reaches,
)
from tests.scoring.random_rubrics import CUTS, Maker, _levels
from tests.scoring.test_score_properties import some

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
def test_plans_by_the_shipped_codes_reach_the_band(name: str) -> None:
    scorer, random = Scorer(read(rubric_files.source(RUBRICS / name)).rubric), Random(name)
    plans = 0
    for _ in range(40):
        given_ = _agency(scorer, random)
        card = scorer.score(given_, DAY)
        found = lift(scorer, given_, card, DAY)
        if found is None or found.plan is None:
            continue
        plans += 1
        after = replace(carried_out(scorer, given_, found), facts={"returned": "yes"})
        assert reaches(scorer, after, found.band), (given_, found)
    assert plans > 10


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
