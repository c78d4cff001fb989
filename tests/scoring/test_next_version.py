"""The next version of a rubric: which numbers change, what keeps them, and all that stays."""

import re
from fractions import Fraction
from typing import Any

import pytest

from rankings.scoring.next_version import Number, later, numbers, revised
from rankings.scoring.source import RubricSource, read
from rankings.scoring.writing import comments
from tests.scoring.rubric_base import BASE, TEXTS

LABELS = {name.split(".")[1]: text for name, text in TEXTS.items() if name != "rubric.toml"}
SOURCE = RubricSource(BASE.replace("[[bands]]", "# What bands mean.\n[[bands]]", 1), LABELS)
RUBRIC = read(SOURCE).rubric
CREDIT: dict[str, Any] = {"self": "1/2", "document": "19/20", "pairs": {"self": 50, "document": 30}}
NONE: dict[str, Any] = {"self": None, "document": None, "pairs": {"self": 2, "document": 1}}


def one(group: str | None, mu: str | None, k: str | None, phi: str | None) -> dict[str, Any]:
    return {"indicator": "rate", "group": group, "mu": mu, "k": k, "phi": phi, "agencies": 40}


def told(credit: dict[str, Any], *rates: dict[str, Any]) -> dict[str, tuple[Any, str]]:
    """By place: the new number, and why."""
    found = numbers(RUBRIC, {"credit": credit, "rates": list(rates)})
    return {each.place: (each.new, each.why) for each in found}


def test_what_is_known_well_enough_changes() -> None:
    assert told(CREDIT, one(None, "9", "3/10", "7/2")) == {
        "evidence.credit.document": (Fraction(19, 20), ""),
        "evidence.credit.self": (Fraction(1, 2), ""),
        "indicators[rate].mu": (9, ""),
        # As it is already.
        "indicators[rate].k": (None, ""),
        "indicators[rate].phi": (Fraction(7, 2), ""),
    }


def test_what_is_not_known_stays_and_says_why() -> None:
    few = "fewer than 10 agencies, or no events"
    assert told(NONE, one("south", None, None, None)) == {
        "evidence.credit.document": (None, "fewer than 30 pairs"),
        "evidence.credit.self": (None, "fewer than 30 pairs"),
        "indicators[rate].peers.south.mu": (None, few),
        "indicators[rate].peers.south.k": (None, few),
        "indicators[rate].peers.south.phi": (None, few),
    }


def test_peers_that_the_rubric_does_not_have_are_told_and_left() -> None:
    found = told(NONE, one("west", "9", "1", "1"))
    assert found["indicators[rate].peers.west.mu"] == (None, "the rubric has no such peers")


@pytest.mark.parametrize(
    ("claims", "papers", "new", "why"),
    [
        ("11/10", "6/5", (1, 1), "at most 1, as the stronger grade"),
        ("49/50", None, (None, Fraction(9, 10)), "at most 0.9, as the stronger grade"),
        ("1/5", "4/5", (Fraction(4, 5), Fraction(2, 5)), "at least 0.4, the credit after"),
    ],
)
def test_credit_stays_in_order(
    claims: str, papers: str | None, new: tuple[Any, Any], why: str
) -> None:
    found = told(CREDIT | {"self": claims, "document": papers})
    assert found["evidence.credit.document"][0] == new[0]
    assert found["evidence.credit.self"][0] == new[1]
    assert found["evidence.credit.self"][1].startswith(why)


def test_a_grade_that_the_rubric_does_not_use_is_left() -> None:
    text = SOURCE.document
    for old, new in (("document = 0.9, ", ""), ("document = 0.8, ", "")):
        text = text.replace(old, new)
    text = re.sub(r"ageing = \[.*?\n\]", "", text, flags=re.DOTALL)
    rubric = read(RubricSource(text, LABELS)).rubric
    found = {each.path[-1]: each for each in numbers(rubric, {"credit": CREDIT, "rates": []})}
    assert (found["document"].new, found["document"].why) == (
        None,
        "the rubric does not use this grade",
    )
    assert found["self"].new == Fraction(1, 2)


def test_the_written_rubric_differs_in_these_numbers_only() -> None:
    rates = [
        one(None, "9", "2", "7/2"),
        one("north", "15", "1/2", "3"),
        one("south", "7", "1", "4"),
    ]
    made = revised(SOURCE, numbers(RUBRIC, {"credit": CREDIT, "rates": rates}), "1.0.1")
    rubric = read(made).rubric
    assert rubric.version == "1.0.1"
    assert rubric.evidence.credit == {
        "audit": 1,
        "document": Fraction(19, 20),
        "self": Fraction(1, 2),
    }
    rule: Any = next(each.rule for each in rubric.indicators if each.id == "rate")
    told_of = {name: (each.mu, each.k, each.phi) for name, each in rule.peers.items()}
    assert told_of == {"north": (15, Fraction(1, 2), 3), "south": (7, 1, 4)}
    assert (rule.benchmark.mu, rule.benchmark.k, rule.benchmark.phi) == (9, 2, Fraction(7, 2))
    assert made.labels == LABELS
    assert comments(made.document) == comments(SOURCE.document) == 1
    back = [
        (each.path, each.running) for each in numbers(RUBRIC, {"credit": CREDIT, "rates": rates})
    ]
    again = revised(made, [_to(path, number) for path, number in back], "1.0.0")
    assert read(again).rubric == RUBRIC


def _to(path: tuple[str, ...], number: Fraction | None) -> Number:
    return Number(path, None, None, "", number)


@pytest.mark.parametrize(
    ("version", "is_later"),
    [("1.0.1", True), ("1.1.0", True), ("1.10.0", True), ("2.0.0", True), ("1.0.0", False),
     ("0.99.99", False)],
)  # fmt: skip
def test_versions_are_ordered_by_their_numbers(version: str, is_later: bool) -> None:
    assert later(version, "1.0.0") is is_later
    assert later("1.9.0", "1.10.0") is False
