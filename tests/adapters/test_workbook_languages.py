"""Workbooks to take along speak the language of the page from which they are taken."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from rankings.adapters.catalogues import LANGUAGES
from tests.adapters import assessment_workbooks, audit_workbooks
from tests.adapters.edition_samples import COC
from tests.adapters.test_interview_workbook import written as questionnaire

OTHERS = [language for language in LANGUAGES if language != "en"]


def assessment(folder: Path, language: str) -> bytes:
    given = assessment_workbooks.answered(COC)
    file = assessment_workbooks.written(folder / "a.xlsx", language=language, answers=given)
    return file.read_bytes()


def audit(folder: Path, language: str) -> bytes:
    return audit_workbooks.written(folder / "b.xlsx", language=language).read_bytes()


def interviews(folder: Path, language: str) -> bytes:
    return questionnaire(language)


def told(body: bytes) -> set[str]:
    """What a workbook says to whoever fills it in."""
    page = openpyxl.load_workbook(io.BytesIO(body))["Instructions"]
    return {str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("made", [assessment, audit, interviews])
def test_no_sentence_stays_english(
    made: Callable[[Path, str], bytes], language: str, tmp_path: Path
) -> None:
    english, said = told(made(tmp_path, "en")), told(made(tmp_path, language))
    assert len(english) > 5
    assert {one for one in said & english if " " in one} == set()
