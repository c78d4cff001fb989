"""What auditors' workbooks change: each matched to its audit, compared cell by cell three ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

from sqlmodel import Session

from rankings.errors import Conflict, Invalid, Problem
from rankings.models import Agency, Answer, AssessmentCycle, Audit, Finding
from rankings.usecases import (
    audit_closing,
    audit_reading,
    conflicts,
    cycles,
    self_assessments,
    staff,
    uploads,
    workbook_changes,
)
from rankings.usecases.answers import Questions
from rankings.usecases.audit_workbook_form import (
    METHOD,
    VISITED_ON,
    Difference,
    Filled,
    Sent,
    Visit,
    audit_id,
)
from rankings.usecases.journal import Act
from rankings.usecases.uploads import Item, Part
from rankings.usecases.workbook_changes import Current, Told, Whose
from rankings.usecases.workbook_changes_values import Say, plain


def compare(
    session: Session, cycle: AssessmentCycle, sent: Sequence[Sent], act: Act, say: Say = plain
) -> tuple[Difference, ...]:
    """What each workbook would change in its audit of the cycle.

    Only audits that were given to the person who acts are taken, of a lead auditor all. Whatever
    stands against a workbook is a problem of it; where two are for one audit the second has one.
    """
    comparing, first = _Comparing(session, cycle, act, say), dict[str, str]()
    found = []
    for one in sent:
        difference = comparing.of(one)
        if difference.audit in first:
            difference = _second(difference, first[difference.audit], say)
        elif difference.audit:
            first[difference.audit] = one.name
        found.append(difference)
    return tuple(found)


def _second(one: Difference, first: str, say: Say) -> Difference:
    """A second workbook for an audit, of which nothing is taken."""
    _ = say
    told = _("This is for the same audit as %(name)s. Send one of them.", name=first)
    return Difference(one.name, one.sha256, problems=(Problem("About", "", told),))


class _Comparing:
    """One workbook while it is compared."""

    def __init__(self, session: Session, cycle: AssessmentCycle, act: Act, say: Say) -> None:
        self._session, self._cycle, self._act, self._say = session, cycle, act, say
        self._code = cycles.code_of(cycle)

    def of(self, sent: Sent) -> Difference:
        """The difference of a workbook, or a problem and nothing else."""
        refused = Difference(sent.name, sent.sha256, problems=tuple(sent.problems))
        if sent.filled is None:
            return refused
        try:
            audit, agency = self._audit(sent.filled)
            self._refuse(audit, agency)
        except Invalid as invalid:
            return replace(refused, problems=invalid.problems)
        except Conflict as conflict:
            told = self._why(str(conflict))
            return replace(refused, problems=(Problem("About", "", told),))
        return self._compared(replace(refused, agency=agency.code), sent.filled, audit)

    def _audit(self, filled: Filled) -> tuple[Audit, Agency]:
        """The audit that the workbook names; Invalid where it is none of this cycle."""
        about, cycle, _ = filled.about, self._cycle, self._say
        whose = Whose(
            cycle.association, about.get("agency", ""), cycle.slug, uploads.rubric_sha256(cycle)
        )
        workbook_changes.refuse_other(self._code, whose, about, self._say)
        key = audit_id(about.get("audit", ""))
        place = {"association": cycle.association, "id": key}
        audit = self._session.get(Audit, place) if key else None
        if audit is None or audit.cycle != cycle.id:
            told = _("There is no such audit in this cycle. Download the workbook again.")
            raise Invalid([Problem("About", about.get("audit", "")[:60], told)])
        agency = audit_reading.agency_of(self._session, audit)
        workbook_changes.refuse_other(
            self._code, replace(whose, agency=agency.code), about, self._say
        )
        return audit, agency

    def _refuse(self, audit: Audit, agency: Agency) -> None:
        """Conflict where the audit is not this person's, or can no longer change."""
        session, who = self._session, self._act.account
        if who is None or not may(session, audit, who):
            raise Conflict(NOT_YOURS)
        closed = audit_reading.why_closed(session, audit, self._cycle, self._act.now)
        if closed:
            raise Conflict(audit_reading.WHY[closed])
        conflicts.refuse(session, audit.association, who, agency.id, self._today())
        audit_reading.refuse_blind(session, audit, who)

    def _why(self, sentence: str) -> str:
        """The sentences of refusals in the reader's language; others have it already."""
        _ = self._say
        return {
            NOT_YOURS: _("This audit is not yours."),
            audit_reading.WHY["audit_closed"]: _("This audit is closed."),
            audit_reading.WHY["cycle_closed"]: _("The last day of this cycle has passed."),
            conflicts.WHY: _("You are tied to this agency, or to one close to it."),
            audit_reading.BLIND: _("Give your second opinion on this audit first."),
        }.get(sentence, sentence)

    def _compared(self, known: Difference, filled: Filled, audit: Audit) -> Difference:
        findings = audit_reading.of(self._session, audit)
        names = audit_reading.names(self._session, findings.values())
        current = {code: _current(one, names) for code, one in findings.items()}
        _ = self._say
        alone = _("Choose a finding as well: a reason alone would be lost.")
        whose = Whose(
            audit.association, known.agency, self._cycle.slug, uploads.rubric_sha256(self._cycle)
        )
        compared = workbook_changes.compare(
            self._code, whose, filled, current, self._say, Told("Findings", alone)
        )
        items = uploads.gathered(compared, lambda code: _untouched(code, findings.get(code)))
        wrong = dict(self._wrong(audit, filled, items))
        visit, wrong_visit = _Visiting(self._say, self._days(), audit).compare(filled)
        return replace(
            known,
            audit=str(audit.id),
            items=tuple(one for one in items if one.indicator not in wrong),
            visit=visit,
            problems=(*compared.problems, *wrong.values(), *wrong_visit),
        )

    def _wrong(
        self, audit: Audit, filled: Filled, items: Sequence[Item]
    ) -> Iterator[tuple[str, Problem]]:
        """What is wrong with findings that can be read."""
        _, rows = self._say, {row.indicator: row for row in filled.rows}
        claims = audit_reading.claims(self._session, audit)
        imported = audit_reading.imported(self._session, audit)
        needs = partial(_needs_reason, Questions(self._code))
        for one in items:
            code, row = one.indicator, rows[one.indicator]
            if code in imported:
                told = _("A file of the association holds a finding on this question. Empty it.")
                yield code, Problem(row.answer.place, row.answer.text or "", told)
            elif not one.note and needs(code, one.value, claims.get(code)):
                told = _(
                    "The finding differs from the agency's answer, or does not apply: say why."
                )
                yield code, Problem(row.note.place, "", told)

    def _today(self) -> date:
        return self_assessments.day(self._session, self._cycle, self._act.now)

    def _days(self) -> tuple[date, date]:
        first = cycles.opened_on(self._session, self._cycle)
        return first, min(self._cycle.as_of, self._today())


