"""From points to band and place: cuts, buffer, caps, quantiles, ties; one sentence per row."""

from datetime import date
from fractions import Fraction

import pytest

from rankings.scoring.rank import rank, standing
from rankings.scoring.receipt import receipt
from rankings.scoring.record import CapEvent, Record, RecordError
from rankings.scoring.score import Scorer
from tests.scoring.builders import DAY, points_of, scorer_of, tens

CUTS = "".join(
    f'[[bands]]\nid = "{band}"\nat_least = {cut}\n'
    for band, cut in (("5", 85), ("4", 70), ("3", 55), ("2", 40), ("1", 0))
)
BUFFER = scorer_of(tens("x") + "[banding]\nbuffer = 1.0\n" + CUTS)
CAPS = scorer_of(
    'finding_codes = ["kept", "fee", "late"]\n'
    + tens("x", "y", more="not_applicable = true")
    + CUTS
    + """
[[caps]]
id = "K1"
ceiling = "1"
findings = ["kept"]
months = 24
[[caps]]
id = "K2"
ceiling = "2"
findings = ["fee"]
months = 12
relaxed = { when = "repaid", ceiling = "3" }
[[caps]]
id = "K3"
ceiling = "3"
findings = ["late"]
until = "answered"
[[caps]]
id = "K4"
ceiling = "4"
when = { of = "y", below = 20 }
"""
)


@pytest.mark.parametrize(
    ("sentence", "points", "previous", "band", "published"),
    [
        ("without a previous band the cut decides", "70", None, "4", "70"),
        ("a tenth below it is the band below", "69.9", None, "3", "69.9"),
        ("what rounds up to the cut reaches it", "69.95", None, "4", "70.0"),
        ("a rise needs a whole point more", "70.9", "3", "3", "69.9"),
        ("a rise with a point more is a rise", "71", "3", "4", "71"),
        ("a fall needs more than a point less", "69.0", "4", "4", "70"),
        ("a fall with more than a point less is a fall", "68.9", "4", "3", "68.9"),
        ("across two cuts each has its buffer, upwards", "85.5", "3", "4", "84.9"),
        ("across two cuts upwards with enough", "86", "3", "5", "86"),
        ("across two cuts each has its buffer, downwards", "54.5", "4", "3", "55"),
        ("across two cuts downwards with enough", "53.9", "4", "2", "53.9"),
        ("within the band nothing moves", "77", "4", "4", "77"),
        ("the top band has no upper clamp", "100", "5", "5", "100"),
        ("the last band takes whatever is left", "0", "1", "1", "0"),
    ],
)
def test_a_change_of_band_must_clear_the_buffer(
    sentence: str, points: str, previous: str | None, band: str, published: str
) -> None:
    card = BUFFER.score(points_of({"x": points}, previous_band=previous), DAY)
    assert (card.band, card.published) == (band, Fraction(published)), sentence
    slip = receipt(BUFFER, card)
    amounts = sum(limiter.amount for limiter in slip.limiters)
    assert Fraction(slip.points, 10) + amounts == card.published


DAY_ONE = date(2024, 2, 29)


@pytest.mark.parametrize(
    ("sentence", "caps", "as_of", "band"),
    [
        ("a finding without a date is in force", {"K1": CapEvent()}, "2026-06-30", "1"),
        ("it is in force on its last day", {"K1": CapEvent(DAY_ONE)}, "2026-02-28", "1"),
        ("a day later it has ended", {"K1": CapEvent(DAY_ONE)}, "2026-03-01", "5"),
        ("it is in force on its first day", {"K1": CapEvent(DAY_ONE)}, "2024-02-29", "1"),
        ("found after the day it does not count yet", {"K1": CapEvent(DAY_ONE)}, "2024-02-28", "5"),
        ("something put right relaxes it", {"K2": CapEvent(DAY_ONE, DAY_ONE)}, "2024-06-01", "3"),
        (
            "put right only later it does not",
            {"K2": CapEvent(DAY_ONE, date(2024, 7, 1))},
            "2024-06-30",
            "2",
        ),
        ("relaxed it ends all the same", {"K2": CapEvent(DAY_ONE, DAY_ONE)}, "2025-03-01", "5"),
        ("until has no other end", {"K3": CapEvent(DAY_ONE)}, "2099-01-01", "3"),
        (
            "until ends it on that day",
            {"K3": CapEvent(DAY_ONE, date(2024, 5, 1))},
            "2024-05-01",
            "5",
        ),
        ("not before", {"K3": CapEvent(DAY_ONE, date(2024, 5, 1))}, "2024-04-30", "3"),
        ("the lowest of several wins", {"K1": CapEvent(), "K3": CapEvent()}, "2026-06-30", "1"),
    ],
)
def test_a_finding_caps_the_band_until_it_ends(
    sentence: str, caps: dict[str, CapEvent], as_of: str, band: str
) -> None:
    record = points_of({"x": 95, "y": 95}, caps=caps)
    card = CAPS.score(record, date.fromisoformat(as_of))
    assert (card.band, card.points_band) == (band, "5"), sentence
    bound = [limiter for limiter in card.limiters if limiter.amount]
    assert len(bound) == (0 if band == "5" else 1)
    assert card.published == {"1": Fraction("39.9"), "2": Fraction("54.9")}.get(
        band, Fraction("69.9") if band == "3" else 95
    )


