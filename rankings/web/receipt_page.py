"""What the receipt page shows: the edition's numbers with the rubric's sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankings.scoring.rubric import TOTAL, Node
from rankings.scoring.rules import Indicator, Level
from rankings.web.languages import say as _
from rankings.web.plots_waterfall import Fall, FallRow, waterfall
from rankings.web.words import Words, short

# The three amounts of a receipt's line.
COLUMNS = ("earned", "lost_performance", "lost_unchecked")
# Where nothing was said that counts, the sentence itself says so.
UNANSWERED = ("none", "not_applicable", "disputed", "not_counted")


@dataclass(frozen=True, slots=True)
class Reason:
    """One indicator: what was asked, what was found, who says so if anybody, and the amounts."""

    code: str
    question: str
    sentence: str
    source: str
    earned: str
    performance: str
    unchecked: str


@dataclass(frozen=True, slots=True)
class Group:
    """A pillar or article with the indicators right below it; `depth` counts from 0."""

    label: str
    value: str | None
    depth: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints."""

    agency: Mapping[str, Any]
    name: str
    spoken: str
    groups: tuple[Group, ...]
    sums: tuple[str, str, str]
    reachable: str
    limits: tuple[tuple[str, str], ...]
    published: str | None
    best: str | None
    waterfall: tuple[FallRow, ...] = ()


def page(words: Words, entry: Mapping[str, Any], agency: Mapping[str, Any], country: str) -> Page:
    """The receipt of an agency; without groups where it is not rated."""
    receipt = agency["receipt"]
    name, spoken = words.name(country, agency["names"])
    if receipt is None:
        return Page(entry, name, spoken, (), ("", "", ""), "", (), None, None)
    lines = {line["indicator"]: line for line in receipt["lines"]}
    earned, performance, unchecked = (
        words.number(sum(line[column] for line in lines.values())) for column in COLUMNS
    )
    return Page(
        agency=entry,
        name=name,
        spoken=spoken,
        groups=tuple(_groups(words, TOTAL, 0, lines, receipt["nodes"])),
        sums=(earned, performance, unchecked),
        reachable=words.number(receipt["reachable"]),
        limits=limits(words, receipt),
        published=words.number(entry["score"]),
        best=short(words.rubric.scale.max) if words.rubric.scale.higher_is_better else None,
        waterfall=waterfall(tuple(_falls(words, receipt, entry["score"]))),
    )


def _falls(words: Words, receipt: Mapping[str, Any], score: int) -> Iterator[Fall]:
    """The way from the pillars to the published score; what changes nothing is left out."""
    lines = receipt["lines"]
    above = {one.id: one.parent or TOTAL for one in words.rubric.parts()}
    for pillar in words.rubric.pillars:
        own = [line for line in lines if _pillar(above, line["indicator"]) == pillar.id]
        sums = (sum(line[column] for line in own) for column in COLUMNS)
        kind = "question" if isinstance(pillar, Indicator) else ""
        label = words.of("indicators", pillar.id, kind) if kind else words.of("nodes", pillar.id)
        yield Fall("part", label, *sums)
    steps = sum(one["amount"] for one in receipt["steps"])
    limiters = sum(one["amount"] for one in receipt["limiters"])
    if steps:
        yield Fall("step", _("Rounding and special rules"), steps)
    if limiters:
        yield Fall("total", _("Together"), score - limiters)
        yield Fall("limit", _("Limits of the band"), limiters)
    yield Fall("total", _("Score"), score)


def _pillar(above: Mapping[str, str], part: str) -> str:
    while above[part] != TOTAL:
        part = above[part]
    return part


def _groups(
    words: Words, node: str, depth: int, lines: Mapping[str, Any], values: Mapping[str, Any]
) -> list[Group]:
    found: list[Group] = []
    children = list(words.rubric.children(node))
    own = [child for child in children if isinstance(child, Indicator)]
    if own or node != TOTAL:
        value = values.get(node)
        found.append(
            Group(
                label=words.of("nodes", node) if node != TOTAL else "",
                value=None if value is None else words.exact(Fraction(value)),
                depth=max(depth - 1, 0),
                reasons=tuple(_reason(words, one, lines[one.id]) for one in own),
            )
        )
    for child in children:
        if isinstance(child, Node):
            found += _groups(words, child.id, depth + 1, lines, values)
    return found


