"""What tests of lifts share: a plan carried out, and whether it reaches its band."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from rankings.scoring.bands import place_of
from rankings.scoring.lift import Lift, lift
from rankings.scoring.record import Answer, Record
from rankings.scoring.rules import Indicator, Numeric, Points
from rankings.scoring.score import Scorecard, Scorer
from tests.scoring.builders import DAY
from tests.scoring.random_rubrics import SCORERS, Maker

ALL = st.builds(Maker, st.sampled_from(sorted(SCORERS)), st.integers(0, 2**32))
SEEDS = st.integers(0, 2**32)
RUBRICS = Path(__file__).resolve().parents[2] / "fixtures" / "rubrics"
WORKED = SCORERS["worked"]


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
