"""Disputes of findings before publication, appeals after it: listed, counted, escalated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from rankings.errors import NotFound
from rankings.models import Agency, AssessmentCycle, Dispute, DisputeFile, Hearing
from rankings.usecases import dispute_rules, journal, memberships, messages, staff
from rankings.usecases.joins import same

STANDS, CHANGED, WITHDRAWN = "stands", "changed", "withdrawn"
DECIDERS = (staff.LEAD, memberships.SECRETARIAT)


@dataclass(frozen=True, slots=True)
class Listed:
    """A dispute with whose it is."""

    dispute: Dispute
    agency: Agency
    cycle: AssessmentCycle

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been decided before today."""
        return self.dispute.outcome is None and self.dispute.due_on < today


def find(session: Session, association: str, dispute: UUID) -> Listed:
    """One dispute; NotFound where the association has none such."""
    found = _listed(session, association, Dispute.id == dispute)
    if not found:
        raise NotFound("There is no such dispute.")
    return found[0]


def listed(session: Session, association: str, today: date) -> list[Listed]:
    """All disputes: what is overdue first, then what is open by its day, then the newest."""
    found = _listed(session, association)
    found.sort(key=lambda one: one.dispute.filed_at, reverse=True)
    far = date.max
    return sorted(found, key=lambda one: far if one.dispute.outcome else one.dispute.due_on)


def open_of(session: Session, cycle: AssessmentCycle) -> list[Dispute]:
    """What nobody has decided in a cycle: shown and not counted."""
    here = (Dispute.cycle == cycle.id, col(Dispute.outcome).is_(None))
    return [one.dispute for one in _listed(session, cycle.association, *here)]


def of_agency(session: Session, cycle: AssessmentCycle, agency: UUID) -> list[Dispute]:
    """All that an agency has disputed or appealed in a cycle, the oldest first."""
    here = (Dispute.cycle == cycle.id, Dispute.agency == agency)
    return [one.dispute for one in _listed(session, cycle.association, *here)]


def overdue(session: Session, association: str, today: date) -> list[Dispute]:
    """What should have been decided before today."""
    late = (col(Dispute.outcome).is_(None), Dispute.due_on < today)
    return [one.dispute for one in _listed(session, association, *late)]


def subjects(session: Session, cycle: AssessmentCycle, agency: UUID) -> set[tuple[str, str]]:
    """Kind and subject of what was filed or decided since the newest hearing was opened.

    Exactly these are judged by the rows of now, all else as the hearing fixed it.
    """
    opened = session.exec(
        select(Hearing.opened_at)
        .where(Hearing.association == cycle.association, Hearing.cycle == cycle.id)
        .order_by(col(Hearing.number).desc())
    ).first()
    return {
        (one.kind, one.subject)
        for one in of_agency(session, cycle, agency)
        if opened is None
        or one.filed_at >= opened
        or (one.decided_at is not None and one.decided_at >= opened)
    }


def corrections_due(session: Session, cycle: AssessmentCycle) -> list[Dispute]:
    """What was decided since the cycle's newest edition and makes that edition wrong.

    A finding that was changed or withdrawn, or one that the edition left out as disputed.
    """
    edition = dispute_rules.newest_edition(session, cycle)
    if edition is None:
        return []
    since = (Dispute.cycle == cycle.id, col(Dispute.decided_at) >= edition.published_at)
    return [
        one.dispute
        for one in _listed(session, cycle.association, *since)
        if one.dispute.outcome != STANDS or one.dispute.filed_at < edition.published_at
    ]


def escalate(session: Session, association: str, today: date, act: journal.Act) -> int:
    """Tell those who decide of every dispute past its day, once; how many there were."""
    late = (
        col(Dispute.outcome).is_(None),
        Dispute.due_on < today,
        col(Dispute.escalated_at).is_(None),
    )
    found = _listed(session, association, *late)
    for one in found:
        one.dispute.escalated_at = act.now
        session.add(one.dispute)
        session.flush()
        told = {"due_on": one.dispute.due_on.isoformat()}
        journal.record(session, association, act, "escalated a dispute", about(one), told)
        tell_deciders(session, one, "dispute_overdue", act)
    return len(found)


def files(session: Session, dispute: Dispute) -> list[DisputeFile]:
    """The files that were handed in with a dispute."""
    found = select(DisputeFile).where(
        DisputeFile.association == dispute.association, DisputeFile.dispute == dispute.id
    )
    return list(session.exec(found.order_by(DisputeFile.name, col(DisputeFile.id))))


def find_file(session: Session, dispute: Dispute, file: UUID) -> DisputeFile:
    """One file of a dispute; NotFound where it has none such."""
    found = session.get(DisputeFile, (dispute.association, file))
    if found is None or found.dispute != dispute.id:
        raise NotFound("There is no such file.")
    return found


def about(one: Listed) -> str:
    """The name of a dispute in the journal."""
    return f"{one.cycle.slug} {one.agency.code} {one.dispute.subject}"


def tell_deciders(session: Session, one: Listed, kind: str, act: journal.Act) -> None:
    """A message to everybody who may decide."""
    dispute = one.dispute
    values = {
        "cycle": one.cycle.slug,
        "agency": one.agency.code,
        "subject": dispute.subject,
        "dispute": str(dispute.id),
        "until": dispute.due_on.isoformat(),
    }
    for role in DECIDERS:
        messages.to_role(
            session, dispute.association, role, f"{kind} {dispute.id}", kind, values, act
        )


def _listed(session: Session, association: str, *where: Any) -> list[Listed]:
    found = session.exec(
        select(Dispute, Agency, AssessmentCycle)
        .join(Agency, same(Dispute, Agency, "agency"))
        .join(AssessmentCycle, same(Dispute, AssessmentCycle, "cycle"))
        .where(Dispute.association == association, *where)
        .order_by(col(Dispute.filed_at), col(Dispute.id))
    )
    return [Listed(*one) for one in found]
