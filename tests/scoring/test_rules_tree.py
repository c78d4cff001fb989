"""The tree: what is missing, what is disputed, sums, steps, goalposts; one sentence per row."""

from fractions import Fraction

import pytest

from rankings.scoring.receipt import receipt
from rankings.scoring.record import DISPUTED, NOT_APPLICABLE, Answer, Record, RecordError
from tests.scoring.builders import DAY, EVIDENCE, node, points_of, scorer_of, tens

NA = "not_applicable = true"
NODES = '[[nodes]]\nid = "{}"\nweight = {}\n{}\n'
ARTICLES = scorer_of(
    "[missing]\nmin_applicable = 0.6\nmin_applicable_total = 0.8\ndisputed_above = 0.10\n"
    + "[total]\nweights_sum = 100\n"
    + NODES.format("p", 80, "weights_sum = 10")
    + NODES.format("q", 20, "")
    + tens("a", parent="p", more=f"weight = 6\n{NA}")
    + tens("b", parent="p", more=f"weight = 4\n{NA}")
    + tens("c", "d", parent="q", more=NA)
)
FULL: dict[str, object] = {"a": 100, "b": 50, "c": 20, "d": 40}


@pytest.mark.parametrize(
    ("sentence", "out", "state", "total"),
    [
        ("everything counts", "", "rated", "70"),
        ("60 % of an article is enough", "b", "rated", "86"),
        ("40 % is not, and then 20 % of the total is not", "a", "insufficient_evidence", None),
        ("half of the small one is too little, 80 % is left", "c", "rated", "80"),
        ("nothing of the small one either", "c d", "rated", "80"),
        ("nothing at all is insufficient", "a b c d", "insufficient_evidence", None),
    ],
)
def test_what_does_not_apply_leaves_both_sides_until_too_little_is_left(
    sentence: str, out: str, state: str, total: str | None
) -> None:
    marks = dict.fromkeys(out.split(), NOT_APPLICABLE)
    card = ARTICLES.score(points_of(FULL, marks=marks), DAY)
    assert (card.state, card.exact) == (state, None if total is None else Fraction(total)), sentence


@pytest.mark.parametrize(
    ("sentence", "out", "state"),
    [
        ("exactly 10 % may be disputed", "c", "rated"),
        ("more than 10 % is under review", "c d", "under_review"),
        ("an important one alone is too much", "b", "under_review"),
    ],
)
def test_too_much_under_dispute_is_under_review(sentence: str, out: str, state: str) -> None:
    marks = dict.fromkeys(out.split(), DISPUTED)
    assert ARTICLES.score(points_of(FULL, marks=marks), DAY).state == state, sentence


def test_what_does_not_apply_makes_the_disputed_part_larger() -> None:
    wide = scorer_of("[missing]\ndisputed_above = 0.25\n" + tens("a", "b", "c", "d", more=NA))
    records = (
        points_of({"a": 1, "b": 1}, marks={"c": DISPUTED}),
        points_of({"a": 1, "b": 1}, marks={"c": DISPUTED, "d": NOT_APPLICABLE}),
    )
    assert [wide.score(one, DAY).state for one in records] == ["rated", "under_review"]


def test_silence_stays_in_the_denominator_and_a_dispute_does_not() -> None:
    scorer = scorer_of(tens("a", "b"))
    assert scorer.score(points_of({"a": 80}), DAY).exact == 40
    disputed = scorer.score(points_of({"a": 80, "b": 20}, marks={"b": DISPUTED}), DAY)
    assert disputed.exact == 80
    bases = [line.basis for line in receipt(scorer, disputed).lines]
    assert bases == ["audit", "disputed"]


STATES = scorer_of(
    tens("x")
    + '[[fields]]\nid = "months"\n[[fields]]\nid = "licence"\ntype = "text"\n'
    + '[[states]]\nid = "suspended"\nwhen = { of = "licence", is = "suspended" }\n'
    + '[[states]]\nid = "too_new"\nwhen = { of = "months", below = 12 }\n'
    + '[[states]]\nid = "absent"\n'
)


@pytest.mark.parametrize(
    ("sentence", "facts", "given", "state"),
    [
        ("no condition holds", {"months": Fraction(12)}, None, "rated"),
        ("what is missing does not hold", {}, None, "rated"),
        ("a condition holds", {"months": Fraction(11)}, None, "too_new"),
        (
            "the first that holds applies",
            {"months": Fraction(1), "licence": "suspended"},
            None,
            "suspended",
        ),
        ("a state that is given comes first", {"months": Fraction(1)}, "absent", "absent"),
        ("the two that exist always can be given", {}, "under_review", "under_review"),
    ],
)
def test_a_state_lists_without_a_score(
    sentence: str, facts: dict[str, Fraction | str], given: str | None, state: str
) -> None:
    card = STATES.score(points_of({"x": 50}, facts=facts, state=given), DAY)
    assert card.state == state, sentence
    assert (card.published is None) is (state != "rated")


