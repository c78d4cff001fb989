"""The rules of a rubric in plain English: conditions, caps, and how a value becomes points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from rankings.adapters.edition_columns import short
from rankings.scoring.conditions import Combined, Compare, Condition, Fact, Of
from rankings.scoring.rubric import Cap, Requirement
from rankings.scoring.rules import Benchmark, Level, Numeric, Points, Proportion, Rate, Rule


def requirement(one: Requirement, label: Callable[[str, str], str]) -> str:
    """A condition of a band."""
    if one.when is not None:
        return condition(one.when)
    limit, of = short(one.limit or Fraction(0)), one.of or ""
    return {
        "pillars_at_least": f"every part at least {limit}",
        "nodes_at_least": f"{of} ({label('nodes', of) or of}) at least {limit}",
        "each_at_least": f"every answer at least {limit}",
        "each_at_most": f"no answer above {limit}",
        "confidence_at_least": f"at least {limit} % of the score checked",
        "interviews_at_least": f"at least {limit} workers interviewed",
    }[one.code]


def cap_rule(cap: Cap) -> str:
    """What triggers a cap and what ends it."""
    if cap.when is not None:
        return condition(cap.when)
    parts = [f"finding: {' or '.join(cap.findings)}"]
    parts += [f"for {cap.months} months"] if cap.months else []
    parts += [f"until {cap.until}"] if cap.until else []
    if cap.relaxed_when:
        parts.append(f"once {cap.relaxed_when}, at most {cap.relaxed_ceiling}")
    return "; ".join(parts)


def condition(one: Condition) -> str:
    """A condition; ids stand for what they name."""
    if isinstance(one, Compare):
        right = " or ".join(_fact(each) for each in one.right)
        return f"{_fact(one.left)} {one.comparison.replace('_', ' ')} {right}"
    parts = [f"({condition(part)})" for part in one.parts]
    if one.how == "number_of":
        number = f"{one.comparison.replace('_', ' ')} {short(one.number)}"
        return f"{number} of: {', '.join(parts)}"
    if one.how == "not":
        return f"not {' or '.join(parts)}"
    return _joined(one, parts)


def _joined(one: Combined, parts: Sequence[str]) -> str:
    return (" and " if one.how == "all" else " or ").join(parts)


def _fact(fact: Fact | Of) -> str:
    if isinstance(fact, Of):
        return f"the option of {fact.name}" if fact.option else fact.name
    return short(fact) if isinstance(fact, Fraction) else fact


def rule(one: Rule) -> str:
    """How an answer that is not an option becomes points."""
    if isinstance(one, Numeric):
        how = ", logarithmic" if one.transform == "log" else ""
        return f"worst at {short(one.worst)}, best at {short(one.best)}{how}"
    if isinstance(one, Proportion):
        return _proportion(one)
    if isinstance(one, Rate):
        return _rate(one)
    return "" if isinstance(one, Level) else _points(one)


def _points(one: Points) -> str:
    limits = [
        *([f"at least {short(one.min)}"] if one.min is not None else []),
        *([f"at most {short(one.max)}"] if one.max is not None else []),
    ]
    return ", ".join(["the number as it stands", *limits])


def _proportion(one: Proportion) -> str:
    parts = ["good answers out of those asked"]
    if one.shrunk:
        parts.append(f"with {short(one.m)} average answers of {short(100 * one.p0)} % added")
    if one.min_respondents:
        parts.append(f"fewer than {one.min_respondents} answers count as nobody asked")
    return "; ".join(parts)


def _rate(one: Rate) -> str:
    parts = [f"events per {short(one.per)} workers"]
    if one.shrunk:
        parts += _benchmarks(one)
    parts += _weights("severity", one.severity) + _weights("outcome", one.outcome)
    if len(one.steps) > 1:
        steps = ", ".join(short(step) for step in one.steps)
        parts.append(f"12-month steps, the newest first: {steps}")
    if one.curve:
        of = "times the average" if one.shrunk else "events"
        curve = ", ".join(f"{short(rate)} → {short(value)}" for rate, value in one.curve)
        parts.append(f"points by rate ({of}): {curve}")
    return "; ".join(parts)


def _benchmarks(one: Rate) -> list[str]:
    """What is added to every agency's own events: what is usual, for all or for its peers."""
    told = [f"with {_usual(one.benchmark, one.per)} added"]
    for group, benchmark in one.peers.items():
        told.append(f"where {one.peers_by} is {group}: {_usual(benchmark, one.per)}")
    return told


def _usual(one: Benchmark, per: Fraction) -> str:
    return f"{short(one.k)} times {short(per)} workers at {short(one.mu)}"


def _weights(name: str, weights: Mapping[str, Fraction]) -> list[str]:
    each = ", ".join(f"{kind} {short(weight)}" for kind, weight in weights.items())
    return [f"{name}: {each}"] if weights else []
