"""Warnings: the same for everybody, one that decides alone, a crowded band, one out of reach."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from rankings.scoring.lint import Finding, Rehearsal, static
from rankings.scoring.parse import parse
from rankings.scoring.record import NOT_APPLICABLE, Answer, Record
from rankings.scoring.score import Scorer
from tests.scoring.builders import DAY, EVIDENCE, points_of, scorer_of, tables, tens
from tests.scoring.random_rubrics import SCORERS, TWO, Maker

STARS = "".join(
    f'[[bands]]\nid = "{at}"\nat_least = {cut}\n'
    for at, cut in ((6, 90), (5, 75), (4, 60), (3, 45), (2, 30), (1, 0))
)
HALVES = "[total]\nweights_sum = 100\n" + TWO.format("weight = 50", "weight = 50")


def findings(scorer: Scorer, records: Sequence[Record]) -> list[Finding]:
    found = Rehearsal(scorer.rubric)
    for record in records:
        found.add(scorer.score(record, DAY))
    return found.findings()


def scored(scorer: Scorer, *rows: Mapping[str, object]) -> list[Finding]:
    return findings(scorer, [points_of(row, id=f"r{at}") for at, row in enumerate(rows)])


def kinds(found: Sequence[Finding], kind: str) -> list[tuple[str, int | None]]:
    return [(one.code, one.share) for one in found if one.kind == kind]


def test_the_star_pattern_of_2018_19_warns_of_a_crowded_band() -> None:
    scorer = scorer_of(tens("x") + STARS)
    totals = [95] * 4 + [80] * 68 + [65] * 30
    seen = Rehearsal(scorer.rubric)
    for at, points in enumerate(totals):
        seen.add(scorer.score(points_of({"x": points}, id=f"r{at}"), DAY))
    assert list(seen.bands().values()) == [4, 68, 30, 0, 0, 0]
    assert kinds(seen.findings(), "crowded_band") == [("5", 667)]


def test_half_of_all_is_not_crowded() -> None:
    scorer = scorer_of(tens("x") + STARS)
    half = [{"x": 80 if at < 6 else 50 + at} for at in range(12)]
    assert kinds(scored(scorer, *half), "crowded_band") == []


def test_bands_by_shares_are_counted_as_they_are_given() -> None:
    text = tens("x") + '[banding]\nby = "quantile"\n'
    text += '[[bands]]\nid = "top"\ntop = 0.2\n[[bands]]\nid = "rest"\n'
    found = scored(scorer_of(text), *({"x": 5 * at} for at in range(20)))
    assert kinds(found, "crowded_band") == [("rest", 800)]


def test_an_indicator_that_is_the_same_everywhere_is_named() -> None:
    na = "not_applicable = true"
    scorer = scorer_of(HALVES + tens("x", parent="p") + tens("y", "z", parent="q", more=na) + STARS)
    rows = [points_of({"x": 7 * at, "y": 40, "z": 50}, id=f"r{at}") for at in range(12)]
    # It counts for ten of twelve; of the other indicator, for nine.
    marked = [replace(one, marks={"y": NOT_APPLICABLE}) for one in rows[:2]]
    marked = [*marked, *(replace(one, marks={"z": NOT_APPLICABLE}) for one in rows[2:5]), *rows[5:]]
    assert kinds(findings(scorer, marked), "same_everywhere") == [("y", 833)]


def test_what_it_is_worth_counts_and_not_how_well_it_is_proved() -> None:
    text = EVIDENCE + tens("x", high=100) + STARS
    text += '[[indicators]]\nid = "l"\ntype = "level"\n'
    text += 'options = [{ id = "no", points = 0 }, { id = "yes", points = 100 }]\n'
    scorer = scorer_of(text)
    records = [
        replace(one, answers={**one.answers, "l": [Answer("yes", "audit" if at % 2 else "self")]})
        for at in range(10)
        for one in [points_of({"x": 9 * at}, id=f"r{at}")]
    ]
    assert kinds(findings(scorer, records), "same_everywhere") == [("l", 1000)]


def test_fewer_than_ten_say_nothing() -> None:
    scorer = scorer_of(tens("x") + STARS)
    assert scored(scorer, *({"x": 80} for _ in range(9))) == []
    assert scored(scorer, *({"x": 80} for _ in range(10))) == [
        Finding("same_everywhere", "x", 1000),
        Finding("crowded_band", "5", 1000),
    ]


def test_an_indicator_that_decides_alone_is_named_with_its_share() -> None:
    scorer = scorer_of(HALVES + tens("x", parent="p") + tens("y", parent="q") + STARS)
    # Twice as far apart and not related: 4 parts of 5 of the variance.
    rows = [{"x": 20 + 40 * at, "y": 40 + 20 * other} for at in (0, 1) for other in (0, 1)]
    found = kinds(scored(scorer, *rows * 3), "decides_alone")
    assert found == [("x", 800)]


def test_a_node_below_a_pillar_that_decides_alone_is_named_and_a_pillar_is_not() -> None:
    nodes = '[[nodes]]\nid = "p"\nweights_sum = 100\n[[nodes]]\nid = "q"\n'
    nodes += '[[nodes]]\nid = "a"\nparent = "p"\nweight = 80\n'
    nodes += '[[nodes]]\nid = "b"\nparent = "p"\nweight = 20\n'
    parts = tens("x", "w", parent="a") + tens("y", parent="b") + tens("z", parent="q")
    rows = [
        {"x": 40 * at, "w": 40 * other, "y": 5 * at, "z": 50} for at in (0, 1) for other in (0, 1)
    ]
    found = kinds(scored(scorer_of(nodes + parts + STARS), *rows * 3), "decides_alone")
    assert [code for code, _ in found] == ["a"]


@pytest.mark.parametrize("name", sorted(SCORERS))
def test_shares_are_what_exact_fractions_give(name: str) -> None:
    scorer = SCORERS[name]
    cards = [scorer.score(one, DAY) for one in Maker(name, 7).records(40)]
    seen = Rehearsal(scorer.rubric)
    for card in cards:
        seen.add(card)
    found = dict(kinds(seen.findings(), "decides_alone"))
    known = [card for card in cards if card.workings is not None]
    totals = [card.exact or Fraction(0) for card in known]
    if scorer.by_value or len(known) < 10:
        return
    for at, code in enumerate(scorer.codes):
        parts = [
            (card.workings.value(at) or 0) * card.workings.shape.shares[at]
            for card in known
            if card.workings is not None
        ]
        share = covariance(parts, totals) / covariance(totals, totals)
        assert (code in found) is (share > Fraction(1, 2)), (code, share)
        if code in found:
            assert abs((found[code] or 0) - 1000 * share) < 1


def covariance(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    many, sums = len(one), sum(one, Fraction(0)) * sum(other, Fraction(0))
    products = sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))
    return products / many - sums / many**2


LEVEL = (
    '[[indicators]]\nid = "l"\ntype = "level"\n{}'
    'options = [{{ id = "no", points = 0 }}, {{ id = "yes", points = 100 }}]\n'
)
WEAK = "[evidence]\ncredit = { audit = 0.9, self = 0.5 }\nconfidence = { audit = 0.8 }\n"


@pytest.mark.parametrize(
    ("band", "reached"),
    [
        ("at_least = 90", True),
        ("at_least = 90.1", False),
        ("at_least = 50\nconfidence_at_least = 80", True),
        ("at_least = 50\npillars_at_least = 90.1", False),
        ("at_least = 50\nnodes_at_least = { l = 90.1 }", False),
        ("at_least = 50\nnodes_at_least = { l = 90 }", True),
    ],
)
def test_a_band_that_the_best_proof_does_not_reach_is_named(band: str, reached: bool) -> None:
    text = WEAK + LEVEL.format("") + f'[[bands]]\nid = "top"\n{band}\n[[bands]]\nid = "rest"\n'
    rubric = scorer_of(text).rubric
    assert static(rubric) == ([] if reached else [Finding("unreachable_band", "top")])
    # As the engine sees it.
    best = Scorer(rubric).score(points_of({"l": "=yes"}), DAY)
    assert (best.band == "top") is reached


def test_a_confidence_that_no_proof_gives_is_named() -> None:
    text = WEAK.replace("audit = 0.8", "audit = 0.8, self = 0.8") + LEVEL.format("")
    text += '[[bands]]\nid = "top"\nat_least = 50\nconfidence_at_least = 81\n[[bands]]\nid = "b"\n'
    assert static(scorer_of(text).rubric) == [Finding("unreachable_band", "top")]
    # Interviews come as close to certainty as there are many.
    voice = '[[indicators]]\nid = "v"\ntype = "proportion"\np0 = 0.5\nm = 10\n'
    assert static(scorer_of(text + voice).rubric) == []


def test_penalties_that_nobody_escapes_are_named() -> None:
    text = '[scale]\ndirection = "lower_is_better"\n[total]\naggregate = "sum"\n'
    text += '[[indicators]]\nid = "x"\ntype = "points"\nmin = 5\nmax = 25\n'
    text += '[[bands]]\nid = "top"\nat_most = {}\n[[bands]]\nid = "rest"\n'
    assert static(scorer_of(text.format(4)).rubric) == [Finding("unreachable_band", "top")]
    assert static(scorer_of(text.format(5)).rubric) == []


def test_where_questions_may_not_apply_nothing_is_said_for_sure() -> None:
    optional = LEVEL.format("not_applicable = true\n") + tens("x")
    band = '[[bands]]\nid = "top"\nat_least = 96\n[[bands]]\nid = "rest"\n'
    assert static(scorer_of(WEAK + optional + band).rubric) == []
    assert static(scorer_of(WEAK + LEVEL.format("") + tens("x") + band).rubric) == [
        Finding("unreachable_band", "top")
    ]


@pytest.mark.parametrize("aggregate", ["lowest", "highest", "geometric"])
def test_nodes_by_value_reach_what_their_children_do(aggregate: str) -> None:
    text = WEAK + f'[total]\naggregate = "{aggregate}"\n' + LEVEL.format("") + tens("x")
    text += '[[bands]]\nid = "top"\nat_least = 95\n[[bands]]\nid = "rest"\n'
    found = [one.code for one in static(scorer_of(text).rubric)]
    assert found == (["top"] if aggregate == "lowest" else [])


@pytest.mark.parametrize("name", sorted(SCORERS))
def test_no_band_that_somebody_has_is_called_out_of_reach(name: str) -> None:
    scorer = SCORERS[name]
    cards = [scorer.score(one, DAY) for one in Maker(name, 3).records(200)]
    assert {one.code for one in static(scorer.rubric)}.isdisjoint({card.band for card in cards})


def test_what_the_check_refuses_is_not_repeated() -> None:
    text = tens("x") + '[[bands]]\nid = "top"\nat_least = 101\n[[bands]]\nid = "rest"\n'
    with pytest.raises(ValueError, match="cannot be reached"):
        parse(tables(text))
