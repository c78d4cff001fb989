"""Workbooks of audits that somebody made hostile, or of another form: refused with a sentence."""

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook

from rankings.adapters import audit_workbook as workbook
from rankings.errors import Invalid, Problem
from tests.adapters.assessment_workbooks import edited, parts_of
from tests.adapters.assessment_workbooks import written as of_an_agency
from tests.adapters.audit_workbooks import written
from tests.adapters.test_assessment_workbook_hostile import HOSTILE


def no_findings(book: Workbook) -> None:
    book["Findings"].delete_rows(1)


def no_visit(book: Workbook) -> None:
    book["Visit"].delete_rows(1)


def refused(file: Path) -> Problem:
    with pytest.raises(Invalid) as refusal:
        workbook.read(file)
    (problem,) = refusal.value.problems
    return problem


def test_the_workbook_of_a_self_assessment_is_refused(tmp_path: Path) -> None:
    problem = refused(of_an_agency(tmp_path / "w.xlsx"))
    assert "has no sheet “Findings”; use the workbook downloaded here" in str(problem)


def test_another_form_and_lost_columns_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "w.xlsx")
    edited(file, lambda book: book["About"].__setitem__("C3", "audit 9"))
    assert "is not a workbook of this page" in str(refused(file))
    for lose in (no_findings, no_visit):
        file = edited(written(tmp_path / "w.xlsx"), lose)
        assert "has lost the row that names its columns" in str(refused(file))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    """The third sheet, of which the hostile ones are made, holds the findings here."""
    make, words = HOSTILE[name]
    file = written(tmp_path / "w.xlsx", "small", held={})
    file.write_bytes(make(parts_of(file)))
    assert words in str(refused(file))


def test_a_mutated_workbook_is_refused_or_read_but_never_breaks(tmp_path: Path) -> None:
    file, random = written(tmp_path / "w.xlsx", "small", held={}), Random(4)
    good = file.read_bytes()
    for _ in range(40):
        changed = bytearray(good)
        for _ in range(random.randrange(1, 4)):
            changed[random.randrange(len(changed))] = random.randrange(256)
        file.write_bytes(bytes(changed))
        with suppress(Invalid):
            assert len(workbook.read(file).rows) <= 4