def test_a_condition_caps_as_long_as_it_holds() -> None:
    assert CAPS.score(points_of({"x": 100, "y": 80}), DAY).band == "5"
    assert CAPS.score(points_of({"x": 100, "y": "19.9"}), DAY).band == "3"
    marked = points_of({"x": 100}, marks={"y": "not_applicable"})
    assert CAPS.score(marked, DAY).band == "5"
    low = CAPS.score(points_of({"x": 10, "y": 10}), DAY)
    assert [(one.code, str(one.amount)) for one in low.limiters] == [("K4", "0")]


CONDITIONS = scorer_of(
    "[total]\nweights_sum = 2\n"
    + tens("x", "y", more="weight = 1")
    + '[[indicators]]\nid = "v"\nweight = 0\ntype = "proportion"\np0 = 0.7\nm = 1\n'
    + '[[fields]]\nid = "visits"\n'
    + '[[bands]]\nid = "a"\nat_least = 50\npillars_at_least = 40\ninterviews_at_least = 3\n'
    + '[[bands]]\nid = "b"\nat_least = 30\nwhen = { of = "visits", at_least = 1 }\n'
    + '[[bands]]\nid = "c"\nat_least = 20\neach_at_least = 5\nconfidence_at_least = 50\n'
    + "nodes_at_least = { x = 10 }\n"
    + '[[bands]]\nid = "d"\n'
)


@pytest.mark.parametrize(
    ("sentence", "x", "y", "more", "band"),
    [
        ("everything holds", 60, 60, {"interviewed": 3}, "a"),
        ("a pillar too low", 39, 90, {"interviewed": 3}, "b"),
        ("too few interviews", 60, 60, {"interviewed": 2}, "b"),
        ("no visit leads on to the next", 39, 90, {"interviewed": 3, "facts": {}}, "c"),
        ("one indicator too low", 96, 4, {"facts": {}}, "d"),
        ("one node too low", 9, 90, {"facts": {}}, "d"),
    ],
)
def test_a_band_needs_its_conditions(
    sentence: str, x: int, y: int, more: dict[str, object], band: str
) -> None:
    facts: dict[str, object] = {"facts": {"visits": Fraction(1)}}
    card = CONDITIONS.score(points_of({"x": x, "y": y}, **(facts | more)), DAY)
    assert card.band == band, sentence


def placed(scorer: Scorer, records: list[Record]) -> dict[str, tuple[int | None, str | None]]:
    cards = [scorer.score(record, DAY) for record in records]
    standings = [standing(scorer.rubric, card) for card in cards]
    found = rank(scorer.rubric, [one for one in standings if one is not None])
    return {code: (placing.rank, placing.band) for code, placing in found.items()}


def of(values: list[object], **more: object) -> list[Record]:
    return [points_of({"x": value}, id=str(at), **more) for at, value in enumerate(values)]


QUANTILES = (
    tens("x")
    + '[[fields]]\nid = "region"\ntype = "text"\n[banding]\nby = "quantile"\nwithin = "region"\n'
    + '[[bands]]\nid = "top"\ntop = 0.1\n[[bands]]\nid = "mid"\ntop = 0.5\n[[bands]]\nid = "low"\n'
)


@pytest.mark.parametrize(
    ("sentence", "values", "bands"),
    [
        ("one in ten is on top", [*range(10)], "low low low low low mid mid mid mid top"),
        ("alone is on top", [7], "top"),
        ("equals share the better band", [9, 9, 9, 9], "top top top top"),
        ("after equals at the cut the share counts on", [9, 9, 5, 5], "top top low low"),
        ("just below the cut is inside", [4, 3, 2, 1, 0], "top mid mid low low"),
    ],
)
def test_quantile_bands_are_shares_of_the_rated(
    sentence: str, values: list[object], bands: str
) -> None:
    found = placed(scorer_of(QUANTILES), of(values))
    assert " ".join(str(found[str(at)][1]) for at in range(len(values))) == bands, sentence


