"""What differs between two rubrics: every change once, by place, with its reach."""

from dataclasses import replace

import pytest

from rankings.scoring.difference import (
    ADDITION,
    METHOD,
    WORDING,
    Change,
    difference,
    identities,
    reach,
)
from rankings.scoring.source import RubricSource, toml

OLD = """
code = "small"
version = "1.0.0"
languages = ["en"]
[evidence]
credit = { audit = 1, self = 0.60 }
[total]
weights_sum = 100
[[nodes]]
id = "fees"
weight = 60
[[nodes]]
id = "work"
weight = 40
[[indicators]]
id = "a"
parent = "fees"
type = "level"
options = [{ id = "no", points = 0 }, { id = "yes", points = 100 }]
"""
LABELS = 'title = "A code"\nsummary = "Short"\n'
SOURCE = RubricSource(OLD, {"en": LABELS})


def changed(*pairs: tuple[str, str]) -> list[Change]:
    text = OLD
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return difference(SOURCE, replace(SOURCE, document=text))


def test_a_weight_is_named_with_both_values() -> None:
    found = changed(("weight = 60", "weight = 62.5"), ("weight = 40", "weight = 37.5"))
    assert [str(one) for one in found] == [
        "nodes[fees].weight: 60 → 62.5",
        "nodes[work].weight: 40 → 37.5",
    ]
    assert reach(found) == METHOD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.60", "0.6"),
        ('version = "1.0.0"', 'version = "2.0.0"'),
        ("[total]", "# why\n[total]"),
        ("credit = { audit = 1, self = 0.60 }", "credit.audit = 1\ncredit.self = 0.6"),
    ],
)
def test_what_means_the_same_is_no_change(old: str, new: str) -> None:
    assert changed((old, new)) == []


def test_a_part_of_an_option_is_found() -> None:
    (one,) = changed(("points = 100", "points = 90"))
    assert one.place == "indicators[a].options[yes].points"


def test_an_entry_that_comes_is_one_change() -> None:
    more = '\n[[indicators]]\nid = "b"\nparent = "work"\nweight = 0\ntype = "points"\n'
    found = changed(("[[nodes]]", f"{more}[[nodes]]"))
    assert [(one.place, one.was, one.reach) for one in found] == [("indicators[b]", None, ADDITION)]


def test_a_new_indicator_with_a_weight_moves_scores() -> None:
    more = '\n[[indicators]]\nid = "b"\nparent = "work"\nweight = 1\ntype = "points"\n'
    assert reach(changed(("[[nodes]]", f"{more}[[nodes]]"))) == METHOD


def test_an_entry_that_goes_is_one_change() -> None:
    found = changed(('[[nodes]]\nid = "work"\nweight = 40\n', ""))
    assert [(one.place, one.becomes) for one in found] == [("nodes[work]", None)]


def test_another_order_is_a_change() -> None:
    two = '[[nodes]]\nid = "work"\nweight = 40\n'
    found = changed((two, ""), ("[[nodes]]", f"{two}[[nodes]]"))
    assert [(one.place, one.was, one.becomes) for one in found] == [
        ("nodes.order", "fees, work", "work, fees")
    ]


def test_words_are_told_by_language_and_move_no_score() -> None:
    new = replace(SOURCE, labels={"en": LABELS.replace("A code", "The code"), "vi": LABELS})
    found = difference(SOURCE, new)
    assert [str(one) for one in found] == [
        "labels.en.toml: title: A code → The code",
        "labels.vi.toml: title: – → A code",
        "labels.vi.toml: summary: – → Short",
    ]
    assert reach(found) == WORDING


def test_nothing_changes_nothing() -> None:
    assert difference(SOURCE, SOURCE) == []
    assert reach([]) == WORDING


def test_ids_are_found_at_every_depth() -> None:
    assert identities(toml("rubric.toml", OLD)) == {
        *("nodes[fees]", "nodes[work]", "indicators[a]"),
        *("indicators[a].options[no]", "indicators[a].options[yes]"),
    }