NOT_YOURS = "This audit is not yours."


def may(session: Session, audit: Audit, who: UUID) -> bool:
    """Whether an audit was given to a person; a lead auditor works on all."""
    return audit.auditor == who or staff.has(session, audit.association, who, staff.LEAD)


class _Visiting:
    """The day and the method, compared three ways."""

    def __init__(self, say: Say, days: tuple[date, date], audit: Audit) -> None:
        self._say, self._days, self._audit = say, days, audit

    def compare(self, filled: Filled) -> tuple[Visit | None, list[Problem]]:
        """What the sheet changes, if anything, and what is wrong with it."""
        cells = [filled.visit[one] for one in (VISITED_ON, METHOD) if one in filled.visit]
        if len(cells) < 2 or any(one.text is None or one.before is None for one in cells):
            return None, []
        stored = {
            VISITED_ON: str(self._audit.visited_on or ""),
            METHOD: self._audit.method or "",
        }
        wanted = {
            name: filled.visit[name].text or ""
            for name, was in stored.items()
            if filled.visit[name].text not in (filled.visit[name].before, was)
        }
        if not wanted:
            return None, []
        after = stored | wanted
        problems = [
            Problem(filled.visit[name].place, after[name], told)
            for name, told in sorted(self._wrong(after).items(), reverse=True)
        ]
        is_conflict = any(filled.visit[name].before != stored[name] for name in wanted)
        parts = tuple(
            Part(name, stored[name], becomes, is_conflict, False, "")
            for name, becomes in wanted.items()
        )
        visit = Visit(
            after[VISITED_ON], after[METHOD], audit_closing.visit_token(self._audit), parts
        )
        return (None, problems) if problems else (visit, [])

    def _wrong(self, after: dict[str, str]) -> dict[str, str]:
        """What is wrong with the entries, by the one that has to change."""
        _, (first, last) = self._say, self._days
        found = {
            name: _("Fill in both the day and how it was checked.")
            for name, text in after.items()
            if not text
        }
        if after[VISITED_ON] and not str(first) <= after[VISITED_ON] <= str(last):
            ends = {"first": first.isoformat(), "last": last.isoformat()}
            found[VISITED_ON] = _("Type a day from %(first)s to %(last)s.", **ends)
        if after[METHOD] and after[METHOD] not in audit_closing.METHODS[self._audit.evidence]:
            found[METHOD] = _("Choose from the list of the cell.")
        return found


def _needs_reason(questions: Questions, code: str, found: str, claim: Answer | None) -> bool:
    """Whether a finding must say why; one that is taken away need not."""
    return bool(found) and audit_reading.needs_reason(questions, code, found, claim)


def _current(finding: Finding, names: dict[str, str]) -> Current:
    by = names.get(finding.auditor, "")
    return Current(finding.found, finding.reason or "", by, finding.found_at)


def _untouched(code: str, finding: Finding | None) -> Item:
    found, reason = (finding.found, finding.reason or "") if finding else ("", "")
    return Item(code, audit_reading.token(finding), found, reason, ())
