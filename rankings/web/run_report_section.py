"""What every section of a run report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rankings.scoring.exact import decimal_text
from rankings.scoring.lint import thousandths
from rankings.web.words import Words


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is about, in which language that is if not the page's."""

    label: str
    cells: tuple[str, ...]
    is_marked: bool = False
    spoken: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a plain sentence, and a table; without heads the sentence says it all.

    `kind` is the style of the cells: "n" for numbers, "words" for text.
    """

    id: str
    title: str
    about: str
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    kind: str = "n"


def percent(thousandths: int | None) -> str:
    """A share with one decimal."""
    return "–" if thousandths is None else f"{decimal_text(Fraction(thousandths, 10), 1)}\u00a0%"


def share(part: int, whole: int) -> int | None:
    """In thousandths; None of nothing."""
    return thousandths(part, whole) if whole else None


def part_word(words: Words, code: str) -> str:
    """The words for a node or an indicator."""
    for path in (("nodes", code), ("indicators", code, "question")):
        if path in words.labels.texts:
            return words.of(*path)
    return code
