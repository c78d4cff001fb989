"""Filing a dispute or an appeal: by a signatory, in time, of a finding that counts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from rankings.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from rankings.models import Agency, AssessmentCycle, Dispute, DisputeFile
from rankings.usecases import (
    association_settings,
    dispute_rules,
    disputed,
    disputes,
    journal,
    self_assessments,
    wording,
    working_days,
)
from rankings.usecases.dispute_rules import Stage
from rankings.usecases.disputed import Disputable
from rankings.usecases.disputes import Listed
from rankings.usecases.evidence import Handed

MAX_STATEMENT, MAX_FILES = 2_000, 10
# The remedies.
TOO_MANY_FILES = f"must be at most {MAX_FILES} files"
# The sentences.
OPEN_ALREADY = "This finding is disputed already. It does not count until that is decided."
DECIDED_ALREADY = "This finding was disputed and decided already."
NOT_A_SIGNATORY = "Only a signatory of the agency disputes a finding."


def file(
    session: Session,
    place: tuple[AssessmentCycle, Agency],
    key: str,
    statement: str,
    files: Sequence[Handed],
    act: journal.Act,
) -> Dispute:
    """Dispute the finding of a key, or appeal it; from now on it does not count until decided.

    Invalid names what is wrong, NotFound for a finding that was not used against the agency;
    Conflict outside the clock, and where the finding is disputed or was decided already.
    """
    cycle, agency = place
    said = wording.cleaned(statement)
    problems = wording.faults("statement", said, 1, MAX_STATEMENT)
    if len({one.given_sha256 for one in files}) > MAX_FILES:
        problems.append(Problem("files", str(len(files)), TOO_MANY_FILES))
    if problems:
        raise Invalid(problems)
    if act.account is None or not dispute_rules.signs(session, agency, act.account):
        raise NotAllowed(NOT_A_SIGNATORY)
    held = dispute_rules.stage(session, cycle, agency, act.now)
    if held.why_closed:
        raise Conflict(held.why_closed)
    about = disputed.find(disputed.disputable(session, cycle, agency, held), key)
    made = _row(session, place, held, about, said, act)
    _mark(session, made, act)
    session.add(made)
    session.flush()
    _keep_files(session, made, files, act)
    _note(session, cycle, agency, made, act, len(files))
    return made


def _row(
    session: Session,
    place: tuple[AssessmentCycle, Agency],
    held: Stage,
    about: Disputable,
    statement: str,
    act: journal.Act,
) -> Dispute:
    cycle, agency = place
    today = self_assessments.day(session, cycle, act.now)
    days = association_settings.of(session, cycle.association).dispute_days
    return Dispute(
        association=cycle.association,
        id=UUID(bytes=act.draw(16), version=4),
        cycle=cycle.id,
        agency=agency.id,
        number=held.number,
        edition=held.edition.id if held.edition else None,
        kind=about.kind,
        subject=about.subject,
        evidence=about.evidence,
        found_on=about.row.found_on,
        statement=statement,
        filed_by=act.account or UUID(int=0),
        filed_at=act.now,
        due_on=working_days.after(session, cycle.association, today, days),
    )


def _mark(session: Session, dispute: Dispute, act: journal.Act) -> None:
    """The finding does not count from now on; Conflict where it is disputed or was decided."""
    row = disputed.row_of(session, dispute, lock=True)
    if row is None:
        raise NotFound("There is no such finding.")
    if row.disputed_on is not None and row.decided_on is None:
        raise Conflict(OPEN_ALREADY)
    cycle = session.get_one(AssessmentCycle, (dispute.association, dispute.cycle))
    if any(_is_same(one, dispute) for one in disputes.of_agency(session, cycle, dispute.agency)):
        raise Conflict(DECIDED_ALREADY)
    row.disputed_on, row.decided_on = self_assessments.day(session, cycle, act.now), None
    session.add(row)
    session.flush()


def _is_same(one: Dispute, other: Dispute) -> bool:
    """Whether both are about the same finding at the same stage."""
    keys = ("kind", "subject", "evidence", "found_on", "number", "edition")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def _keep_files(
    session: Session, dispute: Dispute, files: Sequence[Handed], act: journal.Act
) -> None:
    for one in {file.given_sha256: file for file in files}.values():
        session.add(
            DisputeFile(
                association=dispute.association,
                id=UUID(bytes=act.draw(16), version=4),
                dispute=dispute.id,
                name=one.name,
                media_type=one.media_type,
                size=one.size,
                given_sha256=one.given_sha256,
                stored_sha256=one.stored_sha256,
                has_active_content=one.has_active_content,
                given_by=dispute.filed_by,
                given_at=act.now,
            )
        )
    session.flush()


def _note(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    made: Dispute,
    act: journal.Act,
    many: int,
) -> None:
    one = Listed(made, agency, cycle)
    action = "appealed a finding" if made.edition else "disputed a finding"
    told = {"evidence": made.evidence, "due_on": made.due_on.isoformat(), "files": many}
    journal.record(session, cycle.association, act, action, disputes.about(one), told)
    disputes.tell_deciders(session, one, "dispute_filed", act)
