"""From a parsed `rubric.toml` to a `Rubric`: the shape here, the meaning in `checks`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rankings.scoring.checks import problems_of
from rankings.scoring.parse_conditions import adjustments, condition, requirements
from rankings.scoring.parse_indicators import EMPTY, indicator
from rankings.scoring.reading import Problem, RubricError, Section, shown
from rankings.scoring.rubric import (
    GRADES,
    TOTAL,
    Ageing,
    Band,
    Banding,
    Cap,
    Evidence,
    Field,
    Missing,
    Node,
    Overclaim,
    Ranges,
    RankRule,
    Rubric,
    Scale,
    State,
    TieBreak,
)

MAX_PLACES = 10
# Fewer draws than these have no 5 in 100; more would take hours.
LEAST_DRAWS, MAX_DRAWS = 100, 10_000
AGGREGATES = ("mean", "sum", "geometric", "lowest", "highest", "start")


def parse(document: Mapping[str, Any], file: str = "rubric.toml") -> Rubric:
    """The rubric of a document whose numbers are `int` and `Decimal`.

    Raises RubricError with every problem of shape, or else with every problem of meaning.
    """
    problems: list[Problem] = []
    rubric = _rubric(Section(file, "", document, problems))
    if not problems:
        problems.extend(problems_of(rubric, file))
    if problems:
        raise RubricError(problems)
    return rubric


def _rubric(top: Section) -> Rubric:
    scale, missing = _scale(top.section("scale")), _missing(top.section("missing"))
    banding = _banding(top.section("banding"))
    rubric = Rubric(
        code=top.required("code"),
        version=top.required("version"),
        languages=top.words("languages"),
        finding_codes=top.words("finding_codes"),
        scale=scale,
        evidence=_evidence(top.section("evidence")),
        missing=missing,
        nodes=_nodes(top, missing),
        indicators=tuple(indicator(part, scale, missing) for part in top.sections("indicators")),
        banding=banding,
        bands=tuple(_band(part, scale, banding) for part in top.sections("bands")),
        caps=tuple(_cap(part) for part in top.sections("caps")),
        states=tuple(_state(part) for part in top.sections("states")),
        fields=tuple(_field(part) for part in top.sections("fields")),
        rank=_rank(top.section("rank")),
        ranges=_ranges(top.section("ranges")) if top.has("ranges") else None,
    )
    top.close()
    return rubric


def _scale(part: Section) -> Scale:
    scale = Scale(
        max=part.number_within("max", Fraction(100)),
        decimals=part.whole("decimals", 1, most=10),
        rounding=part.choice("rounding", ("half_up", "half_even"), "half_up"),
        direction=part.choice(
            "direction", ("higher_is_better", "lower_is_better"), "higher_is_better"
        ),
    )
    if scale.max == 0:
        part.problem("max", "must be above 0")
    part.close()
    return scale


def _evidence(part: Section) -> Evidence:
    evidence = Evidence(
        credit=_shares(part, "credit"),
        confidence=_shares(part, "confidence"),
        ageing=tuple(_ageing(each) for each in part.sections("ageing")),
        overclaim=_overclaim(part.section("overclaim")) if part.has("overclaim") else None,
    )
    part.close()
    return evidence


def _shares(part: Section, key: str) -> dict[str, Fraction]:
    values = part.numbers(key)
    for grade, share in values.items():
        if grade not in GRADES:
            part.problem(f"{key}.{grade}", f"is not a grade; grades are {', '.join(GRADES)}")
        elif not 0 <= share <= 1:
            part.problem(f"{key}.{grade}", f"{shown(share)} must be from 0 to 1")
    return values


def _ageing(part: Section) -> Ageing:
    months, expired = part.optional_whole("months"), part.flag("expired") is True
    if (months is None) is not expired:
        part.problem("months", "give either months = … or expired = true")
    ageing = Ageing(
        part.choice("grade", GRADES, ""), part.choice("becomes", (*GRADES, "none"), ""), months
    )
    order = (*GRADES, "none")
    for key, words in (("grade", GRADES), ("becomes", order[1:])):
        if not part.has(key):
            part.problem(key, f"is missing; it is one of {', '.join(words)}")
    if "" not in (ageing.grade, ageing.becomes) and (
        order.index(ageing.becomes) <= order.index(ageing.grade)
    ):
        part.problem("becomes", f"must be a weaker grade than {ageing.grade}")
    part.close()
    return ageing


def _overclaim(part: Section) -> Overclaim:
    rule = Overclaim(
        min_found=part.whole("min_found", 1),
        rate_above=part.number_within("rate_above", Fraction(1), most=1),
        z=part.number_within("z", Fraction("1.6449"), most=10),
        credit_self=part.number_within("credit_self", Fraction(0), most=1),
        ceiling=part.required("ceiling"),
    )
    if rule.min_found == 0:
        part.problem("min_found", "must be at least 1")
    part.close()
    return rule


def _missing(part: Section) -> Missing:
    missing = Missing(
        empty=part.choice("empty", EMPTY, "insufficient_evidence"),
        min_applicable=part.number_within("min_applicable", Fraction(0), most=1),
        min_applicable_total=part.number_within("min_applicable_total", Fraction(0), most=1),
        disputed_above=part.number_within("disputed_above", Fraction(1), most=1),
    )
    part.close()
    return missing


def _nodes(top: Section, missing: Missing) -> tuple[Node, ...]:
    total = top.section("total")
    for key in ("id", "parent", "weight"):
        if total.has(key):
            total.problem(key, "does not belong to the total, which is the root of the tree")
    root = _node(total, TOTAL, None, missing.min_applicable_total)
    return root, *(
        _node(part, part.required("id"), part.text("parent") or TOTAL, missing.min_applicable)
        for part in top.sections("nodes")
    )


def _node(part: Section, code: str, parent: str | None, min_applicable: Fraction) -> Node:
    node = Node(
        id=code,
        parent=parent,
        weight=part.number("weight"),
        weights_sum=part.number("weights_sum"),
        aggregate=part.choice("aggregate", AGGREGATES, "mean"),
        start=part.text("start"),
        floor=part.number("floor"),
        min_applicable=part.number_within("min_applicable", min_applicable, most=1),
        min_children=part.whole("min_children", 1),
        round_to=part.number("round_to"),
        adjust=adjustments(part),
    )
    _round_to(node, part)
    part.close()
    return node


def _round_to(node: Node, part: Section) -> None:
    step = node.round_to
    if step is not None and (step <= 0 or (step * 10**MAX_PLACES).denominator != 1):
        part.problem(
            "round_to", f"{shown(step)} must be above 0, with at most {MAX_PLACES} decimals"
        )


def _banding(part: Section) -> Banding:
    banding = Banding(
        by=part.choice("by", ("points", "quantile"), "points"),
        buffer=part.number_within("buffer", Fraction(0)),
        within=part.text("within"),
        clamp=part.flag("clamp") is not False,
    )
    part.close()
    return banding


def _band(part: Section, scale: Scale, banding: Banding) -> Band:
    points = "at_least" if scale.higher_is_better else "at_most"
    band = Band(
        id=part.required("id"),
        cut=part.number("top" if banding.by == "quantile" else points),
        stars=part.optional_whole("stars"),
        requires=requirements(part),
    )
    part.close()
    return band


def _cap(part: Section) -> Cap:
    relaxed = part.section("relaxed")
    cap = Cap(
        id=part.required("id"),
        ceiling=part.required("ceiling"),
        findings=part.words("findings"),
        months=part.optional_whole("months"),
        until=part.text("until"),
        relaxed_when=relaxed.required("when") if part.has("relaxed") else None,
        relaxed_ceiling=relaxed.required("ceiling") if part.has("relaxed") else None,
        when=condition(part, "when"),
    )
    relaxed.close()
    part.close()
    return cap


def _state(part: Section) -> State:
    state = State(part.required("id"), condition(part, "when"))
    part.close()
    return state


def _field(part: Section) -> Field:
    field = Field(part.required("id"), part.choice("type", ("number", "text", "yes_no"), "number"))
    part.close()
    return field


def _rank(part: Section) -> RankRule:
    rule = RankRule(
        by=part.choice("by", ("published", "points", "exact", "band"), "published"),
        ties=part.choice("ties", ("shared", "dense"), "shared"),
        tie_break=tuple(_tie_break(each) for each in part.sections("tie_break")),
    )
    part.close()
    return rule


def _tie_break(part: Section) -> TieBreak:
    order = part.choice("order", ("highest_first", "lowest_first"), "highest_first")
    rule = TieBreak(part.required("of"), order == "highest_first")
    part.close()
    return rule


def _ranges(part: Section) -> Ranges:
    usual = Ranges()
    ranges = Ranges(
        draws=part.whole("draws", usual.draws, most=MAX_DRAWS),
        shift=_shares(part, "shift"),
        over_claimed=part.number_within("over_claimed", usual.over_claimed, most=1),
        borderline_below=part.number_within("borderline_below", usual.borderline_below, most=1),
        places_from=part.number_within("places_from", usual.places_from, most=1),
        place_ranges_from=part.number_within("place_ranges_from", usual.place_ranges_from, most=1),
    )
    if ranges.draws < LEAST_DRAWS:
        part.problem("draws", f"must be a whole number from {LEAST_DRAWS} to {MAX_DRAWS}")
    if ranges.places_from < ranges.place_ranges_from:
        part.problem("places_from", "must not be below place_ranges_from")
    part.close()
    return ranges
