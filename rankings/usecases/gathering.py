"""The rows behind a score, some hundred agencies at a time, grouped by agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from rankings.models import (
    Agency,
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
from rankings.usecases import agency_links
from rankings.usecases.agency_links import Before
from rankings.usecases.rows import rows

Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Known:
    """All rows of one agency that an edition may use, each kind in the order of its key.

    What follows from agencies before it is among its own.
    """

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
# What a successor takes over (`docs/register.md`): an old audit must not lift a new company.
FOLLOWING = ("deployments", "serious_findings", "complaints")


@dataclass(frozen=True, slots=True)
class Formerly:
    """Names that stood for an agency until a day, by language."""

    names: Mapping[str, str]
    until: date


def gathered(
    session: Session, cycle: AssessmentCycle, agencies: Sequence[UUID]
) -> dict[UUID, Known]:
    """What is known of each agency for a cycle, with the record of those that it follows."""
    found: dict[UUID, dict[str, list[Any]]] = {agency: {} for agency in agencies}
    every = agency_links.before(session, cycle.association, cycle.as_of)
    before = {agency: every[agency] for agency in agencies if agency in every}
    heirs = _heirs(before)
    for kind in (field.name for field in fields(Known)):
        wanted = [*agencies, *(heirs.keys() - found.keys())] if kind in FOLLOWING else agencies
        for row in _rows(session, cycle, kind, wanted):
            after = heirs.get(row.agency, []) if kind in FOLLOWING else []
            for agency in (row.agency, *after):
                if agency in found:
                    found[agency].setdefault(kind, []).append(row)
    _add_names(session, cycle.association, before, found)
    return {agency: Known(**kinds) for agency, kinds in found.items()}


def _heirs(before: Mapping[UUID, Sequence[Before]]) -> dict[UUID, list[UUID]]:
    """Who follows each agency."""
    found: dict[UUID, list[UUID]] = {}
    for agency, ones in before.items():
        for one in ones:
            found.setdefault(one.agency, []).append(agency)
    return found


def _add_names(
    session: Session,
    association: str,
    before: Mapping[UUID, Sequence[Before]],
    found: Mapping[UUID, dict[str, list[Any]]],
) -> None:
    """Names of agencies that others follow are former names of these."""
    keys = {one.agency for ones in before.values() for one in ones}
    if not keys:
        return
    whose = (col(Agency.association) == association, col(Agency.id).in_(keys))
    columns = (Agency.id, Agency.code, Agency.names)
    named = {key: (code, names) for key, code, names in rows(session, columns, *whose)}
    for agency, ones in before.items():
        own = found[agency].get("former_names", [])
        # By code, so that the order does not hang on keys that were drawn by chance.
        taken = [(*named[one.agency], one.until) for one in ones]
        taken.sort(key=lambda one: one[0])
        all_names = [*own, *(Formerly(names, until) for _code, names, until in taken)]
        found[agency]["former_names"] = sorted(all_names, key=lambda one: one.until)


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
