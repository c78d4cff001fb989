"""One question as it is shown: its words, its choices, the answer now and a year ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rankings.models import Answer
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rules import Indicator, Level, Numeric, Points
from rankings.usecases import self_assessments
from rankings.web.languages import say as _
from rankings.web.words import Words, short


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen."""

    value: str
    label: str


@dataclass(slots=True)
class Shown:
    """What stands in the form: what is stored, or what was sent and refused."""

    value: str = ""
    note: str = ""
    seen: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """The words of one indicator in the language of the page."""

    id: str
    article: str
    text: str
    guidance: str
    evidence: str
    choices: Sequence[Choice]
    limits: str

    def label(self, value: str) -> str:
        """An answer in words."""
        return next((one.label for one in self.choices if one.value == value), value)


def question(words: Words, indicator: Indicator) -> Question:
    """An indicator as a question."""
    path = ("indicators", indicator.id)
    return Question(
        id=indicator.id,
        article=words.of("nodes", indicator.parent),
        text=words.of(*path, "question"),
        guidance=words.of(*path, "guidance"),
        evidence=words.of(*path, "evidence"),
        choices=_choices(words, indicator),
        limits=_limits(indicator),
    )


def _choices(words: Words, indicator: Indicator) -> list[Choice]:
    """The options from the lowest up; for a number only that it does not apply, if allowed."""
    found = []
    if isinstance(indicator.rule, Level):
        start = ("indicators", indicator.id, "options")
        found = [
            Choice(one.id, words.of(*start, one.id, "label")) for one in indicator.rule.options
        ]
    if indicator.not_applicable:
        found.append(Choice(NOT_APPLICABLE, _("Does not apply to us")))
    return found


def _limits(indicator: Indicator) -> str:
    """Between which numbers an answer lies; empty where it is chosen from a list."""
    rule = indicator.rule
    if isinstance(rule, Points):
        if rule.min is not None and rule.max is not None:
            return _("A number from %(low)s to %(high)s", low=short(rule.min), high=short(rule.max))
        return _("A number, such as 12.5")
    return _("A number, such as 12.5") if isinstance(rule, Numeric) else ""


def shown(answer: Answer | None) -> Shown:
    """A stored answer in the form."""
    seen = self_assessments.token(answer)
    return Shown(answer.value, answer.note or "", seen) if answer else Shown(seen=seen)


def weak(indicator: Indicator, answer: Answer | None) -> bool:
    """Whether an answer earns less than the best one would."""
    if answer is None or not isinstance(indicator.rule, Level):
        return False
    points = {one.id: one.points for one in indicator.rule.options}
    return answer.value in points and points[answer.value] < max(points.values())


def around(order: Sequence[str], indicator: str) -> tuple[str | None, str | None]:
    """The questions before and after one."""
    place = order.index(indicator)
    return (
        order[place - 1] if place else None,
        order[place + 1] if place + 1 < len(order) else None,
    )


def errors(column: str, question: Question) -> Mapping[str, str]:
    """What is wrong with a field, in the words of the page."""
    if column == self_assessments.NOTE:
        most = self_assessments.MAX_NOTE
        return {"note": _("Write at most %(most)d characters.", most=most)}
    if question.limits:
        return {"answer": question.limits}
    return {"answer": _("Choose one of the answers.")}
