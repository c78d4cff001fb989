"""When a case may be decided, and how: the rules, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rankings.errors import Problem

SUBSTANTIATED, REMEDIED, OVERDUE = "substantiated", "remedied", "overdue"
WITHDRAWN, UNCONFIRMED, REJECTED = "withdrawn", "withdrawn_unconfirmed", "rejected"
OUTCOMES = (SUBSTANTIATED, REMEDIED, OVERDUE, WITHDRAWN, UNCONFIRMED, REJECTED)
# The outcome of a case that goes on in another one; it never counts by itself.
MERGED = "merged"

DOCUMENT, CALL_BACK, TWO_REPORTERS = "document", "verified_call_back", "two_reporters"
ADMITS, AUTHORITY = "agency_admits", "authority"
GROUNDS = (DOCUMENT, CALL_BACK, TWO_REPORTERS, ADMITS, AUTHORITY)
# What was found on one of these grounds can stand behind what a second worker reports.
VERIFIED = (DOCUMENT, CALL_BACK, ADMITS, AUTHORITY)

# Why a complaint was not right, and why a decided case is opened again.
REJECTIONS = ("not_true", "not_provable", "not_this_agency", "not_the_code", "no_contact")
REOPENINGS = ("new_evidence", "mistake", "agency_objects", "worker_asks")

CHOOSE = "must be chosen from the list"
NOT_HEARD = "needs the agency heard: its answer, or the last day for it passed"
NO_GROUND = "needs a ground"
NO_SECOND = "needs another decided case of the same category on a verified ground"
NOT_INDEPENDENT = "needs your word that the two workers report by themselves"
NO_ANSWER = "needs an answer of the agency"
NOT_DUE = "needs the last day for the agency's answer passed without one"
NO_DAY = "needs the day of the remedy"
TOO_LATE = "came after the last day for the agency's answer: the case is substantiated"
IN_FUTURE = "lies in the future"
NOT_CONFIRMED = "needs the worker's own word: by the receipt, or when called back"
CONFIRMED = "was confirmed by the worker: choose withdrawn"
WORKER_LEFT = "goes on against the worker's wish only where an authority decided"
NOT_AUTHORITY = "counts by an authority's word only, so the ground must be an authority"
NO_REASON = "needs a reason"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case when it is decided.

    `has_second` says that another decided case of the same category on the same agency rests on
    a verified ground; `may_count` is who agreed that the case counts.
    """

    today: date
    notified_on: date | None = None
    answer_due_on: date | None = None
    answered_on: date | None = None
    is_withdrawn: bool = False
    has_second: bool = False
    may_count: str | None = None

    @property
    def is_silent(self) -> bool:
        """The last day for an answer has passed without one."""
        due = self.answer_due_on
        return self.answered_on is None and due is not None and self.today > due

    @property
    def is_heard(self) -> bool:
        """The agency has answered, or let its last day pass."""
        return self.answered_on is not None or self.is_silent


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decides.

    `called_back` says that the worker confirmed a withdrawal, `is_independent` that the second
    worker reports by himself.
    """

    outcome: str
    ground: str = ""
    remedied_on: date | None = None
    called_back: bool = False
    is_independent: bool = False
    rejection: str = ""


def problems(decision: Decision, facts: Facts) -> list[Problem]:
    """What stands against a decision; nothing if it may be made."""
    rules = {
        SUBSTANTIATED: _substantiated,
        REMEDIED: _remedied,
        OVERDUE: _overdue,
        WITHDRAWN: _withdrawn,
        UNCONFIRMED: _unconfirmed,
        REJECTED: _rejected,
    }
    if decision.outcome not in rules:
        return [Problem("outcome", decision.outcome[:100], CHOOSE)]
    found = [*rules[decision.outcome](decision, facts), *_consent(decision, facts)]
    return [Problem(place, _said(decision, place), remedy) for place, remedy in found]


def _said(decision: Decision, place: str) -> str:
    return str(getattr(decision, place) or "")[:100]


Found = Iterator[tuple[str, str]]


def _substantiated(decision: Decision, facts: Facts) -> Found:
    if not facts.is_heard:
        yield "outcome", NOT_HEARD
    if decision.ground not in GROUNDS:
        yield "ground", NO_GROUND
    if decision.ground == ADMITS and facts.answered_on is None:
        yield "ground", NO_ANSWER
    if decision.ground == TWO_REPORTERS:
        yield from _two_reporters(decision, facts)


def _two_reporters(decision: Decision, facts: Facts) -> Found:
    """Two fakes do not make a truth: the other one must have been found true by itself."""
    if not facts.has_second:
        yield "ground", NO_SECOND
    if not decision.is_independent:
        yield "is_independent", NOT_INDEPENDENT


def _remedied(decision: Decision, facts: Facts) -> Found:
    yield from _substantiated(decision, facts)
    if decision.remedied_on is None:
        yield "remedied_on", NO_DAY
    elif decision.remedied_on > facts.today:
        yield "remedied_on", IN_FUTURE
    elif facts.answer_due_on is None or decision.remedied_on > facts.answer_due_on:
        yield "remedied_on", TOO_LATE


def _overdue(decision: Decision, facts: Facts) -> Found:
    if not facts.is_silent:
        yield "outcome", NOT_DUE


def _withdrawn(decision: Decision, facts: Facts) -> Found:
    if not (facts.is_withdrawn or decision.called_back):
        yield "outcome", NOT_CONFIRMED


def _unconfirmed(decision: Decision, facts: Facts) -> Found:
    if facts.is_withdrawn or decision.called_back:
        yield "outcome", CONFIRMED
    if not facts.is_heard:
        yield "outcome", NOT_HEARD


def _rejected(decision: Decision, facts: Facts) -> Found:
    if decision.rejection not in REJECTIONS:
        yield "rejection", NO_REASON


def _consent(decision: Decision, facts: Facts) -> Found:
    """Nothing is held against an agency in a worker's name who has taken it back."""
    if decision.outcome in (WITHDRAWN, REJECTED, UNCONFIRMED) or decision.ground == AUTHORITY:
        return
    if facts.is_withdrawn:
        yield "outcome", WORKER_LEFT
    if facts.may_count == "authority":
        yield "ground", NOT_AUTHORITY
