"""Signs of gaming: each cheat is found, honest rounds are clean but for the stated rate."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from rankings.usecases import gaming_signs, gaming_signs_chance
from rankings.usecases.gaming_signs import ALARM, OF_AGENCIES, Check, Round, Watched, signs
from rankings.usecases.gaming_signs_chance import none_of, rank_sum, tail
from tests.usecases import gaming
from tests.usecases.gaming import CHEATS, CLOSES

FULL = "RANKINGS_TEST_FULL" in os.environ
SEEDS = 1_000 if FULL else 60
# Of 1,000 honest rounds so many show a sign at all; docs/signs.md states it.
STATED = Fraction(4, 100)


def kinds(held: Round) -> list[str]:
    return [one.kind for one in signs(held)]


@pytest.mark.parametrize("kind", CHEATS)
def test_each_cheat_is_found_in_every_round(kind: str) -> None:
    for seed in range(SEEDS // 20):
        found = [one for one in signs(CHEATS[kind](gaming.honest(seed))) if one.kind == kind]
        assert found, seed
        if kind in OF_AGENCIES:
            assert any(gaming.CHEAT in one.agencies for one in found)


def test_honest_rounds_are_clean_but_for_the_stated_rate() -> None:
    found: Counter[str] = Counter()
    for seed in range(SEEDS):
        told = set(kinds(gaming.honest(seed)))
        found.update(told or {"clean"})
    # Of a small sample three more may come by chance.
    most = int(STATED * SEEDS) + (0 if FULL else 3)
    assert SEEDS - found["clean"] <= most, found


def test_a_form_that_many_hand_in_is_no_sign_and_several_shared_files_are_one() -> None:
    own = {f"{n}": [f"VN-{n}"] for n in range(12)}
    form = {"form": [f"VN-{n}" for n in range(6)]}
    assert kinds(Round(CLOSES, files=own | form)) == []
    two = {"a": ["VN-1", "VN-2"], "b": ["VN-2", "VN-1", "VN-1"]}
    (one,) = signs(Round(CLOSES, files=own | two))
    assert (one.agencies, one.numbers) == (("VN-1", "VN-2"), {"files": 2, "agencies": 2})


@pytest.mark.parametrize(
    ("late", "early", "found"), [(10, 10, True), (9, 0, False), (20, 21, False)]
)
def test_the_last_hour_counts_from_half_of_the_answers_and_ten(
    late: int, early: int, found: bool
) -> None:
    saved = [CLOSES] * late + [CLOSES - timedelta(hours=1)] * early
    assert bool(kinds(Round(CLOSES, [Watched("VN-1", saved)]))) == found


def test_claims_that_checks_have_borne_out_are_no_sign() -> None:
    one = Watched("VN-1", claims=20, top=20, checked=9)
    assert kinds(Round(CLOSES, [one])) == ["all_top"]
    assert kinds(Round(CLOSES, [replace(one, checked=10)])) == []
    assert kinds(Round(CLOSES, [replace(one, checked=10, lower=1)])) == ["all_top"]
    assert kinds(Round(CLOSES, [replace(one, top=19)])) == []


def test_silence_is_measured_against_what_the_size_lets_expect() -> None:
    rest = [Watched("VN-2", workers=1000, complaints=20, asked=20, unhappy=10)]
    silent = Watched("VN-1", workers=1000, asked=10)
    (one,) = signs(Round(CLOSES, [silent, *rest]))
    # Half of the share of workers for each of 20 complaints, half of those unhappy for each of 10.
    assert one.chance == Fraction(3, 4) ** 20 * Fraction(5, 6) ** 10
    assert one.numbers == {"workers": 1000, "expected": 10, "asked": 10}
    assert kinds(Round(CLOSES, [replace(silent, asked=0), *rest])) == ["silence"]
    assert kinds(Round(CLOSES, [replace(silent, workers=200), *rest])) == []
    assert kinds(Round(CLOSES, [replace(silent, unhappy=1), *rest])) == []


def test_bunching_is_an_exact_binomial_at_each_cut() -> None:
    above = [Watched(f"A{n}", points=Fraction(70)) for n in range(6)]
    below = Watched("B", points=Fraction(699, 10))
    (one,) = signs(Round(CLOSES, above, cuts={"4": Fraction(70)}))
    assert (one.about, one.chance, one.numbers["above"]) == ("4", Fraction(1, 64), 6)
    assert kinds(Round(CLOSES, [*above, below], cuts={"4": Fraction(70)})) == []
    assert tail(8, 10) == Fraction(45 + 10 + 1, 1024)
    assert none_of(2, Fraction(1, 4)) == Fraction(9, 16)


def test_an_auditor_is_compared_from_five_audits_on() -> None:
    def checks(many: int) -> list[Check]:
        own = [Check("A1", f"VN-{n}", Fraction(60), Fraction(70 + n)) for n in range(many)]
        return own + [Check("A2", f"VN-{n}", Fraction(80), Fraction(70)) for n in range(9)]

    found = signs(Round(CLOSES, checks=checks(5)))
    assert [one.about for one in found] == ["A1", "A2"]
    assert found[0].numbers == {"audits": 5, "found": 72, "expected": 50}
    assert signs(Round(CLOSES, checks=checks(4))) == []


def test_the_rank_sum_test_counts_every_way() -> None:
    draw = Random(5)
    for _ in range(40):
        values = [Fraction(draw.randrange(6)) for _ in range(8)]
        size = draw.randrange(1, 8)
        ranks = gaming_signs_chance._ranks(values)
        middle = size * 9
        far = abs(sum(ranks[:size]) - middle)
        ways = [abs(sum(one) - middle) >= far for one in combinations(ranks, size)]
        expected = Fraction(sum(ways), len(ways))
        assert rank_sum(values[:size], values[size:]) == expected


def test_the_normal_curve_goes_on_where_counting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Random(7)
    own = [Fraction(draw.randrange(50) + 12) for _ in range(30)]
    others = [Fraction(draw.randrange(50)) for _ in range(60)]
    counted = rank_sum(own, others)
    monkeypatch.setattr(gaming_signs_chance, "COUNTED", 10)
    assert abs(rank_sum(own, others) - counted) < Fraction(2, 1000)
    assert rank_sum([Fraction(1)] * 9, [Fraction(1)] * 9) == 1


def test_no_round_at_all_shows_nothing() -> None:
    assert kinds(Round(CLOSES)) == []
    assert 0 < ALARM < Fraction(1, 20)
    assert gaming_signs.OF_ROUND == ("bunching", "auditor")