def test_quantile_bands_are_taken_within_each_group() -> None:
    north = [points_of({"x": v}, id=f"n{v}", facts={"region": "n"}) for v in (90, 80)]
    south = [points_of({"x": v}, id=f"s{v}", facts={"region": "s"}) for v in (20, 10)]
    nowhere = [points_of({"x": 5}, id="none")]
    found = placed(scorer_of(QUANTILES), [*north, *south, *nowhere])
    bands = {code: band for code, (_, band) in found.items()}
    assert bands == {"n90": "top", "n80": "low", "s20": "top", "s10": "low", "none": "top"}
    assert [found[code][0] for code in ("n90", "s20", "none")] == [1, 3, 5]


def test_with_quantiles_lower_can_be_better() -> None:
    scorer = scorer_of('[scale]\ndirection = "lower_is_better"\n' + QUANTILES)
    assert placed(scorer, of([0, 50, 60])) == {
        "0": (1, "top"),
        "1": (2, "mid"),
        "2": (3, "low"),
    }


@pytest.mark.parametrize(
    ("sentence", "more", "values", "ranks"),
    [
        ("equal scores share the better place", "", [80, 90, 80, 70], [2, 1, 2, 4]),
        ("equal as printed is equal", "", ["80.04", "79.96", 70], [1, 1, 3]),
        ("dense ranks leave no gap", '[rank]\nties = "dense"\n', [80, 90, 80, 70], [2, 1, 2, 3]),
        (
            "exact ranks see what is not printed",
            '[rank]\nby = "exact"\n',
            ["80.04", "79.96"],
            [1, 2],
        ),
        (
            "lower is better turns the order",
            '[scale]\ndirection = "lower_is_better"\n',
            [80, 90, 80, 70],
            [2, 4, 2, 1],
        ),
        ("ties half up", "[scale]\ndecimals = 0\n", ["2.5", 3], [1, 1]),
        (
            "ties to even",
            '[scale]\ndecimals = 0\nrounding = "half_even"\n',
            ["2.5", 3, 2],
            [2, 1, 2],
        ),
    ],
)
def test_places_follow_the_score(
    sentence: str, more: str, values: list[object], ranks: list[int]
) -> None:
    found = placed(scorer_of(more + tens("x")), of(values))
    assert [found[str(at)][0] for at in range(len(values))] == ranks, sentence


TIES = scorer_of(
    tens("x", "y", more="weight = 1")
    + '[total]\nweights_sum = 2\n[[fields]]\nid = "age"\n[rank]\ntie_break = [{ of = "x" }, '
    + '{ of = "age", order = "lowest_first" }]\n'
)


def test_a_tie_is_broken_in_order_and_missing_values_come_last() -> None:
    rows = {"a": (50, 50, 3), "b": (60, 40, 9), "c": (50, 50, 1), "d": (50, 50, None)}
    rows |= {"e": (50, 50, 3)}
    records = [
        points_of({"x": x, "y": y}, id=code, facts={} if age is None else {"age": Fraction(age)})
        for code, (x, y, age) in rows.items()
    ]
    found = placed(TIES, records)
    assert {code: place for code, (place, _) in found.items()} == {
        "b": 1,
        "c": 2,
        "a": 3,
        "e": 3,
        "d": 5,
    }


def test_a_capped_agency_ranks_on_its_published_score_unless_points_are_asked_for() -> None:
    caps = (
        'finding_codes = ["f"]\n[[caps]]\nid = "K"\nceiling = "1"\nfindings = ["f"]\nmonths = 1\n'
    )
    records = [points_of({"x": 90}, id="capped", caps={"K": CapEvent()}), points_of({"x": 50})]
    usual, by_points = (scorer_of(caps + rule + tens("x") + CUTS) for rule in ("", RANK_POINTS))
    assert placed(usual, records)["capped"] == (2, "1")
    assert placed(by_points, records)["capped"] == (1, "1")


RANK_POINTS = '[rank]\nby = "points"\n'


def test_a_previous_band_of_another_rubric_is_refused() -> None:
    with pytest.raises(RecordError, match="'A1' is not a band of this rubric"):
        BUFFER.score(points_of({"x": 70}, previous_band="A1"), DAY)
