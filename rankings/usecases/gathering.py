"""The rows behind a score, some hundred agencies at a time, grouped by agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from rankings.models import (
    Answer,
    AssessmentCycle,
    Audit,
    Complaint,
    Deployment,
    Finding,
    FormerName,
    Interview,
    LicenceState,
    SelfAssessment,
    SeriousFinding,
)
from rankings.usecases.rows import rows

Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Known:
    """All rows of one agency that an edition may use, each kind in the order of its key."""

    former_names: Rows = ()
    licence_states: Rows = ()
    deployments: Rows = ()
    self_assessments: Rows = ()
    answers: Rows = ()
    findings: Rows = ()
    serious_findings: Rows = ()
    interviews: Rows = ()
    complaints: Rows = ()


TABLES: Mapping[str, Any] = {
    "former_names": FormerName,
    "licence_states": LicenceState,
    "deployments": Deployment,
    "self_assessments": SelfAssessment,
    "answers": Answer,
    "findings": Finding,
    "serious_findings": SeriousFinding,
    "interviews": Interview,
    "complaints": Complaint,
}
# Findings and serious findings of earlier cycles still count; they age.
OF_THE_CYCLE = ("self_assessments", "answers", "interviews")


def gathered(
    session: Session, cycle: AssessmentCycle, agencies: Sequence[UUID]
) -> dict[UUID, Known]:
    """What is known of each agency for a cycle."""
    found: dict[UUID, dict[str, list[Any]]] = {agency: {} for agency in agencies}
    for kind in (field.name for field in fields(Known)):
        for row in _rows(session, cycle, kind, agencies):
            found[row.agency].setdefault(kind, []).append(row)
    return {agency: Known(**kinds) for agency, kinds in found.items()}


def _rows(session: Session, cycle: AssessmentCycle, kind: str, agencies: Sequence[UUID]) -> Rows:
    table = TABLES[kind]
    where = [col(table.association) == cycle.association, col(table.agency).in_(agencies)]
    if kind in OF_THE_CYCLE:
        where.append(col(table.cycle) == cycle.id)
    if kind == "self_assessments":
        where.append(col(SelfAssessment.submitted_on).is_not(None))
    if kind == "answers":
        # What is still a draft is nobody's business.
        where.append(col(Answer.agency).in_(_submitted(cycle)))
    if kind == "findings":
        # Another code of conduct asks other questions.
        cycles = select(AssessmentCycle.id).where(
            AssessmentCycle.association == cycle.association,
            AssessmentCycle.rubric_code == cycle.rubric_code,
        )
        where.append(col(table.cycle).in_(cycles))
        # What an auditor is still working on counts when the audit is closed.
        where.append(col(Finding.audit).is_(None) | col(Finding.audit).in_(_closed(cycle)))
    held = table.__table__
    return rows(session, tuple(held.columns), *where, by=tuple(held.primary_key))


def _closed(cycle: AssessmentCycle) -> SelectOfScalar[UUID]:
    return select(Audit.id).where(
        Audit.association == cycle.association, col(Audit.closed_at).is_not(None)
    )


def _submitted(cycle: AssessmentCycle) -> SelectOfScalar[UUID]:
    return select(SelfAssessment.agency).where(
        SelfAssessment.association == cycle.association,
        SelfAssessment.cycle == cycle.id,
        col(SelfAssessment.submitted_on).is_not(None),
    )
