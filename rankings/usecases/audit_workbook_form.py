"""Auditors' workbooks and what they change, as values; kept as JSON until somebody says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from rankings.errors import Problem
from rankings.usecases import uploads, workbook_changes_form
from rankings.usecases.uploads import Item, Part

VISITED_ON, METHOD = "visited_on", "method"
# What stands for the visit where indicators are named by their ids.
VISIT = "visit"


class Filled(workbook_changes_form.Filled, Protocol):
    """An auditor's workbook that was filled in: `answer` is the finding, `note` its reason."""

    @property
    def visit(self) -> Mapping[str, workbook_changes_form.Cell]: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came in: what its sender calls it, its SHA-256, and what stands in it.

    `filled` is None where it cannot be read; `problems` say why.
    """

    name: str
    sha256: str
    filled: Filled | None = None
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """The day and the method that a workbook leads to; `seen` is the token of what was stored."""

    visited_on: str
    method: str
    seen: str
    parts: tuple[Part, ...]

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else changed it after the download."""
        return any(one.is_conflict for one in self.parts)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one workbook would change in its audit, or why nothing of it can be taken.

    `audit` and `agency` (its code) are empty where the workbook is for none of the person's.
    """

    name: str
    sha256: str
    audit: str = ""
    agency: str = ""
    items: tuple[Item, ...] = ()
    visit: Visit | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether it would change anything."""
        return bool(self.items or self.visit)

    def wanted(self, taken: Collection[str]) -> tuple[list[Item], Visit | None]:
        """What is saved if of the conflicts those `taken` are: `<audit> <indicator>`."""
        visit = self.visit
        if visit and visit.is_conflict and self.key(VISIT) not in taken:
            visit = None
        items = [
            one for one in self.items if not one.is_conflict or self.key(one.indicator) in taken
        ]
        return items, visit

    def key(self, indicator: str) -> str:
        """How a conflict is named when somebody takes it."""
        return f"{self.audit} {indicator}"


@dataclass(frozen=True, slots=True)
class Upload:
    """Everything that the workbooks of one upload would do."""

    files: tuple[Difference, ...] = field(default=())

    @property
    def problems(self) -> int:
        """How many there are; while there are any nothing can be saved."""
        return sum(len(one.problems) for one in self.files)

    @property
    def changes(self) -> bool:
        """Whether anything would change."""
        return any(one.changes for one in self.files)


def upload(kept: Mapping[str, Any]) -> Upload:
    """An upload as it was kept."""
    return Upload(tuple(_difference(one) for one in kept.get("files", ())))


def _difference(kept: Mapping[str, Any]) -> Difference:
    visit = kept["visit"]
    more: dict[str, Any] = {
        "items": tuple(uploads.item(one) for one in kept["items"]),
        "visit": Visit(**{**visit, "parts": uploads.parts(visit["parts"])}) if visit else None,
        "problems": tuple(Problem(**one) for one in kept["problems"]),
    }
    return Difference(**{**kept, **more})


def audit_id(text: str) -> UUID | None:
    """The key that a workbook names, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
