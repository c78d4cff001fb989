"""The dated steps of planned cycles: which there are, when they come, what has run of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from rankings.errors import NotFound
from rankings.models import (
    AssessmentCycle,
    Association,
    CyclePlan,
    CycleStep,
    Occurrence,
    RankingEdition,
)
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
# Nothing is done at these: the moment comes, and that is all.
SILENT = frozenset({"hearing_ends"})
# The moment itself ends something at these, whatever the schedule does and whenever it does it.
ENDS = SILENT | {"closes", "audits_end"}
# This one is done by a job of its own, once two persons stand for the edition.
PUBLICATION = "publication"


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


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a step; `state` is one of an occurrence."""

    state: str
    ended_at: datetime


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


def ran(session: Session, association: str) -> dict[str, Ran]:
    """What became of the steps that were tried, by key; of the publication, the first edition."""
    tried = select(Occurrence).where(Occurrence.association == association, Occurrence.job == JOB)
    found = {one.key: Ran(one.state, one.ended_at) for one in session.exec(tried)}
    published = (
        select(CyclePlan, col(RankingEdition.published_at))
        .where(CyclePlan.association == RankingEdition.association)
        .where(CyclePlan.id == RankingEdition.cycle, RankingEdition.number == 1)
        .where(CyclePlan.association == association)
    )
    return found | {key(plan, PUBLICATION): Ran("done", at) for plan, at in session.exec(published)}


def state(step: CycleStep, at: datetime, known: Ran | None, now: datetime) -> str:
    """How it stands with a step: one of an occurrence, or `coming`, `due` or `over`."""
    if known is not None:
        return known.state
    if at > now:
        return "coming"
    return "over" if step.step in SILENT else "due"


def has_run(session: Session, plan: CyclePlan, step: str) -> bool:
    """Whether a step has run, or was given up; one that failed is tried again."""
    if step == PUBLICATION:
        return _is_published(session, plan)
    found = session.get(Occurrence, (plan.association, JOB, key(plan, step)))
    return found is not None and found.state in OVER


def _is_published(session: Session, plan: CyclePlan) -> bool:
    found = select(RankingEdition.id).where(
        RankingEdition.association == plan.association, RankingEdition.cycle == plan.id
    )
    return session.exec(found.limit(1)).first() is not None
