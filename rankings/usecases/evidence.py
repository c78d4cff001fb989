"""Evidence: files that an agency hands in for its answers; no file counts for any score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from rankings.errors import Conflict, NotFound
from rankings.models import Account, Agency, AssessmentCycle, Evidence
from rankings.usecases import cycles, journal, self_assessments
from rankings.usecases.answers import Questions

MAX_FILES = 10
MAX_TOTAL = 500_000_000


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was checked and stored; `size` is in bytes of what is stored."""

    name: str
    media_type: str
    size: int
    given_sha256: str
    stored_sha256: str
    has_active_content: bool = False


class Full(Conflict):
    """There is no room for the file: an answer has 10, or an agency 500 MB in the cycle."""


TOO_MANY_FILES = f"An answer has at most {MAX_FILES} files."
NO_ROOM = f"An agency has at most {MAX_TOTAL // 1_000_000} MB of files in a cycle."


def add(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    indicator: str,
    file: Handed,
    act: journal.Act,
) -> Evidence:
    """Add a stored file to the answer; the same bytes again for the same answer change nothing.

    Conflict where the self-assessment can no longer change, Full where there is no room, NotFound
    where the rubric has no such question.
    """
    self_assessments.draft(session, cycle, agency, act)
    if indicator not in Questions(cycles.code_of(cycle)).asked:
        raise NotFound("There is no such question.")
    held = of(session, cycle, agency.id).get(indicator, [])
    for one in held:
        if one.given_sha256 == file.given_sha256:
            return one
    if len(held) >= MAX_FILES:
        raise Full(TOO_MANY_FILES)
    if _bytes(session, cycle, agency.id) + file.size > MAX_TOTAL:
        raise Full(NO_ROOM)
    added = _row(cycle, agency, indicator, file, act)
    session.add(added)
    session.flush()
    _note(session, cycle, agency, added, "added evidence", act)
    return added


def remove(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    indicator: str,
    file: UUID,
    act: journal.Act,
) -> None:
    """Take a file away from the answer; Conflict where the self-assessment can no longer change.

    NotFound where the answer has no such file.
    """
    self_assessments.draft(session, cycle, agency, act)
    held = find(session, cycle, agency, indicator, file)
    session.delete(held)
    session.flush()
    _note(session, cycle, agency, held, "removed evidence", act)


def of(session: Session, cycle: AssessmentCycle, agency: UUID) -> dict[str, list[Evidence]]:
    """The files of an agency in a cycle by indicator, the oldest first."""
    held: dict[str, list[Evidence]] = {}
    found = select(Evidence).where(*_whose(cycle, agency))
    for one in session.exec(found.order_by(col(Evidence.given_at), col(Evidence.id))):
        held.setdefault(one.indicator, []).append(one)
    return held


def find(
    session: Session, cycle: AssessmentCycle, agency: Agency, indicator: str, file: UUID
) -> Evidence:
    """One file of an answer; NotFound where the answer has no such file."""
    held = session.get(Evidence, (cycle.association, file))
    wanted = (cycle.id, agency.id, indicator)
    if held is None or (held.cycle, held.agency, held.indicator) != wanted:
        raise NotFound("There is no such file.")
    return held


def names(session: Session, files: Iterable[Evidence]) -> dict[UUID, str]:
    """The names of the people who handed files in."""
    people = {one.given_by for one in files}
    found = session.exec(select(Account).where(col(Account.id).in_(people)))
    return {one.id: one.name for one in found}


def shared_with(session: Session, cycle: AssessmentCycle, agency: UUID) -> dict[str, list[str]]:
    """Where else in the association the agency's files were handed in, by `given_sha256`.

    By other agencies in any cycle ("VN-00012 2026 1.1"), and by this one in the cycle for several
    answers. For the association's staff only.
    """
    held = [one for files in of(session, cycle, agency).values() for one in files]
    given = {one.given_sha256 for one in held}
    own = {one.given_sha256: set[str]() for one in held}
    for one in held:
        own[one.given_sha256].add(one.indicator)
    found = session.exec(
        select(Evidence, Agency.code, AssessmentCycle.slug)
        .join(Agency, _same(Evidence, Agency, "agency"))
        .join(AssessmentCycle, _same(Evidence, AssessmentCycle, "cycle"))
        .where(
            Evidence.association == cycle.association,
            col(Evidence.given_sha256).in_(given),
            (Evidence.agency != agency) | (Evidence.cycle == cycle.id),
        )
        .order_by(Agency.code, AssessmentCycle.slug, Evidence.indicator)
    )
    shared: dict[str, list[str]] = {}
    for one, code, slug in found:
        if one.agency != agency or len(own[one.given_sha256]) > 1:
            shared.setdefault(one.given_sha256, []).append(f"{code} {slug} {one.indicator}")
    return shared


def _same(left: Any, right: Any, key: str) -> Any:
    return (left.association == right.association) & (getattr(left, key) == right.id)


def _whose(cycle: AssessmentCycle, agency: UUID) -> tuple[Any, Any, Any]:
    return (
        Evidence.association == cycle.association,
        Evidence.cycle == cycle.id,
        Evidence.agency == agency,
    )


def _bytes(session: Session, cycle: AssessmentCycle, agency: UUID) -> int:
    total = select(func.coalesce(func.sum(Evidence.size), 0)).where(*_whose(cycle, agency))
    return int(session.exec(total).one())


def _row(
    cycle: AssessmentCycle, agency: Agency, indicator: str, file: Handed, act: journal.Act
) -> Evidence:
    if act.account is None:
        raise ValueError("only a person hands evidence in")
    return Evidence(
        association=cycle.association,
        id=UUID(bytes=act.draw(16), version=4),
        cycle=cycle.id,
        agency=agency.id,
        indicator=indicator,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        given_sha256=file.given_sha256,
        stored_sha256=file.stored_sha256,
        has_active_content=file.has_active_content,
        given_by=act.account,
        given_at=act.now,
    )


def _note(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    file: Evidence,
    action: str,
    act: journal.Act,
) -> None:
    """The file by its digests; its name may name a person."""
    about = f"{cycle.slug} {agency.code} {file.indicator}"
    details = {"given": file.given_sha256, "stored": file.stored_sha256, "size": file.size}
    journal.record(session, cycle.association, act, action, about, details)
