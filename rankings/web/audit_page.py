"""What the pages of one audit show: claims and findings side by side, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import url_for
from sqlmodel import Session

from rankings.errors import Invalid, NotFound
from rankings.models import Account, Agency, Answer, AssessmentCycle, Audit, Evidence, Finding
from rankings.scoring.record import NOT_APPLICABLE
from rankings.scoring.rules import Level
from rankings.usecases import (
    associations,
    audit_closing,
    audit_findings,
    audit_reading,
    conflicts,
    cycles,
    evidence,
    progress,
    self_assessments,
)
from rankings.usecases.answers import Questions
from rankings.usecases.audit_findings import Change
from rankings.web import now
from rankings.web.access import person
from rankings.web.languages import say as _
from rankings.web.question_page import Choice, Question, question
from rankings.web.words import Words

TIED = "tied"


@dataclass(frozen=True)
class AuditDesk:
    """One audit with all that its pages show; `claims` and `files` only of what was submitted.

    `locked` says why nothing can change: `audit_closed`, `cycle_closed` or `tied`.
    """

    audit: Audit
    cycle: AssessmentCycle
    agency: Agency
    auditor: str
    name: tuple[str, str]
    words: Words
    questions: Questions
    submitted_on: date | None
    claims: Mapping[str, Answer]
    files: Mapping[str, list[Evidence]]
    shared: Mapping[str, list[str]]
    findings: Mapping[str, Finding]
    imported: Mapping[str, Finding]
    last: Mapping[str, Finding]
    names: Mapping[str, str]
    missing: Sequence[str]
    days: tuple[date, date]
    locked: str | None

    @cached_property
    def sections(self) -> list[progress.Section]:
        """The articles with their questions."""
        return progress.sections(self.questions, self.words.rubric, {}, frozenset())

    @property
    def order(self) -> list[str]:
        """The questions one after the other."""
        return [one.id for section in self.sections for one in section.indicators]

    def is_done(self, code: str) -> bool:
        """Whether there is a finding, made here or taken from a file."""
        return code in self.findings or code in self.imported

    def done(self, section: progress.Section) -> int:
        """How many questions of an article have a finding."""
        return sum(self.is_done(one.id) for one in section.indicators)

    def waiting(self, after: str | None = None) -> str | None:
        """The next question without a finding, from behind one on and around; None if all have."""
        order = self.order
        start = order.index(after) + 1 if after in order else 0
        around = [*order[start:], *order[:start]]
        return next((code for code in around if not self.is_done(code) and code != after), None)

    def question(self, code: str) -> Question:
        """A question in words; NotFound where the rubric asks none such."""
        if code not in self.questions.asked:
            raise NotFound("There is no such question.")
        return of_auditors(question(self.words, self.questions.asked[code]))

    def descriptor(self, code: str, option: str) -> str:
        """What a choice means in full; empty where the rubric says no more."""
        rule = self.questions.asked[code].rule
        if isinstance(rule, Level) and any(one.id == option for one in rule.options):
            return self.words.of("indicators", code, "options", option, "reason")
        return ""

    def address(self, endpoint: str, **more: Any) -> str:
        """The address of a page about this audit."""
        return url_for(endpoint, association=self.audit.association, audit=self.audit.id, **more)

    def of_agency(self, endpoint: str, **more: Any) -> str:
        """The address of a page about the agency in the cycle."""
        whose: dict[str, Any] = {"cycle": self.cycle.slug, "agency": self.agency.code}
        return url_for(endpoint, association=self.audit.association, **whose, **more)


def of_auditors(asked: Question) -> Question:
    """A question as those read it who are not of the agency."""
    return replace(asked, choices=[_of_agency(one) for one in asked.choices])


def _of_agency(choice: Choice) -> Choice:
    if choice.value != NOT_APPLICABLE:
        return choice
    return Choice(NOT_APPLICABLE, _("Does not apply to the agency"))


def audit_desk(session: Session, association: str, key: UUID) -> AuditDesk:
    """Everything about an audit; NotFound where there is none, Conflict for a blind reader."""
    audit, cycle, agency = audit_findings.find(session, association, key)
    audit_reading.refuse_blind(session, audit, person().account)
    whose = associations.find(session, association)
    today = associations.day(whose, now())
    code = cycles.code_of(cycle)
    words = Words(code)
    held = self_assessments.of(session, cycle, agency.id)
    submitted_on = held.submitted_on if held else None
    findings = audit_findings.of(session, audit)
    ties = conflicts.ties(session, association, person().account, agency.id, today)
    why_closed = audit_findings.why_closed(session, audit, cycle, now())
    return AuditDesk(
        audit=audit,
        cycle=cycle,
        agency=agency,
        auditor=session.get_one(Account, audit.auditor).name,
        name=words.name(whose.country, agency.names),
        words=words,
        questions=Questions(code),
        submitted_on=submitted_on,
        claims=audit_findings.claims(session, audit),
        files=evidence.of(session, cycle, agency.id) if submitted_on else {},
        shared=evidence.shared_with(session, cycle, agency.id) if submitted_on else {},
        findings=findings,
        imported=audit_reading.imported(session, audit),
        last=audit_reading.last(session, cycle, agency),
        names=audit_reading.names(session, findings.values()),
        missing=audit_closing.missing(session, audit),
        days=(cycles.opened_on(session, cycle), min(cycle.as_of, today)),
        locked=TIED if ties else why_closed,
    )


@dataclass(slots=True)
class ShownFinding:
    """What stands in the form of a finding: what is stored, or what was sent and refused."""

    found: str = ""
    reason: str = ""
    seen: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def shown_finding(finding: Finding | None) -> ShownFinding:
    """A stored finding in the form."""
    seen = audit_findings.token(finding)
    if finding is None:
        return ShownFinding(seen=seen)
    return ShownFinding(finding.found, finding.reason or "", seen)


def refused_finding(change: Change, question: Question, invalid: Invalid) -> ShownFinding:
    """What was sent, with what is wrong with each field in the words of the page."""
    sent = ShownFinding(change.found, change.reason, change.seen)
    for problem in invalid.problems:
        column = problem.place.rpartition(" ")[2]
        sent.errors[column] = _wrong(column, change, question)
    return sent


def _wrong(column: str, change: Change, question: Question) -> str:
    if column == audit_findings.REASON:
        if change.reason.strip():
            return _("Write at most %(most)d characters.", most=audit_findings.MAX_REASON)
        if change.found == NOT_APPLICABLE:
            return _("Say why the question does not apply.")
        return _("Say why the finding differs from the agency's answer.")
    if not change.found:
        return _("Choose a finding as well: a reason alone is not saved.")
    return question.limits or _("Choose one of the findings.")


def kind_word(evidence: str) -> str:
    """What kind of audit it is."""
    return _("Visit") if evidence == "audit" else _("Desk check")


def method_word(method: str) -> str:
    """How an audit was made."""
    return {
        "documents": _("Documents only"),
        "visit_announced": _("Visit, announced"),
        "visit_unannounced": _("Visit, not announced"),
        "video": _("Video call"),
    }[method]