def _reason(words: Words, indicator: Indicator, line: Mapping[str, Any]) -> Reason:
    return Reason(
        code=indicator.id,
        question=words.of("indicators", indicator.id, "question"),
        sentence=_sentence(words, indicator, line),
        source="" if line["basis"] in UNANSWERED else source(line["basis"]),
        earned=words.number(line["earned"]),
        performance=words.number(line["lost_performance"]),
        unchecked=words.number(line["lost_unchecked"]),
    )


def source(basis: str) -> str:
    """Who says so, in words."""
    return {
        "audit": _("checked on a visit"),
        "document": _("checked on paper"),
        "self": _("said by the agency, not checked"),
        "none": _("no answer"),
        "interviews": _("said by workers"),
        "events": _("decided complaints"),
        "not_applicable": _("does not apply"),
        "disputed": _("disputed, not counted yet"),
        "not_counted": _("not counted"),
    }[basis]


def _sentence(words: Words, indicator: Indicator, line: Mapping[str, Any]) -> str:
    code, told = indicator.id, line["told"]
    if line["basis"] in UNANSWERED:
        return _without_answer(line["basis"])
    if isinstance(indicator.rule, Level):
        return words.of("indicators", code, "options", told[0], "reason")
    numbers = [short(Fraction(one)) for one in told]
    if not numbers or numbers[-1] == "0" and line["basis"] == "interviews":
        return _("Too little is known here. The average of all agencies is used.")
    return words.of("indicators", code, "reason").format(**_named(indicator, numbers))


def _without_answer(basis: str) -> str:
    return {
        "none": _("The agency gave no answer."),
        "not_applicable": _("This does not apply to this agency."),
        "disputed": _("The agency disputes this finding. It does not count until it is decided."),
        "not_counted": _("Too little is known here to count."),
    }[basis]


def _named(indicator: Indicator, numbers: Sequence[str]) -> dict[str, str]:
    names = {"proportion": ("good", "asked"), "rate": ("rate",)}.get(indicator.type, ("value",))
    return dict(zip(names, numbers, strict=False))


def limits(words: Words, receipt: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What leads from the points earned to the published score, with the amounts."""
    return (*_steps(words, receipt["steps"]), *_limits(words, receipt["limiters"]))


def _steps(words: Words, steps: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    named = {"rounding": _("Rounding"), "floor": _("Lowest value that counts")}
    return [
        (named.get(one["step"]) or words.of("adjust", one["step"], "label"), _signed(words, one))
        for one in steps
    ]


def _limits(words: Words, limiters: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(_limit(words, one), _signed(words, one) if one["amount"] else "") for one in limiters]


def _signed(words: Words, one: Mapping[str, Any]) -> str:
    text = words.number(one["amount"])
    return text if one["amount"] <= 0 else f"+{text}"


def _limit(words: Words, one: Mapping[str, Any]) -> str:
    if one["kind"] == "cap":
        return words.of("caps", one["code"], "sentence")
    if one["kind"] == "buffer":
        return _("A band changes only when the line is passed by the buffer.")
    if one["kind"] == "overclaim":
        return _("Too many answers that were checked proved too good. This limits the band.")
    return condition(words, one["code"], one["of"])


def condition(words: Words, code: str, of: str | None) -> str:
    """Why a better band was out of reach."""
    label = words.of("nodes", of) if of and ("nodes", of) in words.labels.texts else of or ""
    return {
        "pillars_at_least": _("One part of the score is too low for a better band."),
        "nodes_at_least": _("“%(part)s” is too low for a better band.", part=label),
        "each_at_least": _("One answer is too low for a better band."),
        "each_at_most": _("One answer is too bad for a better band."),
        "confidence_at_least": _("Too little has been checked for a better band."),
        "interviews_at_least": _("Too few workers were interviewed for a better band."),
    }.get(code, _("A condition for a better band is not met."))
