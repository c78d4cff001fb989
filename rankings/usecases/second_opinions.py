"""Blind second opinions: a tenth of what an audit found is found again by somebody else."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from rankings.models import Account, Agency, AssessmentCycle, Audit, Finding, SecondOpinion
from rankings.usecases import conflicts, cycles, journal, self_assessments, staff
from rankings.usecases.answers import Questions
from rankings.usecases.incoming import Given, Wrong
from rankings.usecases.joins import same

# One in so many findings is made again.
ONE_IN = 10
MAX_REASON = 1_000
FOUND, REASON = "found", "reason"
# The remedies.
NO_REASON = f"must be 1 to {MAX_REASON} characters"
NO_AUDITOR = "must be an auditor who is no lead auditor: those can read every audit"
FIRST = "Whoever made the first finding does not make the second one."
GIVEN = "This second opinion has been given and can no longer change."
NOT_YOURS = "This second opinion was given to somebody else."
CHANGED = "Somebody else has given this second opinion to another auditor in the meantime."


@dataclass(frozen=True, slots=True)
class Pair:
    """A second opinion beside the first finding, which may have been taken away since."""

    opinion: SecondOpinion
    audit: Audit
    agency: Agency
    cycle: AssessmentCycle
    finding: Finding | None

    @property
    def is_waiting(self) -> bool:
        """Whether the second opinion is still to be given."""
        return self.opinion.given_at is None

    @property
    def differs(self) -> bool:
        """Whether both have been made and say different things."""
        first = self.finding.found if self.finding else self.opinion.found
        return not self.is_waiting and first != self.opinion.found

    @property
    def is_open(self) -> bool:
        """Whether something is left to do; a finding changed after it was settled opens it."""
        if self.is_waiting:
            return True
        settled = self.opinion.settled_at
        found = self.finding.found_at if self.finding else None
        return self.differs and (settled is None or (found is not None and found > settled))


def drawn(indicators: Sequence[str], seed: bytes) -> list[str]:
    """The tenth of some indicators, rounded up, that a seed draws; the order does not matter."""
    pool = sorted(set(indicators))
    return sorted(random.Random(seed).sample(pool, -(-len(pool) // ONE_IN)))


def draw(
    session: Session, audit: Audit, indicators: Sequence[str], act: journal.Act
) -> list[SecondOpinion]:
    """Draw which findings of a closed audit are made again; nobody can know before.

    Where an audit was reopened and is closed again, another tenth comes from what was not drawn.
    """
    known = {one.indicator for one in of(session, audit)}
    pool = [one for one in indicators if one not in known]
    if not pool:
        return []
    seed = act.draw(16)
    made = [
        SecondOpinion(
            association=audit.association,
            id=UUID(bytes=act.draw(16), version=4),
            audit=audit.id,
            indicator=indicator,
            drawn_at=act.now,
        )
        for indicator in drawn(pool, seed)
    ]
    session.add_all(made)
    session.flush()
    # The seed lets anybody with the journal draw again and compare.
    told = {"of": sorted(pool), "drawn": [one.indicator for one in made], "seed": seed.hex()}
    journal.record(session, audit.association, act, "drew second opinions", str(audit.id), told)
    return made


def of(session: Session, audit: Audit) -> list[SecondOpinion]:
    """Everything that was drawn of an audit."""
    found = select(SecondOpinion).where(
        SecondOpinion.association == audit.association, SecondOpinion.audit == audit.id
    )
    return list(session.exec(found.order_by(SecondOpinion.indicator)))


def find(session: Session, association: str, opinion: UUID) -> Pair:
    """One second opinion; NotFound where the association has none such."""
    found = _pairs(session, association, SecondOpinion.id == opinion)
    if not found:
        raise NotFound("There is no such second opinion.")
    return found[0]


def pairs(session: Session, cycle: AssessmentCycle) -> list[Pair]:
    """Everything that was drawn in a cycle, by agency."""
    return _pairs(session, cycle.association, AssessmentCycle.id == cycle.id)


def listed(session: Session, association: str, auditor: UUID | None = None) -> list[Pair]:
    """Everything that was drawn, or what one auditor was given; the newest cycle first."""
    whose = () if auditor is None else (SecondOpinion.auditor == auditor,)
    return _pairs(session, association, *whose)


def open_of(session: Session, cycle: AssessmentCycle) -> list[SecondOpinion]:
    """What is drawn and not given, or different and not settled: publication waits for it."""
    return [one.opinion for one in pairs(session, cycle) if one.is_open]


def candidates(session: Session, pair: Pair, act: journal.Act) -> list[Account]:
    """Who can be asked for a second opinion: no tie, not the first, and no lead auditor."""
    today = self_assessments.day(session, pair.cycle, act.now)
    return [
        one
        for one in _second(session, pair.audit.association)
        if not _is_first(pair, one.id)
        and not conflicts.ties(session, pair.audit.association, one.id, pair.audit.agency, today)
    ]


def assign(session: Session, pair: Pair, auditor: UUID, seen: str, act: journal.Act) -> None:
    """Ask somebody for a second opinion; `seen` is whom it was taken from, empty for nobody.

    Invalid where the person cannot be asked, Conflict for the first auditor, for one with a tie,
    where it was given already and where somebody else was faster.
    """
    opinion, association = pair.opinion, pair.audit.association
    if opinion.auditor == auditor:
        return
    if opinion.given_at is not None:
        raise Conflict(GIVEN)
    if str(opinion.auditor or "") != seen:
        raise Conflict(CHANGED)
    if auditor not in {one.id for one in _second(session, association)}:
        raise Invalid([Problem("auditor", str(auditor), NO_AUDITOR)])
    if _is_first(pair, auditor):
        raise Conflict(FIRST)
    today = self_assessments.day(session, pair.cycle, act.now)
    conflicts.refuse(session, association, auditor, pair.audit.agency, today)
    told = {"was": str(opinion.auditor or "") or None, "becomes": str(auditor)}
    opinion.auditor = auditor
    session.add(opinion)
    session.flush()
    journal.record(session, association, act, "asked for a second opinion", about(pair), told)


def give(session: Session, pair: Pair, found: str, reason: str, act: journal.Act) -> None:
    """Give the second opinion, once; from then on it is locked.

    NotAllowed for whoever was not asked, Conflict for one with a tie and where it was given
    already, Invalid names what is wrong.
    """
    opinion, association = pair.opinion, pair.audit.association
    if act.account is None or opinion.auditor != act.account:
        raise NotAllowed(NOT_YOURS)
    if opinion.given_at is not None:
        raise Conflict(GIVEN)
    questions = Questions(cycles.code_of(pair.cycle))
    said = _checked(questions, opinion.indicator, found, reason)
    if _is_first(pair, act.account):
        raise Conflict(FIRST)
    today = self_assessments.day(session, pair.cycle, act.now)
    conflicts.refuse(session, association, act.account, pair.audit.agency, today)
    opinion.found, opinion.reason = said
    opinion.given_at = act.now
    session.add(opinion)
    session.flush()
    told = {"found": opinion.found}
    journal.record(session, association, act, "gave a second opinion", about(pair), told)


def about(pair: Pair) -> str:
    """The name of a drawn finding in the journal."""
    return f"{pair.cycle.slug} {pair.agency.code} {pair.audit.evidence} {pair.opinion.indicator}"


def _second(session: Session, association: str) -> list[Account]:
    leads = {one.id for one in staff.people(session, association, staff.LEAD)}
    auditors = staff.people(session, association, staff.AUDITOR)
    return [one for one in auditors if one.id not in leads]


def _is_first(pair: Pair, account: UUID) -> bool:
    by_finding = pair.finding is not None and pair.finding.auditor == str(account)
    return by_finding or pair.audit.auditor == account


def _checked(questions: Questions, indicator: str, found: str, reason: str) -> tuple[str, str]:
    """The finding and the reason as they are stored."""
    said = unicodedata.normalize("NFC", reason).replace("\r\n", "\n").replace("\0", "").strip()
    given = Given({"indicator": indicator, FOUND: found.strip()}, lambda column: column)
    problems = []
    try:
        value = questions.answer(given, FOUND)
    except Wrong as wrong:
        problems.append(given.problem(FOUND, str(wrong)))
    if not 1 <= len(said) <= MAX_REASON:
        problems.append(Problem(REASON, said[:20], NO_REASON))
    if problems:
        raise Invalid(problems)
    return value, said


def _pairs(session: Session, association: str, *where: Any) -> list[Pair]:
    found = (
        select(SecondOpinion, Audit, Agency, Finding)
        .select_from(SecondOpinion)
        .join(Audit, same(SecondOpinion, Audit, "audit"))
        .join(Agency, same(Audit, Agency, "agency"))
        .join(AssessmentCycle, same(Audit, AssessmentCycle, "cycle"))
        .outerjoin(
            Finding,
            (col(Finding.association) == Audit.association)
            & (col(Finding.audit) == Audit.id)
            & (col(Finding.indicator) == SecondOpinion.indicator),
        )
        .where(SecondOpinion.association == association, *where)
        .order_by(
            col(AssessmentCycle.as_of).desc(), Agency.code, Audit.evidence, SecondOpinion.indicator
        )
    )
    return [
        Pair(opinion, audit, agency, _cycle(session, audit), finding)
        for opinion, audit, agency, finding in session.exec(found)
    ]


def _cycle(session: Session, audit: Audit) -> AssessmentCycle:
    return session.get_one(AssessmentCycle, {"association": audit.association, "id": audit.cycle})