STARS = scorer_of(
    '[scale]\nmax = 5\ndecimals = 0\n[total]\naggregate = "start"\nstart = "inspection"\n'
    + 'adjust = [\n{ id = "staff-up", when = { all = [{ of = "staffing", at_least = 4 }, '
    + '{ of = "staffing", above = { of = "inspection" } }] }, add = 1 },\n'
    + '{ id = "staff-down", when = { of = "staffing", is = 1 }, add = -1 },\n'
    + '{ id = "limits", at_least = 1, at_most = 5 },\n'
    + '{ id = "quality-up", when = { of = "quality", is = 5 }, add = 1 },\n'
    + '{ id = "quality-down", when = { of = "quality", is = 1 }, add = -1 },\n'
    + '{ id = "again", at_least = 1, at_most = 5 },\n'
    + '{ id = "one-star", when = { of = "inspection", is = 1 }, at_most = 2 },\n]\n'
    + tens("inspection", "staffing", "quality", high=5)
)


@pytest.mark.parametrize(
    ("sentence", "inspection", "staffing", "quality", "stars"),
    [
        ("it starts from the inspection", 3, 3, 3, 3),
        ("good staffing lifts", 3, 4, 3, 4),
        ("only above the inspection", 4, 4, 3, 4),
        ("bad staffing lowers", 3, 1, 3, 2),
        ("good quality lifts", 3, 3, 5, 4),
        ("both lift", 3, 5, 5, 5),
        ("never above five", 5, 5, 5, 5),
        ("never below one", 1, 1, 1, 1),
        ("one star rises by one at most", 1, 5, 5, 2),
        ("staffing down, quality up from the floor", 1, 1, 5, 2),
    ],
)
def test_a_start_is_moved_by_steps_in_order(
    sentence: str, inspection: int, staffing: int, quality: int, stars: int
) -> None:
    values = {"inspection": inspection, "staffing": staffing, "quality": quality}
    card = STARS.score(points_of(values), DAY)
    assert card.points == stars, sentence
    slip = receipt(STARS, card)
    assert slip.sums[0] + sum(units for _, _, units in slip.steps) == stars
    assert [line.earned for line in slip.lines] == [inspection, 0, 0]


SUM = scorer_of(
    '[total]\naggregate = "sum"\n'
    + tens("a", high=40, more=NA)
    + tens("b", high=30, more=NA)
    + tens("c", high=30, more=NA)
)


@pytest.mark.parametrize(
    ("sentence", "values", "out", "total"),
    [
        ("parts add up", {"a": 30, "b": 20, "c": 10}, "", "60"),
        ("without one the rest is scaled up", {"a": 30, "b": 20}, "c", "500/7"),
        ("one alone stands for all", {"b": 15}, "a c", "50"),
    ],
)
def test_a_sum_without_a_child_is_scaled_up(
    sentence: str, values: dict[str, object], out: str, total: str
) -> None:
    marks = dict.fromkeys(out.split(), NOT_APPLICABLE)
    card = SUM.score(points_of(values, marks=marks), DAY)
    assert card.exact == Fraction(total), sentence
    assert receipt(SUM, card).reachable == 1000


def test_open_penalty_points_are_not_scaled_up() -> None:
    scorer = scorer_of(
        '[scale]\ndirection = "lower_is_better"\n[total]\naggregate = "sum"\n'
        + f'[[indicators]]\nid = "a"\ntype = "points"\n{NA}\n'
        + tens("b", high=10, more=NA)
    )
    assert scorer.score(points_of({"b": 4}, marks={"a": NOT_APPLICABLE}), DAY).exact == 4


def test_silence_is_the_full_penalty_and_needs_one() -> None:
    head = '[scale]\ndirection = "lower_is_better"\n[total]\naggregate = "sum"\n'
    scorer = scorer_of(head + tens("a", "b", high=25))
    assert scorer.score(points_of({"a": 4}), DAY).exact == 29
    without = scorer_of(head + '[[indicators]]\nid = "a"\ntype = "points"\n')
    with pytest.raises(RecordError, match="needs a max"):
        without.score(points_of({}), DAY)


NUMERIC = '[[indicators]]\nid = "n"\ntype = "numeric"\nworst = {}\nbest = {}\n{}\n'


