"""The findings that an agency may dispute: those of the cycle that count, and serious ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import NotFound
from rankings.models import Agency, AssessmentCycle, Audit, Dispute, Finding, SeriousFinding
from rankings.scoring.evidence import strongest
from rankings.scoring.record import NOT_APPLICABLE, Record
from rankings.scoring.rubric import Rubric
from rankings.usecases import agency_links, cycles, record_values, records
from rankings.usecases.dispute_rules import Stage
from rankings.usecases.gathering import gathered
from rankings.usecases.records import STRENGTH, Round

FINDING, SERIOUS = "finding", "serious"

AnyFinding = Finding | SeriousFinding


@dataclass(frozen=True, slots=True)
class Disputable:
    """A finding that was used against an agency; `key` names it in an address."""

    kind: str
    subject: str
    row: AnyFinding

    @property
    def evidence(self) -> str | None:
        """How it was found; None for a serious finding."""
        return self.row.evidence if isinstance(self.row, Finding) else None

    @property
    def key(self) -> str:
        """The way it was found, or the day of a serious finding, and what it is about."""
        return f"{self.evidence or self.row.found_on.isoformat()}-{self.subject}"

    @property
    def is_open(self) -> bool:
        """Whether it is disputed now."""
        return self.row.disputed_on is not None and self.row.decided_on is None


def disputable(
    session: Session, cycle: AssessmentCycle, agency: Agency, held: Stage
) -> list[Disputable]:
    """The findings of the cycle that count for the agency, and the serious ones behind its caps.

    Where a desk check and a visit found something, only what counts can be disputed.
    """
    rubric = cycles.code_of(cycle).rubric
    inputs = _inputs(session, cycle, agency, held, rubric)
    rows = _findings(session, cycle, agency.id)
    found = [
        Disputable(FINDING, row.indicator, row)
        for indicator in rubric.indicators
        if (row := _used(rubric, inputs, cycle.as_of, rows.get(indicator.id, []))) is not None
    ]
    return found + list(_serious(session, cycle, agency, rubric, inputs))


def find(found: list[Disputable], key: str) -> Disputable:
    """The finding of a key; NotFound where it is none of these."""
    for one in found:
        if one.key == key:
            return one
    raise NotFound("There is no such finding.")


def row_of(session: Session, dispute: Dispute, lock: bool = False) -> AnyFinding | None:
    """The finding that a dispute is about; None where it has been taken away since.

    With `lock` nobody else changes it until the commit.
    """
    table: Any = Finding if dispute.kind == FINDING else SeriousFinding
    if dispute.kind == FINDING:
        where = [
            col(Finding.cycle) == dispute.cycle,
            col(Finding.agency) == dispute.agency,
            col(Finding.indicator) == dispute.subject,
            col(Finding.evidence) == dispute.evidence,
        ]
    else:
        cycle = session.get_one(AssessmentCycle, (dispute.association, dispute.cycle))
        where = [
            col(SeriousFinding.agency).in_(_family(session, cycle, dispute.agency)),
            col(SeriousFinding.code) == dispute.subject,
            col(SeriousFinding.found_on) == dispute.found_on,
        ]
    found = select(table).where(table.association == dispute.association, *where)
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    rows: list[AnyFinding] = list(session.exec(found))
    return next((one for one in rows if one.agency == dispute.agency), next(iter(rows), None))


def audit_of(session: Session, row: AnyFinding | None) -> Audit | None:
    """The audit in which a finding was made; None for one from a file."""
    if not isinstance(row, Finding) or row.audit is None:
        return None
    return session.get(Audit, (row.association, row.audit))


def _inputs(
    session: Session, cycle: AssessmentCycle, agency: Agency, held: Stage, rubric: Rubric
) -> Record:
    """What the agency is judged by: as it was told, or without a hearing as it stands."""
    if held.notice is not None:
        return record_values.record(rubric, agency.code, held.notice.frozen["inputs"])
    known = gathered(session, cycle, [agency.id])[agency.id]
    return records.record(agency, known, Round(rubric, cycle, cycles.opened_on(session, cycle), {}))


def _findings(
    session: Session, cycle: AssessmentCycle, agency: UUID
) -> Mapping[str, list[Finding]]:
    """The counted findings of the cycle by indicator."""
    found: dict[str, list[Finding]] = {}
    rows = session.exec(
        select(Finding)
        .outerjoin(
            Audit,
            (col(Audit.association) == Finding.association) & (col(Audit.id) == Finding.audit),
        )
        .where(
            Finding.association == cycle.association,
            Finding.cycle == cycle.id,
            Finding.agency == agency,
            col(Finding.audit).is_(None) | col(Audit.closed_at).is_not(None),
        )
    )
    for one in rows:
        found.setdefault(one.indicator, []).append(one)
    return found


def _used(rubric: Rubric, inputs: Record, as_of: date, rows: list[Finding]) -> Finding | None:
    """Of the findings on one indicator the one that counts; None where none of them does."""
    if not rows:
        return None
    indicator = rows[0].indicator
    if inputs.marks.get(indicator) == NOT_APPLICABLE:
        left_out = [one for one in rows if one.found == NOT_APPLICABLE]
        return max(left_out, key=lambda one: STRENGTH[one.evidence], default=None)
    given = inputs.answers.get(indicator)
    if not given:
        return None
    answer = strongest(given, rubric.evidence, as_of)[1]
    same = (answer.grade, answer.given_on)
    is_ours = answer.this_cycle
    return next((one for one in rows if is_ours and (one.evidence, one.found_on) == same), None)


def _serious(
    session: Session, cycle: AssessmentCycle, agency: Agency, rubric: Rubric, inputs: Record
) -> Iterator[Disputable]:
    codes = {code for cap in rubric.caps if cap.id in inputs.caps for code in cap.findings}
    if not codes:
        return
    found = select(SeriousFinding).where(
        SeriousFinding.association == cycle.association,
        col(SeriousFinding.agency).in_(_family(session, cycle, agency.id)),
        col(SeriousFinding.code).in_(codes),
        SeriousFinding.found_on <= cycle.as_of,
        col(SeriousFinding.withdrawn_on).is_(None),
    )
    for one in session.exec(found.order_by(SeriousFinding.code, col(SeriousFinding.found_on))):
        yield Disputable(SERIOUS, one.code, one)


def _family(session: Session, cycle: AssessmentCycle, agency: UUID) -> list[UUID]:
    """The agency and those that it follows: their serious findings are its own."""
    before = agency_links.before(session, cycle.association, cycle.as_of)
    return [agency, *(one.agency for one in before.get(agency, ()))]
