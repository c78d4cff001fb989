"""What auditors' workbooks would change, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rankings.errors import Conflict
from rankings.models import Agency, AssessmentCycle, Audit
from rankings.scoring.record import NOT_APPLICABLE
from rankings.usecases import audit_closing, audit_reading, audit_workbooks, conflicts, cycles
from rankings.usecases.answers import Questions
from rankings.usecases.audit_findings import Clash, Taken
from rankings.usecases.audit_workbook_form import METHOD, VISITED_ON, Difference, Upload
from rankings.usecases.uploads import Part
from rankings.web.audit_page import method_word
from rankings.web.languages import say as _
from rankings.web.moments import long_day
from rankings.web.question_page import Question, question
from rankings.web.words import Words


@dataclass(frozen=True, slots=True)
class File:
    """A workbook with its agency: code, name and language of the name, empty where unknown."""

    difference: Difference
    agency: str
    name: str
    language: str

    @property
    def clear(self) -> int:
        """How many questions would change that nobody else has changed."""
        return sum(not one.is_conflict for one in self.difference.items)

    @property
    def both(self) -> int:
        """How many somebody else has changed too, the visit included."""
        visit = self.difference.visit
        return len(self.difference.items) - self.clear + bool(visit and visit.is_conflict)


@dataclass(frozen=True)
class Shown:
    """The cycle whose audits were taken along, and the person's audits of it."""

    cycle: AssessmentCycle
    country: str
    audits: Sequence[tuple[Audit, Agency]]

    @cached_property
    def words(self) -> Words:
        """The words of the cycle's code of conduct."""
        return Words(cycles.code_of(self.cycle))

    @cached_property
    def questions(self) -> Questions:
        """What it asks."""
        return Questions(cycles.code_of(self.cycle))

    def question(self, code: str) -> Question:
        """A question in words."""
        return question(self.words, self.questions.asked[code])

    def said(self, code: str, part: Part, text: str) -> str:
        """One version of a finding or of its reason."""
        if not text:
            return _("nothing")
        if part.part != "answer":
            return text
        if text == NOT_APPLICABLE:
            return _("Does not apply to the agency")
        return self.question(code).label(text)

    def said_visit(self, part: Part, text: str) -> str:
        """One version of the day or the method."""
        if not text:
            return _("nothing")
        return long_day(date.fromisoformat(text)) if part.part == VISITED_ON else method_word(text)

    def part_name(self, part: Part) -> str:
        """What a part is called."""
        return {
            VISITED_ON: _("Day of the audit"),
            METHOD: _("How it was checked"),
            "answer": _("Finding"),
            "note": _("Reason"),
        }[part.part]


def shown(held: Shown, found: Upload) -> list[File]:
    """The workbooks with the names of their agencies."""
    names = {agency.code: Words.name(held.country, agency.names) for _one, agency in held.audits}
    return [
        File(one, one.agency, *names.get(one.agency, ("", "")) if one.agency else ("", ""))
        for one in found.files
    ]


def why_not(conflict: Conflict) -> str:
    """Why nothing of an upload was saved."""
    changed = _("Something was changed after you uploaded. Nothing was saved. Upload again.")
    if isinstance(conflict, Clash) or str(conflict) == audit_closing.VISIT_CHANGED:
        return changed
    if isinstance(conflict, Taken):
        return _(
            "Question %(number)s has a finding that cannot be changed here. Nothing was saved.",
            number=conflict.indicator,
        )
    return {
        audit_workbooks.HAS_PROBLEMS: _("Mend the workbooks first, and upload them again."),
        audit_reading.WHY["audit_closed"]: _("An audit was closed meanwhile. Nothing was saved."),
        audit_reading.WHY["cycle_closed"]: _("The last day of this cycle has passed."),
        conflicts.WHY: _("You are tied to this agency, or to one close to it."),
        audit_reading.BLIND: _("Give your second opinion on this audit first."),
    }.get(str(conflict), changed)
