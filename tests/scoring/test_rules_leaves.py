"""Interviews and complaints as values: one sentence per row."""

from fractions import Fraction

import pytest

from rankings.scoring.record import Asked, Count, Events, Record, RecordError
from tests.scoring.builders import DAY, node, scorer_of

INTERVIEWS = scorer_of(
    """[[indicators]]
id = "v"
type = "proportion"
p0 = 0.7
m = 10
min_respondents = 5
[[indicators]]
id = "plain"
type = "proportion"
shrunk = false
[[indicators]]
id = "x"
type = "points"
max = 100
"""
)


@pytest.mark.parametrize(
    ("sentence", "good", "asked", "value", "plain"),
    [
        ("nobody asked is the benchmark", 0, 0, "70", None),
        ("four is too few to count", 0, 4, "70", "0"),
        ("five counts", 0, 5, "140/3", "0"),
        ("ten average answers are added", 9, 12, "800/11", "75"),
        ("many answers outweigh them", 990, 990, "99.7", "100"),
    ],
)
def test_interviews_are_shrunk_to_the_benchmark(
    sentence: str, good: int, asked: int, value: str, plain: str | None
) -> None:
    given = {"v": Asked(good, asked), "plain": Asked(good, asked)}
    card = INTERVIEWS.score(Record("one", interviews=given), DAY)
    assert node(INTERVIEWS, card, "v") == Fraction(value), sentence
    assert node(INTERVIEWS, card, "plain") == (None if plain is None else Fraction(plain))


RATES = scorer_of(
    """[[indicators]]
id = "r"
type = "rate"
mu = 10
k = 0.5
severity = { minor = 1, serious = 10 }
outcome = { proven = 1, remedied = 0.5 }
steps = [1, 0.5]
curve = [[0.5, 100], [1, 70], [3, 10]]
[[indicators]]
id = "plain"
type = "rate"
shrunk = false
per = 100
curve = [[0, 100], [10, 0]]
[[indicators]]
id = "x"
type = "points"
max = 100
"""
)


@pytest.mark.parametrize(
    ("sentence", "counts", "exposure", "value"),
    [
        ("no exposure is the benchmark", [], [], "70"),
        ("events without exposure still count", [Count(Fraction(5))], [], "40"),
        ("below its first point the curve is level", [], [10**6], "100"),
        ("beyond its last point too", [Count(Fraction(1000))], [500], "10"),
        ("severity weighs", [Count(Fraction(1), "serious")], [500], "55"),
        ("so does the outcome", [Count(Fraction(2), "serious", "remedied")], [500], "55"),
        ("an event of last year counts half", [Count(Fraction(2), "serious", step=1)], [500], "55"),
        ("one before all steps not at all", [Count(Fraction(9), "serious", step=2)], [500], "100"),
        ("last year's exposure counts half", [Count(Fraction(10))], [0, 1000], "55"),
        ("exposure before all steps not at all", [Count(Fraction(5))], [0, 0, 9000], "40"),
    ],
)
def test_a_rate_is_events_by_exposure_shrunk_and_along_the_curve(
    sentence: str, counts: list[Count], exposure: list[int], value: str
) -> None:
    events = {"r": Events(counts, [Fraction(units) for units in exposure])}
    card = RATES.score(Record("one", events=events), DAY)
    assert node(RATES, card, "r") == Fraction(value), sentence


def test_a_plain_rate_is_over_its_own_exposure_and_needs_some() -> None:
    def plain(*counts: Count, exposure: int) -> Fraction | None:
        events = {"plain": Events(counts, [Fraction(exposure)])}
        return node(RATES, RATES.score(Record("one", events=events), DAY), "plain")

    assert plain(Count(Fraction(3)), exposure=100) == 70
    assert plain(exposure=5) == 100
    assert plain(exposure=0) is None


@pytest.mark.parametrize(
    ("good", "asked"), [(3, 2), (-1, 5), (0, -1)], ids=["more good", "below 0", "asked below 0"]
)
def test_impossible_interviews_are_refused(good: int, asked: int) -> None:
    with pytest.raises(RecordError, match="good answers of"):
        INTERVIEWS.score(Record("one", interviews={"v": Asked(good, asked)}), DAY)


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (Events([Count(Fraction(-1))], []), "-1 events"),
        (Events([Count(Fraction(1), "huge")], []), "'huge' is not a severity"),
        (Events([Count(Fraction(1), "minor", "denied")], []), "'denied' is not a outcome"),
        (Events([], [Fraction(-1)]), "exposure below 0"),
    ],
)
def test_impossible_events_are_refused(events: Events, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        RATES.score(Record("one", events={"r": events}), DAY)
