"""What is known about one agency when it is scored: sorted out by the caller, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from rankings.scoring.conditions import Fact

NOT_APPLICABLE = "not_applicable"
DISPUTED = "disputed"


class RecordError(ValueError):
    """A record that the rubric does not know: no score rather than a wrong one."""


class Answer(NamedTuple):
    """One answer to a level (the option's id), numeric or points indicator, on some evidence."""

    value: Fact
    grade: str = "audit"
    given_on: date | None = None
    expires_on: date | None = None
    this_cycle: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """Interviews: so many good answers out of so many workers asked."""

    good: int
    asked: int


@dataclass(frozen=True, slots=True)
class Count:
    """So many events; None where the rubric's weight does not matter (weight 1)."""

    number: Fraction
    severity: str | None = None
    outcome: str | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """Counted events, and exposure in units (workers) per 12-month step, the newest first."""

    counts: Sequence[Count]
    exposure: Sequence[Fraction]


@dataclass(frozen=True, slots=True)
class CapEvent:
    """A finding behind a cap: since when (None: in force), and when its end condition was met."""

    found_on: date | None = None
    met_on: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that decides one agency's score.

    `marks` says per indicator `not_applicable` (agreed by a reviewer) or `disputed`. `state` lists
    without rating. `previous_band` is the last published band by points, for the buffer.
    """

    id: str
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    interviews: Mapping[str, Asked] = field(default_factory=dict)
    events: Mapping[str, Events] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    caps: Mapping[str, CapEvent] = field(default_factory=dict)
    state: str | None = None
    previous_band: str | None = None
    interviewed: int | None = None
