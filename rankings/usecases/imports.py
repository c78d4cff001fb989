"""Which files came in, so that last year's file sent again is noticed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from sqlmodel import Session, select

from rankings.models import AssessmentCycle, ImportedFile
from rankings.usecases import journal


@dataclass(frozen=True, slots=True)
class File:
    """A file by kind, name and number of rows; `digest` is over its rows."""

    kind: str
    name: str
    rows: int
    digest: str


def note(session: Session, cycle: AssessmentCycle, file: File, act: journal.Act) -> None:
    """Remember a file of a cycle; the same one twice is remembered once."""
    known = select(ImportedFile.id).where(
        ImportedFile.association == cycle.association,
        ImportedFile.cycle == cycle.id,
        ImportedFile.kind == file.kind,
        ImportedFile.digest == file.digest,
    )
    if session.exec(known).first() is None:
        session.add(
            ImportedFile(
                association=cycle.association,
                id=uuid4(),
                cycle=cycle.id,
                kind=file.kind,
                name=file.name,
                rows=file.rows,
                digest=file.digest,
                imported_at=act.now,
            )
        )
        session.flush()
    about, details = f"{cycle.slug} {file.kind}", {"rows": file.rows, "digest": file.digest}
    journal.record(session, cycle.association, act, "imported a file", about, details)


def repeats(session: Session, cycle: AssessmentCycle, file: File) -> list[str]:
    """The other cycles of the association for which the very same rows were taken in."""
    found = (
        select(AssessmentCycle.slug)
        .join(ImportedFile, ImportedFile.cycle == AssessmentCycle.id)  # type: ignore[arg-type]
        .where(
            AssessmentCycle.association == cycle.association,
            ImportedFile.association == cycle.association,
            ImportedFile.kind == file.kind,
            ImportedFile.digest == file.digest,
            ImportedFile.cycle != cycle.id,
        )
    )
    return sorted(set(session.exec(found)))
