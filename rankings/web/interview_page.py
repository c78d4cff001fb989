"""What the pages of interviews show: whom to call, what to ask, and counts when it is time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from rankings.errors import Problem
from rankings.models import Agency, AssessmentCycle, Interview, InterviewDraw
from rankings.usecases import (
    associations,
    conflicts,
    cycles,
    interview_draws,
    interview_entry,
    interviews,
    self_assessments,
    staff,
    typed,
)
from rankings.usecases.interview_entry import Entry
from rankings.web import act
from rankings.web.access import person, roles
from rankings.web.desk import OF_AGENCY
from rankings.web.languages import say as _
from rankings.web.words import Words

PAGE = f"{OF_AGENCY}interviews"
# Whoever has one of these roles sees the numbers to call.
ASKING = frozenset({"auditor", "lead_auditor", "secretariat"})


@dataclass(frozen=True, slots=True)
class Line:
    """A worker to be called, or who was asked; `may_open` says that answers can be seen."""

    number: str
    state: str
    destination: str
    held: Interview | None
    may_open: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The interviews about one agency in one cycle."""

    cycle: AssessmentCycle
    agency: Agency
    name: tuple[str, str]
    words: Words
    items: Mapping[str, int]
    draws: Sequence[InterviewDraw]
    held: Sequence[Interview]
    tallies: Mapping[str, tuple[int, int]]
    names: Mapping[UUID, str]
    is_lead: bool
    why_closed: str

    @property
    def seen(self) -> str:
        """The token of the draws."""
        return interview_draws.token(self.draws)

    @property
    def usual(self) -> int:
        """How many to draw unless somebody says otherwise."""
        return interview_draws.usual(self.words.rubric)

    @property
    def least(self) -> int:
        """Fewer interviews than this are not counted, and their number is not told."""
        return max(self.items.values(), default=0)

    @property
    def is_asking(self) -> bool:
        """Whether the reader calls workers."""
        return bool(roles() & ASKING)

    def lines(self, draw: InterviewDraw) -> list[Line]:
        """The workers of a draw in the order in which they are to be called."""
        known = {self.short(one.number): one for one in self.held}
        return [
            self._line(one.number, one.state, one.destination, known.get(one.number))
            for one in interview_draws.of_draw(draw)
        ]

    @property
    def others(self) -> list[Line]:
        """Interviews with workers who are in no draw, those that weigh nothing last."""
        found = [one for one in self.held if one.draw is None]
        found.sort(key=lambda one: (one.chosen_by == "agency", one.number))
        return [self._line(self.short(one.number), one.worker, "", one) for one in found]

    @property
    def counted(self) -> int:
        """How many workers were asked whom the association chose."""
        return sum(one.chosen_by == "association" for one in self.held)

    def short(self, number: str) -> str:
        """The list's own number of an interview."""
        return number.removeprefix(f"{self.agency.code}/")

    def question(self, item: str) -> str:
        """What is asked."""
        return self.words.of("indicators", item, "question")

    def guidance(self, item: str) -> str:
        """When the answer is a yes."""
        return self.words.of("indicators", item, "guidance")

    def _line(self, number: str, state: str, destination: str, held: Interview | None) -> Line:
        mine = held is not None and held.entered_by == person().account
        return Line(number, state, destination, held, held is not None and (mine or self.is_lead))


def desk(session: Session, association: str, slug: str, code: str) -> Desk:
    """Everything about the interviews of an agency; NotFound where there is no such one."""
    cycle, agency = self_assessments.find(session, association, slug, code)
    read, me = cycles.code_of(cycle), act()
    words = Words(read)
    held = interview_entry.of(session, cycle, agency.id)
    draws = interview_draws.of(session, cycle, agency.id)
    whose = {one.entered_by for one in held if one.entered_by} | {one.drawn_by for one in draws}
    return Desk(
        cycle=cycle,
        agency=agency,
        name=words.name(associations.find(session, association).country, agency.names),
        words=words,
        items=interviews.fewest(read.rubric),
        draws=draws,
        held=held,
        tallies=interview_entry.tallies(session, cycle, held, me),
        names=staff.names(session, whose),
        is_lead=staff.LEAD in roles(),
        why_closed=_why_closed(session, cycle, agency),
    )


