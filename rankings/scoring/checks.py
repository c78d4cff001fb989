"""What a rubric must mean, beyond its shape: every breach with its place and a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rankings.scoring.checks_bands import band_problems
from rankings.scoring.checks_caps import cap_problems
from rankings.scoring.checks_conditions import condition_problems
from rankings.scoring.checks_indicators import indicator_problems
from rankings.scoring.checks_ranges import range_problems
from rankings.scoring.checks_tree import tree_problems
from rankings.scoring.reading import ID, Problem
from rankings.scoring.rubric import BUILT_IN_STATES, GRADES, RESERVED, Overclaim, Rubric
from rankings.scoring.rules import Level, Numeric, Rate

Found = Iterator[tuple[str, str]]

# Endings that name a column of an indicator in a table.
ENDINGS = ("document", "self", "good", "asked", "events", "exposure")


def problems_of(rubric: Rubric, file: str) -> list[Problem]:
    """Every problem of meaning. A broken tree is reported alone, since the rest follows from it."""
    first = [*_names(rubric), *tree_problems(rubric)]
    found = first or [
        *_evidence(rubric),
        *indicator_problems(rubric),
        *band_problems(rubric),
        *cap_problems(rubric),
        *condition_problems(rubric),
        *range_problems(rubric),
    ]
    return [Problem(file, key, sentence) for key, sentence in found]


def _names(rubric: Rubric) -> Found:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rubric.code):
        yield "code", f"{rubric.code!r} must be made of a-z, 0-9 and single hyphens"
    if not re.fullmatch(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}", rubric.version):
        yield "version", f"{rubric.version!r} must be major.minor.patch, such as 1.0.0"
    for language in rubric.languages:
        if not re.fullmatch(r"[a-z]{2,3}", language):
            yield "languages", f"{language!r} must be a language code such as vi"
    tree = [("nodes", node.id) for node in rubric.nodes[1:]]
    tree += [("indicators", indicator.id) for indicator in rubric.indicators]
    tree += [("fields", field.id) for field in rubric.fields]
    yield from _ids(tree, RESERVED)
    yield from _ids([("bands", band.id) for band in rubric.bands])
    yield from _ids([("caps", cap.id) for cap in rubric.caps])
    yield from _ids([("states", state.id) for state in rubric.states], (*BUILT_IN_STATES, "rated"))
    steps = [("adjust", step.id) for node in rubric.nodes for step in node.adjust]
    yield from _ids(steps)


def _ids(named: Iterable[tuple[str, str]], reserved: tuple[str, ...] = ()) -> Found:
    named = list(named)
    for code, times in Counter(code for _, code in named).items():
        kind = next(kind for kind, other in named if other == code)
        place = f"{kind}[{code}].id"
        if times > 1:
            yield place, f"{code!r} is used {times} times; ids are unique"
        if not ID.fullmatch(code):
            yield place, f"{code!r} must be at most 60 letters, digits, dots, - and _"
        elif code in reserved or code.startswith(("cap.", "node.")):
            yield place, f"{code!r} is a reserved name; choose another"
        elif not set(ENDINGS).isdisjoint(code.split(".")[1:]):
            yield place, f"{code!r} must not read like a column of a table ({', '.join(ENDINGS)})"


def _evidence(rubric: Rubric) -> Found:
    evidence, overclaim = rubric.evidence, rubric.evidence.overclaim
    graded = [one.id for one in rubric.indicators if isinstance(one.rule, Level | Numeric)]
    if graded and not evidence.credit:
        sentence = "has no evidence rule; say what each grade earns, such as { audit = 1 }"
        yield "evidence.credit", f"indicator {graded[0]} {sentence}"
    credits = [evidence.credit[grade] for grade in GRADES if grade in evidence.credit]
    if credits != sorted(credits, reverse=True):
        yield "evidence.credit", "a stronger grade must not earn less than a weaker one"
    named = [("confidence", grade) for grade in evidence.confidence]
    named += [("ageing", each.grade) for each in evidence.ageing]
    named += [("ageing", each.becomes) for each in evidence.ageing if each.becomes != "none"]
    for key, grade in named:
        if grade not in evidence.credit:
            yield f"evidence.{key}", f"{grade!r} has no credit; name it in evidence.credit"
    yield from _overclaim(rubric, overclaim) if overclaim else ()
    yield from () if rubric.scale.higher_is_better else _penalties(rubric)


def _penalties(rubric: Rubric) -> Found:
    """Weak or missing evidence must not make a penalty smaller."""
    for grade, credit in rubric.evidence.credit.items():
        if credit != 1:
            yield f"evidence.credit.{grade}", "must be 1: with lower_is_better less is better"
    if rubric.evidence.overclaim:
        yield "evidence.overclaim", "does not go with lower_is_better"
    for one in rubric.indicators:
        if one.empty == "not_answered" and one.max is None and not isinstance(one.rule, Rate):
            place = f"indicators[{one.id}].empty"
            yield place, "not_answered is the full penalty, so the indicator needs a max"


def _overclaim(rubric: Rubric, rule: Overclaim) -> Found:
    claims = rubric.evidence.credit.get("self")
    if rule.ceiling not in {band.id for band in rubric.bands}:
        yield "evidence.overclaim.ceiling", f"{rule.ceiling!r} is not a band"
    if claims is None:
        yield "evidence.overclaim", "needs a credit for self"
    elif rule.credit_self > claims:
        yield "evidence.overclaim.credit_self", "must not be above evidence.credit.self"
