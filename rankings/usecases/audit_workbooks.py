"""Uploaded workbooks of auditors: what they would change is kept until somebody says so."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from rankings.errors import Conflict, NotAllowed, NotFound
from rankings.models import Agency, AssessmentCycle, Audit, UploadedFindings
from rankings.usecases import audit_closing, audit_findings, audit_reading, journal, staff
from rankings.usecases.audit_findings import Change
from rankings.usecases.audit_workbook_changes import NOT_YOURS, may
from rankings.usecases.audit_workbook_form import Difference, Upload, upload

# As many visits as a team makes in a trip, and as one request carries.
MAX_FILES = 20
MAX_NAME = 200
HAS_PROBLEMS = "Nothing can be saved while a workbook has a problem. Mend it and upload again."


def audits(session: Session, cycle: AssessmentCycle, account: UUID) -> list[tuple[Audit, Agency]]:
    """The audits of a cycle that a person works on, by the agency's code; of a lead all."""
    found = (
        select(Audit, Agency)
        .join(
            Agency,
            (col(Agency.association) == Audit.association) & (col(Agency.id) == Audit.agency),
        )
        .where(Audit.association == cycle.association, Audit.cycle == cycle.id)
        .order_by(Agency.code, Audit.evidence)
    )
    if not staff.has(session, cycle.association, account, staff.LEAD):
        found = found.where(Audit.auditor == account)
    return [(audit, agency) for audit, agency in session.exec(found)]


def keep(
    session: Session, cycle: AssessmentCycle, files: Sequence[Difference], act: journal.Act
) -> UUID:
    """Keep what some workbooks would change; nothing changes yet."""
    if act.account is None:
        raise NotAllowed("A workbook comes from a person.")
    digest = hashlib.sha256("".join(sorted(one.sha256 for one in files)).encode()).hexdigest()
    row = UploadedFindings(
        association=cycle.association,
        id=uuid4(),
        cycle=cycle.id,
        name=", ".join(one.name for one in files)[:MAX_NAME],
        sha256=digest,
        changes=asdict(Upload(tuple(files))),
        uploaded_by=act.account,
        uploaded_at=act.now,
    )
    session.add(row)
    session.flush()
    details = {
        "sha256": digest,
        "files": len(files),
        "items": sum(len(one.items) for one in files),
        "problems": sum(len(one.problems) for one in files),
    }
    journal.record(
        session, cycle.association, act, "uploaded auditors' workbooks", cycle.slug, details
    )
    return row.id


def find(session: Session, cycle: AssessmentCycle, key: UUID, account: UUID) -> UploadedFindings:
    """An upload in a cycle by this person, for a lead auditor by anybody; NotFound else."""
    row = session.get(UploadedFindings, {"association": cycle.association, "id": key})
    if row is None or row.cycle != cycle.id:
        raise NotFound("There is no such upload.")
    is_lead = staff.has(session, cycle.association, account, staff.LEAD)
    if row.uploaded_by != account and not is_lead:
        raise NotFound("There is no such upload.")
    return row


def read(row: UploadedFindings) -> Upload:
    """What an upload would change."""
    return upload(row.changes)


def apply(
    session: Session,
    cycle: AssessmentCycle,
    key: UUID,
    taken: Collection[str],
    act: journal.Act,
) -> int:
    """Save what the workbooks change, all of it or nothing, and say how many things differed.

    Of what somebody else changed too only that `taken` is saved: `<audit> <indicator>`, and
    `<audit> visit`. Conflict where something has changed again since the upload, where an audit
    is closed, or while a workbook has a problem. A second time changes nothing.
    """
    if act.account is None:
        raise NotAllowed("A workbook comes from a person.")
    row = find(session, cycle, key, act.account)
    held = read(row)
    if row.applied_at is not None:
        return 0
    if held.problems:
        raise Conflict(HAS_PROBLEMS)
    # In one order, so that two uploads never wait for each other.
    files = sorted((one for one in held.files if one.changes), key=lambda one: one.audit)
    saved = sum(_apply(session, cycle, one, taken, act) for one in files)
    row.applied_at = act.now
    session.add(row)
    session.flush()
    told = {"saved": saved, "audits": len(files)}
    journal.record(session, cycle.association, act, "applied auditors' workbooks", cycle.slug, told)
    return saved


def _apply(
    session: Session,
    cycle: AssessmentCycle,
    one: Difference,
    taken: Collection[str],
    act: journal.Act,
) -> int:
    audit, _cycle, _agency = audit_reading.find(session, cycle.association, UUID(one.audit))
    if act.account is None or not may(session, audit, act.account):
        raise NotAllowed(NOT_YOURS)
    items, visit = one.wanted(taken)
    saved = 0
    if visit:
        before = audit_closing.visit_token(audit)
        day = date.fromisoformat(visit.visited_on)
        audit_closing.set_visit(session, audit, day, visit.method, act, visit.seen)
        saved += audit_closing.visit_token(audit) != before
    if items:
        changes = [Change(item.indicator, item.value, item.note, item.seen) for item in items]
        saved += audit_findings.save(session, audit, changes, act)
    return saved
