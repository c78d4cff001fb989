"""The sheets of a self-assessment's workbook that are its own: Answers, Lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rankings.adapters.assessment_workbook_page import (
    BEFORE,
    INPUT,
    LOCKED,
    QUESTION,
    Book,
    Page,
    Style,
)
from rankings.adapters.assessment_workbook_reading import ANSWERS, COLUMNS
from rankings.adapters.assessment_workbook_words import Words, headings
from rankings.adapters.workbook_sheets import Layout, offer, rows
from rankings.adapters.workbook_sheets import lists as empty_lists
from rankings.scoring.rules import Indicator

STYLES: Mapping[str, Style] = {
    "id": LOCKED,
    "article": LOCKED,
    "question": QUESTION,
    "answer": INPUT,
    "note": INPUT,
    "evidence": INPUT,
    "accepted": LOCKED,
    "answer_before": BEFORE,
    "note_before": BEFORE,
    "evidence_before": BEFORE,
}
LAYOUT = Layout(
    name=ANSWERS,
    widths=dict(zip(COLUMNS, (7, 19, 36, 27, 35, 25, 36, 24, 28, 32), strict=True)),
    styles=STYLES,
    values=("answer", "answer_before"),
    chosen="answer",
    prose="note",
    # The columns with what was downloaded are for the comparison; paper does not need them.
    printed="accepted",
    hint="guidance",
)


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in the row of an indicator; evidence is name and SHA-256."""

    value: str
    note: str
    evidence: Sequence[tuple[str, str]]


def answers(book: Book, words: Words, lines: Sequence[tuple[Indicator, Line]], footer: str) -> Page:
    """What was asked, what has been answered so far, and room to change it."""
    cells = [(indicator, _cells(words, indicator, line)) for indicator, line in lines]
    return rows(book, LAYOUT, headings(words.say), cells, footer)


def _cells(words: Words, indicator: Indicator, line: Line) -> Mapping[str, str]:
    answer = words.choices(indicator).get(line.value, line.value)
    return {
        "id": indicator.id,
        "article": words.article(indicator),
        "question": words.question(indicator),
        "answer": answer,
        "note": line.note,
        "evidence": "",
        "accepted": words.of("indicators", indicator.id, "evidence"),
        "answer_before": answer,
        "note_before": line.note,
        "evidence_before": listed(line.evidence),
    }


def listed(evidence: Sequence[tuple[str, str]]) -> str:
    """Files by name and the beginning of their SHA-256, one a line."""
    return "\n".join(f"{name} · {sha256[:12]}" for name, sha256 in evidence)


def lists(
    book: Book, words: Words, indicators: Sequence[Indicator], footer: str
) -> Mapping[str, str]:
    """What can be chosen, a choice a row; where the choices of each indicator stand."""
    names = headings(words.say)
    page = empty_lists(
        book, (9, 70, 60), [names[column] for column in ("id", "question", "answer")], footer
    )
    return {
        one.id: area
        for one in indicators
        if (area := offer(page, one.id, words.question(one), _choices(words, one)))
    }


def _choices(words: Words, indicator: Indicator) -> Sequence[tuple[str]]:
    return [(label,) for label in words.choices(indicator).values()]
