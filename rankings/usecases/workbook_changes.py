"""What a filled-in workbook changes: sheet, what was downloaded, and what is stored, three ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from rankings.errors import Conflict, Invalid, Problem
from rankings.scoring.rubric import Indicator
from rankings.scoring.source import Code
from rankings.usecases.incoming import Wrong
from rankings.usecases.self_assessments import ANSWER, MAX_NOTE, NOTE
from rankings.usecases.workbook_changes_evidence import Matched, Wish, match, names_in
from rankings.usecases.workbook_changes_values import Say, Values, as_in_a_sheet, folded, plain

__all__ = ["Matched", "Wish", "match"]

FORM = 1


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

    Evidence are the files that it names. `rows` counts the rows that were compared.
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


def compare(
    code: Code,
    whose: Whose,
    filled: Filled,
    current: Mapping[str, Current],
    say: Say = plain,
) -> Comparison:
    """What the workbook changes in the stored answers (`current`, by indicator).

    A cell that was not touched since the download changes nothing, whatever is stored by now.
    Raises Invalid where the workbook is another's, Conflict where its rubric is not the cycle's.
    """
    refuse_other(code, whose, filled.about, say)
    values = Values(code, filled.about.get("language", ""), filled.does_not_apply, say)
    work = _Work(values, current, say)
    work.problems += filled.problems
    rows = list(work.usable(filled.rows))
    for row in rows:
        work.take(values.asked[row.indicator], row)
    return Comparison(
        tuple(work.changes),
        tuple(work.conflicts),
        tuple(work.problems),
        tuple(work.evidence),
        len(rows),
    )


def refuse_other(code: Code, whose: Whose, about: Mapping[str, str], say: Say = plain) -> None:
    """Refuse the workbook of another association, agency, cycle or rubric, with the reason."""
    _ = say
    for key, expected, remedy in (
        ("association", whose.association, _("This workbook is for another association.")),
        ("agency", whose.agency, _("This workbook is for another agency.")),
        ("cycle", whose.cycle, _("This workbook is for another assessment cycle.")),
    ):
        if about.get(key) != expected:
            raise Invalid([Problem("About", about.get(key, ""), remedy)])
    ours = f"{code.rubric.code} {code.rubric.version}"
    theirs = f"{about.get('rubric', '')} {about.get('rubric_version', '')}"
    if ours != theirs:
        told = _(
            "This workbook is for version %(theirs)s of the code of conduct; the cycle uses "
            "%(ours)s. Download a new one.",
            theirs=theirs,
            ours=ours,
        )
        raise Conflict(told)
    if about.get("rubric_sha256") != whose.rubric_sha256:
        told = _("The text of the code of conduct has changed. Download a new workbook.")
        raise Conflict(told)


class _Work:
    """The comparison while it is made."""

    def __init__(self, values: Values, current: Mapping[str, Current], say: Say) -> None:
        self._values, self._current, self._say = values, current, say
        self.changes: list[Difference] = []
        self.conflicts: list[Difference] = []
        self.problems: list[Problem] = []
        self.evidence: list[Wish] = []

    def usable(self, rows: Sequence[Row]) -> Iterator[Row]:
        """Rows of questions that stand there once; all others are problems."""
        _, asked = self._say, self._values.asked
        times = Counter(row.indicator for row in rows)
        for row in rows:
            if row.indicator not in asked:
                self._wrong(row.place, row.indicator, _("There is no such question. Delete the row."))
            elif times[row.indicator] > 1:
                self._wrong(row.place, row.indicator, _("This row stands twice. Delete one of them."))
            else:
                yield row
        for indicator in asked:
            if indicator not in times:
                remedy = _("The row of this question is missing. Download the workbook again.")
                self._wrong("Answers", indicator, remedy)

    def take(self, indicator: Indicator, row: Row) -> None:
        """Compare a row; of a row with a problem nothing is taken."""
        wrong = len(self.problems)
        held = self._current.get(indicator.id, NOTHING)
        found = [*self._answer(indicator, row.answer, held), *self._note(indicator, row.note, held)]
        after = {ANSWER: held.value, NOTE: as_in_a_sheet(held.note)}
        after |= {one.part: one.becomes for one in found}
        if found and after[NOTE] and not after[ANSWER]:
            remedy = self._say("Choose an answer as well: a note alone would be lost.")
            self._wrong(row.answer.place, "", remedy)
        self.evidence += [
            Wish(indicator.id, row.evidence.place, name)
            for name in names_in(row.evidence.text or "")
        ]
        if len(self.problems) == wrong:
            for one in found:
                self._sort(indicator, one)

    def _answer(self, indicator: Indicator, cell: Cell, held: Current) -> Iterator[Difference]:
        if cell.text is None or cell.before is None or folded(cell.text) == folded(cell.before):
            return
        try:
            becomes = self._values.read(indicator, cell.text)
        except Wrong as wrong:
            self._wrong(cell.place, cell.text, str(wrong))
            return
        base = self._values.lenient(indicator, cell.before)
        yield _difference(indicator, ANSWER, cell, (base, held.value, becomes), held)

    def _note(self, indicator: Indicator, cell: Cell, held: Current) -> Iterator[Difference]:
        if cell.text is None or cell.before is None or cell.text == cell.before:
            return
        if len(cell.text) > MAX_NOTE:
            remedy = self._say("Write at most %(most)d characters.", most=MAX_NOTE)
            self._wrong(cell.place, f"{cell.text[:20]}…", remedy)
            return
        texts = (cell.before, as_in_a_sheet(held.note), cell.text)
        yield _difference(indicator, NOTE, cell, texts, held)

    def _sort(self, indicator: Indicator, one: Difference) -> None:
        same = self._same(indicator, one.part)
        if same(one.becomes, one.base) or same(one.becomes, one.was):
            return
        (self.changes if same(one.base, one.was) else self.conflicts).append(one)
