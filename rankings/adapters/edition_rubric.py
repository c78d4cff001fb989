"""The rubric of an edition as two tables: what is asked and weighed, and what decides a band."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rankings.adapters.edition_columns import BANDS, RUBRIC, SHARE_DECIMALS, fixed, short, whole
from rankings.adapters.edition_rules import cap_rule, condition, requirement, rule
from rankings.adapters.xlsx import Row, Table
from rankings.scoring.rubric import BUILT_IN_STATES, GRADES, TOTAL, Ageing, Band, Cap, Rubric, State
from rankings.scoring.rules import Indicator, Level
from rankings.scoring.source import Code
from rankings.scoring.tree import BY_VALUE, Tree

BUILT_IN = dict(
    zip(BUILT_IN_STATES, ("Not enough information to rate", "Under review"), strict=True)
)
EVIDENCE = {
    "audit": "checked on a visit",
    "document": "checked on paper",
    "self": "said by the agency, not checked",
}


class Words:
    """The words of a rubric in English, else in its first language, else none."""

    def __init__(self, code: Code) -> None:
        languages = [one for one in ("en", *code.rubric.languages) if one in code.labels]
        self._labels = code.labels[languages[0]] if languages else None

    def of(self, *path: str) -> str:
        """The text at a path, empty where the rubric has none."""
        return self._labels.texts.get(path, "") if self._labels else ""


def rubric(code: Code) -> Table:
    """One row per node, and per indicator and option, from the top of the tree downwards."""
    words, shares = Words(code), _shares(code.rubric)
    rows = list(_rows(code.rubric, words, shares, TOTAL, ()))
    return Table("Rubric", RUBRIC, rows, len(rows))


def _shares(rubric: Rubric) -> dict[str, Fraction]:
    """The share of every node and indicator in the total, where all apply and it is known."""
    if any(node.aggregate in BY_VALUE for node in rubric.nodes):
        return {}
    points = Tree(rubric).shape((True,) * len(rubric.indicators)).shares
    found = {
        one.id: share * one.max / rubric.scale.max
        for one, share in zip(rubric.indicators, points, strict=False)
        if one.max is not None
    }
    for node in reversed(rubric.nodes):
        below = [found.get(child.id) for child in rubric.children(node.id)]
        known = [share for share in below if share is not None]
        if len(known) == len(below):
            found[node.id] = sum(known, Fraction(0))
    return found


def _rows(
    rubric: Rubric, words: Words, shares: dict[str, Fraction], node: str, path: tuple[str, ...]
) -> Iterator[Row]:
    for child in rubric.children(node):
        share = shares.get(child.id)
        weight = "" if child.weight is None else short(child.weight)
        known = (weight, "" if share is None else fixed(100 * share, SHARE_DECIMALS))
        if isinstance(child, Indicator):
            yield from _indicator(child, words, (" / ".join(path) or TOTAL, child.id), known)
        else:
            below = (*path, child.id)
            label = words.of("nodes", child.id)
            yield " / ".join(below), "", "node", *known, "", "", label, "", ""
            yield from _rows(rubric, words, shares, child.id, below)


def _indicator(
    one: Indicator, words: Words, place: tuple[str, str], known: tuple[str, str]
) -> Iterator[Row]:
    start = ("indicators", one.id)
    row = (*place, one.type, *known, words.of(*start, "question"))
    if isinstance(one.rule, Level):
        for option in one.rule.options:
            label = words.of(*start, "options", option.id, "label")
            yield (*row, option.id, label, short(option.points), "")
    else:
        best = "" if one.max is None else short(one.max)
        yield (*row, "", "", best, rule(one.rule))


def bands(code: Code) -> Table:
    """Bands, caps, states without rating, and what each grade of evidence earns."""
    words, rubric = Words(code), code.rubric
    rows = [
        *(_band(words, band) for band in rubric.bands),
        *(_cap(words, cap) for cap in rubric.caps),
        *(_state(words, state) for state in rubric.states),
        *_built_in(),
        *_evidence(rubric),
    ]
    return Table("Bands", BANDS, rows, len(rows))


def _band(words: Words, band: Band) -> Row:
    label, meaning = words.of("bands", band.id, "label"), words.of("bands", band.id, "meaning")
    cut = "" if band.cut is None else short(band.cut)
    needed = "; ".join(requirement(one, words.of) for one in band.requires)
    return "band", band.id, label, meaning, cut, whole(band.stars), "", "", needed


def _cap(words: Words, cap: Cap) -> Row:
    label, sentence = words.of("caps", cap.id, "label"), words.of("caps", cap.id, "sentence")
    return "cap", cap.id, label, sentence, "", "", cap.ceiling, whole(cap.months), cap_rule(cap)


def _state(words: Words, state: State) -> Row:
    when = condition(state.when) if state.when else ""
    return "state", state.id, words.of("states", state.id, "label"), *[""] * 5, when


def _built_in() -> Iterator[Row]:
    for code, label in BUILT_IN.items():
        yield ("state", code, label, *[""] * 6)


def _evidence(rubric: Rubric) -> Iterator[Row]:
    for grade in [one for one in GRADES if one in rubric.evidence.credit]:
        credit = short(100 * rubric.evidence.credit[grade])
        sure = short(100 * rubric.evidence.confidence.get(grade, Fraction(1)))
        meaning = f"Earns {credit} % of the answer's points; confidence {sure} %."
        ageing = [_ageing(one) for one in rubric.evidence.ageing if one.grade == grade]
        yield "evidence", grade, EVIDENCE[grade], meaning, *[""] * 4, "; ".join(ageing)


def _ageing(one: Ageing) -> str:
    since = "past its expiry date" if one.months is None else f"after {one.months} months"
    return f"counts as {one.becomes} {since}"
