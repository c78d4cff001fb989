"""Checks of the tree: parents, weights, and whether the maximum can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rankings.scoring.reading import shown
from rankings.scoring.rubric import TOTAL, Node, Rubric
from rankings.scoring.rules import Indicator

Found = Iterator[tuple[str, str]]
Child = Node | Indicator

MAX_DEPTH = 20
UNWEIGHTED = ("start", "lowest", "highest")


def tree_problems(rubric: Rubric) -> list[tuple[str, str]]:
    """Problems of parents and shape first; weights and maxima only of a sound tree."""
    found = [*_parents(rubric)]
    if found:
        return found
    for node in rubric.nodes:
        found += [*_node(rubric, node), *_weights(rubric, node)]
    return found or [*_maxima(rubric)]


def place(child: Child) -> str:
    """Where a node or indicator stands in the file."""
    if child.id == TOTAL:
        return TOTAL
    return f"{'nodes' if isinstance(child, Node) else 'indicators'}[{child.id}]"


def _parents(rubric: Rubric) -> Found:
    parents = {node.id: node.parent for node in rubric.nodes}
    filled = {child.parent for child in rubric.parts()}
    for child in rubric.parts():
        if child.id != TOTAL and child.parent not in parents:
            yield f"{place(child)}.parent", f"{child.parent!r} is not a node"
    for node in rubric.nodes:
        if node.id not in filled:
            yield place(node), "has nothing below it; give it nodes or indicators"
        if _too_deep(node.id, parents):
            yield f"{place(node)}.parent", f"is in a circle, or more than {MAX_DEPTH} deep"


def _too_deep(node: str, parents: dict[str, str | None]) -> bool:
    at: str | None = node
    for _ in range(MAX_DEPTH):
        at = parents.get(at) if at else None
    return at is not None


def _node(rubric: Rubric, node: Node) -> Found:
    children = {child.id for child in rubric.children(node.id)}
    if node.min_children > len(children):
        yield f"{place(node)}.min_children", f"{node.min_children} is more than it has"
    if (node.start is not None) is not (node.aggregate == "start"):
        yield f"{place(node)}.start", 'goes with aggregate = "start", and is needed there'
    elif node.start and node.start not in children:
        yield f"{place(node)}.start", f"{node.start!r} is not one of its children"
    if node.floor is not None and (node.aggregate != "geometric" or node.floor <= 0):
        yield f"{place(node)}.floor", 'is a number above 0 and goes with aggregate = "geometric"'


def _weights(rubric: Rubric, node: Node) -> Found:
    children = list(rubric.children(node.id))
    weights = [child.weight for child in children if child.weight is not None]
    for child in children:
        if child.weight is not None and child.weight < 0:
            yield f"{place(child)}.weight", f"{shown(child.weight)} must not be below 0"
        if child.weight is None and weights:
            yield f"{place(child)}.weight", "is missing; give all siblings a weight, or none"
        if child.weight is not None and node.aggregate in UNWEIGHTED:
            yield (
                f"{place(child)}.weight",
                f"means nothing under a {node.aggregate} node; remove it",
            )
    yield from _weights_sum(node, weights, sum(weights, Fraction(0)))


def _weights_sum(node: Node, weights: list[Fraction], total: Fraction) -> Found:
    wanted, key = node.weights_sum, f"{place(node)}.weights_sum"
    if node.aggregate in ("sum", *UNWEIGHTED):
        if wanted is not None:
            yield key, "goes with a mean; the weights of a sum are factors"
    elif weights and total <= 0:
        yield key, "the weights below add up to 0"
    elif weights and wanted != total:
        says = "is missing" if wanted is None else f"says {shown(wanted)}"
        yield key, f"{says}, but the weights below add up to {shown(total)}"
    elif wanted is not None and not weights:
        yield key, "is given, but nothing below has a weight"


def reach(rubric: Rubric, child: Child) -> Fraction | None:
    """The best value a node or indicator can have; None where it is open."""
    if isinstance(child, Indicator):
        return child.max
    if child.adjust:
        return None
    children = [each for each in rubric.children(child.id) if child.start in (None, each.id)]
    best = [reach(rubric, each) for each in children]
    if None in best:
        return None
    weights = [Fraction(1) if each.weight is None else each.weight for each in children]
    total = sum((w * b for w, b in zip(weights, best, strict=True) if b), Fraction(0))
    return total if child.aggregate == "sum" else total / sum(weights)


def _maxima(rubric: Rubric) -> Found:
    if not rubric.scale.higher_is_better:
        return
    for node in rubric.nodes:
        yield from _siblings(rubric, node)
    total = reach(rubric, rubric.total)
    if total is not None and total != rubric.scale.max:
        yield (
            "scale.max",
            f"is {shown(rubric.scale.max)}, but the best possible total is {shown(total)}",
        )


def _siblings(rubric: Rubric, node: Node) -> Found:
    if node.aggregate not in ("mean", "geometric", "lowest", "highest"):
        return
    best = [(child, reach(rubric, child)) for child in rubric.children(node.id)]
    top = max((value for _, value in best if value is not None), default=None)
    for child, value in best:
        if value is not None and value != top:
            yield (
                place(child),
                f"its best is {shown(value)}, its siblings reach {shown(top)}: no best option?",
            )
