"""Reading conditions, adjustments and the requirements of bands."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from rankings.scoring.conditions import COMPARISONS, Combined, Compare, Condition, Fact, Of
from rankings.scoring.reading import Section
from rankings.scoring.rubric import Adjustment, Requirement

MAX_DEPTH = 20
NUMBERS = tuple(key for key in COMPARISONS if key != "is_not")


def condition(part: Section, key: str) -> Condition | None:
    """The condition under a key, or None where it is absent."""
    return _condition(part.section(key), MAX_DEPTH) if part.has(key) else None


def _condition(part: Section, depth: int) -> Condition | None:
    if depth == 0:
        part.problem("", f"conditions may be nested {MAX_DEPTH} deep")
        return None
    combined = [key for key in ("all", "any", "not", "number_of") if part.has(key)]
    found = _combined(part, combined[0], depth - 1) if combined else _compare(part)
    part.close()
    return found


def _combined(part: Section, how: str, depth: int) -> Condition | None:
    inner = [part.section(how)] if how == "not" else part.sections(how)
    if not inner:
        part.problem(how, "must hold at least one condition")
    found = (_condition(each, depth) for each in inner)
    parts = tuple(each for each in found if each is not None)
    if how != "number_of":
        return Combined(how, parts)
    chosen = [key for key in NUMBERS if part.has(key)]
    if len(chosen) != 1:
        part.problem(how, f"needs one of {', '.join(NUMBERS)}, such as at_least = 2")
        return None
    return Combined(how, parts, chosen[0], part.number(chosen[0]) or Fraction(0))


def _compare(part: Section) -> Condition | None:
    chosen = [key for key in (*COMPARISONS, "among") if part.has(key)]
    if part.has("of") is part.has("option") or len(chosen) != 1:
        part.known.update(("of", "option", *chosen))
        part.problem(
            "",
            f"needs of (or option) and one of {', '.join(COMPARISONS)}, among; "
            "or all, any, not, number_of",
        )
        return None
    left = Of(part.required("option"), True) if part.has("option") else Of(part.required("of"))
    if chosen == ["among"]:
        if part.table["among"] == []:
            part.problem("among", "must hold at least one word")
        return Compare(left, "is", part.words("among"))
    right = _right(part, chosen[0])
    return None if right is None else Compare(left, chosen[0], (right,))


def _right(part: Section, key: str) -> Fact | Of | None:
    value: Any = part.table[key]
    if isinstance(value, dict):
        inner = part.section(key)
        right = Of(inner.required("of"))
        inner.close()
        return right
    return part.text(key) if isinstance(value, str) else part.number(key)


def adjustments(part: Section) -> tuple[Adjustment, ...]:
    """The steps of a node's `adjust`."""
    return tuple(_adjustment(each) for each in part.sections("adjust"))


def _adjustment(part: Section) -> Adjustment:
    step = Adjustment(
        id=part.required("id"),
        when=condition(part, "when"),
        add=part.number("add") or Fraction(0),
        at_least=part.number("at_least"),
        at_most=part.number("at_most"),
    )
    if not step.add and step.at_least is None and step.at_most is None:
        part.problem("", "moves nothing: give add, at_least or at_most")
    if step.at_least is not None and step.at_most is not None and step.at_least > step.at_most:
        part.problem("at_least", "must not be above at_most")
    part.close()
    return step


def requirements(part: Section) -> tuple[Requirement, ...]:
    """The conditions of a band beside its cut, in the order in which a receipt names them."""
    named = part.numbers("nodes_at_least")
    found = [Requirement("nodes_at_least", of, limit) for of, limit in named.items()]
    for code in (
        "pillars_at_least",
        "each_at_least",
        "each_at_most",
        "confidence_at_least",
        "interviews_at_least",
    ):
        limit = part.number(code)
        if limit is not None:
            found.append(Requirement(code, None, limit))
    when = condition(part, "when")
    return (*found, Requirement("when", None, None, when)) if when else tuple(found)
