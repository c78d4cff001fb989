"""From one rubric to another: the inputs of an old edition as another rubric can read them.

What that rubric does not know, or asks in another way, counts as missing and is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from rankings.scoring.conditions import Fact
from rankings.scoring.evidence import STRENGTH, credits_of
from rankings.scoring.leaves import leaf_of
from rankings.scoring.record import (
    DISPUTED,
    NOT_APPLICABLE,
    Answer,
    Asked,
    CapEvent,
    Count,
    Events,
    Record,
    RecordError,
)
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Indicator, Level, Numeric, Points, Proportion, Rate
from rankings.scoring.score import INSUFFICIENT, UNDER_REVIEW, Scorecard, Scorer


class Unfit(NamedTuple):
    """Something in the old inputs that the other rubric cannot use, and counts as missing.

    `kind` is one of KINDS; `code` names the indicator, field, cap or state; `value` what stood
    there where it is a word.
    """

    kind: str
    code: str
    value: str = ""


# An answer whose option, value or grade of evidence is gone; an indicator that is now answered
# in another way; a mark that is no longer allowed; counts whose weight is unknown, or that the old
# edition did not tell apart; years that it did not look back; facts of another type; caps, states
# and former bands that are gone; and silence where the other rubric has no penalty for it.
KINDS = (
    *("option", "value", "grade", "type", "mark", "severity", "outcome", "undivided", "years"),
    *("field", "cap", "state", "band", "silence"),
)


class Bridge:
    """Scores records of an old rubric by another one, as of the day of the old edition."""

    def __init__(self, old: Rubric, new: Rubric, as_of: date) -> None:
        self.old, self.new, self.as_of = old, new, as_of
        self.scorer = Scorer(new)
        # How many agencies each thing concerns.
        self.unfit: Counter[Unfit] = Counter()
        self._credit = credits_of(new.evidence)[0]
        self._asked = {one.id: one for one in new.indicators}
        self._leaves = {one.id: leaf_of(one, new) for one in new.indicators}
        self._was = {one.id: one.rule for one in old.indicators}
        self._known: dict[tuple[str, Answer], str | None] = {}
        self._fields = {one.id: one.type for one in new.fields}
        self._caps = {cap.id for cap in new.caps}
        self._states = {one.id for one in new.states} | {INSUFFICIENT, UNDER_REVIEW}
        self._bands = {band.id for band in new.bands} if old.code == new.code else set()
        self._optional = {
            one.id for one in new.indicators if one.not_applicable or one.empty == NOT_APPLICABLE
        }
        self._must = [one for one in new.indicators if _needs_an_answer(one, new)]

    def score(self, record: Record) -> tuple[Scorecard, int]:
        """The scorecard by the other rubric, and how much of the record that one cannot use."""
        found: set[Unfit] = set()
        fitted = self.fitted(record, found.add)
        silent = [
            Unfit("silence", one.id)
            for one in self._must
            if fitted.state is None and one.id not in (*fitted.answers, *fitted.marks)
        ]
        self.unfit.update(found.union(silent))
        if silent:
            return Scorecard(record.id, INSUFFICIENT), len(found) + len(silent)
        return self.scorer.score(fitted, self.as_of), len(found)

    def fitted(self, record: Record, note: Callable[[Unfit], None]) -> Record:
        """The record as the other rubric can read it; `note` hears of all that it cannot."""
        return replace(
            record,
            answers=dict(self._answers(record.answers, note)),
            interviews={
                code: one for code, one in record.interviews.items() if self._heard(code, one, note)
            },
            events=dict(self._events(record.events, note)),
            marks={code: one for code, one in record.marks.items() if self._mark(code, one, note)},
            facts={
                name: fact for name, fact in record.facts.items() if self._fact(name, fact, note)
            },
            caps={code: one for code, one in record.caps.items() if self._cap(code, one, note)},
            state=self._state(record.state, note),
            previous_band=self._band(record.previous_band, note),
        )

    def _answers(
        self, answers: Mapping[str, Sequence[Answer]], note: Callable[[Unfit], None]
    ) -> Iterator[tuple[str, list[Answer]]]:
        for code, given in answers.items():
            indicator = self._asked.get(code)
            if indicator is None:
                continue
            if isinstance(indicator.rule, Proportion | Rate):
                note(Unfit("type", code))
                continue
            gone = [one for one in given if self._why_not(indicator, one)]
            for one in gone:
                word = str(one.value) if isinstance(one.value, str) else ""
                note(Unfit(self._why_not(indicator, one) or "", code, word))
            kept = _unreplaced(given, gone) if gone else list(given)
            if kept:
                yield code, kept

    def _why_not(self, indicator: Indicator, answer: Answer) -> str | None:
        """Why the other rubric cannot take an answer, None where it can."""
        key = (indicator.id, answer)
        if key not in self._known:
            self._known[key] = self._tried(indicator, answer)
        return self._known[key]

    def _tried(self, indicator: Indicator, answer: Answer) -> str | None:
        alone = Record("", answers={indicator.id: [answer]})
        try:
            self._leaves[indicator.id](alone, self._credit, self.as_of)
        except RecordError:
            return _kind_of(indicator, answer)
        return None

    def _heard(self, code: str, asked: Asked, note: Callable[[Unfit], None]) -> bool:
        indicator = self._asked.get(code)
        if indicator is None:
            return False
        if not isinstance(indicator.rule, Proportion):
            note(Unfit("type", code))
        return isinstance(indicator.rule, Proportion)

    def _events(
        self, events: Mapping[str, Events], note: Callable[[Unfit], None]
    ) -> Iterator[tuple[str, Events]]:
        for code, given in events.items():
            indicator = self._asked.get(code)
            if indicator is None:
                continue
            if not isinstance(indicator.rule, Rate):
                note(Unfit("type", code))
                continue
            self._untold(code, indicator.rule, note)
            kept = [one for one in given.counts if _weighs(indicator.rule, code, one, note)]
            yield code, Events(kept, given.exposure)

    def _untold(self, code: str, rule: Rate, note: Callable[[Unfit], None]) -> None:
        """What of complaints the old edition did not tell apart, or how far it did not go back."""
        was = self._was.get(code)
        if not isinstance(was, Rate):
            return
        if len(was.steps) < len(rule.steps):
            note(Unfit("years", code))
        for kind, then, now in (
            ("severity", was.severity, rule.severity),
            ("outcome", was.outcome, rule.outcome),
        ):
            if now and not then:
                note(Unfit("undivided", code, kind))

    def _mark(self, code: str, mark: str, note: Callable[[Unfit], None]) -> bool:
        if code not in self._asked:
            return False
        allowed = mark == DISPUTED or code in self._optional
        if not allowed:
            note(Unfit("mark", code, mark))
        return allowed

    def _fact(self, name: str, fact: Fact, note: Callable[[Unfit], None]) -> bool:
        kind = self._fields.get(name)
        if kind is None:
            return False
        fits = isinstance(fact, Fraction) is (kind == "number")
        if not fits:
            note(Unfit("field", name))
        return fits

    def _cap(self, code: str, event: CapEvent, note: Callable[[Unfit], None]) -> bool:
        if code not in self._caps:
            note(Unfit("cap", code))
        return code in self._caps

    def _state(self, state: str | None, note: Callable[[Unfit], None]) -> str | None:
        if state is None or state in self._states:
            return state
        note(Unfit("state", state))
        return INSUFFICIENT

    def _band(self, band: str | None, note: Callable[[Unfit], None]) -> str | None:
        if band is None or band in self._bands:
            return band
        note(Unfit("band", band))
        return None


def _needs_an_answer(indicator: Indicator, rubric: Rubric) -> bool:
    """Whether silence has no worth: penalty points without a limit."""
    is_answered = not isinstance(indicator.rule, Proportion | Rate)
    return is_answered and indicator.max is None and not rubric.scale.higher_is_better


def _unreplaced(given: Sequence[Answer], gone: Sequence[Answer]) -> list[Answer]:
    """Answers that are stronger or newer than those gone: a claim stands in for no finding."""

    def place(one: Answer) -> tuple[int, date]:
        return STRENGTH.get(one.grade, 0), one.given_on or date.min

    most = max(map(place, gone))
    return [one for one in given if one not in gone and place(one) > most]


def _kind_of(indicator: Indicator, answer: Answer) -> str:
    """Which of its parts the other rubric refuses in an answer."""
    rule, value = indicator.rule, answer.value
    if isinstance(rule, Level):
        return "grade" if value in {one.id for one in rule.options} else "option"
    if isinstance(value, str) or isinstance(rule, Points):
        return "value"
    is_no_logarithm = isinstance(rule, Numeric) and rule.transform == "log" and value <= 0
    return "value" if is_no_logarithm else "grade"


def _weighs(rule: Rate, code: str, count: Count, note: Callable[[Unfit], None]) -> bool:
    """Whether a count has a weight; one that was not told apart has weight 1."""
    wanted = (("severity", rule.severity, count.severity), ("outcome", rule.outcome, count.outcome))
    unknown = [
        Unfit(kind, code, name)
        for kind, weights, name in wanted
        if name is not None and name not in weights
    ]
    for one in unknown:
        note(one)
    return not unknown


def lacking(old: Rubric, new: Rubric) -> dict[str, Any]:
    """What one rubric asks and the other does not, by code; old inputs cannot hold the new."""
    was, asks = ({one.id: one.type for one in rubric.indicators} for rubric in (old, new))
    return {
        "new_indicators": [code for code in asks if code not in was],
        "dropped_indicators": [code for code in was if code not in asks],
        "other_type": [code for code in asks if was.get(code, asks[code]) != asks[code]],
        "new_fields": _without([one.id for one in new.fields], [one.id for one in old.fields]),
        # Caps that follow from a condition can be judged by what is known.
        "new_caps": _without(
            [cap.id for cap in new.caps if cap.findings], [cap.id for cap in old.caps]
        ),
        "dropped_caps": _without([cap.id for cap in old.caps], [cap.id for cap in new.caps]),
    }


def _without(some: Sequence[str], others: Sequence[str]) -> list[str]:
    return [one for one in some if one not in others]
