"""What everybody reads of a change of rules: whom it moved, and how much of that was the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rankings.usecases.edition_parts import METHOD_REPORT as PART
from rankings.usecases.method_counts import changed_places
from rankings.web.method_words import MethodWords
from rankings.web.words import Words

__all__ = ["PART", "Page", "page"]

MOST, MOST_RULES = 20, 10

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """An agency: its name and that name's language, and its scores and movements as printed."""

    code: str
    name: str
    spoken: str
    before: str
    after: str
    movement: str
    method: str
    behaviour: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints; `split` words are those of the report."""

    body: Body
    split: MethodWords
    day: str
    changed: int
    rows: tuple[Row, ...]
    rules: tuple[tuple[str, str, str], ...]
    lacking: tuple[tuple[str, tuple[str, ...]], ...]


def page(words: Words, body: Body, country: str) -> Page:
    """A published report in words."""
    split = MethodWords(body, words.labels)
    listed = [one for one in body["agencies"] if one["after"]]
    moved = [one for one in listed if one["movement"] or one["method"]]
    largest = sorted(moved, key=lambda one: (-abs(one["movement"] or 0), one["code"]))[:MOST]
    return Page(
        body=body,
        split=split,
        day=words.day(body["edition"]["cycle"]["as_of"]),
        changed=changed_places(body),
        rows=tuple(_row(split, one, country) for one in largest),
        rules=tuple(
            (split.rule(one["kind"], one["code"]), split.moved(one["up"]), split.moved(one["down"]))
            for one in body["rules"][:MOST_RULES]
        ),
        lacking=tuple((heading, tuple(texts)) for heading, texts in split.lacking(body)),
    )


def _row(split: MethodWords, one: Body, country: str) -> Row:
    name, spoken = Words.name(country, one["names"])
    before = one["before"]["score"] if one["before"] else None
    return Row(
        one["code"],
        name,
        spoken,
        split.number(before),
        split.number(one["after"]["score"]),
        split.moved(one["movement"]),
        split.moved(one["method"]),
        split.moved(one["behaviour"]),
    )
