"""What the what-if page shows: two scores, what moved between them, and every answer to try."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rankings.errors import Problem
from rankings.usecases import what_moved
from rankings.usecases.what_if import NOT_LISTED, Outcome, Trial
from rankings.usecases.what_moved import Change
from rankings.web import lift_page, question_page, receipt_page
from rankings.web.desk import Desk
from rankings.web.languages import say as _
from rankings.web.question_page import Choice, Question
from rankings.web.words import Words, short

FOUND = ("audit", "document")


@dataclass(frozen=True, slots=True)
class Side:
    """A score before or after: band and number, or why there is none."""

    band: str | None
    number: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of what moved; `told` says how the answer changed, if it did."""

    label: str
    told: str
    amount: str


@dataclass(frozen=True, slots=True)
class Step:
    """An answer that would lift the score, and by how much."""

    question: str
    answer: str
    as_claim: str
    if_confirmed: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form; a number where there is nothing to choose from."""

    question: Question
    value: str
    choices: Sequence[Choice]
    present: str
    counts: str
    error: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints; `then` is None until something was tried."""

    now: Side
    then: Side | None
    best: str | None
    difference: str
    moved: tuple[Moved, ...]
    idle: tuple[str, ...]
    limits: tuple[tuple[str, str], ...]
    lift: lift_page.Page | None
    steps: tuple[Step, ...]
    receipt: receipt_page.Page
    articles: tuple[tuple[str, tuple[Field, ...]], ...]
    errors: tuple[tuple[str, str], ...]


def page(desk: Desk, trial: Trial, asked: Mapping[str, str], problems: Sequence[Problem]) -> Page:
    """A trial in words; `asked` is what the form sent, `problems` what of it is no answer."""
    words, then = desk.words, trial.then
    tried = bool(asked) and not problems
    scale = words.rubric.scale
    receipt = {"names": desk.agency.names, "receipt": then.receipt}
    return Page(
        now=_side(words, trial.now),
        then=_side(words, then) if tried else None,
        best=short(scale.max) if scale.higher_is_better else None,
        difference=_signed(words, (then.score or 0) - (trial.now.score or 0)),
        moved=tuple(_moved(desk, trial, one) for one in trial.changes),
        idle=tuple(_idle(desk, trial)),
        limits=() if then.receipt is None else receipt_page.limits(words, then.receipt),
        lift=lift_page.page(words, then.lift),
        steps=tuple(_steps(desk, trial)),
        receipt=receipt_page.page(words, {"score": then.score}, receipt, ""),
        articles=tuple(_articles(desk, trial, asked, {one.place for one in problems})),
        errors=tuple(_errors(desk, problems)),
    )


def _side(words: Words, outcome: Outcome) -> Side:
    if outcome.score is None:
        return Side(None, None, _state(words, outcome.state))
    return Side(outcome.band, words.number(outcome.score), "")


def _state(words: Words, state: str) -> str:
    if state == NOT_LISTED:
        return _("The agency was not licensed on the last day of this cycle. It is not listed.")
    return words.state(state)


def _signed(words: Words, units: int) -> str:
    text = words.number(units)
    return text if units <= 0 else f"+{text}"


def _moved(desk: Desk, trial: Trial, change: Change) -> Moved:
    words, code = desk.words, change.code
    amount = _signed(words, change.amount)
    if change.kind == what_moved.INDICATOR:
        label = words.of("indicators", code, "question")
        return Moved(label, _told(desk, trial, code), amount)
    named = {
        what_moved.LIMITS: _("Limits on the band"),
        what_moved.ROUNDING: _("Rounding"),
        "floor": _("Lowest value that counts"),
    }
    return Moved(named.get(code) or words.of("adjust", code, "label"), "", amount)


def _told(desk: Desk, trial: Trial, code: str) -> str:
    was, becomes = trial.present.get(code), trial.tried.get(code)
    if was == becomes:
        return ""
    return f"{_answer(desk, code, was)} → {_answer(desk, code, becomes)}"


def _answer(desk: Desk, code: str, value: str | None) -> str:
    return desk.question(code).label(value) if value else _("No answer")


def _idle(desk: Desk, trial: Trial) -> Iterator[str]:
    """The questions whose changed answers move nothing."""
    moved = {one.code for one in trial.changes if one.kind == what_moved.INDICATOR}
    for code in desk.order:
        if trial.present.get(code) != trial.tried.get(code) and code not in moved:
            yield desk.words.of("indicators", code, "question")


def _steps(desk: Desk, trial: Trial) -> Iterator[Step]:
    for one in trial.steps:
        yield Step(
            question=desk.words.of("indicators", one.indicator, "question"),
            answer=_answer(desk, one.indicator, one.value),
            as_claim=short(one.as_claim),
            if_confirmed=short(one.if_confirmed),
        )


def _articles(
    desk: Desk, trial: Trial, asked: Mapping[str, str], wrong: set[str]
) -> Iterator[tuple[str, tuple[Field, ...]]]:
    receipt = trial.then.receipt or {"lines": ()}
    bases = {line["indicator"]: line["basis"] for line in receipt["lines"]}
    for section in desk.sections:
        fields = [
            _field(desk, trial, one.id, asked, one.id in wrong, bases.get(one.id, ""))
            for one in section.indicators
        ]
        yield desk.words.of("nodes", section.article), tuple(fields)


def _field(
    desk: Desk, trial: Trial, code: str, asked: Mapping[str, str], wrong: bool, basis: str
) -> Field:
    question, present = desk.question(code), trial.present.get(code, "")
    choices = [Choice("", _("No answer")), *question.choices]
    marked = [
        Choice(one.value, _("%(answer)s (your answer now)", answer=one.label))
        if one.value == present
        else one
        for one in choices
    ]
    return Field(
        question=question,
        value=asked.get(code, present).strip(),
        choices=() if question.limits else marked,
        present=question.label(present) if present else _("No answer"),
        counts=_counts(basis),
        error=question_page.errors("answer", question)["answer"] if wrong else "",
    )


def _counts(basis: str) -> str:
    """What counts here instead of the answer, if anything does."""
    if basis in FOUND:
        return _("This was checked. The finding counts, not this answer.")
    return receipt_page.source(basis) if basis in ("not_applicable", "disputed") else ""


def _errors(desk: Desk, problems: Sequence[Problem]) -> Iterator[tuple[str, str]]:
    """For the summary: the question's code where there is one, and what is wrong."""
    for one in problems:
        if one.place in desk.questions.asked:
            yield one.place, desk.words.of("indicators", one.place, "question")
        else:
            yield "", _("There is no such question: %(name)s", name=one.place)
