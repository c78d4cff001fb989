"""Checks of conditions: every name is known, every comparison can be made where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from rankings.scoring.conditions import Compare, Condition, Of, comparisons, names
from rankings.scoring.reading import shown
from rankings.scoring.rubric import BUILT_IN_FACTS, TOTAL, Rubric
from rankings.scoring.rules import Level

Found = Iterator[tuple[str, str]]


def condition_problems(rubric: Rubric) -> Found:
    """Problems of all conditions and tie-breaks of a rubric."""
    for place, condition, known in _conditions(rubric):
        yield from _condition(rubric, place, condition, known)
    known = _fields(rubric) | _tree(rubric)
    for rule in rubric.rank.tie_break:
        if rule.of not in known:
            yield "rank.tie_break", f"{rule.of!r} is not a node, indicator or field"
        if _words(rubric, Of(rule.of)) is not None:
            yield "rank.tie_break", f"{rule.of!r} is a word; only numbers break ties"


def _conditions(rubric: Rubric) -> Iterator[tuple[str, Condition | None, set[str]]]:
    """Every condition with its place and what may be named there."""
    fields = _fields(rubric)
    everything = fields | _tree(rubric) | set(BUILT_IN_FACTS)
    for band in rubric.bands:
        yield from ((f"bands[{band.id}]", one.when, everything) for one in band.requires)
    yield from ((f"caps[{cap.id}]", cap.when, everything) for cap in rubric.caps)
    yield from ((f"states[{state.id}]", state.when, fields) for state in rubric.states)
    for node in rubric.nodes:
        known = fields | _below(rubric, node.id) if node.adjust else fields
        yield from ((f"adjust[{step.id}]", step.when, known) for step in node.adjust)


def _fields(rubric: Rubric) -> set[str]:
    return {field.id for field in rubric.fields}


def _tree(rubric: Rubric) -> set[str]:
    return {part.id for part in rubric.parts()} - {TOTAL}


def _below(rubric: Rubric, node: str) -> set[str]:
    found: set[str] = set()
    for child in rubric.children(node):
        found |= {child.id} | _below(rubric, child.id)
    return found


def _condition(rubric: Rubric, place: str, condition: Condition | None, known: set[str]) -> Found:
    for name in names(condition):
        if name.option and not _words(rubric, name):
            yield f"{place}.when", f"{name.name!r} has no options: name a level indicator"
        elif not name.option and name.name not in known:
            yield f"{place}.when", f"{name.name!r} is not known here: a field, or part of the tree"
    for comparison in comparisons(condition):
        yield from _comparison(rubric, f"{place}.when", comparison)


def _comparison(rubric: Rubric, place: str, comparison: Compare) -> Found:
    words = _words(rubric, comparison.left)
    yield from (
        (place, f"{comparison.left.name} and {right.name} are a word and a number")
        for right in comparison.right
        if isinstance(right, Of) and (_words(rubric, right) is None) is not (words is None)
    )
    for right in (each for each in comparison.right if not isinstance(each, Of)):
        if isinstance(right, str) is (words is None):
            yield place, f"{comparison.left.name} cannot be compared with {shown(right)}"
        elif isinstance(right, str) and words and right not in words:
            yield place, f"{right!r} is not one of {', '.join(sorted(words))}"
    if words is not None and comparison.comparison not in ("is", "is_not"):
        yield place, f"{comparison.left.name} is a word: use is, is_not or among"


def _words(rubric: Rubric, of: Of) -> set[str] | None:
    """The words a fact can be; an empty set for any word, None for a number."""
    if of.option:
        options = {
            indicator.id: {option.id for option in indicator.rule.options}
            for indicator in rubric.indicators
            if isinstance(indicator.rule, Level)
        }
        return options.get(of.name, set())
    types = {field.id: field.type for field in rubric.fields}
    kinds: dict[str, set[str]] = {"text": set(), "yes_no": {"yes", "no"}}
    return kinds.get(types.get(of.name, "number"))
