"""Conditions of a rubric: comparisons, and all, any, not of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

Fact = Fraction | str
Facts = Callable[["Of"], Fact | None]

COMPARISONS: dict[str, Callable[[Fact, Fact], bool]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Of:
    """A fact by name: the value of a node, indicator or field, or the option chosen."""

    name: str
    option: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """`left` compared with a number, a word, or another fact; `among` holds if any `is`."""

    left: Of
    comparison: str
    right: tuple[Fact | Of, ...]


@dataclass(frozen=True, slots=True)
class Combined:
    """`all`, `any` or `not` of other conditions; `number_of` compares how many of them hold."""

    how: str
    parts: tuple[Condition, ...]
    comparison: str = "at_least"
    number: Fraction = Fraction(0)


Condition = Compare | Combined


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a condition holds; a comparison with something missing does not."""
    if isinstance(condition, Compare):
        return any(_compare(condition, right, facts) for right in condition.right)
    parts = (holds(part, facts) for part in condition.parts)
    if condition.how == "number_of":
        return COMPARISONS[condition.comparison](Fraction(sum(parts)), condition.number)
    if condition.how == "not":
        return not any(parts)
    return all(parts) if condition.how == "all" else any(parts)


def _compare(condition: Compare, right: Fact | Of, facts: Facts) -> bool:
    left = facts(condition.left)
    value = facts(right) if isinstance(right, Of) else right
    if left is None or value is None or isinstance(left, str) is not isinstance(value, str):
        return False
    return COMPARISONS[condition.comparison](left, value)


def comparisons(condition: Condition | None) -> Iterator[Compare]:
    """Every comparison inside a condition."""
    if isinstance(condition, Compare):
        yield condition
    elif condition is not None:
        for part in condition.parts:
            yield from comparisons(part)


def names(condition: Condition | None) -> Iterator[Of]:
    """Every fact that a condition speaks of."""
    for comparison in comparisons(condition):
        yield comparison.left
        yield from (right for right in comparison.right if isinstance(right, Of))
