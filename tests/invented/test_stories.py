"""The demonstration's invented agencies: rated as planned, and every story is there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pytest

from rankings.invented.agencies import ASSOCIATIONS, BEFORE, CYCLES, Agency, agencies
from rankings.invented.files import write
from rankings.invented.plots import PLOTS, STORIES
from rankings.scoring.evidence import overclaims
from rankings.scoring.record import Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import RATED, Scorecard, Scorer
from tests.invented.reading_back import (
    Read,
    counts,
    demonstration,
    earlier_than,
    opened,
    records,
)

VN_BEFORE, VN = ("vidu", "2025"), ("vidu", "2026")
KH_BEFORE, KH = ("kamru", "2025"), ("kamru", "2026")
MM_BEFORE, MM = ("upama", "2025"), ("upama", "2026")
ROUNDS = (VN_BEFORE, KH_BEFORE, MM_BEFORE, VN, KH, MM)
Key = tuple[str, str]


@dataclass(frozen=True)
class Rated:
    """One round, with the record and the scorecard of each agency by its licence."""

    read: Read
    plan: Mapping[str, Agency]
    records: Mapping[str, Record]
    cards: Mapping[str, Scorecard]

    @property
    def rubric(self) -> Rubric:
        return self.read.code.rubric

    def licence(self, story: str) -> list[str]:
        cycle = next(one for one in CYCLES if one.id == self.read.round.cycle)
        return [one.licence for one in self.plan.values() if one.story(cycle) == story]

    def only(self, story: str) -> str:
        (licence,) = self.licence(story)
        return licence

    def bands(self) -> Counter[str]:
        return Counter(card.band or card.state for card in self.cards.values())


def rated(one: Read, rounds: tuple[Read, ...], findings: bool = False) -> Rated:
    scorer = Scorer(one.code.rubric)
    before = earlier_than(one, rounds)
    previous = {licence: card for each in before for licence, card in last(each, rounds).items()}
    found = {}
    for record in records(one, before, findings):
        card = previous.get(record.id)
        found[record.id] = replace(record, previous_band=card.points_band if card else None)
    cards = {licence: scorer.score(record, one.as_of) for licence, record in found.items()}
    plan = {each.licence: each for each in agencies(one.round.association, 2026)}
    return Rated(one, plan, found, cards)


def last(one: Read, rounds: tuple[Read, ...]) -> Mapping[str, Scorecard]:
    return rated(one, rounds).cards


@cache
def of(key: Key) -> Rated:
    rounds = demonstration()
    (one,) = [one for one in rounds if (one.round.association, one.round.cycle) == key]
    return rated(one, rounds)


def test_the_older_vietnamese_cycle_has_the_bands_of_2016() -> None:
    assert of(VN_BEFORE).bands() == Counter(
        {"5": 37, "4": 41, "3": 8, "not_participating": 5, "too_small": 2}
        | dict.fromkeys(("too_new", "suspended", "not_eligible"), 1)
    )


@pytest.mark.parametrize("seed", [1, 7])
def test_any_seed_gives_those_bands(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    first = next(iter(write(tmp_path_factory.mktemp("seed"), seed)))
    one = opened(first)
    cards = [Scorer(one.code.rubric).score(record, one.as_of) for record in records(one)]
    bands = Counter(card.band for card in cards if card.state == RATED)
    assert (first.association, bands) == ("vidu", Counter({"5": 37, "4": 41, "3": 8}))


@pytest.mark.parametrize("key", ROUNDS)
def test_totals_lie_well_inside_their_bands_and_where_they_were_aimed(key: Key) -> None:
    one = of(key)
    cuts = [band.cut for band in one.rubric.bands if band.cut]
    for licence, card in one.cards.items():
        if card.points is not None:
            is_close = key[1] == "2026" and one.plan[licence].tale.aim is not None
            apart = min(abs(card.points - cut) for cut in cuts)
            assert 0 < apart < 2 if is_close else apart >= 2, licence
            assert abs(float(card.points) - one.plan[licence].aims[key[1]]) < 1, licence


@pytest.mark.parametrize("key", ROUNDS)
def test_only_stories_are_limited_or_unrated(key: Key) -> None:
    one = of(key)
    quiet = {"renamed", "hand_picked", "disputes_one", "dispute_decided"}
    stories = {licence for story in STORIES.keys() - quiet for licence in one.licence(story)}
    # What was found in the older cycle is still in force.
    stories |= {each.licence for each in one.plan.values() if each.tale.before in SERIOUS}
    limited = {licence for licence, card in one.cards.items() if card.limiters}
    unrated = {licence for licence, card in one.cards.items() if card.state != RATED}
    assert limited | unrated == stories & one.cards.keys()


@pytest.mark.parametrize("key", ROUNDS[3:])
def test_findings_of_the_last_cycle_change_no_band(key: Key) -> None:
    again = rated(of(key).read, demonstration(), findings=True)
    assert again.bands() == of(key).bands()


def test_the_newer_cycles_are_spread_over_all_bands() -> None:
    for key in (VN, KH, MM):
        assert of(key).bands().keys() >= {band.id for band in of(key).rubric.bands}


def test_so_many_agencies_are_listed() -> None:
    assert [len(of(key).cards) for key in ROUNDS] == [96, 20, 14, 98, 22, 15]


SERIOUS = {"passport_retention", "forced_labour", "fee_repaid", "fee_owed", "unanswered"}
CAPPED = [
    (VN, "passport_retention", "1", "K1"),
    (VN, "fee_repaid", "3", "K4"),
    (VN, "unanswered", "3", "K5"),
    (VN, "overclaims", "3", "overclaim"),
    (VN, "silent", "2", "K6"),
    (VN, "few_interviews", "3", "interviews_at_least"),
    (KH_BEFORE, "passport_retention", "improve", "K1"),
    (KH, "fee_owed", "bronze", "K3"),
    (KH, "unanswered", "bronze", "K4"),
    (KH, "silent", "bronze", "K5"),
    (MM, "forced_labour", "1", "K2"),
    (MM, "fee_owed", "2", "K4"),
    (MM, "silent", "2", "K6"),
    (MM, "few_interviews", "3", "interviews_at_least"),
]


@pytest.mark.parametrize(("key", "story", "band", "code"), CAPPED)
def test_a_story_holds_the_band_down(key: Key, story: str, band: str, code: str) -> None:
    card = of(key).cards[of(key).only(story)]
    assert (card.band, card.band != card.points_band) == (band, True)
    assert code in {limiter.code for limiter in card.limiters}


def test_a_serious_finding_of_the_older_cycle_is_still_in_force() -> None:
    card = of(KH).cards[of(KH_BEFORE).only("passport_retention")]
    assert (card.band, card.points_band) == ("improve", "silver")


@pytest.mark.parametrize(
    ("key", "story", "state"),
    [
        (VN_BEFORE, "suspended", "suspended"),
        (VN_BEFORE, "expired", "not_eligible"),
        (VN_BEFORE, "too_new", "too_new"),
        (VN, "suspended", "suspended"),
        (VN, "revoked", "not_eligible"),
        (VN, "too_new", "too_new"),
        (VN, "disputes_much", "under_review"),
        (KH, "suspended", "suspended"),
        (KH, "disputes_much", "under_review"),
        (MM, "too_small", "too_small"),
    ],
)
def test_a_story_is_listed_without_rating(key: Key, story: str, state: str) -> None:
    assert of(key).cards[of(key).only(story)].state == state


def test_those_who_did_not_take_part_or_were_too_new_are_rated_a_year_later() -> None:
    for before, after in ((VN_BEFORE, VN), (KH_BEFORE, KH), (MM_BEFORE, MM)):
        later = of(after).cards
        assert later[of(before).only("too_new")].state == RATED
        joined = of(before).licence("not_participating")
        assert RATED in {later[licence].state for licence in joined}


def test_a_licence_that_was_given_back_is_rated_again() -> None:
    licence = of(VN_BEFORE).only("suspended")
    (row,) = [row for row in register(VN) if row["licence_number"] == licence]
    assert (row["licence_state"], row["licence_state_since"]) == ("valid", date(2025, 11, 3))
    assert of(VN).cards[licence].state == RATED


def register(key: Key) -> list[dict[str, object]]:
    return of(key).read.kinds["agencies"]


@pytest.mark.parametrize("key", [VN, KH])
def test_one_agency_has_a_new_name_under_the_same_licence(key: Key) -> None:
    before = {row["licence_number"]: row["name_en"] for row in register((key[0], BEFORE.id))}
    after = {row["licence_number"]: row["name_en"] for row in register(key)}
    changed = [licence for licence, name in before.items() if name != after[licence]]
    assert changed == [of(key).only("renamed")]


def test_a_small_dispute_leaves_the_rating_and_a_decided_one_counts() -> None:
    one = of(VN)
    disputed = one.records[one.only("disputes_one")]
    assert Counter(disputed.marks.values())["disputed"] == 1
    assert one.cards[disputed.id].state == RATED
    decided = one.read.of("findings", one.only("dispute_decided"))
    assert [row["indicator"] for row in decided if row["disputed_on"] and row["decided_on"]]
    assert "disputed" not in one.records[one.only("dispute_decided")].marks.values()


def test_only_the_overclaimer_claims_too_much() -> None:
    for key in (VN_BEFORE, VN, MM_BEFORE, MM):
        found = [code for code, record in of(key).records.items() if overclaims_in(key, record)]
        assert found == of(key).licence("overclaims")


def overclaims_in(key: Key, record: Record) -> bool:
    return overclaims(of(key).rubric, record)


def test_interviewees_chosen_by_the_agency_are_not_counted() -> None:
    one = of(VN)
    chosen = {row["agency"] for row in one.read.kinds["interviews"] if row["chosen_by"] == "agency"}
    assert chosen == set(one.licence("hand_picked"))
    assert len(chosen) == 3
    few = one.records[one.only("few_interviews")]
    assert few.interviewed == 3
    others = set(one.cards) - {few.id}
    asked = [one.records[each].interviewed or 0 for each in others if one.cards[each].band]
    silent = of(MM).records[of(MM).only("silent")]
    assert min(asked) >= 5
    assert silent.facts["returned"] == "no"


def test_answers_may_not_apply_and_may_be_numbers() -> None:
    one = of(VN)
    marks = Counter(mark for record in one.records.values() for mark in record.marks.values())
    assert marks["not_applicable"] > 20
    days = [row["answer"] for row in one.read.kinds["self-assessments"] if row["indicator"] == "c2"]
    assert len([day for day in days if isinstance(day, int)]) > 60
    claims = {
        (row["agency"], row["indicator"]): row["answer"]
        for row in one.read.kinds["self-assessments"]
    }
    refused = [
        row["found"]
        for row in one.read.kinds["findings"]
        if claims.get((row["agency"], row["indicator"])) == "not_applicable" != row["found"]
    ]
    assert refused


def test_small_agencies_have_no_complaint_and_big_ones_some() -> None:
    one = of(VN)
    counted = Counter(row["agency"] for row in one.read.kinds["complaints"] if counts(row))
    sizes = {licence: agency.size for licence, agency in one.plan.items()}
    small = [licence for licence in one.cards if sizes[licence] < 400 and not counted[licence]]
    big = [counted[licence] for licence in one.cards if sizes[licence] > 1500]
    assert (len(small) >= 8, min(big) >= 5) == (True, True)


def test_every_story_happens() -> None:
    every = [one for each in ASSOCIATIONS for one in agencies(each.code, 2026)]
    told = {one.story(cycle) for one in every for cycle in CYCLES}
    assert told == {"", *STORIES}
    assert {each.code for each in ASSOCIATIONS} == PLOTS.keys()
