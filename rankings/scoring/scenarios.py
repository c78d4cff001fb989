"""The choices in a rubric that could as well be other ones, each as a rubric of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from rankings.scoring.checks_tree import reach
from rankings.scoring.rubric import Node, Rubric
from rankings.scoring.rules import Benchmark, Indicator, Proportion, Rate, Rule

QUARTER, HALF, TWICE = Fraction(1, 4), Fraction(1, 2), Fraction(2)
SELF_STEP = Fraction(15, 100)
ONE, ZERO = Fraction(1), Fraction(0)
# Nodes where weights mean something.
WEIGHED = ("mean", "geometric", "sum")

Part = Node | Indicator
Change = Iterator[tuple[str, Rubric]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One choice made otherwise. `id` says which: `weight+:conduct`, `k/2`, `without:a3`."""

    id: str
    rubric: Rubric


def scenarios(rubric: Rubric) -> tuple[Scenario, ...]:
    """Every scenario that changes something for this rubric, in a fixed order."""
    ways: tuple[Callable[[Rubric], Change], ...] = (
        _weights,
        _geometric,
        _claims,
        _benchmarks,
        _articles,
        _buffer,
    )
    return tuple(
        Scenario(code, changed)
        for way in ways
        for code, changed in way(rubric)
        if changed != rubric
    )


def _weights(rubric: Rubric) -> Change:
    for pillar in rubric.pillars:
        yield f"weight+:{pillar.id}", reweighted(rubric, pillar, 1 + QUARTER)
        yield f"weight-:{pillar.id}", reweighted(rubric, pillar, 1 - QUARTER)


def _articles(rubric: Rubric) -> Change:
    """Leaves out each node right below a pillar; each pillar where there are no such nodes."""
    pillars = {pillar.id for pillar in rubric.pillars}
    articles = [node for node in rubric.nodes if node.parent in pillars]
    for part in articles or rubric.pillars:
        yield f"without:{part.id}", reweighted(rubric, part, ZERO)


def reweighted(rubric: Rubric, part: Part, factor: Fraction) -> Rubric:
    """The rubric with one weight times `factor`, seen against its siblings.

    A mean divides by all weights anyway. In a sum all are rescaled so that its best value stays.
    Where weights mean nothing, or there is no sibling, it is the same rubric.
    """
    parent = next(node for node in rubric.nodes if node.id == part.parent)
    children = list(rubric.children(parent.id))
    before = {one.id: ONE if one.weight is None else one.weight for one in children}
    after = {**before, part.id: before[part.id] * factor}
    alone = sum(before.values()) == before[part.id]
    if parent.aggregate not in WEIGHED or alone or before == after:
        return rubric
    if parent.aggregate == "sum":
        scale = _rescaled(rubric, children, before, after)
        after = {code: weight * scale for code, weight in after.items()}
    return replace(
        rubric,
        nodes=tuple(replace(one, weight=after.get(one.id, one.weight)) for one in rubric.nodes),
        indicators=tuple(
            replace(one, weight=after.get(one.id, one.weight)) for one in rubric.indicators
        ),
    )


def _rescaled(
    rubric: Rubric,
    children: list[Part],
    before: Mapping[str, Fraction],
    after: Mapping[str, Fraction],
) -> Fraction:
    """What brings a sum back to its best value; 1 where that is open."""
    best = {one.id: reach(rubric, one) for one in children}
    if None in best.values():
        return ONE
    was, now = (
        sum((weights[code] * (value or ZERO) for code, value in best.items()), ZERO)
        for weights in (before, after)
    )
    return was / now if now else ONE


def _geometric(rubric: Rubric) -> Change:
    """A geometric mean of the pillars, none below a hundredth of the scale."""
    total, *others = rubric.nodes
    if total.aggregate == "mean" and rubric.scale.higher_is_better and len(rubric.pillars) > 1:
        floor = rubric.scale.max / 100
        geometric = replace(total, aggregate="geometric", floor=floor)
        yield "geometric", replace(rubric, nodes=(geometric, *others))


def _claims(rubric: Rubric) -> Change:
    """More and less credit for what nobody has checked."""
    evidence = rubric.evidence
    now = evidence.credit.get("self")
    graded = any(one.type in ("level", "numeric") for one in rubric.indicators)
    if now is None or not graded or not rubric.scale.higher_is_better:
        return
    for code, step in (("self+", SELF_STEP), ("self-", -SELF_STEP)):
        credit = min(max(now + step, ZERO), ONE)
        overclaim = evidence.overclaim
        if overclaim is not None:
            # Claims that proved too high never earn more than others.
            overclaim = replace(overclaim, credit_self=min(overclaim.credit_self, credit))
        changed = replace(evidence, credit={**evidence.credit, "self": credit}, overclaim=overclaim)
        yield code, replace(rubric, evidence=changed)


def _benchmarks(rubric: Rubric) -> Change:
    """How much the usual rate of complaints (k), and average answers of workers (m), count."""
    for name, change in (("k", _more_k), ("m", _more_m)):
        for sign, factor in (("/2", HALF), ("*2", TWICE)):
            indicators = (replace(one, rule=change(one.rule, factor)) for one in rubric.indicators)
            yield f"{name}{sign}", replace(rubric, indicators=tuple(indicators))


def _more_k(rule: Rule, factor: Fraction) -> Rule:
    if not isinstance(rule, Rate):
        return rule

    def more(usual: Benchmark) -> Benchmark:
        return replace(usual, k=usual.k * factor)

    peers = {group: more(usual) for group, usual in rule.peers.items()}
    return replace(rule, benchmark=more(rule.benchmark), peers=peers)


def _more_m(rule: Rule, factor: Fraction) -> Rule:
    return replace(rule, m=rule.m * factor) if isinstance(rule, Proportion) else rule


def _buffer(rubric: Rubric) -> Change:
    yield "buffer0", replace(rubric, banding=replace(rubric.banding, buffer=ZERO))