@pytest.mark.parametrize(
    ("sentence", "worst", "best", "more", "value", "score"),
    [
        ("between the goalposts", 20, 85, "", "52.5", "50"),
        ("below the worst is 0", 20, 85, "", "-3", "0"),
        ("above the best is the maximum", 20, 85, "", "86", "100"),
        ("lower is better", 30, 1, "", "30", "0"),
        ("lower is better, in between", 30, 10, "", "15", "75"),
        ("lower than the best is the maximum", 30, 1, "", "0", "100"),
        ("logarithms", 100, 10_000, 'transform = "log"', "1000", "50"),
        ("logarithms, lower is better", 10_000, 100, 'transform = "log"', "1000", "50"),
        ("logarithms clamp", 100, 10_000, 'transform = "log"', "1", "0"),
    ],
)
def test_a_measured_value_lies_between_goalposts(
    sentence: str, worst: int, best: int, more: str, value: str, score: str
) -> None:
    scorer = scorer_of(EVIDENCE + NUMERIC.format(worst, best, more))
    card = scorer.score(points_of({"n": value}), DAY)
    assert card.exact is not None
    assert abs(card.exact - Fraction(score)) < Fraction(1, 10**45), sentence
    assert card.points == Fraction(score)


def test_a_logarithm_needs_a_value_above_0() -> None:
    scorer = scorer_of(EVIDENCE + NUMERIC.format(100, 10_000, 'transform = "log"'))
    with pytest.raises(RecordError, match="above 0"):
        scorer.score(points_of({"n": 0}), DAY)


def test_a_claim_of_a_measured_value_earns_its_credit() -> None:
    scorer = scorer_of(EVIDENCE + NUMERIC.format(0, 10, ""))
    record = Record("one", {"n": [Answer(Fraction(5), "self")]})
    assert scorer.score(record, DAY).exact == 30


def test_at_least_so_many_children_must_count() -> None:
    scorer = scorer_of("[total]\nmin_children = 3\n" + tens("a", "b", "c", "d", more=NA))
    given = {"a": 10, "b": 20, "c": 60, "d": 80}
    three = scorer.score(points_of(given, marks={"d": NOT_APPLICABLE}), DAY)
    two = scorer.score(points_of(given, marks=dict.fromkeys("cd", NOT_APPLICABLE)), DAY)
    assert three.exact == 30
    assert two.state == "insufficient_evidence"


@pytest.mark.parametrize(
    ("floor", "values", "total"),
    [
        ("", {"a": 0, "b": 100}, "0"),
        ("floor = 1", {"a": 0, "b": 100}, "10"),
        ("floor = 1", {"a": "0.5", "b": 100}, "10"),
        ("floor = 1", {"a": 4, "b": 100}, "20"),
    ],
)
def test_a_floor_keeps_one_zero_from_erasing_all(
    floor: str, values: dict[str, object], total: str
) -> None:
    scorer = scorer_of(f'[total]\naggregate = "geometric"\n{floor}\n' + tens("a", "b"))
    card = scorer.score(points_of(values), DAY)
    assert (card.exact, card.points) == (Fraction(total), Fraction(total))
    slip = receipt(scorer, card)
    assert slip.sums[0] + sum(units for _, _, units in slip.steps) == slip.points


def test_a_new_indicator_of_weight_0_moves_no_score() -> None:
    for how in ("mean", "geometric"):
        head = f'[total]\naggregate = "{how}"\nweights_sum = 3\n'
        old = head + tens("a", more="weight = 1") + tens("b", more="weight = 2")
        before, after = scorer_of(old), scorer_of(old + tens("new", more="weight = 0"))
        record = points_of({"a": 40, "b": 90})
        cards = before.score(record, DAY), after.score(record, DAY)
        assert cards[0].exact == cards[1].exact
        assert cards[0].confidence == cards[1].confidence
        new = receipt(after, cards[1]).lines[-1]
        assert (new.indicator, new.earned, new.lost_performance) == ("new", 0, 0)


@pytest.mark.parametrize(("rounding", "total"), [("half_up", "52"), ("half_even", "51")])
def test_a_node_can_be_rounded_before_its_parent_uses_it(rounding: str, total: str) -> None:
    scorer = scorer_of(
        f'[scale]\nrounding = "{rounding}"\n[[nodes]]\nid = "p"\nround_to = 1\n'
        + tens("a", "b", parent="p")
        + tens("c")
    )
    card = scorer.score(points_of({"a": 2, "b": 3, "c": 100}), DAY)
    assert node(scorer, card, "p") == (3 if rounding == "half_up" else 2)
    assert card.exact == (Fraction(total) if rounding == "half_even" else Fraction("51.5"))
