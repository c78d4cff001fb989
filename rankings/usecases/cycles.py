"""Assessment cycles: opening one fixes the rules it is played by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, select

from rankings.errors import Conflict, Invalid, NotFound, Problem
from rankings.models import AssessmentCycle
from rankings.scoring.source import Code, RubricSource, read
from rankings.usecases import associations, journal, method_changes, rubrics

# It stands in addresses and names of files.
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,29}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided when a cycle opens; `as_of` is its cut-off day."""

    id: UUID
    slug: str
    name: str
    as_of: date
    rubric: tuple[str, str]


def open_cycle(
    session: Session,
    association: str,
    plan: Plan,
    act: journal.Act,
    opened_at: datetime | None = None,
) -> AssessmentCycle:
    """Open a cycle, now or at an earlier moment, with its rubric, which no version changes later.

    NotFound where there is no such rubric, Conflict where the slug is taken or a method report is
    needed first, Invalid where the slug cannot stand in an address.
    """
    if not SLUG.fullmatch(plan.slug):
        raise Invalid([Problem("cycle", plan.slug, "must be 1 to 30 of a-z, 0-9 and -")])
    code, version = plan.rubric
    rubric = rubrics.find(session, association, code, version)
    method_changes.refuse_without_report(session, association, code, version)
    taken = select(AssessmentCycle).where(
        AssessmentCycle.association == association, AssessmentCycle.slug == plan.slug
    )
    if session.exec(taken).first():
        raise Conflict(f"There is a cycle {plan.slug} already.")
    cycle = AssessmentCycle(
        association=association,
        id=plan.id,
        slug=plan.slug,
        name=plan.name,
        as_of=plan.as_of,
        opened_at=opened_at or act.now,
        rubric_code=code,
        rubric_version=version,
        rubric_document=rubric.document,
        rubric_labels=dict(rubric.labels),
    )
    session.add(cycle)
    session.flush()
    details = {"rubric": f"{code} {version}", "as_of": plan.as_of.isoformat()}
    details["opened_at"] = cycle.opened_at.isoformat()
    journal.record(session, association, act, "opened a cycle", plan.slug, details)
    return cycle


def find(session: Session, association: str, slug: str) -> AssessmentCycle:
    """The cycle of a slug; NotFound where the association has none."""
    cycle = session.exec(
        select(AssessmentCycle).where(
            AssessmentCycle.association == association, AssessmentCycle.slug == slug
        )
    ).first()
    if cycle is None:
        raise NotFound("There is no such cycle.")
    return cycle


def opened_on(session: Session, cycle: AssessmentCycle) -> date:
    """The day on which the cycle opened, by the association's own clock."""
    return associations.day(associations.find(session, cycle.association), cycle.opened_at)


def source_of(cycle: AssessmentCycle) -> RubricSource:
    """The rubric as it was when the cycle opened."""
    return RubricSource(cycle.rubric_document, cycle.rubric_labels)


def code_of(cycle: AssessmentCycle) -> Code:
    """The frozen rubric, read."""
    return read(source_of(cycle))
