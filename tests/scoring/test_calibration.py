"""What a cycle says of a rubric's numbers: what counts, by hand."""

import json
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from rankings.scoring.calibration import Calibration
from rankings.scoring.record import Answer, Count, Record
from tests.scoring.builders import DAY, EVIDENCE, scorer_of
from tests.scoring.calibrated import NEVER, WEIGHTS, estimated, rate, sued
from tests.scoring.random_rubrics import SCORERS, Maker

OPTIONS = 'options = [{ id = "a", points = 0 }, { id = "b", points = 3 }, { id = "c", points = 4 }]'
SCALE = "[scale]\nmax = 4\n"
LEVEL = f'{SCALE}{EVIDENCE}[[indicators]]\nid = "x"\ntype = "level"\nmax = 4\n{OPTIONS}\n'
NUMERIC = '[[indicators]]\nid = "days"\ntype = "numeric"\nmax = 4\nworst = 10\nbest = 0\n'
TO = '[[fields]]\nid = "to"\ntype = "text"\n'


def said(*answers: tuple[str, str], **more: Any) -> Record:
    """An agency with answers to x, by grade."""
    given = {"x": [Answer(value, grade) for grade, value in answers]}
    return Record(id="one", answers=given, **more)


def credit(records: Iterable[Record], text: str = LEVEL) -> dict[str, Any]:
    found: dict[str, Any] = estimated(scorer_of(text), records)["credit"]
    return found


def test_credit_is_what_was_found_over_what_was_said() -> None:
    records = [said(("self", "c"), ("audit", "b"))] * 20 + [said(("self", "c"), ("audit", "c"))] * 9
    assert credit(records)["self"] is None
    records += [said(("self", "a"), ("audit", "b"))]
    assert credit(records) == {
        # (20 × 3 + 9 × 4 + 3) / (29 × 4)
        "self": "4267/5000",
        "document": None,
        "pairs": {"self": 30, "document": 0},
    }


def test_claims_are_compared_with_the_strongest_finding_and_documents_with_an_audit() -> None:
    both = said(("self", "c"), ("document", "b"), ("audit", "b"))
    assert credit([both] * 40) == {
        "self": "3/4",
        "document": "1",
        "pairs": {"self": 40, "document": 40},
    }
    assert credit([said(("self", "c"), ("document", "b"))] * 40)["pairs"] == {
        "self": 40,
        "document": 0,
    }


@pytest.mark.parametrize(
    "record",
    [
        said(("self", "c")),
        said(("audit", "b")),
        said(("self", "c"), ("audit", "b"), marks={"x": "disputed"}),
        said(("self", "c"), ("audit", "b"), state="under_review"),
        Record("one", {"x": [Answer("c", "self"), Answer("b", "audit", None, None, False)]}),
        said(("self", "a word of another form"), ("audit", "b")),
    ],
    ids=["unchecked", "unclaimed", "disputed", "unrated", "an old finding", "no option"],
)
def test_what_has_no_pair_in_this_cycle_does_not_count(record: Record) -> None:
    assert credit([record] * 40)["pairs"] == {"self": 0, "document": 0}


def test_measured_numbers_count_by_their_share_of_the_best() -> None:
    given = [Answer(Fraction(0), "self"), Answer(Fraction(5), "document")]
    assert (
        credit([Record("one", {"days": given})] * 30, SCALE + EVIDENCE + NUMERIC)["self"] == "1/2"
    )


def test_the_newest_claim_counts_and_nothing_is_divided_by_nothing() -> None:
    claims = [Answer("c", "self", date(2026, 1, 1)), Answer("a", "self", date(2026, 2, 1))]
    record = Record("one", {"x": [*claims, Answer("b", "audit")]})
    assert credit([record] * 40) == {
        "self": None,
        "document": None,
        "pairs": {"self": 40, "document": 0},
    }


def test_penalties_have_no_credit_to_estimate() -> None:
    lower = LEVEL.replace(SCALE, f'{SCALE}direction = "lower_is_better"\n')
    lower = lower.replace("document = 0.9, self = 0.6", "document = 1, self = 1")
    assert credit([said(("self", "c"), ("audit", "b"))] * 40, lower)["pairs"]["self"] == 0