def _why_closed(session: Session, cycle: AssessmentCycle, agency: Agency) -> str:
    """Why the reader neither draws nor asks; empty where that is possible."""
    me, today = act(), self_assessments.day(session, cycle, act().now)
    if today > cycle.as_of:
        return reasons()[interview_draws.CYCLE_CLOSED]
    if me.account and conflicts.ties(session, cycle.association, me.account, agency.id, today):
        return _("You have a tie to this agency, or to one close to it: others ask its workers.")
    return ""


def reasons() -> dict[str, str]:
    """The reasons of use cases in the language of the page."""
    return {
        interview_draws.CYCLE_CLOSED: _(
            "The cut-off day of this cycle has passed. Nobody is drawn or asked any more."
        ),
        interview_draws.DRAWN_MEANWHILE: _(
            "Somebody else has drawn workers in the meantime. They are shown below."
        ),
        interview_draws.NO_QUESTIONS: _("The code of conduct of this cycle asks workers nothing."),
        interview_draws.NOBODY_LEFT: _("Every worker of this list has been drawn already."),
        interview_entry.TAKEN: _(
            "An interview with this number has been entered already. Compare the number."
        ),
        interview_entry.NOT_YOURS: _("Only the person who entered an interview corrects it."),
    }


def state_word(state: str) -> str:
    """Where a worker is."""
    known = {
        "abroad": _("Works abroad"),
        "returned": _("Has returned"),
        "before_departure": _("Before departure"),
    }
    return known.get(state, _("Not said"))


@dataclass(slots=True)
class Sent:
    """What stands in the form of an interview: what is stored, or what was sent and refused."""

    number: str = ""
    worker: str = ""
    interviewed_on: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    agreed: bool = False
    alone: bool = False
    by_agency: bool = False
    seen: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def stored(held: Desk, one: Interview) -> Sent:
    """An interview in the form; both confirmations were given, so they need not be given again."""
    answers = {item: one.answers.get(item, interview_entry.UNKNOWN) for item in held.items}
    return Sent(
        number=held.short(one.number),
        worker=one.worker,
        interviewed_on=one.interviewed_on.isoformat(),
        answers=answers,
        agreed=True,
        alone=True,
        by_agency=one.chosen_by == "agency",
        seen=interview_entry.token(one),
    )


def refused(entry: Entry, problems: Sequence[Problem]) -> Sent:
    """What was sent, with a sentence for each field that cannot be taken."""
    return Sent(
        number=entry.number,
        worker=entry.worker,
        interviewed_on=entry.interviewed_on,
        answers=entry.answers,
        agreed=entry.agreed,
        alone=entry.alone,
        by_agency=entry.by_agency,
        seen=entry.seen,
        errors={one.place: sentence(one) for one in problems},
    )


def sentence(problem: Problem) -> str:
    """What is wrong with a field, in the words of the page."""
    by_remedy = {
        interview_entry.NO_NUMBER: _("Letters, digits and / . _ - only, at most 20."),
        interview_entry.NOT_DRAWN: _(
            "This number was not drawn. Correct it, or tick that the agency named the worker."
        ),
        interview_entry.WAS_DRAWN: _("This number was drawn. Take the tick away."),
        interview_entry.NO_ANSWER: _("At least one question needs a yes or a no."),
        typed.TOO_LONG: _("Write less."),
    }
    by_place = {
        "worker": _("Say where the worker is."),
        "interviewed_on": _("Give a day of this cycle, not after today."),
        "agreed": _("Workers who did not agree are not asked."),
        "alone": _("An interview at which the agency is present does not count."),
        "source": _("Say who gave you the list."),
        "many": _("A whole number from 1 to %(most)d.", most=interview_draws.MOST),
        "number": _("Give the number of the list."),
    }
    fallback = by_place.get(problem.place, _("Choose one of the answers."))
    return by_remedy.get(problem.remedy, fallback)
