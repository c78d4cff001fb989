"""What pages about one agency's self-assessment share: the cycle, the agency, the words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, request, url_for
from sqlmodel import Session

from rankings.errors import Conflict, NotFound
from rankings.models import Agency, Answer, AssessmentCycle, Evidence
from rankings.scoring.rules import Indicator
from rankings.scoring.source import Code
from rankings.usecases import associations, cycles, evidence, progress, self_assessments
from rankings.usecases.answers import Questions
from rankings.web import calendar_page, moments, now, reading
from rankings.web.question_page import Question, question
from rankings.web.words import Words

OF_CYCLE = "/<association>/staff/cycles/<cycle>/"
OF_AGENCY = f"{OF_CYCLE}agencies/<agency>/"
SELF_ASSESSMENT = f"{OF_AGENCY}self-assessment"


def register(app: Flask) -> None:
    """What the templates of these pages say by themselves: days, times, numbers, addresses."""
    app.jinja_env.globals |= {
        "here": here,
        "moment": moments.moment,
        "long_day": moments.long_day,
        "days_word": moments.days_word,
        "files_word": moments.files_word,
    }


@dataclass(frozen=True)
class Desk:
    """One agency in one cycle, with what it has given so far."""

    cycle: AssessmentCycle
    agency: Agency
    name: tuple[str, str]
    words: Words
    questions: Questions
    answers: dict[str, Answer]
    files: dict[str, list[Evidence]]
    why_closed: str | None
    closes: str | None

    @cached_property
    def sections(self) -> list[progress.Section]:
        """The articles with their questions."""
        troubled = frozenset(
            code for code, held in self.files.items() if any(one.has_active_content for one in held)
        )
        return progress.sections(self.questions, self.words.rubric, self.answers, troubled)

    @property
    def order(self) -> list[str]:
        """The questions one after the other."""
        return [one.id for section in self.sections for one in section.indicators]

    @property
    def code(self) -> Code:
        """The code of conduct that the cycle opened with."""
        return cycles.code_of(self.cycle)

    def indicator(self, code: str) -> Indicator:
        """A question of the rubric; NotFound where it asks none."""
        found = self.questions.asked.get(code)
        if found is None:
            raise NotFound("There is no such question.")
        return found

    def question(self, code: str) -> Question:
        """A question in words."""
        return question(self.words, self.indicator(code))


def desk(session: Session, association: str, slug: str, code: str) -> Desk:
    """Everything about an agency's self-assessment; NotFound where there is none such."""
    cycle, agency = self_assessments.find(session, association, slug, code)
    read = cycles.code_of(cycle)
    words, whose = Words(read), associations.find(session, association)
    return Desk(
        cycle=cycle,
        agency=agency,
        name=words.name(whose.country, agency.names),
        words=words,
        questions=Questions(read),
        answers=self_assessments.answers(session, cycle, agency.id),
        files=evidence.of(session, cycle, agency.id),
        why_closed=self_assessments.why_closed(session, cycle, agency, now()),
        closes=calendar_page.closes(session, whose, cycle, now()),
    )


def refuse_closed(place: tuple[str, str, str]) -> Desk:
    """The self-assessment before anything is read for nothing; Conflict where it is locked."""
    with reading() as session:
        held = desk(session, *place)
    if held.why_closed:
        raise Conflict(self_assessments.WHY[held.why_closed])
    return held


def here(endpoint: str, **more: Any) -> str:
    """The address of a page about the association, cycle and agency of this page."""
    place = request.view_args or {}
    kept = {name: place[name] for name in ("association", "cycle", "agency") if name in place}
    return url_for(endpoint, **(kept | more))
