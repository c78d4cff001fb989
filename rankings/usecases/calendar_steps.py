"""The dated steps of planned cycles: which there are, when they come, what has run of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from rankings.errors import NotFound
from rankings.models import AssessmentCycle, Association, CyclePlan, CycleStep, Occurrence
from rankings.usecases import associations
from rankings.usecases.recurrence import instant

REMINDERS = {"reminder_14": 14, "reminder_7": 7, "reminder_2": 2}
STEPS = (
    *("opens", *REMINDERS, "closes", "audits_end", "candidate", "hearing_opens", "hearing_ends"),
    *("approval", "publication", "next_cycle"),
)
# Of the occurrences these are the steps that ran; the key is the plan's short name and the step.
JOB = "steps"
OVER = ("done", "given_up")


@dataclass(frozen=True, slots=True)
class Due:
    """A step whose moment has come, whether it has run or not."""

    plan: CyclePlan
    step: str
    at: datetime

    @property
    def key(self) -> str:
        """The occurrence's key."""
        return key(self.plan, self.step)


def key(plan: CyclePlan, step: str) -> str:
    """The key of the occurrence of a step."""
    return f"{plan.slug} {step}"


def plans(session: Session, association: str) -> list[CyclePlan]:
    """Every planned cycle, the latest first."""
    found = select(CyclePlan).where(CyclePlan.association == association)
    return list(session.exec(found.order_by(col(CyclePlan.period).desc())))


def find(session: Session, association: str, slug: str) -> CyclePlan:
    """The plan of a short name; NotFound where the association has none."""
    plan = session.exec(
        select(CyclePlan).where(CyclePlan.association == association, CyclePlan.slug == slug)
    ).first()
    if plan is None:
        raise NotFound("There is no such cycle.")
    return plan


def is_open(session: Session, plan: CyclePlan) -> bool:
    """Whether the cycle has been opened."""
    return session.get(AssessmentCycle, (plan.association, plan.id)) is not None


def steps(session: Session, association: str, plan: UUID) -> dict[str, CycleStep]:
    """The steps of a planned cycle in their order; empty where there is no such plan."""
    rows = session.exec(
        select(CycleStep).where(CycleStep.association == association, CycleStep.plan == plan)
    )
    found = {one.step: one for one in rows}
    return {step: found[step] for step in STEPS if step in found}


def moment(step: CycleStep, zone: ZoneInfo) -> datetime:
    """When a step comes, in UTC."""
    return instant(step.on_day, step.time_of_day, zone)


def at(session: Session, cycle: UUID, association: str, step: str) -> datetime | None:
    """When a step of a cycle, opened or planned, comes; None where the cycle has no such step."""
    found = session.get(CycleStep, (association, cycle, step))
    if found is None:
        return None
    return moment(found, ZoneInfo(associations.find(session, association).time_zone))


def due(session: Session, association: Association, now: datetime) -> list[Due]:
    """Every step whose moment has come, the oldest first; what has run is among them."""
    zone = ZoneInfo(association.time_zone)
    known = {one.id: one for one in plans(session, association.id)}
    rows = session.exec(select(CycleStep).where(CycleStep.association == association.id)).all()
    found = [Due(known[one.plan], one.step, moment(one, zone)) for one in rows]
    return sorted(
        (one for one in found if one.at <= now),
        key=lambda one: (one.at, one.plan.period, STEPS.index(one.step)),
    )


def ran(session: Session, association: str) -> dict[str, Occurrence]:
    """What the schedule did of the steps, by key."""
    found = select(Occurrence).where(Occurrence.association == association, Occurrence.job == JOB)
    return {one.key: one for one in session.exec(found)}


def has_run(session: Session, plan: CyclePlan, step: str) -> bool:
    """Whether a step has run, or was given up; one that failed is tried again."""
    found = session.get(Occurrence, (plan.association, JOB, key(plan, step)))
    return found is not None and found.state in OVER
