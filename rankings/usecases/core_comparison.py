"""Agencies of several associations side by side on what their codes have in common, and only that.

No ranking by any of the codes: the core leaves out what only one of them asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from rankings.errors import Conflict
from rankings.scoring.crosswalk import Crosswalk, check
from rankings.scoring.record import Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.score import RATED, Scorer
from rankings.usecases import record_values
from rankings.usecases.edition_parts import Part

HUNDRED = Fraction(100)
FROM_WORKERS = ("interviews", "events")
# An agency with data on a smaller share of the common items gets no core score.
LEAST = Fraction(1, 2)
NO_CROSSWALK = "{core} has no crosswalk for the rubric {code} {version}: they cannot be compared."
TWICE = "{association} stands there twice: give one edition of each association."
PENALTY = "The rubric {code} {version} counts penalties: the core compares merits only."


@dataclass(frozen=True, slots=True)
class Edition:
    """What is compared of an edition: its rubric, its ranking, the parts of its agencies."""

    rubric: Rubric
    ranking: Part
    agencies: Iterable[Part]


@dataclass(frozen=True, slots=True)
class Result:
    """An agency on the core, in points of 100; None where there are no data, or too few.

    `items` holds the common items only; `missing` names those without data.
    """

    association: str
    as_of: str
    code: str
    names: Mapping[str, str]
    rubric: str
    state: str
    score: Fraction | None
    confidence: Fraction | None
    items: Mapping[str, Fraction | None]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name, value in self.items.items() if value is None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The agencies by association and code; the items that all codes have, and the others.

    `left_out` says of each other item which rubrics lack it, and why.
    """

    core: str
    items: tuple[str, ...]
    left_out: Mapping[str, Mapping[str, str]]
    results: tuple[Result, ...]


def compare(editions: Sequence[Edition], crosswalk: Crosswalk) -> Comparison:
    """The core score of every agency of some editions, exact.

    Conflict where an association stands there twice, or the crosswalk lacks the version of a
    rubric; RubricError where it does not fit.
    """
    _refuse_twice([_association(one) for one in editions])
    core = f"{crosswalk.code} {crosswalk.version}"
    left_out: dict[str, dict[str, str]] = {}
    for one in editions:
        _refuse_unknown(one.rubric, crosswalk, core)
        check(crosswalk, one.rubric)
        key = one.rubric.code, one.rubric.version
        for item, why in crosswalk.rubrics[key].absent.items():
            left_out.setdefault(item, {})[" ".join(key)] = why
    items = tuple(one.id for one in crosswalk.items if one.id not in left_out)
    results = [result for one in editions for result in _results(one, crosswalk, items)]
    return Comparison(core, items, left_out, tuple(results))


def _association(edition: Edition) -> str:
    return str(edition.ranking["association"]["code"])


def _refuse_twice(associations: Sequence[str]) -> None:
    """An agency that stands there twice would be compared with itself."""
    for one in associations:
        if associations.count(one) > 1:
            raise Conflict(TWICE.format(association=one))


def _refuse_unknown(rubric: Rubric, crosswalk: Crosswalk, core: str) -> None:
    named = {"code": rubric.code, "version": rubric.version}
    if (rubric.code, rubric.version) not in crosswalk.rubrics:
        raise Conflict(NO_CROSSWALK.format(core=core, **named))
    if not rubric.scale.higher_is_better:
        raise Conflict(PENALTY.format(**named))


def _results(edition: Edition, crosswalk: Crosswalk, items: Sequence[str]) -> Iterator[Result]:
    rubric, ranking = edition.rubric, edition.ranking
    scorer, as_of = Scorer(rubric), date.fromisoformat(ranking["cycle"]["as_of"])
    weights = crosswalk.rubrics[rubric.code, rubric.version].items
    named: dict[str, Any] = {
        "association": _association(edition),
        "as_of": as_of.isoformat(),
        "rubric": f"{rubric.code} {rubric.version}",
    }
    for part in sorted(edition.agencies, key=lambda one: str(one["code"])):
        record = record_values.record(rubric, part["code"], part["inputs"])
        state, indicators = _indicators(scorer, record, as_of)
        values = {item: _mean(weights[item], indicators, 0) for item in items}
        sure = [_mean(weights[item], indicators, 1) for item in items]
        is_enough = items and Fraction(len(_known(values.values())), len(items)) >= LEAST
        yield Result(
            **named,
            code=part["code"],
            names=part["names"],
            state=state,
            score=_plain_mean(values.values()) if is_enough else None,
            confidence=_plain_mean(sure) if is_enough else None,
            items=values,
        )


Pair = tuple[Fraction, Fraction]


def _indicators(scorer: Scorer, record: Record, as_of: date) -> tuple[str, dict[str, Pair]]:
    """The state, and of each indicator what it earned and how sure that is, in percent.

    Nothing for an agency that is not rated, and for what is left out of its score.
    """
    card = scorer.score(record, as_of)
    if card.state != RATED or card.workings is None:
        return card.state, {}
    found = {}
    for indicator, leaf in zip(scorer.rubric.indicators, card.workings.leaves, strict=True):
        # Where no worker was asked the rubric's benchmark stands: that is no data.
        is_known = leaf is not None and (leaf.sure[0] > 0 or leaf.basis not in FROM_WORKERS)
        if leaf is not None and is_known and indicator.max:
            earned = Fraction(leaf.credited, leaf.unit) / indicator.max
            found[indicator.id] = (HUNDRED * earned, HUNDRED * Fraction(*leaf.sure))
    return card.state, found


def _mean(
    weights: Mapping[str, Fraction], found: Mapping[str, Pair], which: int
) -> Fraction | None:
    """The weighted mean over the indicators with data; None where none has any."""
    known = [(weight, found[code][which]) for code, weight in weights.items() if code in found]
    whole = sum((weight for weight, _value in known), Fraction(0))
    return sum((weight * value for weight, value in known), Fraction(0)) / whole if whole else None


def _plain_mean(values: Iterable[Fraction | None]) -> Fraction | None:
    known = _known(values)
    return sum(known, Fraction(0)) / len(known) if known else None


def _known(values: Iterable[Fraction | None]) -> list[Fraction]:
    return [one for one in values if one is not None]
