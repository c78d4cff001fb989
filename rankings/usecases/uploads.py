"""Uploaded workbooks: what they would change is kept until somebody says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from rankings.errors import NotAllowed, NotFound
from rankings.models import Agency, Answer, AssessmentCycle, UploadedWorkbook
from rankings.usecases import evidence, journal, self_assessments
from rankings.usecases.evidence import Handed
from rankings.usecases.self_assessments import ANSWER, Change
from rankings.usecases.workbook_changes import Comparison, Current, Difference, Whose


@dataclass(frozen=True, slots=True)
class Part:
    """The answer or the note of a question: as it was stored, and as the sheet wants it."""

    part: str
    was: str
    becomes: str
    is_conflict: bool
    converted: bool
    by: str


@dataclass(frozen=True, slots=True)
class Item:
    """What becomes of one question; `seen` is the token of what was stored at the upload."""

    indicator: str
    seen: str
    value: str
    note: str
    parts: tuple[Part, ...]

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else changed it after the download."""
        return any(one.is_conflict for one in self.parts)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that was stored and waits to be noted under a question."""

    indicator: str
    handed: Handed


@dataclass(frozen=True, slots=True)
class Upload:
    """Everything that a workbook and its files would do; what is only told stands in `told`."""

    items: tuple[Item, ...] = ()
    files: tuple[NewFile, ...] = ()
    told: Mapping[str, Sequence[str]] = field(default_factory=dict)


def whose(cycle: AssessmentCycle, agency: Agency) -> Whose:
    """Which workbook an agency uploads in a cycle."""
    return Whose(cycle.association, agency.code, cycle.slug, rubric_sha256(cycle))


def rubric_sha256(cycle: AssessmentCycle) -> str:
    """Names the text of the cycle's rubric."""
    return hashlib.sha256(cycle.rubric_document.encode()).hexdigest()


def current(answers: Mapping[str, Answer], names: Mapping[UUID, str]) -> dict[str, Current]:
    """The stored answers as a workbook is compared with them."""
    return {
        code: Current(
            one.value,
            one.note or "",
            names.get(one.answered_by, "") if one.answered_by else "",
            one.answered_at,
        )
        for code, one in answers.items()
    }


def items(compared: Comparison, answers: Mapping[str, Answer]) -> tuple[Item, ...]:
    """The differences by question, each with the answer that it leads to."""
    return gathered(compared, lambda code: _untouched(code, answers.get(code)))


def gathered(compared: Comparison, untouched: Callable[[str], Item]) -> tuple[Item, ...]:
    """The differences by question; `untouched` gives what is stored as an item without parts."""
    found: dict[str, Item] = {}
    both = [(one, False) for one in compared.changes] + [(one, True) for one in compared.conflicts]
    for difference, is_conflict in both:
        code = difference.indicator
        held = found.get(code) or untouched(code)
        found[code] = _with(held, difference, is_conflict)
    return tuple(found.values())


def _untouched(code: str, answer: Answer | None) -> Item:
    value, note = (answer.value, answer.note or "") if answer else ("", "")
    return Item(code, self_assessments.token(answer), value, note, ())


def _with(held: Item, one: Difference, is_conflict: bool) -> Item:
    part = Part(one.part, one.was, one.becomes, is_conflict, one.converted, one.by)
    changed = (
        replace(held, value=one.becomes) if one.part == ANSWER else replace(held, note=one.becomes)
    )
    return replace(changed, parts=(*held.parts, part))


def keep(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    file: tuple[str, str],
    upload: Upload,
    act: journal.Act,
) -> UUID:
    """Keep what a workbook (`file`: its name and SHA-256) would change; nothing changes yet.

    Conflict where the self-assessment is no draft.
    """
    self_assessments.draft(session, cycle, agency, act)
    if act.account is None:
        raise NotAllowed("A workbook comes from a person.")
    name, sha256 = file
    row = UploadedWorkbook(
        association=cycle.association,
        id=uuid4(),
        cycle=cycle.id,
        agency=agency.id,
        name=name,
        sha256=sha256,
        changes=asdict(upload),
        uploaded_by=act.account,
        uploaded_at=act.now,
    )
    session.add(row)
    session.flush()
    about = f"{cycle.slug} {agency.code}"
    details = {"sha256": sha256, "items": len(upload.items), "files": len(upload.files)}
    journal.record(session, cycle.association, act, "uploaded a workbook", about, details)
    return row.id


def find(
    session: Session, cycle: AssessmentCycle, agency: Agency, upload: UUID
) -> UploadedWorkbook:
    """An agency's uploaded workbook in a cycle; NotFound where there is none such."""
    row = session.get(UploadedWorkbook, {"association": cycle.association, "id": upload})
    if row is None or (row.cycle, row.agency) != (cycle.id, agency.id):
        raise NotFound("There is no such workbook.")
    return row


def read(row: UploadedWorkbook) -> Upload:
    """What a workbook would change."""
    kept: dict[str, Any] = row.changes
    return Upload(
        tuple(item(one) for one in kept.get("items", ())),
        tuple(NewFile(one["indicator"], Handed(**one["handed"])) for one in kept.get("files", ())),
        kept.get("told", {}),
    )


def item(kept: Mapping[str, Any]) -> Item:
    """What becomes of one question, as it was kept."""
    return Item(**{**kept, "parts": parts(kept["parts"])})


def parts(kept: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The parts of one question, as they were kept."""
    return tuple(Part(**one) for one in kept)


def apply(
    session: Session,
    cycle: AssessmentCycle,
    agency: Agency,
    upload: UUID,
    taken: Collection[str],
    act: journal.Act,
) -> int:
    """Save what a workbook changes, and say how many answers differed.

    Of the questions that somebody else changed too only those `taken` are saved. Clash where an
    answer has changed again since the upload; then nothing is saved.
    """
    row = find(session, cycle, agency, upload)
    held = read(row)
    wanted = [one for one in held.items if not one.is_conflict or one.indicator in taken]
    changes = [Change(one.indicator, one.value, one.note, one.seen) for one in wanted]
    saved = self_assessments.save_answers(session, cycle, agency, changes, act)
    for one in held.files:
        evidence.add(session, cycle, agency, one.indicator, one.handed, act)
    row.applied_at = row.applied_at or act.now
    session.add(row)
    session.flush()
    about = f"{cycle.slug} {agency.code}"
    journal.record(session, cycle.association, act, "applied a workbook", about, {"saved": saved})
    return saved
