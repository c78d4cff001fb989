"""Which answer counts, what it earns, and when claims lose credit: one sentence per row."""

from datetime import date
from fractions import Fraction

import pytest

from rankings.scoring.evidence import months_after
from rankings.scoring.record import (
    DISPUTED,
    NOT_APPLICABLE,
    Answer,
    CapEvent,
    Record,
    RecordError,
)
from tests.scoring.builders import DAY, node, scorer_of

LEVEL = """
type = "level"
options = [{ id = "no", points = 0 }, { id = "half", points = 50 }, { id = "yes", points = 100 }]
"""
AGEING = scorer_of(
    """[evidence]
credit = { audit = 1, document = 0.9, self = 0.6 }
ageing = [
  { grade = "audit", months = 24, becomes = "document" },
  { grade = "document", expired = true, becomes = "self" },
]
[[indicators]]
id = "q"
"""
    + LEVEL
)
OLD, NEW = date(2020, 1, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("sentence", "answers", "score"),
    [
        ("an audit counts in full", [Answer("yes")], "100"),
        ("a document counts nine tenths", [Answer("yes", "document")], "90"),
        ("a claim counts six tenths", [Answer("yes", "self")], "60"),
        (
            "the strongest counts alone, even if it is worse",
            [Answer("yes", "self"), Answer("no")],
            "0",
        ),
        ("an audit on its last day counts", [Answer("yes", "audit", date(2024, 6, 30))], "100"),
        ("a day later it is a document", [Answer("yes", "audit", date(2024, 6, 29))], "90"),
        (
            "an old audit that has expired is only a claim",
            [Answer("yes", "audit", OLD, date(2025, 1, 1))],
            "60",
        ),
        (
            "a document counts on the day it expires",
            [Answer("yes", "document", OLD, date(2026, 6, 30))],
            "90",
        ),
        (
            "a day later it is a claim",
            [Answer("yes", "document", OLD, date(2026, 6, 29))],
            "60",
        ),
        (
            "a fresh audit that carries an expiry date stays an audit",
            [Answer("yes", "audit", NEW, date(2026, 6, 2))],
            "100",
        ),
        (
            "of two of equal grade the newest counts",
            [Answer("yes", "document", OLD), Answer("half", "document", NEW)],
            "45",
        ),
        (
            "whatever their order",
            [Answer("half", "document", NEW), Answer("yes", "document", OLD)],
            "45",
        ),
        (
            "a fresh document is newer than an audit that became one",
            [Answer("yes", "audit", OLD), Answer("half", "document", NEW)],
            "45",
        ),
        ("silence earns nothing", [], "0"),
    ],
)
def test_the_strongest_evidence_of_the_day_counts(
    sentence: str, answers: list[Answer], score: str
) -> None:
    card = AGEING.score(Record("one", {"q": answers}), DAY)
    assert card.exact == Fraction(score), sentence


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-10-31", 1, "2025-11-30"),
        ("2025-06-30", 0, "2025-06-30"),
        ("9999-01-01", 24, "9999-12-31"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(
    day: str, months: int, after: str
) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(after)


CLAIMS = [f"q{at:02}" for at in range(30)]
OVERCLAIM = scorer_of(
    """[evidence]
credit = { audit = 1, document = 1, self = 0.6 }
[evidence.overclaim]
min_found = 5
rate_above = 0.2
z = 1.6449
credit_self = 0.4
ceiling = "low"
[[bands]]
id = "high"
at_least = 20
[[bands]]
id = "low"
at_least = 0
[[indicators]]
id = "claimed"
"""
    + LEVEL
    + "".join(f'[[indicators]]\nid = "{code}"\n{LEVEL}' for code in CLAIMS)
)


def checked(
    too_high: int, right: int, *, this_cycle: bool = True, grade: str = "audit"
) -> dict[str, list[Answer]]:
    """So many claims that were checked, and one that was not."""
    finding = {"this_cycle": this_cycle, "grade": grade}
    answers = {"claimed": [Answer("yes", "self")]}
    for at, code in enumerate(CLAIMS[: too_high + right]):
        found = "half" if at < too_high else "yes"
        answers[code] = [Answer("yes", "self"), Answer(found, **finding)]  # type: ignore[arg-type]
    return answers


@pytest.mark.parametrize(
    ("sentence", "answers", "marks", "over"),
    [
        ("five of five too high is over-claiming", checked(5, 0), {}, True),
        ("four of four is not: too few", checked(4, 0), {}, False),
        ("five of thirteen is above the bound", checked(5, 8), {}, True),
        ("five of fourteen is below the bound", checked(5, 9), {}, False),
        ("documents check claims too", checked(5, 0, grade="document"), {}, True),
        ("findings of another cycle do not", checked(5, 0, this_cycle=False), {}, False),
        ("a disputed finding does not count", checked(5, 0), {CLAIMS[0]: DISPUTED}, False),
        ("a disputed one beside five does not help", checked(6, 0), {CLAIMS[0]: DISPUTED}, True),
        ("claims that proved right are harmless", checked(0, 20), {}, False),
    ],
)
def test_over_claiming_costs_credit_and_the_better_bands(
    sentence: str, answers: dict[str, list[Answer]], marks: dict[str, str], over: bool
) -> None:
    card = OVERCLAIM.score(Record("one", answers, marks=marks), DAY)
    assert node(OVERCLAIM, card, "claimed") == (40 if over else 60), sentence
    assert ("overclaim" in [one.code for one in card.limiters]) is over
    assert card.band == "low" or not over


def test_a_claim_below_the_finding_is_no_over_claim() -> None:
    answers = {code: [Answer("half", "self"), Answer("yes")] for code in CLAIMS[:6]}
    answers["claimed"] = [Answer("yes", "self")]
    assert node(OVERCLAIM, OVERCLAIM.score(Record("one", answers), DAY), "claimed") == 60


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (Record("one", {"no": [Answer("yes")]}), "no: the rubric has no such indicator"),
        (Record("one", {"claimed": [Answer("maybe")]}), "'maybe' is not one of no, half, yes"),
        (Record("one", {"claimed": [Answer("yes", "rumour")]}), "'rumour' is not used"),
        (Record("one", marks={"claimed": NOT_APPLICABLE}), "does not allow not_applicable"),
        (Record("one", marks={"claimed": "broken"}), "does not allow broken"),
        (Record("one", state="asleep"), "'asleep' is not a state"),
        (Record("one", caps={"K9": CapEvent()}), "K9: the rubric has no such cap"),
    ],
)
def test_a_record_that_the_rubric_does_not_know_is_refused(record: Record, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        OVERCLAIM.score(record, DAY)
