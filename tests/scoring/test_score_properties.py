"""What must hold for every record of every rubric."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rankings.scoring.exact import rounded
from rankings.scoring.rank import Placing, Standing, rank, standing
from rankings.scoring.receipt import receipt
from rankings.scoring.record import Answer, Events, Record
from rankings.scoring.score import Scorecard, Scorer
from tests.scoring.builders import DAY
from tests.scoring.naive import Naive
from tests.scoring.random_rubrics import DOCUMENTS, SCORERS, Maker

ALL = st.builds(Maker, st.sampled_from(sorted(SCORERS)), st.integers(0, 2**32))
T = TypeVar("T")
GOOD = st.builds(
    Maker, st.sampled_from(sorted(SCORERS.keys() - {"penalties"})), st.integers(0, 2**32)
)


def some(examples: int) -> settings:
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


def rated(maker: Maker, number: int) -> list[tuple[Record, Scorecard]]:
    cards = [(one, maker.scorer.score(one, DAY)) for one in maker.records(number)]
    return [(one, card) for one, card in cards if card.workings is not None]


def exact(scorer: Scorer, record: Record) -> Fraction | None:
    return scorer.score(record, DAY).exact


@some(500)
@given(ALL)
def test_every_receipt_adds_up_and_no_line_is_negative(maker: Maker) -> None:
    for _, card in rated(maker, 20):
        slip = receipt(maker.scorer, card)
        assert card.points is not None
        assert card.published is not None
        scale = 10**slip.decimals
        steps = sum(units for _, _, units in slip.steps)
        assert slip.sums[0] + steps == slip.points == card.points * scale
        assert sum(slip.sums) == slip.reachable
        assert slip.reachable == 100 * scale or maker.name not in ("worked", "rounded")
        for line in slip.lines:
            assert min(line.earned, line.lost_performance, line.lost_unchecked) >= 0, line
        limited = sum(limiter.amount for limiter in slip.limiters)
        assert slip.points + limited * scale == slip.published == card.published * scale


@some(400)
@given(ALL)
def test_the_total_equals_a_naive_recomputation(maker: Maker) -> None:
    for record in maker.records(3):
        card = maker.scorer.score(record, DAY)
        if card.state == "under_review":
            continue
        total = Naive(DOCUMENTS[maker.name], record).total()
        assert (card.state == "rated") is (total is not None)
        if total is None or card.exact is None:
            continue
        inexact = maker.name in ("geometric", "floored", "rounded")
        assert abs(card.exact - total) <= (Fraction(1, 10**45) if inexact else 0), record


@some(300)
@given(ALL, st.data())
def test_raising_a_finding_never_lowers_a_total(maker: Maker, data: st.DataObject) -> None:
    record = maker.record("one")
    places = [
        (code, at)
        for code, given in record.answers.items()
        for at, answer in enumerate(given)
        if answer.grade != "self"
    ]
    if not places:
        return
    code, at = data.draw(st.sampled_from(places))
    given_before = record.answers[code]
    better = raised(maker, code, given_before[at])
    answers = {**record.answers, code: [*given_before[:at], better, *given_before[at + 1 :]]}
    before, after = (
        exact(maker.scorer, record),
        exact(maker.scorer, replace(record, answers=answers)),
    )
    assert (before is None) is (after is None)
    assert before is None or after is None or after >= before


def raised(maker: Maker, code: str, answer: Answer) -> Answer:
    """The same answer, one option or one unit better, as far as there is a better one."""
    entry = next(one for one in maker.entries if one["id"] == code)
    if entry["type"] == "level":
        options = [option["id"] for option in entry["options"]]
        place = options.index(answer.value)
        return Answer(options[min(place + 1, len(options) - 1)], answer.grade)
    assert isinstance(answer.value, Fraction)
    if entry["type"] == "numeric":
        step = 1 if entry["best"] > entry["worst"] else -1
        return Answer(answer.value + step, answer.grade)
    return Answer(min(answer.value + 1, Fraction(entry.get("max", 10**6))), answer.grade)


@some(150)
@given(GOOD)
def test_the_lowest_answer_never_scores_below_silence(maker: Maker) -> None:
    record = maker.record("one")
    levels = {one["id"]: one["options"] for one in maker.entries if one["type"] == "level"}
    for code, options in levels.items():
        answers = {other: value for other, value in record.answers.items() if other != code}
        silent = exact(maker.scorer, replace(record, answers=answers))
        for grade in maker.grades:
            lowest = {**answers, code: [Answer(options[0]["id"], grade)]}
            spoken = exact(maker.scorer, replace(record, answers=lowest))
            assert (silent is None) is (spoken is None)
            assert silent is None or spoken is None or spoken >= silent


@some(150)
@given(ALL)
def test_equal_published_scores_share_a_rank(maker: Maker) -> None:
    cards = [card for _, card in rated(maker, 12)]
    doubled = [*cards, *(replace(card, id=f"again-{card.id}") for card in cards)]
    placings = placed(maker.scorer, doubled)
    higher = maker.scorer.rubric.scale.higher_is_better
    for one in doubled:
        better = [
            other
            for other in doubled
            if one.published is not None
            and other.published is not None
            and (other.published > one.published) is higher
            and other.published != one.published
        ]
        assert placings[one.id].rank == len(better) + 1


def placed(scorer: Scorer, cards: Sequence[Scorecard]) -> dict[str, Placing]:
    places: list[Standing | None] = [standing(scorer.rubric, card) for card in cards]
    return rank(scorer.rubric, [place for place in places if place is not None])


@some(120)
@given(ALL)
def test_the_order_of_rows_and_answers_does_not_matter(maker: Maker) -> None:
    records = maker.records(6)
    forth = [maker.scorer.score(one, DAY) for one in records]
    back = [Scorer(maker.scorer.rubric).score(turned(one), DAY) for one in reversed(records)]
    assert [seen(card) for card in forth] == [seen(card) for card in reversed(back)]
    assert placed(maker.scorer, forth) == placed(maker.scorer, back)


def turned(record: Record) -> Record:
    """The same record with everything in the opposite order."""
    return replace(
        record,
        answers={code: [*reversed(given)] for code, given in backwards(record.answers)},
        interviews=dict(backwards(record.interviews)),
        events={
            code: Events([*reversed(given.counts)], given.exposure)
            for code, given in backwards(record.events)
        },
        marks=dict(backwards(record.marks)),
    )


def backwards(mapping: Mapping[str, T]) -> list[tuple[str, T]]:
    return [*mapping.items()][::-1]


def seen(card: Scorecard) -> tuple[object, ...]:
    """Everything of a scorecard that anybody sees."""
    return (card.id, card.state, card.exact, card.points, card.published, card.confidence) + (
        card.band,
        card.points_band,
        card.limiters,
    )


@some(120)
@given(ALL)
def test_scoring_again_gives_the_same(maker: Maker) -> None:
    records = maker.records(5)
    first = [maker.scorer.score(one, DAY) for one in records]
    second = [maker.scorer.score(one, DAY) for one in records]
    assert [seen(card) for card in first] == [seen(card) for card in second]
    slips = [receipt(maker.scorer, card) for card in first if card.workings]
    assert slips == [receipt(maker.scorer, card) for card in second if card.workings]


@some(300)
@given(GOOD)
def test_the_published_score_lies_in_the_printed_range_of_its_band(maker: Maker) -> None:
    bands = maker.scorer.rubric.bands
    unit = Fraction(1, 10**maker.scorer.rubric.scale.decimals)
    for _, card in rated(maker, 5):
        at = next(at for at, band in enumerate(bands) if band.id == card.band)
        assert card.published is not None
        assert card.published >= (bands[at].cut or 0)
        assert at == 0 or card.published <= (bands[at - 1].cut or 0) - unit


@some(150)
@given(ALL)
def test_points_are_the_exact_total_rounded_and_confidence_is_a_percentage(maker: Maker) -> None:
    scale = maker.scorer.rubric.scale
    for _, card in rated(maker, 5):
        assert card.exact is not None
        assert card.confidence is not None
        assert card.points == rounded(card.exact, scale.decimals, scale.rounding)
        assert 0 <= card.confidence <= 100


@pytest.mark.parametrize("name", sorted(SCORERS))
def test_the_random_records_are_mostly_rated(name: str) -> None:
    records = Maker(name, 1).records(200)
    states = [SCORERS[name].score(one, DAY).state for one in records]
    assert states.count("rated") > 50, states
