"""Sensitivity: which choices are varied, and that the short way says what the long one says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings import rehearsal
from rankings.scoring.checks_tree import reach
from rankings.scoring.rank import Placing, rank, standing
from rankings.scoring.record import NOT_APPLICABLE, Record
from rankings.scoring.rubric import Node, Rubric
from rankings.scoring.rules import Benchmark, Indicator, Proportion, Rate
from rankings.scoring.scenarios import scenarios
from rankings.scoring.score import Scorer
from rankings.scoring.sensitivity import Sensitivity
from tests.scoring.builders import DAY, points_of, scorer_of, tens
from tests.scoring.random_rubrics import SCORERS, TWO, Maker
from tests.scoring.test_score_properties import some

SHIPPED = Path(__file__).resolve().parents[2] / "fixtures" / "rubrics"
ARTICLES = [f"a{at}" for at in range(1, 13)]
BANDS = '[[bands]]\nid = "good"\nat_least = 50\n[[bands]]\nid = "bad"\n'
HEAVY = TWO.format("weight = 60", "weight = 40")
HALVES = "[total]\nweights_sum = 100\n" + HEAVY + tens("x", parent="p") + tens("y", parent="q")


def shipped(name: str) -> Rubric:
    return rehearsal.load(SHIPPED / name).rubric


def changed(rubric: Rubric) -> dict[str, Rubric]:
    return {one.id: one.rubric for one in scenarios(rubric)}


def weights(rubric: Rubric) -> dict[str, Fraction | None]:
    return {part.id: part.weight for part in rubric.parts()}


def values(scorer: Scorer, records: Sequence[Record]) -> dict[str, Any]:
    found = Sensitivity(scorer.rubric)
    for record in records:
        found.add(record, DAY, scorer.score(record, DAY))
    return found.values()


def total(rubric: Rubric, record: Record) -> Fraction | None:
    return Scorer(rubric).score(record, DAY).exact


def test_every_choice_of_a_mean_is_varied() -> None:
    pillars = ("conduct", "voice", "complaints")
    wanted = [f"weight{sign}:{pillar}" for pillar in pillars for sign in "+-"]
    wanted += ["geometric", "self+", "self-", "k/2", "k*2", "m/2", "m*2"]
    wanted += [f"without:{article}" for article in ARTICLES]
    assert list(changed(shipped("coc-vn-1.0.0"))) == [*wanted, "buffer0"]


def test_what_a_rubric_does_not_have_is_not_varied() -> None:
    wanted = [f"weight{sign}:{article}" for article in ARTICLES for sign in "+-"]
    wanted += ["self+", "self-", *(f"without:{article}" for article in ARTICLES)]
    assert list(changed(shipped("kh-code-1.0.0"))) == [*wanted, "buffer0"]


def test_each_scenario_changes_one_thing_by_what_it_says() -> None:
    rubric = shipped("coc-vn-1.0.0")
    found = changed(rubric)
    assert weights(found["weight+:conduct"])["conduct"] == Fraction(125, 2)
    assert weights(found["weight-:voice"])["voice"] == Fraction(75, 4)
    assert weights(found["weight-:voice"])["conduct"] == 50
    assert found["geometric"].total.floor == 1
    assert found["geometric"].total.aggregate == "geometric"
    assert found["self+"].evidence.credit["self"] == Fraction(3, 4)
    assert found["self-"].evidence.credit["self"] == Fraction(9, 20)
    assert weights(found["without:a3"])["a3"] == 0
    assert found["buffer0"].banding.buffer == 0
    rules = [one.rule for one in rubric.indicators]
    more = [one.rule for one in found["k*2"].indicators]
    fewer = [one.rule for one in found["m/2"].indicators]
    for was, now in zip(rules, more, strict=True):
        if isinstance(was, Rate) and isinstance(now, Rate):
            assert now.benchmark == replace(was.benchmark, k=2 * was.benchmark.k)
        else:
            assert was == now
    for was, now in zip(rules, fewer, strict=True):
        assert now == (replace(was, m=was.m / 2) if isinstance(was, Proportion) else was)


def test_peer_groups_are_varied_with_the_usual_rate() -> None:
    peers = 'steps = [1]\ncurve = [[0, 100], [4, 0]]\nmu = 4\nk = 1\npeers_by = "to"\n'
    peers += "peers = { jp = { mu = 8, k = 3, phi = 2 } }\n"
    text = f'[[fields]]\nid = "to"\ntype = "text"\n[[indicators]]\nid = "r"\ntype = "rate"\n{peers}'
    rule = changed(scorer_of(text + BANDS).rubric)["k/2"].indicators[0].rule
    assert isinstance(rule, Rate)
    assert rule.benchmark.k == Fraction(1, 2)
    assert rule.peers == {"jp": Benchmark(Fraction(8), Fraction(3, 2), Fraction(2))}


@pytest.mark.parametrize("credit", ["0.95", "0.05"])
def test_credit_stays_between_nothing_and_all(credit: str) -> None:
    text = f"[evidence]\ncredit = {{ audit = 1, self = {credit} }}\n" + HALVES + BANDS
    text += '[[indicators]]\nid = "n"\nparent = "q"\ntype = "numeric"\nworst = 0\nbest = 9\n'
    found = changed(scorer_of(text).rubric)
    given = [found[code].evidence.credit["self"] for code in ("self+", "self-")]
    near = Fraction(credit)
    assert given == [min(near + Fraction(3, 20), 1), max(near - Fraction(3, 20), 0)]


def test_a_sum_keeps_its_best_value_and_moves_as_the_mean_does() -> None:
    sums = '[total]\naggregate = "sum"\n' + TWO.format("weight = 0.6", "weight = 0.4")
    sums += tens("x", parent="p") + tens("y", parent="q") + BANDS
    by_sum, by_mean = changed(scorer_of(sums).rubric), changed(scorer_of(HALVES + BANDS).rubric)
    record = points_of({"x": "90", "y": "20"})
    assert by_mean.keys() - by_sum.keys() == {"geometric"}
    for code, rubric in by_sum.items():
        assert total(rubric, record) == total(by_mean[code], record), code
    # 75 to 40, so 90 x 75 / 115 + 20 x 40 / 115.
    assert total(by_sum["weight+:p"], record) == Fraction(7550, 115)
    assert total(by_sum["without:p"], record) == 20


@pytest.mark.parametrize("name", ["coc-vn-1.0.0", "kh-code-1.0.0"])
def test_the_best_total_is_the_same_in_every_scenario(name: str) -> None:
    rubric = shipped(name)
    for one in scenarios(rubric):
        assert reach(one.rubric, one.rubric.total) == rubric.scale.max, one.id


def test_weights_that_mean_nothing_are_left_alone() -> None:
    lowest = '[total]\naggregate = "lowest"\n' + TWO.format("", "")
    lowest += tens("x", parent="p") + tens("y", parent="q") + BANDS
    assert scenarios(scorer_of(lowest).rubric) == ()
    assert scenarios(scorer_of(tens("x") + BANDS).rubric) == ()


def naive(scorer: Scorer, records: Sequence[Record]) -> dict[str, Any]:
    """The same by the whole engine for every record, written as it is defined."""

    def placings(rubric: Rubric, those: Sequence[Record]) -> Mapping[str, Placing]:
        own = Scorer(rubric)
        places = [standing(rubric, own.score(one, DAY)) for one in those]
        return rank(rubric, [place for place in places if place])

    base = placings(scorer.rubric, records)
    rated = [one for one in records if one.id in base]
    many, found = len(rated), []
    ranks: dict[str, list[int]] = {code: [place.rank or 0] for code, place in base.items()}
    same = dict.fromkeys(base, 0)
    for one in scenarios(scorer.rubric):
        now = placings(one.rubric, rated)
        alike = [code for code in base if code in now and now[code].band == base[code].band]
        for code in base:
            ranks[code].append((now[code].rank or 0) if code in now else many)
            same[code] += code in alike
        shift = sum(abs(each[-1] - each[0]) for each in ranks.values())
        found.append((one.id, len(alike), Fraction(shift, many or 1)))
    mean = sum((each[2] for each in found), Fraction(0)) / (len(found) or 1)
    steady = [each for each in found if 10 * each[1] >= 8 * many]
    return {
        "scenarios": [
            {"id": code, "same_bands": alike, "mean_shift": (200 * shift + 1) // 2}
            for code, alike, shift in found
        ],
        "agencies": {
            code: {"same": same[code], "rank": [min(each), max(each)]}
            for code, each in ranks.items()
        },
        "mean_shift": (200 * mean + 1) // 2,
        "holds": many < 2 or (10 * len(steady) >= 9 * len(found) and 20 * mean <= many),
    }


@some(25)
@given(st.sampled_from(sorted(SCORERS)), st.integers(0, 2**32), st.integers(0, 9))
def test_the_short_way_says_what_the_whole_engine_says(name: str, seed: int, many: int) -> None:
    scorer, records = SCORERS[name], Maker(name, seed).records(many)
    assert values(scorer, records) == naive(scorer, records)


def test_the_order_of_the_agencies_does_not_matter() -> None:
    records = Maker("worked", 4).records(20)
    found = values(SCORERS["worked"], records)
    Random(1).shuffle(records)
    again = values(SCORERS["worked"], records)
    assert (found, list(found["agencies"])) == (again, list(again["agencies"]))


def test_a_place_that_hangs_on_a_weight_is_seen() -> None:
    scorer = scorer_of(HALVES + BANDS)
    records = [points_of({"x": "60", "y": "30"}, id="a"), points_of({"x": "40", "y": "55"}, id="b")]
    found = values(scorer, records)
    # 48.0 and 46.0; with less of the first pillar 45.9 and 47.1.
    told = {one["id"]: (one["same_bands"], one["mean_shift"]) for one in found["scenarios"]}
    assert told["weight+:p"] == (2, 0)
    assert told["weight-:p"] == told["weight+:q"] == (2, 100)
    # 50.0 is in the better band; alone, a pillar gives 30 and 55, or 60 and 40.
    assert told["weight-:q"] == (1, 0)
    assert told["without:p"] == (1, 100)
    assert told["without:q"] == (1, 0)
    assert found["agencies"]["a"] == {"same": 5, "rank": [1, 2]}
    assert found["agencies"]["b"] == {"same": 6, "rank": [1, 2]}
    assert (found["mean_shift"], found["holds"]) == (43, False)


def test_who_is_not_rated_in_a_scenario_is_last_and_in_another_band() -> None:
    na = "not_applicable = true"
    text = "[missing]\nmin_applicable_total = 0.5\n[total]\nweights_sum = 100\n"
    text += TWO.format("weight = 50", "weight = 50")
    text += tens("x", parent="p") + tens("y", parent="q", more=na) + BANDS
    only = points_of({"x": "90"}, id="only", marks={"y": NOT_APPLICABLE})
    others = [points_of({"x": "70", "y": "70"}, id=code) for code in "abc"]
    found = values(scorer_of(text), [only, *others])
    told = {one["id"]: (one["same_bands"], one["mean_shift"]) for one in found["scenarios"]}
    # The first of four is now the last, and three that shared place 2 share place 1.
    assert told["weight+:q"] == (3, 150)
    assert told["weight-:q"] == (4, 0)
    assert found["agencies"]["only"]["rank"] == [1, 4]


def test_nobody_or_one_holds() -> None:
    scorer = scorer_of(HALVES + BANDS)
    assert values(scorer, [])["holds"] is True
    found = values(scorer, [points_of({"x": "60", "y": "30"})])
    assert (found["holds"], found["agencies"]["one"]["rank"]) == (True, [1, 1])


def test_who_is_not_rated_by_the_rubric_has_no_part_in_it() -> None:
    scorer = scorer_of(HALVES + BANDS)
    records = [points_of({"x": "9", "y": "9"}), points_of({}, id="none", state="under_review")]
    assert list(values(scorer, records)["agencies"]) == ["one"]


def test_many_alike_agencies_hold_as_long_as_their_bands_do() -> None:
    scorer = scorer_of(HALVES + BANDS)
    firm = [points_of({"x": str(60 + at), "y": str(60 + at)}, id=f"r{at}") for at in range(9)]
    assert values(scorer, firm)["holds"] is True
    # All have the same place, but nine of ten cross the line without one pillar or the other.
    torn = [points_of({"x": "51", "y": "49"}, id=f"r{at}") for at in range(9)]
    found = values(scorer, torn)
    assert (found["mean_shift"], found["holds"]) == (0, False)


def test_parts_keep_their_kind() -> None:
    """A pillar may be an indicator; its weight is varied as well."""
    found = changed(
        scorer_of("[total]\nweights_sum = 2\n" + tens("x", "y", more="weight = 1") + BANDS).rubric
    )
    assert list(found) == ["weight+:x", "weight-:x", "weight+:y", "weight-:y", "geometric"] + [
        "without:x",
        "without:y",
    ]
    kinds = [type(part) for part in found["without:x"].parts()]
    assert kinds == [Node, Indicator, Indicator]
