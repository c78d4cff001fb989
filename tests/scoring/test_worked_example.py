"""The worked example of the method, number for number."""

from datetime import date
from fractions import Fraction

import pytest

from rankings.scoring.exact import decimal_text, rounded
from rankings.scoring.parse import parse
from rankings.scoring.receipt import Line, receipt
from rankings.scoring.record import Answer, CapEvent
from rankings.scoring.score import Scorecard, Scorer
from tests.scoring.builders import DAY, node
from tests.scoring.worked import document, record

SCORER = Scorer(parse(document()))
CARD = SCORER.score(record(), DAY)

# indicator: weight of one point, value, earned, lost to performance, lost unchecked
ROWS = {
    "i1": ("1/4", "75.000000", "18.750000", "6.250000", "0.000000"),
    "i2": ("1/12", "100.000000", "5.000000", "0.000000", "3.333333"),
    "i4": ("1/12", "50.000000", "3.750000", "4.166667", "0.416667"),
    "i5": ("1/12", "0.000000", "0.000000", "8.333333", "0.000000"),
    "v1": ("1/8", "72.727273", "9.090909", "3.409091", "0.000000"),
    "v2": ("1/8", "45.454545", "5.681818", "6.818182", "0.000000"),
    "c1": ("1/4", "61.666667", "15.416667", "9.583333", "0.000000"),
}


def six(value: Fraction | None) -> str:
    assert value is not None
    return decimal_text(rounded(value, 6, "half_up"), 6)


def lines(scorer: Scorer, card: Scorecard) -> dict[str, Line]:
    return {line.indicator: line for line in receipt(scorer, card).lines}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("P1", "71.25"),
        ("P2", "22.5"),
        ("conduct", "55"),
        ("v1", "800/11"),
        ("v2", "500/11"),
        ("voice", "650/11"),
        ("c1", "185/3"),
        ("complaints", "185/3"),
    ],
)
def test_every_part_of_the_tree_has_its_exact_value(code: str, value: str) -> None:
    assert node(SCORER, CARD, code) == Fraction(value)


def test_the_raw_rate_is_told_and_the_shrunk_one_is_scored() -> None:
    assert CARD.workings is not None
    leaf = CARD.workings.leaves[SCORER.tree.places["c1"]]
    assert leaf is not None
    assert leaf.told == (Fraction(85, 6),)
    shrunk = (Fraction("8.5") + Fraction("0.3") * 10) / (Fraction("0.6") + Fraction("0.3"))
    assert (six(shrunk), six(shrunk / 10)) == ("12.777778", "1.277778")


def test_the_total_prints_as_57_7_and_is_band_3() -> None:
    assert six(CARD.exact) == "57.689394"
    assert (CARD.points, CARD.published) == (Fraction("57.7"), Fraction("57.7"))
    assert (CARD.band, CARD.points_band, CARD.limiters) == ("3", "3", ())


def test_the_confidence_is_64_47_percent() -> None:
    assert CARD.confidence is not None
    assert decimal_text(rounded(CARD.confidence, 2, "half_up"), 2) == "64.47"


@pytest.mark.parametrize("code", ROWS)
def test_every_row_of_the_receipt_is_exact(code: str) -> None:
    assert CARD.workings is not None
    share = lines(SCORER, CARD)[code].share
    leaf = CARD.workings.leaves[SCORER.tree.places[code]]
    assert leaf is not None
    credited = Fraction(leaf.credited, leaf.unit)
    found = (leaf.worth, share * credited, share * (100 - leaf.worth))
    unchecked = share * (leaf.worth - credited)
    assert (str(share), *map(six, found), six(unchecked)) == ROWS[code]


def test_the_printed_tenths_add_up() -> None:
    slip = receipt(SCORER, CARD)
    assert [line.earned for line in slip.lines] == [188, 50, 0, 37, 0, 91, 57, 154]
    assert (slip.points, slip.published, slip.reachable) == (577, 577, 1000)
    assert slip.sums == (577, 386, 37)


def test_a_point_that_does_not_apply_counts_nowhere() -> None:
    line = lines(SCORER, CARD)["i3"]
    assert line.basis == "not_applicable"
    assert line.share == 0
    assert (line.earned, line.lost_performance, line.lost_unchecked) == (0, 0, 0)


def test_an_illegal_fee_caps_the_score_just_below_the_next_band() -> None:
    capped = record(caps={"K2": CapEvent(date(2026, 3, 1))})
    card = SCORER.score(capped, DAY)
    assert (card.points, card.published) == (Fraction("57.7"), Fraction("54.9"))
    assert (card.points_band, card.band) == ("3", "2")
    [limiter] = card.limiters
    assert (limiter.kind, limiter.code, limiter.amount) == ("cap", "K2", Fraction("-2.8"))


def test_two_actions_lift_the_agency_to_band_4() -> None:
    answers = {**record().answers, "i1": [Answer("4")], "i5": [Answer("4", "document")]}
    card = SCORER.score(record(answers=answers, previous_band="3"), DAY)
    assert six(card.exact) == "71.439394"
    assert (card.points, card.published, card.band) == (Fraction("71.4"), Fraction("71.4"), "4")
    pillars = [node(SCORER, card, code) or Fraction(0) for code in ("conduct", "voice", "c1")]
    assert [str(float(rounded(one, 1, "half_up"))) for one in pillars] == ["82.5", "59.1", "61.7"]


def test_one_of_the_two_actions_is_not_enough() -> None:
    answers = {**record().answers, "i5": [Answer("4", "document")]}
    card = SCORER.score(record(answers=answers, previous_band="3"), DAY)
    assert (six(card.exact), card.band) == ("65.189394", "3")


def test_a_geometric_top_gives_57_620116_in_log_mean_parts() -> None:
    top = {"aggregate": "geometric", "weights_sum": 100}
    scorer = Scorer(parse(document() | {"total": top}))
    card = scorer.score(record(), DAY)
    assert six(card.exact) == "57.620116"
    shares = {code: line.share for code, line in lines(scorer, card).items()}
    parts = {"conduct": ("i1", "i2", "i4", "i5"), "voice": ("v1", "v2"), "complaints": ("c1",)}
    found = [
        sum((shares[code] * (node(scorer, card, code) or 0) for code in codes), Fraction(0))
        for codes in parts.values()
    ]
    assert [six(one) for one in found] == ["28.139256", "14.584425", "14.896435"]
    assert receipt(scorer, card).sums[0] == 576
