"""What another rubric makes of an edition: exact for every rubric and every record."""

import os
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rankings.scoring.record import NOT_APPLICABLE, Answer, CapEvent, Events, Record
from rankings.usecases.method_counts import changed_places, movers
from rankings.usecases.method_movement import CAUSES, with_split
from tests.scoring.random_rubrics import Maker
from tests.scoring.worked import record as worked_record
from tests.usecases.method_editions import TEXTS, agency, parts, reported

FULL = "RANKINGS_TEST_FULL" in os.environ
WORKED = TEXTS["worked"]
PARTS = ("before", "bridge", "after")


def some(examples: int) -> settings:
    return settings(
        max_examples=examples * (20 if FULL else 1),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


SEEDS, NAMES = st.integers(0, 2**32), st.sampled_from(sorted(TEXTS))


def records(name: str, seed: int, many: int = 6) -> list[Record]:
    return Maker(name, seed).records(many)


@some(60)
@given(NAMES, SEEDS)
def test_the_very_same_rubric_moves_nobody(name: str, seed: int) -> None:
    body = reported(TEXTS[name], records(name, seed), TEXTS[name])
    for one in body["agencies"]:
        assert one["before"] == one["bridge"]
        assert one["method"] in (0, None)
        assert (one["causes"], one["unfit"]) == ([], 0)
    assert (body["moves"], body["rules"], changed_places(body), movers(body)) == ([], [], 0, [])


@some(60)
@given(NAMES, NAMES, SEEDS)
def test_any_rubric_can_be_tried_on_any_edition_and_method_and_behaviour_add_up(
    old: str, new: str, seed: int
) -> None:
    body = reported(TEXTS[old], records(old, seed), TEXTS[new])
    for one in body["agencies"]:
        if one["method"] is not None:
            assert sum(cause["amount"] for cause in one["causes"]) == one["method"]
            assert len(one["causes"]) <= CAUSES + 1
    ranking = parts(TEXTS[new], records(new, seed + 1, 7)[1:], "2027")["ranking"]
    whole = with_split(body, ranking)
    assert with_split(whole, ranking) == whole
    for one in whole["agencies"]:
        _adds_up(one)
    for when in PARTS:
        listed = [one for one in whole["agencies"] if one[when]]
        assert sum(place[when] for place in whole["places"]) == len(listed)


def _adds_up(one: dict[str, Any]) -> None:
    scores = [one[when] and one[when]["score"] for when in PARTS]
    if None in scores:
        assert None in (one["method"], one["behaviour"])
    else:
        assert one["method"] + one["behaviour"] == one["movement"] == scores[2] - scores[0]


@some(30)
@given(NAMES, SEEDS)
def test_what_moved_all_is_what_moved_each(name: str, seed: int) -> None:
    body = reported(TEXTS[name], records(name, seed), TEXTS["worked"])
    moved = sum(one["method"] for one in body["agencies"] if one["method"] is not None)
    assert sum(rule["up"] + rule["down"] for rule in body["rules"]) == moved


def test_where_an_edition_has_no_places_another_rubric_gives_it_none() -> None:
    text = WORKED + "\n[ranges]\n"
    (one,) = reported(text, [worked_record()], text)["agencies"]
    assert one["before"] == one["bridge"]
    assert (one["before"]["state"], one["before"]["rank"]) == ("rated", None)


def test_a_ranking_by_another_version_is_no_first_edition_by_the_new_one() -> None:
    body = reported(WORKED, [worked_record()], changed("1.1.0"))
    with pytest.raises(ValueError, match="another rubric"):
        with_split(body, parts(WORKED, [worked_record()])["ranking"])


def changed(version: str, *swaps: tuple[str, str]) -> str:
    """The worked example's rubric as another version, with some words swapped."""
    text = WORKED.replace('version = "1.0.0"', f'version = "{version}"')
    for was, becomes in swaps:
        assert was in text
        text = text.replace(was, becomes)
    return text


def test_a_weight_that_changes_is_named_as_what_moved_the_score() -> None:
    more = ('id = "i1"\nparent = "P1"\nweight = 3', 'id = "i1"\nparent = "P1"\nweight = 2')
    body = reported(
        WORKED, [worked_record()], changed("2.0.0", more, ("weights_sum = 5", "weights_sum = 4"))
    )
    (one,) = body["agencies"]
    assert one["method"] == one["bridge"]["score"] - one["before"]["score"] != 0
    assert {"i1", "i2"} <= {cause["code"] for cause in one["causes"]}
    assert (body["unfit"], body["decimals"]) == ([], 1)
    assert (body["before"]["version"], body["bridge"]["version"]) == ("1.0.0", "2.0.0")


def test_an_indicator_that_is_new_or_gone_is_named_and_the_new_one_counts_as_missing() -> None:
    body = reported(WORKED, [worked_record()], changed("2.0.0", ('id = "i2"', 'id = "i9"')))
    assert body["lacking"]["new_indicators"] == ["i9"]
    assert body["lacking"]["dropped_indicators"] == ["i2"]
    (one,) = body["agencies"]
    assert [cause["code"] for cause in one["causes"] if cause["kind"] == "indicator"] == ["i2"]
    assert one["method"] < 0


def options(*codes: str) -> str:
    listed = ", ".join(f'{{ id = "{code}", points = {at * 50} }}' for at, code in enumerate(codes))
    return f"options = [{listed}]"


def with_options(indicator: str, *codes: str) -> str:
    """The worked example where one indicator has other options."""
    start = f'(id = "{indicator}"\n(?:.+\n)*?)options = .+'
    text, many = re.subn(start, lambda found: found[1] + options(*codes), changed("2.0.0"))
    assert many == 1
    return text


def test_an_answer_whose_option_is_gone_counts_as_missing_and_so_does_the_claim_below_it() -> None:
    answers = {"i4": [Answer("4", "self"), Answer("3", "audit")], "i5": [Answer("4", "self")]}
    one = Record("a", answers=answers)
    body = reported(WORKED, [one], with_options("i4", "0", "4", "9"))
    assert body["unfit"] == [{"kind": "option", "code": "i4", "value": "3", "agencies": 1}]
    assert agency(body, "a")["unfit"] == 1
    (cause,) = [cause for cause in agency(body, "a")["causes"] if cause["code"] == "i4"]
    alone = reported(WORKED, [Record("a", answers={"i5": [Answer("4", "self")]})], WORKED)
    assert agency(body, "a")["bridge"]["score"] == agency(alone, "a")["before"]["score"]
    assert cause["amount"] < 0


def test_a_finding_stays_where_only_the_claim_below_it_is_gone() -> None:
    one = Record("a", answers={"i4": [Answer("3", "self"), Answer("4", "audit")]})
    body = reported(WORKED, [one], with_options("i4", "0", "2", "4"))
    assert [unfit["kind"] for unfit in body["unfit"]] == ["option"]
    assert agency(body, "a")["method"] == 0


CASES: list[tuple[tuple[str, str], dict[str, Any], str]] = [
    ((", document = 0.9", ""), {"answers": {"i1": [Answer("4", "document")]}}, "grade"),
    (("not_applicable = true\n", ""), {"marks": {"i3": NOT_APPLICABLE}}, "mark"),
    (("moderate = 3, ", ""), {}, "severity"),
    (("steps = [1, 0.5, 0.25]", "steps = [1, 0.5, 0.25, 0.1]"), {}, "years"),
    (('id = "K2"', 'id = "K3"'), {"caps": {"K2": CapEvent()}}, "cap"),
    (('id = "not_participating"', 'id = "outside"'), {"state": "not_participating"}, "state"),
    (('id = "licence"\ntype = "text"', 'id = "licence"'), {"facts": {"licence": "valid"}}, "field"),
    (('code = "worked"', 'code = "other"'), {"previous_band": "3"}, "band"),
]


@pytest.mark.parametrize(("swap", "more", "kind"), CASES, ids=[case[2] for case in CASES])
def test_whatever_the_new_rubric_cannot_use_is_named(
    swap: tuple[str, str], more: dict[str, Any], kind: str
) -> None:
    usual: Any = worked_record()
    held = {name: getattr(usual, name) for name in ("answers", "interviews", "events")}
    swaps = [swap]
    if kind == "grade":
        swaps += [(", document = 0.8", "")]
    if kind == "field":
        swaps += [('when = { of = "licence", among = ["revoked", "expired"] }', "")]
    body = reported(WORKED, [Record("a", **(held | more))], changed("2.0.0", *swaps))
    assert kind in {one["kind"] for one in body["unfit"]}
    assert agency(body, "a")["unfit"] >= 1


def test_an_indicator_that_is_answered_in_another_way_is_named_and_counts_as_missing() -> None:
    rate = re.search(r'\[\[indicators\]\]\nid = "c1"(?:.+\n|\n(?!\[))+', WORKED)
    assert rate
    level = '[[indicators]]\nid = "c1"\nparent = "complaints"\ntype = "level"\n'
    text = changed("2.0.0", (rate[0], level + options("no", "half", "yes") + "\n\n"))
    body = reported(WORKED, [worked_record()], text)
    assert body["lacking"]["other_type"] == ["c1"]
    assert [one["kind"] for one in body["unfit"]] == ["type"]


def test_where_silence_has_no_penalty_an_agency_without_the_answer_cannot_be_rated() -> None:
    events = Events((), (Fraction(1000),))
    one = Record("a", answers={"x": [Answer(Fraction(3))]}, events={"r": events})
    former = TEXTS["penalties"].replace('id = "o"', 'id = "former"')
    body = reported(
        former,
        [Record(one.id, {**one.answers, "former": [Answer(Fraction(1))]}, {}, one.events)],
        TEXTS["penalties"],
    )
    assert agency(body, "a")["bridge"]["state"] == "insufficient_evidence"
    assert ("silence", "o") in {(unfit["kind"], unfit["code"]) for unfit in body["unfit"]}
