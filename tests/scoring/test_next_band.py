"""What is missing for the next band is what the bands themselves ask for."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rankings.scoring.bands import Cuts, place_of
from rankings.scoring.next_band import NextBand, Shortfall, next_band
from rankings.scoring.record import Answer, Asked, CapEvent, Record
from rankings.scoring.score import Scorecard
from tests.scoring.builders import DAY
from tests.scoring.random_rubrics import SCORERS, Maker
from tests.scoring.test_score_properties import some

ALL = st.builds(Maker, st.sampled_from(sorted(SCORERS)), st.integers(0, 2**32))
WORKED = SCORERS["worked"]


def wanted(record: Record) -> tuple[Scorecard, NextBand | None]:
    card = WORKED.score(record, DAY)
    return card, next_band(WORKED, record, card, DAY)


def full(option: str = "4", grade: str = "audit", asked: int = 50) -> Record:
    """Everything as good as the option, and as many contented workers as asked."""
    levels = [one.id for one in WORKED.rubric.indicators if one.type == "level"]
    answers = {code: [Answer(option, grade)] for code in levels}
    voices = {code: Asked(asked, asked) for code in ("v1", "v2")}
    return Record("one", answers=answers, interviews=voices, interviewed=asked)


@some(300)
@given(ALL)
def test_with_exactly_the_missing_points_the_cuts_give_the_band(maker: Maker) -> None:
    rubric = maker.scorer.rubric
    cuts, sign = Cuts(rubric), 1 if rubric.scale.higher_is_better else -1
    unit = Fraction(1, 10**rubric.scale.decimals)
    for record in maker.records(8):
        card = maker.scorer.score(record, DAY)
        found = next_band(maker.scorer, record, card, DAY)
        if found is None or card.points is None or not found.points:
            continue
        place = place_of(rubric, found.band)
        enough = card.points + sign * found.points
        assert cuts.band(enough, record.previous_band) <= place
        assert cuts.band(enough - sign * unit, record.previous_band) > place


@some(300)
@given(ALL)
def test_something_is_missing_for_every_better_band(maker: Maker) -> None:
    bands = maker.scorer.rubric.bands
    for record in maker.records(8):
        card = maker.scorer.score(record, DAY)
        found = next_band(maker.scorer, record, card, DAY)
        if found is None:
            assert card.band in (None, bands[0].id)
        else:
            assert found.points or found.shortfalls or found.limiters, record
            assert place_of(maker.scorer.rubric, found.band) == _place(maker, card) - 1


def _place(maker: Maker, card: Scorecard) -> int:
    assert card.band is not None
    return place_of(maker.scorer.rubric, card.band)


def test_at_the_best_band_nothing_is_missing() -> None:
    card, found = wanted(full())
    assert card.band == "5"
    assert found is None


def test_without_a_rating_nothing_can_be_said() -> None:
    assert wanted(replace(full(), state="insufficient_evidence"))[1] is None


def test_a_condition_is_told_with_what_is_wanted_and_what_is_there() -> None:
    card, found = wanted(full(asked=12))
    assert card.band == "4"
    assert found is not None
    assert found.shortfalls == (
        Shortfall("confidence_at_least", None, Fraction(70), card.confidence),
        Shortfall("interviews_at_least", None, Fraction(20), Fraction(12)),
    )


def test_every_pillar_that_is_too_low_is_told() -> None:
    poor = replace(full(asked=12), interviews={"v1": Asked(0, 50), "v2": Asked(0, 50)})
    card, found = wanted(replace(poor, interviewed=50))
    assert found is not None
    assert [one.of for one in found.shortfalls] == ["voice"]
    assert card.band is not None


def test_a_cap_is_told_whatever_the_points() -> None:
    capped = replace(full(), caps={"K2": CapEvent(DAY)})
    card, found = wanted(capped)
    assert card.band == "2"
    assert found is not None
    assert (found.band, found.points) == ("3", Fraction(0))
    assert found.shortfalls == ()
    assert [one.code for one in found.limiters] == ["K2"]
