"""What waits for the person who looks at the desk, by the roles that the person has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session

from rankings.models import Agency, AssessmentCycle, Association, Audit
from rankings.usecases import cycles, declarations, memberships, staff, waiting
from rankings.usecases.cases import OFFICER
from rankings.usecases.second_opinions import Pair
from rankings.web.access import may, person, roles
from rankings.web.question_page import question
from rankings.web.words import Words

AUDITING = {staff.AUDITOR, staff.LEAD}


@dataclass(slots=True)
class Opinion:
    """A second opinion to give: of which agency, and the question in words."""

    id: UUID
    agency: Agency
    text: str


@dataclass(slots=True)
class Waiting:
    """What is to be done; nothing of what the person's roles do not do."""

    has_ties: bool = False
    audits: list[tuple[Audit, Agency]] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    cases: int = 0
    without_officer: int = 0
    links: int = 0
    replies: int = 0
    disputes: int = 0
    approvals: list[AssessmentCycle] = field(default_factory=list)
    corrections: list[AssessmentCycle] = field(default_factory=list)
    unserved: list[AssessmentCycle] = field(default_factory=list)

    def __bool__(self) -> bool:
        counted = self.cases + self.without_officer + self.links + self.replies + self.disputes
        listed = self.audits or self.opinions or self.approvals or self.corrections
        return bool(self.has_ties or listed or self.unserved or counted)

    @property
    def agencies(self) -> list[Agency]:
        """The agencies that are named."""
        return [agency for _audit, agency in self.audits] + [one.agency for one in self.opinions]


def waiting_for(session: Session, whose: Association, today: date) -> Waiting:
    """What waits for the person who is signed in."""
    found, me, held = Waiting(), person().account, roles()
    place = (session, whose.id, me)
    given_up = declarations.to_give_up(*place, today) if may("declarations.show") else []
    found.has_ties = bool(given_up)
    but = {one.id for one in given_up}
    if held & AUDITING:
        found.audits = waiting.audits(*place, today, but)
    if staff.AUDITOR in held:
        found.opinions = [_opinion(one) for one in waiting.opinions(*place, but)]
    if OFFICER in held:
        found.cases = waiting.cases(*place)
    if memberships.SECRETARIAT in held:
        found.without_officer = waiting.cases(session, whose.id, None)
    if may("agency_links.decide"):
        found.links = waiting.links(*place)
    _add_publication(session, whose, me, found)
    return found


def _add_publication(session: Session, whose: Association, me: UUID, found: Waiting) -> None:
    """What stands between a score and its publication."""
    if may("replies.moderate"):
        found.replies = waiting.replies(session, whose.id)
    if may("disputes.decide"):
        found.disputes = waiting.disputes(session, whose.id)
    if may("publication.approve"):
        found.approvals = waiting.approvals(session, whose.id, me)
    if may("publication.open_hearing"):
        found.corrections = waiting.corrections(session, whose.id)
        found.unserved = waiting.unserved(session, whose.id)


def _opinion(pair: Pair) -> Opinion:
    words = Words(cycles.code_of(pair.cycle))
    known = {one.id: one for one in words.rubric.indicators}
    text = question(words, known[pair.opinion.indicator]).text
    return Opinion(pair.opinion.id, pair.agency, text)
