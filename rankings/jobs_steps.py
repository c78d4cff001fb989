"""What happens at each step of a cycle's calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from rankings.errors import Conflict
from rankings.models import AssessmentCycle, Association, Audit, CyclePlan
from rankings.settings import Settings
from rankings.usecases import calendar, cycles, messages, taking_part
from rankings.usecases.journal import Act

NOT_OPEN = "The cycle is not open yet."
# From the first reminder to the moment at which it is too late for any.
REMINDERS = ("reminder_14", "reminder_7", "reminder_2", "closes")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A step whose moment has come: of which plan, when it was due, and what it may use."""

    session: Session
    settings: Settings
    association: Association
    plan: CyclePlan
    step: str
    at: datetime
    act: Act

    @property
    def cycle(self) -> AssessmentCycle:
        """The plan's cycle; Conflict, and so another try later, where it has not been opened."""
        found = self.session.get(AssessmentCycle, (self.association.id, self.plan.id))
        if found is None:
            raise Conflict(NOT_OPEN)
        return found

    @property
    def name(self) -> str:
        """Names the occasion of the messages that are written."""
        return f"{self.plan.slug} {self.step}"

    def moment(self, step: str) -> datetime | None:
        """When another step of the plan comes."""
        return calendar.at(self.session, self.plan.id, self.association.id, step)

    def values(self, until: str = "") -> dict[str, str]:
        """What messages are told; `until` is a step, of whose plan the cut-off day is the last."""
        told = {"cycle": self.plan.slug}
        if not until:
            return told
        at = self.moment(until)
        return told | {"until": at.isoformat() if at else self.plan.as_of.isoformat()}


Effect = Callable[[Occasion], str]


def opens(the: Occasion) -> str:
    """The cycle opens as of its planned moment, also where that was missed; agencies are told."""
    plan, whose = the.plan, the.association.id
    rubric = (plan.rubric_code, plan.rubric_version)
    opened = cycles.Plan(plan.id, plan.slug, plan.name, plan.as_of, rubric)
    cycles.open_cycle(the.session, whose, opened, the.act, the.at)
    agencies = taking_part.with_people(the.session, whose)
    return f"The cycle is open. People told: {_tell(the, agencies, 'opened', 'closes')}."


def reminds(the: Occasion) -> str:
    """Agencies that take part and have not submitted are reminded, unless it is too late."""
    following = (the.moment(one) for one in REMINDERS[REMINDERS.index(the.step) + 1 :])
    if any(at is not None and at <= the.act.now for at in following):
        return "Too late for this reminder: nobody was told."
    agencies = taking_part.not_submitted(the.session, the.cycle)
    return f"People reminded: {_tell(the, agencies, 'reminder', 'closes')}."


def closes(the: Occasion) -> str:
    """Agencies that take part are told that nothing changes any more."""
    agencies = taking_part.agencies(the.session, the.cycle)
    return f"People told: {_tell(the, agencies, 'closed')}."


def audits_end(the: Occasion) -> str:
    """Says how many audits are still open; their findings do not count."""
    left = select(func.count()).where(
        Audit.association == the.association.id,
        Audit.cycle == the.cycle.id,
        col(Audit.closed_at).is_(None),
    )
    return f"Audits that were not closed: {the.session.exec(left).one()}."


def next_cycle(the: Occasion) -> str:
    """The cycle after this one is planned, where there is a rule."""
    plan = calendar.plan_next(the.session, the.association.id, the.act)
    return f"The next cycle is {plan.slug}." if plan else "There is no rule for a next cycle."


def _tell(the: Occasion, agencies: list[UUID], kind: str, until: str = "") -> int:
    """Write to all people of agencies; how many they are."""
    told, whose = the.values(until), the.association.id
    return sum(
        messages.to_agency(the.session, whose, agency, the.name, kind, told, the.act)
        for agency in agencies
    )


# A step that does not stand here has no effect and is not due.
EFFECTS: Mapping[str, Effect] = {
    "opens": opens,
    "reminder_14": reminds,
    "reminder_7": reminds,
    "reminder_2": reminds,
    "closes": closes,
    "audits_end": audits_end,
    "next_cycle": next_cycle,
}