def test_rates_are_estimated_by_moments() -> None:
    counts = [0, 1, 2, 3, 4, 8, 8, 9, 12, 13]
    exposures = [1, 1, 2, 2, 2, 3, 3, 2, 2, 2]
    records = [
        sued(1000 * size, Count(Fraction(many)))
        for many, size in zip(counts, exposures, strict=True)
    ]
    (found,) = estimated(rate(), records)["rates"]
    mu = Fraction(sum(counts), sum(exposures))
    pairs = zip(counts, exposures, strict=True)
    seen = sum(size * (Fraction(many, size) - mu) ** 2 for many, size in pairs) / sum(exposures)
    between = seen - mu / Fraction(sum(exposures), 10)
    assert found == {
        "indicator": "r",
        "group": None,
        "mu": "3",
        "k": str(Fraction(round(10_000 * mu / between), 10_000)),
        "phi": "1",
        "agencies": 10,
    }


def test_what_an_event_weighs_makes_counts_lumpy() -> None:
    counts = (Count(Fraction(3), "minor"), Count(Fraction(1), "serious"))
    (found,) = estimated(rate(more=WEIGHTS), [sued(1000, *counts)] * 10)["rates"]
    # (3 × 1 + 100) / (3 × 1 + 10)
    assert (found["mu"], found["phi"]) == ("13", "79231/10000")


@pytest.mark.parametrize(
    ("records", "agencies"),
    [
        ([sued(1000, Count(Fraction(2)))] * 9, 9),
        ([sued(1000)] * 12, 12),
        ([sued(1000, Count(Fraction(2)))] * 9 + [sued(0, Count(Fraction(2)))] * 5, 9),
        ([], 0),
    ],
    ids=["nine agencies", "no events", "no exposure", "nobody"],
)
def test_too_few_say_nothing(records: list[Record], agencies: int) -> None:
    assert estimated(rate(), records)["rates"] == [
        {"indicator": "r", "group": None, **NEVER, "agencies": agencies}
    ]


def test_k_stays_between_a_tenth_and_ten_times_the_running_one() -> None:
    alike = [sued(1000, Count(Fraction(2)))] * 20
    assert estimated(rate(k="0.3"), alike)["rates"][0]["k"] == "3"
    apart = [sued(1000, Count(Fraction(many))) for many in (0, 500) * 10]
    assert estimated(rate(k="0.3"), apart)["rates"][0]["k"] == "3/100"


def test_each_group_of_peers_is_estimated_by_itself() -> None:
    peers = 'peers_by = "to"\npeers = { JP = { mu = 3, k = 2 }, KR = { mu = 1, k = 1 } }\n'
    scorer = rate(more=peers + TO)

    def records(group: str | None, many: int, count: int) -> list[Record]:
        facts = {"to": group} if group else {}
        return [sued(1000, Count(Fraction(count)), facts=facts)] * many

    found = estimated(
        scorer,
        [*records("JP", 10, 4), *records("TW", 12, 2), *records("MY", 9, 1), *records(None, 9, 1)],
    )["rates"]
    told = {one["group"]: (one["mu"], one["k"], one["agencies"]) for one in found}
    assert list(told) == [None, "JP", "KR", "TW"]
    assert told["JP"] == ("4", "20", 10)
    assert told["KR"] == (None, None, 0)
    assert told["TW"] == ("2", "10", 12)
    assert told[None][2] == 40


def test_a_rate_as_it_stands_has_nothing_to_estimate() -> None:
    text = '[[indicators]]\nid = "r"\ntype = "rate"\nshrunk = false\ncurve = [[0, 100], [4, 0]]\n'
    scorer = scorer_of(text)
    assert estimated(scorer, [sued(1000, Count(Fraction(2)))] * 20)["rates"] == []


@pytest.mark.parametrize("name", SCORERS)
def test_every_rubric_gives_short_plain_values(name: str) -> None:
    found = estimated(SCORERS[name], Maker(name, 7).records(60))
    assert json.loads(json.dumps(found)) == found
    texts = [found["credit"]["self"], found["credit"]["document"]]
    texts += [one[key] for one in found["rates"] for key in NEVER]
    assert all(one is None or Fraction(one) * 10_000 % 1 == 0 for one in texts)


def test_a_large_round_is_quick_and_exact() -> None:
    """Ten thousand agencies of any size: no sum grows long."""
    random = Random(3)
    found = Calibration((scorer := rate()).rubric)
    record = sued(1000, Count(Fraction(2)))
    card = scorer.score(record, DAY)
    for _ in range(10_000):
        found.add(sued(random.randrange(1, 99_991), Count(Fraction(random.randrange(90)))), card)
    (told,) = found.values()["rates"]
    assert told["agencies"] == 10_000
    assert max(len(str(told[key])) for key in NEVER) < 20
