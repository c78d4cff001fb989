"""What a filled-in workbook changes: each edit exactly, nothing else, and never over somebody."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook

from rankings.adapters import assessment_workbook as workbook
from rankings.adapters.assessment_workbook import Given
from rankings.adapters.assessment_workbook_words import Words
from rankings.adapters.catalogues import LANGUAGES
from rankings.errors import Conflict, Invalid, Problem
from rankings.models import Answer
from rankings.scoring.source import Code
from rankings.usecases import uploads
from rankings.usecases import workbook_changes as changes
from rankings.usecases.answers import Questions
from rankings.usecases.workbook_changes import Comparison, Current, Difference
from tests.adapters.assessment_workbooks import (
    AT,
    NOTES,
    answered,
    code,
    compared,
    current,
    edited,
    rows,
    typed,
    value,
    whose,
    written,
)
from tests.adapters.edition_samples import COC, KH
from tests.office import Convert

LATER = datetime(2026, 7, 2, 9, tzinfo=UTC)
Edits = dict[tuple[str, str], str]


def edits(rubric: str, language: str, count: int) -> tuple[dict[str, Given], Edits]:
    """Answers that stand there, and other answers and notes for so many of their cells."""
    random, before = Random(f"{rubric} {language}"), answered(rubric)
    asked, found = Questions(code(rubric)).asked, Edits()
    cells = [(one, part) for one in asked for part in ("answer", "note")]
    for one, part in random.sample(cells, count):
        given = before.get(one, Given())
        was = given.value if part == "answer" else given.note
        for _ in range(9):
            becomes = value(asked[one], random) if part == "answer" else random.choice(NOTES)
            if random.random() < 0.1:
                becomes = ""
            if becomes != was and _holds(one, part, becomes, before, found):
                found[one, part] = becomes
                break
    return before, found


def _holds(one: str, part: str, becomes: str, before: Mapping[str, Given], found: Edits) -> bool:
    """A note needs an answer."""
    given = before.get(one, Given())
    answer, note = found.get((one, "answer"), given.value), found.get((one, "note"), given.note)
    answer, note = (becomes, note) if part == "answer" else (answer, becomes)
    return bool(answer or not note)


def fill(book: Workbook, rubric: str, language: str, wanted: Edits) -> None:
    """Type them in, answers in the words of the language."""
    words, asked = Words(code(rubric), language), Questions(code(rubric)).asked
    page = book["Answers"]
    numbers = rows(page)
    for (one, part), becomes in wanted.items():
        text = words.choices(asked[one]).get(becomes, becomes) if part == "answer" else becomes
        cell = page.cell(numbers[one], 4 if part == "answer" else 5)
        cell.value = text or None
        if text:
            cell.data_type = "s"


@pytest.mark.parametrize("language", LANGUAGES)
def test_edits_saved_by_libreoffice_are_reported_exactly(
    language: str, tmp_path: Path, convert: Convert
) -> None:
    rubric, cells, fewest = (COC, 86, 70) if language == "km" else (KH, 100, 80)
    before, wanted = edits(rubric, language, cells)
    assert len(wanted) > fewest
    file = written(tmp_path / "w.xlsx", rubric, language, before)
    edited(file, lambda book: fill(book, rubric, language, wanted))
    found = compared(convert(file, "xlsx"), rubric, before)
    assert {(one.indicator, one.part): one.becomes for one in found.changes} == wanted
    assert (found.conflicts, found.problems, found.evidence) == ((), (), ())
    for one in found.changes:
        given = before.get(one.indicator, Given())
        assert one.was == one.base == (given.value if one.part == "answer" else given.note)


@pytest.mark.parametrize("seed", range(8))
def test_random_edits_are_reported_exactly_and_twice_is_once(seed: int, tmp_path: Path) -> None:
    rubric, language = (COC, KH)[seed % 2], LANGUAGES[seed % 5]
    before, wanted = edits(rubric, language, 10 * seed)
    file = written(tmp_path / "w.xlsx", rubric, language, before)
    edited(file, lambda book: fill(book, rubric, language, wanted))
    stored = current(before)
    found = changes.compare(code(rubric), whose(rubric), workbook.read(file), stored)
    assert {(one.indicator, one.part): one.becomes for one in found.changes} == wanted
    saved = applied(stored, found)
    again = changes.compare(code(rubric), whose(rubric), workbook.read(file), saved)
    assert again.counts["changes"] == again.counts["conflicts"] == 0


def to_save(
    found: Comparison, stored: Mapping[str, Current], mine: Collection[str] = ()
) -> dict[str, tuple[str, str]]:
    """What an upload saves if of the conflicts those of `mine` are taken."""
    of: dict[str, Any] = {"association": "a", "cycle": UUID(int=1), "agency": UUID(int=1)}
    held = {
        code: Answer(**of, indicator=code, value=one.value, note=one.note or None)
        for code, one in stored.items()
        if one.value
    }
    wanted = uploads.items(found, held)
    taken = [one for one in wanted if not one.is_conflict or one.indicator in mine]
    return {one.indicator: (one.value, one.note) for one in taken}


def applied(stored: Mapping[str, Current], found: Comparison, *mine: str) -> dict[str, Current]:
    """What is stored once the changes are saved."""
    new = to_save(found, stored, mine)
    saved = {one: Current(value, note, "B", LATER) for one, (value, note) in new.items() if value}
    return {**{one: held for one, held in stored.items() if one not in new}, **saved}


BASE = {"share": Given("40", "so far"), "alike": Given("1"), "days": Given("12.50")}


def small(tmp_path: Path, edit: Mapping[tuple[str, str], str | None], language: str = "en") -> Path:
    """The small workbook with some cells changed."""
    file = written(tmp_path / "w.xlsx", "small", language, BASE)

    def change(book: Workbook) -> None:
        for (indicator, column), text in edit.items():
            typed(book, indicator, column, text)

    return edited(file, change)


def against(file: Path, **stored: Current) -> Comparison:
    """The small workbook compared with other answers than those it was downloaded with."""
    held = {**current(BASE), **stored}
    return changes.compare(code("small"), whose("small"), workbook.read(file), held)


def test_an_untouched_row_changes_nothing_where_the_stored_answer_moved_on(tmp_path: Path) -> None:
    file = small(tmp_path, {})
    moved = Current("70", "new", "B", LATER)
    assert against(file, share=moved) == Comparison(rows=4)


def test_both_changed_is_a_conflict_with_both_versions(tmp_path: Path) -> None:
    file = small(tmp_path, {("share", "answer"): "55", ("share", "note"): "ours"})
    found = against(file, share=Current("70", "so far", "B", LATER))
    assert found.changes == ()
    assert found.conflicts == (
        Difference("share", "answer", "Answers!D3", "40", "70", "55", by="B", at=LATER),
        Difference("share", "note", "Answers!E3", "so far", "so far", "ours", by="B", at=LATER),
    )
    stored = {"share": Current("70", "so far")}
    assert to_save(found, stored) == {}
    assert to_save(found, stored, {"share"}) == {"share": ("55", "ours")}


def test_both_changed_to_the_same_is_no_conflict(tmp_path: Path) -> None:
    file = small(tmp_path, {("share", "answer"): "70", ("days", "answer"): "12,5"})
    assert against(file, share=Current("70.0", "so far")) == Comparison(rows=4)


def test_emptying_an_answer_takes_it_away(tmp_path: Path) -> None:
    file = small(tmp_path, {("alike", "answer"): None})
    found = against(file)
    assert found.changes == (
        Difference("alike", "answer", "Answers!D6", "1", "1", "", by="A", at=AT),
    )
    assert to_save(found, current(BASE)) == {"alike": ("", "")}


def test_a_note_without_an_answer_is_a_problem(tmp_path: Path) -> None:
    remedy = "Choose an answer as well: a note alone would be lost."
    edit = {("share", "answer"): None, ("wage", "note"): "later"}
    found = against(small(tmp_path, edit))
    assert found.changes == ()
    assert found.problems == (
        Problem("Answers!D3", "", remedy),
        Problem("Answers!D5", "", remedy),
    )


def test_a_note_on_an_answer_that_was_taken_away_is_a_conflict(tmp_path: Path) -> None:
    file = small(tmp_path, {("share", "note"): "ours"})
    found = against(file, share=Current())
    assert [(one.part, one.was, one.becomes) for one in found.conflicts] == [
        ("note", "", "ours"),
        ("answer", "", "40"),
    ]
    assert to_save(found, {}, {"share"}) == {"share": ("40", "ours")}


def test_a_note_that_is_too_long_is_a_problem(tmp_path: Path) -> None:
    (problem,) = against(small(tmp_path, {("share", "note"): "x" * 1_001})).problems
    assert (problem.place, problem.remedy) == ("Answers!E3", "Write at most 1000 characters.")


def test_a_row_with_a_cell_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    file = small(tmp_path, {("share", "note"): "ours"})
    edited(file, lambda book: book["Answers"].__setitem__("D3", "=1+1"))
    found = against(file)
    assert (found.changes, [one.place for one in found.problems]) == ((), ["Answers!D3"])


def test_rows_that_are_unknown_missing_or_doubled_are_problems(tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx")

    def change(book: Workbook) -> None:
        page = book["Answers"]
        page["A5"], page["A6"] = "9.99", "1.1"
        page["D3"] = page["D6"] = "No rules"

    found = compared(edited(file, change))
    assert [(one.place, one.value) for one in found.problems] == [
        ("Answers!A3", "1.1"),
        ("Answers!A5", "9.99"),
        ("Answers!A6", "1.1"),
        ("Answers", "1.3"),
        ("Answers", "2.1"),
    ]
    assert found.rows == 40
    assert found.changes == ()


def test_texts_are_said_in_the_language_of_the_reader(tmp_path: Path) -> None:
    file = small(tmp_path, {("share", "answer"): "many"})

    def shout(message: str, **values: object) -> str:
        return (message % values).upper()

    held = current(BASE)
    found = changes.compare(code("small"), whose("small"), workbook.read(file), held, shout)
    assert found.problems == (Problem("Answers!D3", "many", "A NUMBER FROM 0 TO 100"),)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("association", "another association"),
        ("agency", "another agency"),
        ("cycle", "another assessment cycle"),
    ],
)
def test_the_workbook_of_somebody_else_is_refused(part: str, words: str, tmp_path: Path) -> None:
    filled = workbook.read(written(tmp_path / "w.xlsx", "small"))
    other = replace(whose("small"), **{part: "other"})
    with pytest.raises(Invalid, match=words):
        changes.compare(code("small"), other, filled, {})


def test_the_workbook_of_another_version_is_refused(tmp_path: Path) -> None:
    filled = workbook.read(written(tmp_path / "w.xlsx", "small"))
    held = code("small")
    newer = Code(replace(held.rubric, version="2.1.0"), held.labels)
    with pytest.raises(Conflict, match=r"for version small 2\.0\.0 of .* uses small 2\.1\.0"):
        changes.compare(newer, whose("small"), filled, {})
    with pytest.raises(Conflict, match="text of the code of conduct has changed"):
        changes.compare(held, replace(whose("small"), rubric_sha256="0" * 64), filled, {})
