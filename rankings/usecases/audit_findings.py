"""Findings of an audit: changed freely while it is open, in every score once it is closed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import Account, Answer, AssessmentCycle, Audit, Finding, SecondOpinion
from rankings.usecases import cycles, journal
from rankings.usecases.answers import Questions
from rankings.usecases.audit_closing import METHODS, close, hold_open, reopen, set_visit
from rankings.usecases.audit_reading import (
    BLIND,
    WHY,
    account_of,
    agency_of,
    claims,
    find,
    needs_reason,
    of,
    token,
    why_closed,
)
from rankings.usecases.incoming import Given, Wrong

# Everything about an audit's findings in one place for those who write and read them.
__all__ = [
    "BLIND",
    "METHODS",
    "WHY",
    "Change",
    "Clash",
    "Taken",
    "checked",
    "claims",
    "close",
    "find",
    "needs_reason",
    "of",
    "reopen",
    "save",
    "set_visit",
    "token",
    "why_closed",
]

MAX_REASON = 1_000
FOUND, REASON = "found", "reason"
NEEDS_REASON = "differs from the agency's answer, or leaves the question out: say why"
IMPORTED = "A file of the association holds a finding on this question already."
GIVEN_TWICE = "Somebody else has given a second opinion on this finding. It is settled there."


@dataclass(frozen=True, slots=True)
class Change:
    """One finding as it is wanted; `seen` is the token of the finding that it replaces.

    `found` is an option's id, a number or `not_applicable`; empty takes the finding away.
    """

    indicator: str
    found: str
    reason: str
    seen: str


class Clash(Conflict):
    """Somebody else changed the finding since it was shown; `theirs` is what stands there now."""

    def __init__(self, theirs: Finding | None, name: str | None) -> None:
        super().__init__("Somebody else has changed this finding in the meantime.")
        self.theirs, self.name = theirs, name


class Taken(Conflict):
    """The finding on `indicator` is not this screen's to change; the sentence says why."""

    def __init__(self, why: str, indicator: str) -> None:
        super().__init__(why)
        self.indicator = indicator


def save(session: Session, audit: Audit, changes: Sequence[Change], act: journal.Act) -> int:
    """Save findings, all or none, and say how many differed from what stood there.

    Clash where another finding stands there than `seen` names, Taken where it came in a file or
    was found again by somebody else, Invalid where one is wrong: every fault is named, its place
    is "2.1 found" or "2.1 reason". Saving what stands there already changes nothing.
    """
    saving = _Saving(session, hold_open(session, audit, act), act)
    wanted = saving.checked(changes)
    return sum(saving.save(change) for change in wanted)


class _Saving:
    """Changes to one audit's findings, with all that is known of it read once."""

    def __init__(
        self, session: Session, held: tuple[Audit, AssessmentCycle, date], act: journal.Act
    ) -> None:
        self.session, self.act = session, act
        self.audit, self.cycle, self.today = held
        self.agency = agency_of(session, self.audit)
        self.questions = Questions(cycles.code_of(self.cycle))
        self.claims = claims(session, self.audit)
        self.twice = _given_twice(session, self.audit)

    def checked(self, changes: Sequence[Change]) -> list[Change]:
        """The changes as they are stored; Invalid names all that is wrong."""
        found: list[Change] = []
        problems: list[Problem] = []
        for change in changes:
            try:
                found.append(checked(self.questions, change, self.claims.get(change.indicator)))
            except Invalid as invalid:
                problems += invalid.problems
        if problems:
            raise Invalid(problems)
        return found

    def save(self, change: Change) -> bool:
        """Whether the change changed anything."""
        held = self.session.get(Finding, self._key(change.indicator))
        if _says(held) == (change.found, change.reason):
            return False
        self._refuse_taken(held, change.indicator)
        if token(held) != change.seen:
            raise _clash(self.session, held)
        was = held.found if held else None
        self._write(held, change)
        about = f"{self.cycle.slug} {self.agency.code} {change.indicator}"
        told = {"evidence": self.audit.evidence, "was": was, "becomes": change.found or None}
        journal.record(
            self.session, self.audit.association, self.act, "saved a finding", about, told
        )
        return True

    def _refuse_taken(self, held: Finding | None, indicator: str) -> None:
        if held is not None and held.audit != self.audit.id:
            raise Taken(IMPORTED, indicator)
        if indicator in self.twice:
            raise Taken(GIVEN_TWICE, indicator)

    def _write(self, held: Finding | None, change: Change) -> None:
        if held is not None and not change.found:
            self.session.delete(held)
        else:
            row = held or Finding(**self._key(change.indicator), audit=self.audit.id)
            row.found, row.reason = change.found, change.reason or None
            row.found_on, row.found_at = self.audit.visited_on or self.today, self.act.now
            row.auditor = self.act.who
            self.session.add(row)
        self.session.flush()

    def _key(self, indicator: str) -> dict[str, Any]:
        kept = ("association", "cycle", "agency", "evidence")
        return {name: getattr(self.audit, name) for name in kept} | {"indicator": indicator}


def checked(questions: Questions, change: Change, claim: Answer | None) -> Change:
    """A change as it is stored; Invalid names what is wrong with it."""
    reason = unicodedata.normalize("NFC", change.reason).replace("\r\n", "\n").strip()
    given = Given(
        {"indicator": change.indicator, FOUND: change.found.strip()},
        lambda column: f"{change.indicator} {column}",
    )
    if len(reason) > MAX_REASON:
        remedy = f"has {len(reason)} characters; write at most {MAX_REASON}"
        raise Invalid([Problem(f"{change.indicator} {REASON}", reason[:20] + "…", remedy)])
    if change.indicator in questions.asked and not given[FOUND]:
        return Change(change.indicator, "", _without_finding(change, reason), change.seen)
    try:
        found = questions.answer(given, FOUND)
    except Wrong as wrong:
        raise Invalid([given.problem(wrong.column, str(wrong))]) from None
    if needs_reason(questions, change.indicator, found, claim) and not reason:
        raise Invalid([Problem(f"{change.indicator} {REASON}", "", NEEDS_REASON)])
    return Change(change.indicator, found, reason, change.seen)


def _without_finding(change: Change, reason: str) -> str:
    if reason:
        remedy = "choose a finding as well: a reason alone would be lost"
        raise Invalid([Problem(f"{change.indicator} {FOUND}", "", remedy)])
    return ""


def _says(held: Finding | None) -> tuple[str, str]:
    return (held.found, held.reason or "") if held else ("", "")


def _given_twice(session: Session, audit: Audit) -> set[str]:
    """The indicators on which a second opinion has been given."""
    given = select(SecondOpinion.indicator).where(
        SecondOpinion.association == audit.association,
        SecondOpinion.audit == audit.id,
        col(SecondOpinion.given_at).is_not(None),
    )
    return set(session.exec(given))


def _clash(session: Session, held: Finding | None) -> Clash:
    whose = account_of(held) if held else None
    person = session.get(Account, whose) if whose else None
    if held:
        # It is read after the transaction was undone.
        session.expunge(held)
    return Clash(held, person.name if person else None)
