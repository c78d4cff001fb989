"""A record as the plain values of an edition, and back: what a score can be recomputed from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from rankings.scoring.conditions import Fact
from rankings.scoring.exact import fraction_text
from rankings.scoring.record import Answer, Asked, CapEvent, Count, Events, Record
from rankings.scoring.rubric import Rubric
from rankings.scoring.rules import Level


def values(record: Record) -> dict[str, Any]:
    """Everything that decides a score; what is empty or usual is left out."""
    found = {
        "answers": {
            code: [_answer(one) for one in given] for code, given in record.answers.items()
        },
        "interviews": {code: [one.good, one.asked] for code, one in record.interviews.items()},
        "events": {code: _events(one) for code, one in record.events.items()},
        "marks": dict(record.marks),
        "facts": {code: _plain(fact) for code, fact in record.facts.items()},
        "caps": {code: _cap(one) for code, one in record.caps.items()},
        "state": record.state,
        "previous_band": record.previous_band,
        "interviewed": record.interviewed,
    }
    return {name: value for name, value in found.items() if value not in (None, {})}


def _answer(one: Answer) -> dict[str, Any]:
    found = {
        "value": _plain(one.value),
        "grade": one.grade,
        "given_on": one.given_on and one.given_on.isoformat(),
        "expires_on": one.expires_on and one.expires_on.isoformat(),
        "this_cycle": None if one.this_cycle else False,
    }
    return {name: value for name, value in found.items() if value is not None}


def _events(given: Events) -> dict[str, Any]:
    return {
        "counts": [_count(one) for one in given.counts],
        "exposure": [_plain(units) for units in given.exposure],
    }


def _count(one: Count) -> dict[str, Any]:
    named = {"severity": one.severity, "outcome": one.outcome, "step": one.step}
    kept = {name: value for name, value in named.items() if value is not None}
    return {"number": _plain(one.number)} | kept


def _cap(one: CapEvent) -> dict[str, str]:
    days = {"found_on": one.found_on, "met_on": one.met_on}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def _plain(fact: Fact) -> str:
    return fraction_text(fact) if isinstance(fact, Fraction) else fact


def record(rubric: Rubric, code: str, given: Mapping[str, Any]) -> Record:
    """The record that `values` was made from; KeyError, TypeError or ValueError for another."""
    words = {one.id for one in rubric.indicators if isinstance(one.rule, Level)}
    texts = {one.id for one in rubric.fields if one.type != "number"}
    return Record(
        id=code,
        answers={
            name: [_read_answer(one, name in words) for one in answers]
            for name, answers in given.get("answers", {}).items()
        },
        interviews={name: Asked(*pair) for name, pair in given.get("interviews", {}).items()},
        events={name: _read_events(one) for name, one in given.get("events", {}).items()},
        marks=given.get("marks", {}),
        facts={
            name: fact if name in texts else Fraction(fact)
            for name, fact in given.get("facts", {}).items()
        },
        caps={name: _read_cap(one) for name, one in given.get("caps", {}).items()},
        state=given.get("state"),
        previous_band=given.get("previous_band"),
        interviewed=given.get("interviewed"),
    )


def _read_answer(given: Mapping[str, Any], word: bool) -> Answer:
    value = given["value"]
    return Answer(
        value if word else Fraction(value),
        given["grade"],
        _day(given.get("given_on")),
        _day(given.get("expires_on")),
        given.get("this_cycle", True),
    )


def _read_events(given: Mapping[str, Any]) -> Events:
    counts = [
        Count(Fraction(one["number"]), one.get("severity"), one.get("outcome"), one.get("step"))
        for one in given["counts"]
    ]
    return Events(counts, [Fraction(units) for units in given["exposure"]])


def _read_cap(given: Mapping[str, Any]) -> CapEvent:
    return CapEvent(_day(given.get("found_on")), _day(given.get("met_on")))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
