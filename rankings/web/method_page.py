"""What the method page shows: the rubric itself, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.scoring.rubric import TOTAL, Band, Node, Requirement, Rubric
from rankings.scoring.rules import Indicator, Level, Proportion, Rate
from rankings.web import fee_caps, ranges_page
from rankings.web.languages import say as _
from rankings.web.receipt_page import source
from rankings.web.words import Words, short


@dataclass(frozen=True, slots=True)
class Part:
    """A pillar or article with its share of the whole and its indicators."""

    label: str
    share: str
    depth: int
    indicators: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One indicator as it is asked, with what every answer is worth."""

    code: str
    question: str
    evidence: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints."""

    bands: tuple[tuple[Band, str, tuple[str, ...]], ...]
    grades: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    rules: tuple[str, ...]
    fees: tuple[fee_caps.Row, ...]
    changed: bool
    coverage: str


def page(words: Words, caps: Sequence[Mapping[str, Any]], *, changed: bool) -> Page:
    """The method of a rubric, and fee caps of an edition; `changed`: the rubric is new in it."""
    rubric = words.rubric
    return Page(
        bands=tuple((band, _cut(words, band), _conditions(words, band)) for band in rubric.bands),
        grades=tuple(
            (source(grade), _percent(credit)) for grade, credit in rubric.evidence.credit.items()
        ),
        parts=tuple(_parts(words, TOTAL, Fraction(1), 0)),
        rules=tuple(_rules(rubric)),
        fees=tuple(fee_caps.row(words, cap) for cap in caps),
        changed=changed,
        coverage=ranges_page.coverage(rubric.code) if rubric.ranges else "",
    )


def _rules(rubric: Rubric) -> Iterator[str]:
    """The rules that hold for this rubric, each in one sentence."""
    if rubric.total.aggregate == "sum":
        yield _("The score is the sum of the points of all questions.")
    else:
        yield _("The score is the average of all parts below. Each part has its weight.")
    if len(rubric.evidence.credit) > 1:
        yield _("When there are several answers, the one with the best proof counts.")
        yield _("An answer that nobody has checked earns less.")
    yield _("A question without an answer earns nothing.")
    yield from _voices(rubric)
    if rubric.caps:
        yield _("Some serious findings limit the band, whatever the points.")
    if rubric.banding.buffer:
        points = short(rubric.banding.buffer)
        yield _(
            "To change its band, an agency must pass the line by %(points)s points.", points=points
        )
    yield _("Equal scores share a place.")


def _voices(rubric: Rubric) -> Iterator[str]:
    rules = [indicator.rule for indicator in rubric.indicators]
    if any(isinstance(rule, Proportion) and rule.shrunk for rule in rules):
        yield _("A few interviews cannot decide alone. Average answers are added to them.")
    if any(isinstance(rule, Rate) for rule in rules):
        yield _("Complaints count per worker sent abroad. Only decided complaints count.")
    if any(isinstance(rule, Rate) and len(rule.steps) > 1 for rule in rules):
        yield _("New complaints count more than old ones.")


def _cut(words: Words, band: Band) -> str:
    rubric = words.rubric
    if band.cut is None:
        return _("all others")
    if rubric.banding.by == "quantile":
        return _("best %(share)s", share=_percent(band.cut))
    if rubric.scale.higher_is_better:
        return _("from %(points)s points", points=words.exact(band.cut))
    return _("up to %(points)s points", points=words.exact(band.cut))


def _conditions(words: Words, band: Band) -> tuple[str, ...]:
    return tuple(_condition(words, one) for one in band.requires)


def _condition(words: Words, one: Requirement) -> str:
    limit = short(one.limit) if one.limit is not None else ""
    part = words.of("nodes", one.of) if one.of and ("nodes", one.of) in words.labels.texts else ""
    return {
        "pillars_at_least": _("every part at least %(limit)s", limit=limit),
        "nodes_at_least": _("%(part)s at least %(limit)s", part=part or one.of, limit=limit),
        "each_at_least": _("every answer at least %(limit)s", limit=limit),
        "each_at_most": _("no answer above %(limit)s", limit=limit),
        "confidence_at_least": _("at least %(limit)s%% of the score checked", limit=limit),
        "interviews_at_least": _("at least %(limit)s workers interviewed", limit=limit),
    }.get(one.code, _("a further condition"))


def _percent(share: Fraction) -> str:
    return f"{short(share * 100)} %"


def _parts(words: Words, node: str, share: Fraction, depth: int) -> Iterator[Part]:
    children = list(words.rubric.children(node))
    own = tuple(_question(words, child) for child in children if isinstance(child, Indicator))
    if node != TOTAL or own:
        label = words.of("nodes", node) if node != TOTAL else words.of("title")
        yield Part(label, _percent(share), max(depth - 1, 0), own)
    shares = _shares(words, node, children)
    for child, part in zip(children, shares, strict=True):
        if isinstance(child, Node):
            yield from _parts(words, child.id, share * part, depth + 1)


def _shares(words: Words, node: str, children: list[Node | Indicator]) -> list[Fraction]:
    """Each child's share of its parent: by weight, in a sum by the most it can add."""
    sums = next(one for one in words.rubric.nodes if one.id == node).aggregate == "sum"
    sizes = [
        (Fraction(1) if child.weight is None else child.weight)
        * (_leaves(words, child) if sums else 1)
        for child in children
    ]
    return [size / (sum(sizes) or 1) for size in sizes]


def _leaves(words: Words, child: Node | Indicator) -> Fraction:
    if isinstance(child, Indicator):
        return child.max or Fraction(1)
    return sum((_leaves(words, one) for one in words.rubric.children(child.id)), Fraction(0))


def _question(words: Words, indicator: Indicator) -> Question:
    start = ("indicators", indicator.id)
    options: tuple[tuple[str, str], ...] = ()
    if isinstance(indicator.rule, Level):
        options = tuple(
            (words.of(*start, "options", option.id, "label"), short(option.points))
            for option in indicator.rule.options
        )
    return Question(
        indicator.id, words.of(*start, "question"), words.of(*start, "evidence"), options
    )
