"""The run report: each number by hand on a few agencies, and on any rubric nothing but numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.canonical import canonical
from rankings.scoring.funnel import limits
from rankings.scoring.parse import parse
from rankings.scoring.rank import rank, standing
from rankings.scoring.record import Answer, Asked, Count, Events, Record
from rankings.scoring.score import Scorer
from rankings.usecases.run_report import BASES, Tally, uneven
from tests.scoring import worked
from tests.scoring.builders import DAY, scorer_of, tens
from tests.scoring.random_rubrics import SCORERS, Maker
from tests.scoring.test_score_properties import some

WORKED = Scorer(parse(worked.document()))


def report(scorer: Scorer, records: Sequence[Record]) -> dict[str, Any]:
    """As the pass over all agencies makes it."""
    tally = Tally(scorer.rubric, DAY)
    standings, states = [], {}
    for one in records:
        card = scorer.score(one, DAY)
        states[one.id] = card.state
        place = standing(scorer.rubric, card)
        standings += [place] if place else []
        tally.agency(SimpleNamespace(record=one), card, {"code": one.id})
    placings = rank(scorer.rubric, standings)
    entries = [
        {"code": code, "state": state, "band": placings[code].band if code in placings else None}
        for code, state in states.items()
    ]
    found = tally.values({"entries": entries})
    assert tally.holds == found["sensitivity"]["holds"]
    return found


def agency(number: int, **more: Any) -> Record:
    return replace(worked.record(), id=f"VN-{number:05}", **more)


def test_shares_per_band_and_what_the_weight_rests_on() -> None:
    listed = agency(2, state="insufficient_evidence")
    found = report(WORKED, [agency(1), listed, agency(3, answers={}, interviews={})])
    assert sum(found["bands"].values()) == 2
    assert list(found["bands"]) == ["5", "4", "3", "2", "1"]
    told = found["weight_checked"]
    assert sum(told.values()) == 1000
    assert list(told) == list(BASES)
    # Half of the weight is for answers; complaints have a quarter and so have interviews.
    assert (told["interviews"], told["events"]) == (250, 250)
    assert told["none"] >= 250


def test_an_unrated_round_says_nothing() -> None:
    found = report(WORKED, [agency(1, state="insufficient_evidence")])
    assert set(found["bands"].values()) == {0}
    assert set(found["weight_checked"].values()) == {None}
    assert found["over_claims"] == {"checked": 0, "too_high": 0}
    assert [one["chance"] for one in found["cuts"]] == [1000] * 4
    assert found["pillars"]["correlations"] == [[None] * 3] * 3
    assert (found["voice"], found["lint"]) == ([], [])
    assert found["complaints"] == [{"indicator": "c1", "spread": 1000, "agencies": []}]
    assert found["sensitivity"]["holds"]


def test_claims_that_a_finding_showed_to_be_too_high_are_counted() -> None:
    def said(claim: str, finding: str) -> dict[str, Any]:
        checked = [Answer(claim, "self"), Answer(finding, "audit")]
        return {"i1": checked, "i2": [Answer("2", "self")], "i4": checked}

    found = report(WORKED, [agency(1, answers=said("4", "3")), agency(2, answers=said("3", "3"))])
    assert found["over_claims"] == {"checked": 4, "too_high": 2}


@pytest.mark.parametrize(
    ("below", "above", "chance"),
    # 1 + 6 of 64 ways on both sides; 1 of 1024 on both; half and half is what chance does most.
    [(0, 0, 1000), (3, 3, 1000), (1, 5, 219), (5, 1, 219), (0, 10, 2), (0, 30, 0), (2, 3, 1000)],
)
def test_the_chance_of_an_uneven_pair_is_exact_and_has_two_sides(
    below: int, above: int, chance: int
) -> None:
    assert uneven(below, above) == chance


def test_bunching_is_counted_within_a_point_of_each_cut() -> None:
    scorer = scorer_of(
        tens("a")
        + "".join(f'[[bands]]\nid = "{n}"\nat_least = {cut}\n' for n, cut in ((2, 70), (1, 0)))
    )
    points = ["68.9", "69", "69.9", "70", "70.9", "71", "70.5"]
    records = [Record(f"V{n}", {"a": [Answer(Fraction(p))]}) for n, p in enumerate(points)]
    (cut,) = report(scorer, records)["cuts"]
    assert cut == {"band": "2", "below": 2, "above": 3, "chance": 1000}


def test_pillars_that_rise_together_are_said() -> None:
    given_ = [agency(n, interviews={"v1": Asked(n, 10), "v2": Asked(10 - n, 10)}) for n in range(8)]
    pillars = report(WORKED, given_)["pillars"]
    assert pillars["ids"] == ["conduct", "voice", "complaints"]
    # Conduct and complaints are the same for everybody.
    assert pillars["correlations"][0] == [None] * 3
    assert pillars["correlations"][2] == [None] * 3


def test_what_workers_said_is_told_of_three_agencies_or_not_at_all() -> None:
    base = worked.document()
    indicators = [
        one | {"min_respondents": 4} if one["id"] == "v1" else one
        for one in base["indicators"]  # type: ignore[attr-defined]
    ]
    scorer = Scorer(parse(base | {"indicators": indicators}))
    asked = [Asked(3, 4), Asked(4, 4), Asked(10, 12), Asked(3, 3), Asked(0, 0)]

    def heard(one: Asked) -> dict[str, Asked]:
        return {"v1": one, "v2": Asked(1, 2) if one.asked == 4 else Asked(0, 0)}

    records = [agency(n, interviews=heard(one)) for n, one in enumerate(asked)]
    # Of `v2` only two agencies have answers.
    assert report(scorer, records)["voice"] == [
        {"indicator": "v1", "agencies": 3, "asked": 20, "good": 17}
    ]


def complained(code: int, minor: int, workers: int, serious: int = 0) -> Record:
    counts = [
        Count(Fraction(minor), "minor", "substantiated", 0),
        Count(Fraction(serious), "serious", "remedied", 1),
    ]
    return agency(code, events={"c1": Events(counts, [Fraction(workers)] * 2)})


def test_complaints_are_told_raw_and_as_they_count() -> None:
    scorer = Scorer(parse(worked.document()))
    (found,) = report(scorer, [complained(1, 6, 2000, 1), agency(2, events={})])["complaints"]
    per = next(one.rule.per for one in scorer.rubric.indicators if one.id == "c1")  # type: ignore[union-attr]
    assert per == 1000
    # A serious one of last year that was put right is 10 x 1/2 x 1/2; last year's workers are half.
    usual, silent = found["agencies"]
    assert usual == {
        "code": "VN-00001",
        "workers": "3000",
        "events": "17/2",
        "raw": 283,
        "shrunk": 348,
        # It is the only one with workers, so that it is what is usual here.
        "outside": None,
    }
    assert found["spread"] == round(1000 * Fraction(43, 2) ** 2 / 30)
    assert (silent["workers"], silent["raw"], silent["shrunk"]) == ("0", None, 1000)
    assert silent["outside"] is None


def test_who_lies_outside_the_funnel_is_marked() -> None:
    draw = Random(4)
    records = [
        complained(n, max(0, round(draw.gauss(10 * size, (10 * size) ** 0.5))), int(size * 667))
        for n, size in enumerate(draw.uniform(0.5, 6) for _ in range(60))
    ]
    bad = complained(99, 120, 2000)
    found = report(WORKED, [*records, bad])["complaints"][0]
    marked = {one["code"]: one["outside"] for one in found["agencies"] if one["outside"]}
    assert marked["VN-00099"] == "99.8"
    assert len(marked) <= 7
    last = found["agencies"][-1]
    wide = limits(Fraction(10), Fraction(1), Fraction(found["spread"], 1000), Fraction(3))
    assert last["raw"] == 4000 > 100 * wide[3]


@some(10)
@given(st.builds(Maker, st.sampled_from(sorted(SCORERS)), st.integers(0, 2**32)))
def test_any_rubric_gives_the_same_plain_values_in_any_run(maker: Maker) -> None:
    records = maker.records(6)
    found = report(maker.scorer, records)
    assert canonical(found) == canonical(report(maker.scorer, records))
    for row in found["pillars"]["correlations"]:
        assert all(one is None or -1000 <= one <= 1000 for one in row)
