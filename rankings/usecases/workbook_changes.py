"""What a filled-in workbook changes: sheet, what was downloaded, and what is stored, three ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rankings.errors import Conflict, Invalid, Problem
from rankings.scoring.rules import Indicator
from rankings.scoring.source import Code
from rankings.usecases.incoming import Wrong
from rankings.usecases.self_assessments import ANSWER, MAX_NOTE, NOTE
from rankings.usecases.workbook_changes_evidence import Matched, Pair, Wish, match, names_in
from rankings.usecases.workbook_changes_form import (
    Cell,
    Comparison,
    Current,
    Difference,
    Filled,
    Row,
    Told,
    Whose,
)
from rankings.usecases.workbook_changes_values import Say, Values, as_in_a_sheet, folded, plain

__all__ = [
    "Comparison",
    "Current",
    "Difference",
    "Matched",
    "Pair",
    "Told",
    "Whose",
    "Wish",
    "compare",
    "match",
    "refuse_other",
]

NOTHING = Current()


def compare(
    code: Code,
    whose: Whose,
    filled: Filled,
    current: Mapping[str, Current],
    say: Say = plain,
    told: Told | None = None,
) -> Comparison:
    """What the workbook changes in the stored answers (`current`, by indicator).

    A cell that was not touched since the download changes nothing, whatever is stored by now.
    Where the sheet is not the one of an agency's answers, `told` says what it is called.
    Raises Invalid where the workbook is another's, Conflict where its rubric is not the cycle's.
    """
    refuse_other(code, whose, filled.about, say)
    values = Values(code, filled.about.get("language", ""), filled.does_not_apply, say)
    work = _Work(values, current, say, told or _answers(say))
    work.problems += [replace(one, remedy=say(one.remedy)) for one in filled.problems]
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


def _answers(say: Say) -> Told:
    _ = say
    return Told("Answers", _("Choose an answer as well: a note alone would be lost."))


class _Work:
    """The comparison while it is made."""

    def __init__(
        self, values: Values, current: Mapping[str, Current], say: Say, told: Told
    ) -> None:
        self._values, self._current, self._say, self._told = values, current, say, told
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
                self._wrong(
                    row.place, row.indicator, _("There is no such question. Delete the row.")
                )
            elif times[row.indicator] > 1:
                self._wrong(
                    row.place, row.indicator, _("This row stands twice. Delete one of them.")
                )
            else:
                yield row
        for indicator in asked:
            if indicator not in times:
                remedy = _("The row of this question is missing. Download the workbook again.")
                self._wrong(self._told.sheet, indicator, remedy)

    def take(self, indicator: Indicator, row: Row) -> None:
        """Compare a row; of a row with a problem nothing is taken."""
        cells = (row.answer, row.note, row.evidence)
        if any(cell.text is None or cell.before is None for cell in cells):
            return
        wrong = len(self.problems)
        held = self._current.get(indicator.id, NOTHING)
        found = [*self._answer(indicator, row.answer, held), *self._note(indicator, row.note, held)]
        found += self._answer_for_note(indicator, row, held, found)
        if len(self.problems) > wrong:
            return
        self.evidence += [
            Wish(indicator.id, row.evidence.place, name)
            for name in names_in(row.evidence.text or "")
        ]
        changes, conflicts = _sorted(self._values, indicator, found)
        self.changes += changes
        self.conflicts += conflicts

    def _answer(self, indicator: Indicator, cell: Cell, held: Current) -> Iterator[Difference]:
        text, before = cell.text or "", cell.before or ""
        if folded(text) == folded(before):
            return
        try:
            becomes = self._values.read(indicator, text)
        except Wrong as wrong:
            self._wrong(cell.place, text, str(wrong))
            return
        base = self._values.lenient(indicator, before)
        if not self._values.same(indicator, base, becomes):
            yield _difference(indicator, ANSWER, cell, (base, held.value, becomes), held)

    def _note(self, indicator: Indicator, cell: Cell, held: Current) -> Iterator[Difference]:
        text, before = cell.text or "", cell.before or ""
        if len(text) > MAX_NOTE and text != before:
            _ = self._say
            remedy = _("Write at most %(most)d characters.", most=MAX_NOTE)
            self._wrong(cell.place, f"{text[:20]}…", remedy)
        elif text != before:
            yield _difference(indicator, NOTE, cell, (before, as_in_a_sheet(held.note), text), held)

    def _answer_for_note(
        self, indicator: Indicator, row: Row, held: Current, found: Sequence[Difference]
    ) -> Iterator[Difference]:
        """A note needs an answer: its row's, where somebody took the stored one away meanwhile."""
        after = {ANSWER: held.value, NOTE: as_in_a_sheet(held.note)}
        after |= {one.part: one.becomes for one in found}
        if not found or after[ANSWER] or not after[NOTE]:
            return
        before = row.answer.before or ""
        if before and folded(row.answer.text or "") == folded(before):
            value = self._values.lenient(indicator, before)
            yield _difference(indicator, ANSWER, row.answer, (value, held.value, value), held)
        else:
            self._wrong(row.answer.place, row.answer.text or "", self._told.alone)

    def _wrong(self, place: str, value: str, remedy: str) -> None:
        self.problems.append(Problem(place, value[:60], remedy))


def _difference(
    indicator: Indicator, part: str, cell: Cell, texts: tuple[str, str, str], held: Current
) -> Difference:
    return Difference(
        indicator.id, part, cell.place, *texts, converted=cell.converted, by=held.by, at=held.at
    )


def _sorted(
    values: Values, indicator: Indicator, found: Iterable[Difference]
) -> tuple[list[Difference], list[Difference]]:
    """The differences of one indicator as changes, or as conflicts if one of them is one."""

    def same(part: str, one: str, other: str) -> bool:
        return values.same(indicator, one, other) if part == ANSWER else one == other

    live = [one for one in found if not same(one.part, one.becomes, one.was)]
    if all(same(one.part, one.base, one.was) for one in live):
        return live, []
    return [], live
