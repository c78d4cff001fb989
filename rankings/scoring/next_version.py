"""The next version of a rubric: its numbers as a cycle has estimated them (`calibration`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rankings.scoring import writing
from rankings.scoring.calibration import LEAST_AGENCIES, LEAST_PAIRS
from rankings.scoring.reading import shown
from rankings.scoring.rubric import GRADES, Rubric
from rankings.scoring.rules import Benchmark, Rate
from rankings.scoring.source import RubricSource, toml

FILE = "rubric.toml"
FEW_PAIRS = f"fewer than {LEAST_PAIRS} pairs"
FEW_AGENCIES = f"fewer than {LEAST_AGENCIES} agencies, or no events"
NO_PEERS = "the rubric has no such peers"
NO_CREDIT = "the rubric does not use this grade"

KEYS = ("mu", "k", "phi")

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the rubric: what it is, what the cycle says, what it becomes.

    `path` leads to it in the document, through an entry's id where that is a list. `new` is None
    where it stays as it is, and `why` says why, or what keeps it from being the estimate.
    """

    path: tuple[str, ...]
    running: Fraction | None
    estimate: Fraction | None
    rests_on: str
    new: Fraction | None = None
    why: str = ""

    @property
    def place(self) -> str:
        """As the checks of a rubric name it."""
        first, *rest = self.path
        if first == "indicators":
            return ".".join((f"{first}[{rest[0]}]", *rest[1:]))
        return ".".join(self.path)


def numbers(rubric: Rubric, estimates: Part) -> list[Number]:
    """Every number that is estimated, from the `values` of a calibration."""
    return [*_credits(rubric, estimates["credit"]), *_rates(rubric, estimates["rates"])]


def revised(source: RubricSource, found: Sequence[Number], version: str) -> RubricSource:
    """The same rubric with its new numbers and another version; its words are the very same.

    Comments on lines of their own stay above their tables.
    """
    document = toml(FILE, source.document)
    document["version"] = version
    for one in found:
        if one.new is not None:
            text = shown(one.new)
            _put(document, one.path, text if "/" in text else Decimal(text))
    said = writing.comments_of(source.document)
    return RubricSource(writing.document(document, said), source.labels)


def later(version: str, running: str) -> bool:
    """Whether a version, such as 1.1.0, comes after another one."""
    parts = [[int(part) for part in one.split(".")] for one in (version, running)]
    return parts[0] > parts[1]


def _credits(rubric: Rubric, credit: Part) -> Iterator[Number]:
    """The strongest grade first, since no weaker one may earn more."""
    earns = rubric.evidence.credit
    audit = above = earns.get(GRADES[0], Fraction(1))
    for grade in GRADES[1:]:
        path, pairs = ("evidence", "credit", grade), f"{credit['pairs'][grade]} pairs"
        running, share = earns.get(grade), _read(credit[grade])
        if running is None or share is None:
            why = NO_CREDIT if running is None else FEW_PAIRS
            yield Number(path, running, share, pairs, None, why)
        else:
            new, why = _within(rubric, grade, share * audit, above)
            yield Number(path, running, share, pairs, _if_other(new, running), why)
            running = new
        above = above if running is None else running


def _within(rubric: Rubric, grade: str, wanted: Fraction, most: Fraction) -> tuple[Fraction, str]:
    """What a grade may earn: no more than a stronger one, claims no less than over-claimed ones."""
    rule = rubric.evidence.overclaim
    least = rule.credit_self if rule and grade == "self" else Fraction(0)
    if wanted > most:
        return most, f"at most {shown(most)}, as the stronger grade"
    if wanted < least:
        return least, f"at least {shown(least)}, the credit after over-claiming"
    return wanted, ""


def _rates(rubric: Rubric, rates: Sequence[Part]) -> Iterator[Number]:
    rules = {one.id: one.rule for one in rubric.indicators}
    for one in rates:
        code, group, rule = one["indicator"], one["group"], rules[one["indicator"]]
        if isinstance(rule, Rate):
            known = group is None or group in rule.peers
            path = ("indicators", code) if group is None else ("indicators", code, "peers", group)
            for key in KEYS:
                number = _rate(one, (*path, key), rule.benchmark_of(group))
                yield number if known else replace(number, running=None, new=None, why=NO_PEERS)


def _rate(one: Part, path: tuple[str, ...], running: Benchmark) -> Number:
    now, estimate = getattr(running, path[-1]), _read(one[path[-1]])
    rests_on = f"{one['agencies']} agencies"
    if estimate is None:
        return Number(path, now, None, rests_on, None, FEW_AGENCIES)
    return Number(path, now, estimate, rests_on, _if_other(estimate, now))


def _if_other(new: Fraction, running: Fraction) -> Fraction | None:
    return None if new == running else new


def _read(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _put(table: dict[str, Any], path: Sequence[str], value: Decimal | str) -> None:
    """Set a number; a list is gone through by the ids of its entries."""
    first, *more = path
    if not more:
        _place(table, first, value)
        return
    inner = table[first]
    if isinstance(inner, list):
        identity, *more = more
        inner = next(one for one in inner if one["id"] == identity)
    _put(inner, more, value)


def _place(table: dict[str, Any], key: str, value: Decimal | str) -> None:
    """A new key of a benchmark stands beside its `k`."""
    if key not in table and "k" in table:
        before = list(table.items())
        table.clear()
        for name, one in before:
            table[name] = one
            if name == "k":
                table[key] = value
    else:
        table[key] = value
