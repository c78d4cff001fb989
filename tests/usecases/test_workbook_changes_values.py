"""Answers as people type them into a workbook, and files as they name them."""

from pathlib import Path

import pytest

from rankings.usecases import workbook_changes as changes
from rankings.usecases.incoming import Wrong
from rankings.usecases.workbook_changes import Wish
from rankings.usecases.workbook_changes_values import Values
from tests.adapters.assessment_workbooks import code, compared, edited, typed, written

NUMBERS = {
    "12.5": "12.5",
    "12,5": "12.5",
    "１２．５": "12.5",
    "១២,៥": "12.5",
    "၁၂.၅၀": "12.5",
    " 007 ": "7",
    "0,125": "0.125",
    "1 250": "1250",
    "1\u00a0250,5": "1250.5",
    "12.50": "12.5",
    "0.0": "0",
}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    values = Values(code("small"), "en", ())
    assert values.read(values.asked["days"], text) == NUMBERS[text]


WRONG_NUMBERS = [
    ("days", "1,250", "without a sign between thousands"),
    ("days", "12.5 %", "such as 12.5"),
    ("days", "1/3", "such as 12.5"),
    ("days", "1e5", "such as 12.5"),
    ("days", "a few", "such as 12.5"),
    ("days", "1.2.3", "such as 12.5"),
    ("share", "100.1", "from 0 to 100"),
    ("share", "-1", "from 0 to 100"),
    ("share", "not_applicable", "from 0 to 100"),
    ("wage", "0", "above 0"),
    ("alike", "4", "Choose one of the answers"),
]


@pytest.mark.parametrize(("indicator", "text", "words"), WRONG_NUMBERS)
def test_a_wrong_answer_is_told_what_would_be_right(indicator: str, text: str, words: str) -> None:
    values = Values(code("small"), "en", ())
    with pytest.raises(Wrong, match=words):
        values.read(values.asked[indicator], text)


CHOICES = [
    ("en", "2", "2"),
    ("en", "often (2)", "2"),
    ("vi", "Có", "2"),
    ("vi", "có\u200b", "2"),
    ("vi", "3", "3"),
    ("vi", "3 (1)", "1"),
    ("en", "Không", "3"),
    ("en", "Does not apply to us (3)", "3"),
    ("en", "does not  apply to us", "not_applicable"),
    ("vi", "Không áp dụng", "not_applicable"),
]


@pytest.mark.parametrize(("language", "text", "expected"), CHOICES)
def test_a_choice_is_known_by_its_words(language: str, text: str, expected: str) -> None:
    values = Values(code("small"), language, ("Does not apply to us", "Không áp dụng"))
    assert values.read(values.asked["alike"], text) == expected


def test_words_that_stand_for_two_choices_are_refused() -> None:
    values = Values(code("small"), "en", ())
    with pytest.raises(Wrong):
        values.read(values.asked["alike"], "OFTEN")


def wish(indicator: str, name: str) -> Wish:
    return Wish(indicator, "Answers!F3", name)


def test_files_are_matched_by_name_whatever_its_case_folder_and_form(tmp_path: Path) -> None:
    file, names = (
        written(tmp_path / "w.xlsx", "small"),
        "Payroll.PDF; C:\\docs\\Sổ.xlsx\n;payroll.pdf",
    )
    edited(file, lambda book: typed(book, "alike", "evidence", names))
    found = compared(file, "small").evidence
    assert [one.name for one in found] == ["payroll.pdf", "C:\\docs\\Sổ.xlsx"]
    files = {"all/PAYROLL.pdf": "aa", "so/So\u0302\u0309.XLSX": "bb", "__MACOSX/._a.pdf": "cc"}
    matched = changes.match(found, files)
    assert [(one.indicator, one.file) for one in matched.pairs] == [
        ("alike", "all/PAYROLL.pdf"),
        ("alike", "so/So\u0302\u0309.XLSX"),
    ]
    assert (matched.already, matched.without_file, matched.without_name) == ((), (), ())


def test_what_does_not_match_is_told() -> None:
    files = {"a/x.pdf": "aa", "b/X.pdf": "bb", "c/y.pdf": "cc", "d/y.pdf": "cc", "z.pdf": "dd"}
    wishes = [wish("1", "x.pdf"), wish("1", "y.pdf"), wish("2", "y.pdf"), wish("2", "gone.pdf")]
    found = changes.match(wishes, files)
    assert [(one.indicator, one.sha256) for one in found.pairs] == [("1", "cc"), ("2", "cc")]
    assert found.without_file == (wish("2", "gone.pdf"),)
    assert found.without_name == ("z.pdf",)
    assert found.doubled == (("a/x.pdf", "b/X.pdf"),)


def test_what_has_been_handed_in_is_already_there() -> None:
    digest = "ab" * 32
    handed = {"1": [("stored.pdf", digest), ("a_b.pdf", "cd" * 32)]}
    wishes = [
        wish("1", "other name.pdf"),
        wish("1", "stored.pdf"),
        wish("1", "A:b.pdf"),
        wish("1", f"whatever · {digest[:12]}"),
    ]
    found = changes.match(wishes, {"other name.pdf": digest}, handed)
    assert (found.already, found.pairs) == (tuple(wishes), ())
    assert changes.match([wish("2", "stored.pdf")], {}, handed).without_file
    assert changes.match([wish("1", "stored.pdf")], {"stored.pdf": "ef" * 32}, handed).pairs
