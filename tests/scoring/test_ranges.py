"""Ranges: the same by both ways, nothing where nothing varies, and what they must contain."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings import rehearsal
from rankings.scoring import ranges
from rankings.scoring.conditions import Fact
from rankings.scoring.ranges import Ranges as Found
from rankings.scoring.ranges import Way, numbers, plain
from rankings.scoring.ranges_fast import fast, serves
from rankings.scoring.rank import rank, standing
from rankings.scoring.record import Answer, Asked, Record
from rankings.scoring.rubric import Ranges, Rubric
from rankings.scoring.rules import Level
from rankings.scoring.score import RATED, Scorer
from rankings.scoring.spread import Spread, spread
from tests.scoring.builders import DAY
from tests.scoring.random_rubrics import SCORERS, Maker
from tests.scoring.test_score_properties import some

HALF = {"audit": Fraction(1, 2), "document": Fraction(3, 10), "self": Fraction(9, 10)}
RULES = Ranges(draws=100, shift=HALF)
SHIPPED = Path(__file__).resolve().parents[2] / "fixtures" / "rubrics"
POINTS = sorted(SCORERS.keys() - {"penalties"})


def drawing(rubric: Rubric, rules: Ranges = RULES) -> Scorer:
    return Scorer(replace(rubric, ranges=rules))


def spreads(scorer: Scorer, records: list[Record]) -> list[Spread]:
    cards = [(one, scorer.score(one, DAY)) for one in records]
    return [spread(scorer, one, card, DAY) for one, card in cards if card.state == RATED]


def found(scorer: Scorer, records: list[Record], way: Way, seed: int = 1) -> Found:
    held = spreads(scorer, records)
    places = [standing(scorer.rubric, one.card) for one in held]
    placings = rank(scorer.rubric, [one for one in places if one])
    return ranges.ranges(scorer, held, placings, seed, way)


def serving() -> list[str]:
    return [name for name in POINTS if serves(drawing(SCORERS[name].rubric))]


def test_some_of_the_random_rubrics_are_drawn_the_fast_way_and_some_are_not() -> None:
    assert {"worked", "sums"} <= set(serving()) < set(POINTS)


@some(12)
@given(st.sampled_from(serving()), st.integers(0, 2**32), st.integers(0, 2**64 - 1))
def test_both_ways_give_the_same_numbers(name: str, made: int, seed: int) -> None:
    scorer, records = drawing(SCORERS[name].rubric), Maker(name, made).records(6)
    assert found(scorer, records, fast(scorer), seed) == found(scorer, records, plain(scorer), seed)


@pytest.mark.parametrize("by", ["published", "points", "band"])
@pytest.mark.parametrize("ties", ["shared", "dense"])
def test_both_ways_agree_however_places_are_given(by: str, ties: str) -> None:
    rubric = SCORERS["worked"].rubric
    scorer = drawing(replace(rubric, rank=replace(rubric.rank, by=by, ties=ties)))
    records = Maker("worked", 3).records(12)
    assert found(scorer, records, fast(scorer)) == found(scorer, records, plain(scorer))


def test_numbers_too_large_for_the_fast_way_take_the_plain_one() -> None:
    rubric = SCORERS["sums"].rubric
    odd = tuple(
        replace(one, weight=(one.weight or 1) + Fraction(1, 10**9 + 7 * at))
        for at, one in enumerate(rubric.indicators)
    )
    scorer, records = drawing(replace(rubric, indicators=odd)), Maker("sums", 5).records(3)
    assert serves(scorer)
    assert found(scorer, records, fast(scorer)) == found(scorer, records, plain(scorer))


@some(10)
@given(st.sampled_from(POINTS), st.integers(0, 2**32))
def test_where_nothing_varies_the_range_is_the_exact_score_and_place(name: str, made: int) -> None:
    scorer = drawing(SCORERS[name].rubric, Ranges(draws=100))
    records = [replace(one, previous_band=None) for one in Maker(name, made).records(4)]
    all_spreads = spreads(scorer, records)
    # Without a chance of an error no answer varies: only what workers say and complain of does.
    assert not any(each.choices for one in all_spreads for each in one.varying)
    held = [replace(one, varying=()) for one in all_spreads]
    places = [standing(scorer.rubric, one.card) for one in held]
    placings = rank(scorer.rubric, [one for one in places if one])
    result = ranges.ranges(scorer, held, placings, 1, fast(scorer))
    assert result == ranges.ranges(scorer, held, placings, 1, plain(scorer))
    for one in held:
        each, score = result.agencies[one.card.id], one.card.published
        assert score is not None
        units, place = score * 10**scorer.rubric.scale.decimals, placings[one.card.id].rank
        assert (each.score, each.rank) == ((units, units), (place, place))
        assert each.bands[str(one.card.band)] == 100
        assert not each.borderline


@some(10)
@given(st.sampled_from(serving()), st.integers(0, 2**32))
def test_a_range_contains_what_is_published(name: str, made: int) -> None:
    scorer, records = drawing(SCORERS[name].rubric), Maker(name, made).records(5)
    result = found(scorer, records, fast(scorer))
    held = spreads(scorer, records)
    places = [standing(scorer.rubric, one.card) for one in held]
    placings = rank(scorer.rubric, [one for one in places if one])
    for one in held:
        each, place = result.agencies[one.card.id], placings[one.card.id].rank or 0
        units = (one.card.published or 0) * 10**scorer.rubric.scale.decimals
        assert each.score[0] <= units <= each.score[1]
        assert each.rank[0] <= place <= each.rank[1]
        assert sum(each.bands.values()) == 100


def test_the_order_of_agencies_and_who_else_is_there_move_no_score_range() -> None:
    scorer, records = drawing(SCORERS["worked"].rubric), Maker("worked", 8).records(9)
    everybody = found(scorer, records, fast(scorer))
    assert found(scorer, records[::-1], fast(scorer)).agencies == everybody.agencies
    fewer = found(scorer, records[:5], fast(scorer))
    assert all(
        each.score == everybody.agencies[code].score for code, each in fewer.agencies.items()
    )


def test_another_seed_gives_other_draws_and_the_same_seed_the_same() -> None:
    scorer, records = drawing(SCORERS["worked"].rubric), Maker("worked", 8).records(9)
    assert found(scorer, records, fast(scorer), 7) == found(scorer, records, fast(scorer), 7)
    assert found(scorer, records, fast(scorer), 7) != found(scorer, records, fast(scorer), 8)


def test_who_is_alike_and_which_pairs_stand_apart_is_what_the_ranges_say() -> None:
    scorer, records = drawing(SCORERS["worked"].rubric), Maker("worked", 21).records(40)
    result = found(scorer, records, fast(scorer))
    scores = {code: one.score for code, one in result.agencies.items()}
    apart = [
        (a, b)
        for a, b in combinations(scores, 2)
        if scores[a][1] < scores[b][0] or scores[b][1] < scores[a][0]
    ]
    assert (result.apart, result.pairs) == (len(apart), len(scores) * (len(scores) - 1) // 2)
    assert 0 < result.apart < result.pairs
    for code, one in result.agencies.items():
        assert one.alike == len(scores) - 1 - sum(code in pair for pair in apart)


def test_draws_are_those_of_the_published_generator() -> None:
    key = np.array([12345, ranges.agency_key("VN-0001")], dtype=np.uint64)
    words = np.random.Philox(key=key).random_raw(7 * 28)
    theirs = words.astype("<u8").view("<u2").reshape(7, -1)[3][:100]
    assert numbers(12345, "VN-0001", 3, 100) == theirs.tolist()


def wide(code: str, grade: str, asked: Asked) -> int:
    """The width of a score range by a shipped rubric, all questions answered on one grade."""
    scorer, random = Scorer(rehearsal.load(SHIPPED / code).rubric), Random(4)
    answers, voices = {}, {}
    for one in scorer.rubric.indicators:
        if isinstance(one.rule, Level):
            answers[one.id] = [Answer(random.choice(one.rule.options[1:3]).id, grade, DAY)]
        elif one.type == "proportion":
            voices[one.id] = asked
    facts: dict[str, Fact] = {"returned": "yes", "licence": "valid"}
    facts |= {"months_licensed": Fraction(90), "workers_24_months": Fraction(900)}
    record = Record("VN-1", answers, voices, facts=facts)
    result = found(scorer, [record], fast(scorer)).agencies["VN-1"]
    return result.score[1] - result.score[0]


def test_more_interviews_and_audits_make_a_range_narrower() -> None:
    few, many = Asked(4, 5), Asked(48, 60)
    assert wide("coc-vn-1.0.0", "audit", many) < wide("coc-vn-1.0.0", "audit", few)
    assert wide("kh-code-1.0.0", "audit", many) < wide("kh-code-1.0.0", "self", many)
