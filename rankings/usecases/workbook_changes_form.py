"""A filled-in workbook and what it changes, as values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rankings.errors import Problem
from rankings.usecases.workbook_changes_evidence import Wish


class Cell(Protocol):
    """A cell that is filled in; `text` is None where it cannot be read."""

    @property
    def place(self) -> str: ...
    @property
    def text(self) -> str | None: ...
    @property
    def before(self) -> str | None: ...
    @property
    def converted(self) -> bool: ...


class Row(Protocol):
    """The row of an indicator."""

    @property
    def indicator(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def answer(self) -> Cell: ...
    @property
    def note(self) -> Cell: ...
    @property
    def evidence(self) -> Cell: ...


class Filled(Protocol):
    """A workbook that was filled in."""

    @property
    def about(self) -> Mapping[str, str]: ...
    @property
    def rows(self) -> Sequence[Row]: ...
    @property
    def problems(self) -> Sequence[Problem]: ...
    @property
    def does_not_apply(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Whose:
    """Which workbook is expected: codes as in addresses, and the digest of the cycle's rubric."""

    association: str
    agency: str
    cycle: str
    rubric_sha256: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of the sheet: its name, and what to do about a note without an answer."""

    sheet: str
    alone: str


@dataclass(frozen=True, slots=True)
class Current:
    """A stored answer; who gave it and when, where that is known."""

    value: str = ""
    note: str = ""
    by: str = ""
    at: datetime | None = None


NOTHING = Current()


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that was changed: `part` is `answer` or `note`, an empty text is an empty cell.

    `base` stood there when the workbook was downloaded, `was` stands in the database, given `by`
    whom and `at` what time; `becomes` is what the sheet wants. `converted`: from Zawgyi.
    """

    indicator: str
    part: str
    place: str
    base: str
    was: str
    becomes: str
    converted: bool = False
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a workbook changes, where it and the database both changed, and what is wrong.

    Of an indicator with a conflict all differences stand in `conflicts`, so that one decision
    settles it. `evidence` are the files that the sheet names; `rows` counts the rows compared.
    """

    changes: tuple[Difference, ...] = ()
    conflicts: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    evidence: tuple[Wish, ...] = ()
    rows: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each."""
        return {
            "rows": self.rows,
            "changes": len(self.changes),
            "conflicts": len(self.conflicts),
            "problems": len(self.problems),
            "evidence": len(self.evidence),
        }
