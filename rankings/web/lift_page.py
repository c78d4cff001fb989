"""What would lift an agency one band, in words: what stands in the way, then the fewest answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Numeric, Points
from rankings.web import receipt_page
from rankings.web.languages import say as _
from rankings.web.words import Words, short

Part = Mapping[str, Any]
# A longer list of answers is folded until somebody asks for it.
FEW = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of a plan: what is asked, the answer that is needed, how it has to be shown."""

    question: str
    answer: str
    shown: str
    gain: str


@dataclass(frozen=True, slots=True)
class Page:
    """What is missing for `band`; `steps` is None where no answers reach it.

    `points` is the score's number after the steps.
    """

    band: str
    missing: tuple[str, ...]
    steps: tuple[Step, ...] | None
    points: str
    few: bool


def page(words: Words, lift: Part | None) -> Page | None:
    """A lift of an edition in words; None where there is none."""
    if lift is None:
        return None
    plan = lift["plan"]
    return Page(
        band=lift["band"],
        missing=tuple(_missing(words, lift)),
        steps=None if plan is None else tuple(_step(words, one) for one in plan),
        points="" if lift["points"] is None else words.number(lift["points"]),
        few=plan is not None and len(plan) <= FEW,
    )


def sums(words: Words, receipt: Part) -> tuple[tuple[str, str], ...]:
    """What was earned, lost because the answer is not the best, and lost because nobody checked."""
    labels = (
        _("Earned"),
        _("Lost: the rule is not kept"),
        _("Lost: nobody has checked it"),
    )
    totals = (sum(line[each] for line in receipt["lines"]) for each in receipt_page.COLUMNS)
    return tuple(zip(labels, map(words.number, totals), strict=True))


def _missing(words: Words, lift: Part) -> Iterator[str]:
    if lift["missing"]:
        yield _("%(points)s more points are needed.", points=words.number(lift["missing"]))
    for one in lift["blockers"]:
        yield _condition(words, one) if one["kind"] == "condition" else _limit(words, one)


def _limit(words: Words, one: Part) -> str:
    """A cap or an over-claim, and when it ends if that is known."""
    limiter = {"kind": one["kind"], "code": one["code"], "of": None, "amount": 0}
    ((sentence, _amount),) = receipt_page.limits(words, {"steps": (), "limiters": [limiter]})
    if not one["until"]:
        return sentence
    ends = _("This limit ends after %(day)s.", day=words.day(one["until"]))
    return f"{sentence} {ends}"


def _condition(words: Words, one: Part) -> str:
    """A condition of the band with what it asks for and what is there."""
    code, of = one["code"], one["of"]
    wanted, there = (
        None if one[key] is None else Fraction(one[key]) for key in ("wanted", "there")
    )
    limit = "" if wanted is None else short(wanted)
    if code in ("pillars_at_least", "nodes_at_least"):
        return _(
            "“%(part)s” needs at least %(limit)s points. It has %(there)s.",
            part=words.labels.texts.get(("nodes", str(of)), str(of)),
            limit=limit,
            there="–" if there is None else words.exact(there),
        )
    if code == "confidence_at_least":
        return _(
            "At least %(limit)s%% of the score must be checked. Now it is %(there)s%%.",
            limit=limit,
            there="–" if there is None else str(int(there)),
        )
    if code == "interviews_at_least":
        return _(
            "At least %(limit)s workers must be interviewed. Now there are %(there)s.",
            limit=limit,
            there=short(there or Fraction(0)),
        )
    return receipt_page.condition(words, code, of)


def _step(words: Words, one: Part) -> Step:
    code = one["indicator"]
    indicator = next(each for each in words.rubric.indicators if each.id == code)
    return Step(
        question=words.of("indicators", code, "question"),
        answer=_answer(words, indicator, one["to"]),
        shown=receipt_page.source(one["grade"]),
        gain=f"+{words.number(one['gain'])}",
    )


def _answer(words: Words, indicator: Indicator, to: str | None) -> str:
    """The option in words, else the best number."""
    if to is None:
        return best(words.rubric, indicator)
    return words.of("indicators", indicator.id, "options", to, "label")


def best(rubric: Rubric, indicator: Indicator) -> str:
    """The best value of a measured number or of points."""
    found = indicator.max
    if isinstance(indicator.rule, Numeric):
        found = indicator.rule.best
    elif isinstance(indicator.rule, Points) and not rubric.scale.higher_is_better:
        found = indicator.rule.min
    return "" if found is None else short(found)
