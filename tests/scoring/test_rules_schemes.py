"""What public rating schemes need: penalties, half stars, the worst of several, counted parts."""

from fractions import Fraction

import pytest

from rankings.scoring.rank import rank, standing
from rankings.scoring.receipt import receipt
from rankings.scoring.record import NOT_APPLICABLE, Asked, Count, Events, Record, RecordError
from rankings.scoring.score import Scorer
from tests.scoring.builders import DAY, node, points_of, scorer_of, tens

PENALTY = '[scale]\ndirection = "lower_is_better"\ndecimals = 0\n[total]\naggregate = "sum"\n'
STANDARDS = scorer_of(
    f"{PENALTY}[evidence]\ncredit = {{ audit = 1, self = 1 }}\n[missing]\nempty = 'not_answered'\n"
    + "".join(
        f'[[indicators]]\nid = "{code}"\ntype = "level"\nnot_applicable = true\n'
        f'options = [{{ id = "met", points = 0 }}, {{ id = "unmet", points = {points} }}]\n'
        for code, points in (("critical", 30), ("one", 8), ("two", 8), ("three", 8))
    )
    + '[[bands]]\nid = "pass"\nat_most = 29\n[[bands]]\nid = "fail"\n'
)


def result(scorer: Scorer, record: Record) -> tuple[str | None, int]:
    card = scorer.score(record, DAY)
    assert card.points is not None
    return card.band, int(card.points)


def test_a_silent_agency_has_the_full_penalty() -> None:
    assert result(STANDARDS, points_of({})) == ("fail", 54)
    assert result(STANDARDS, points_of({"critical": "=met", "one": "=met"})) == ("pass", 16)


def test_what_does_not_apply_leaves_the_other_penalties_as_they_are() -> None:
    answers = {"critical": "=met", "one": "=unmet", "two": "=unmet"}
    record = points_of(answers, marks={"three": NOT_APPLICABLE})
    assert result(STANDARDS, record) == ("pass", 16)


def test_silence_about_an_open_penalty_is_refused() -> None:
    scorer = scorer_of(PENALTY + '[[indicators]]\nid = "a"\ntype = "points"\n')
    with pytest.raises(RecordError, match="a: silence has no penalty here"):
        scorer.score(points_of({}), DAY)


def test_as_penalties_goalposts_shares_and_rates_keep_their_meaning() -> None:
    scorer = scorer_of(
        f"{PENALTY}[evidence]\ncredit = {{ audit = 1 }}\n"
        '[[indicators]]\nid = "hunger"\ntype = "numeric"\nworst = 80\nbest = 0\n'
        '[[indicators]]\nid = "talks"\ntype = "proportion"\nshrunk = false\n'
        '[[indicators]]\nid = "cases"\ntype = "rate"\nshrunk = false\n'
        "curve = [[0, 0], [10, 50], [20, 100]]\n"
    )
    record = points_of(
        {"hunger": 20},
        interviews={"talks": Asked(9, 10)},
        events={"cases": Events([Count(Fraction(5))], [Fraction(1000)])},
    )
    card = scorer.score(record, DAY)
    assert [node(scorer, card, code) for code in ("hunger", "talks", "cases")] == [25, 10, 25]


@pytest.mark.parametrize(
    ("mean", "rounding", "stars"),
    [
        ("3.24", "half_up", "3"),
        ("3.25", "half_up", "3.5"),
        ("3.25", "half_even", "3"),
        ("3.75", "half_even", "4"),
        ("4.99", "half_up", "5"),
    ],
)
def test_half_stars_are_rounded_as_the_rubric_says(mean: str, rounding: str, stars: str) -> None:
    scorer = scorer_of(
        f'[scale]\nmax = 5\nrounding = "{rounding}"\n[total]\nround_to = 0.5\n' + tens("a", high=5)
    )
    card = scorer.score(points_of({"a": mean}), DAY)
    assert card.points == Fraction(stars)
    found = receipt(scorer, card)
    assert sum(found.sums) == found.reachable == 50
    assert found.sums[0] + sum(amount for _, _, amount in found.steps) == found.points


@pytest.mark.parametrize(("aggregate", "total"), [("lowest", 20), ("highest", 90)])
def test_the_worst_or_the_best_of_several_decides_and_carries_the_receipt(
    aggregate: str, total: int
) -> None:
    scorer = scorer_of(f'[total]\naggregate = "{aggregate}"\n' + tens("a", "b", "c"))
    card = scorer.score(points_of({"a": 50, "b": total, "c": total}), DAY)
    assert card.exact == (20 if aggregate == "lowest" else 90)
    assert [line.earned for line in receipt(scorer, card).lines] == [0, total * 10, 0]


def test_a_condition_can_count_how_many_parts_are_bad() -> None:
    parts = ", ".join(f'{{ of = "{code}", at_most = 40 }}' for code in "abc")
    scorer = scorer_of(
        tens("a", "b", "c")
        + '[[bands]]\nid = "good"\nat_least = 50\n[[bands]]\nid = "improve"\n'
        + '[[caps]]\nid = "two"\nceiling = "improve"\n'
        + f"when = {{ number_of = [{parts}], at_least = 2 }}\n"
    )
    assert result(scorer, points_of({"a": 40, "b": 90, "c": 90}))[0] == "good"
    assert result(scorer, points_of({"a": 40, "b": 40, "c": 100}))[0] == "improve"


CONDITIONS = scorer_of(
    "[banding]\nclamp = false\n[rank]\nby = 'band'\n"
    + tens("a", "b")
    + '[[bands]]\nid = "excellent"\nwhen = { of = "a", at_least = 90 }\n'
    + '[[bands]]\nid = "good"\nwhen = { of = "b", at_least = 50 }\n[[bands]]\nid = "poor"\n'
)


@pytest.mark.parametrize(
    ("a", "b", "band"),
    [(90, 0, "excellent"), (95, 80, "excellent"), (80, 50, "good"), (89, 49, "poor")],
)
def test_bands_may_be_decided_by_conditions_alone(a: int, b: int, band: str) -> None:
    card = CONDITIONS.score(points_of({"a": a, "b": b}), DAY)
    assert (card.band, card.published) == (band, card.points)


def test_places_by_band_put_a_better_band_before_better_points() -> None:
    cards = [
        CONDITIONS.score(points_of({"a": a, "b": b}, id=code), DAY)
        for code, a, b in (("poor", 89, 49), ("excellent", 90, 0), ("good", 80, 60))
    ]
    standings = (standing(CONDITIONS.rubric, card) for card in cards)
    found = rank(CONDITIONS.rubric, (one for one in standings if one))
    assert [found[code].rank for code in ("excellent", "good", "poor")] == [1, 2, 3]


def test_endless_shares_are_written_as_fractions() -> None:
    scorer = scorer_of(
        "[banding]\nby = 'quantile'\n"
        + tens("a")
        + '[[bands]]\nid = "top"\ntop = "1/3"\n[[bands]]\nid = "rest"\n'
    )
    cards = [scorer.score(points_of({"a": 90 - at}, id=str(at)), DAY) for at in range(9)]
    found = rank(scorer.rubric, (s for card in cards if (s := standing(scorer.rubric, card))))
    assert [found[str(at)].band for at in range(9)] == ["top"] * 3 + ["rest"] * 6
