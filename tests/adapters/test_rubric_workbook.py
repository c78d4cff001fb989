"""The workbook of a rubric: the very same rubric comes back, and every mistake has its cell."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rankings.adapters import rubric_files, rubric_workbook
from rankings.adapters.rubric_workbook import Heading
from rankings.adapters.rubric_workbook_columns import LABELS, SHEETS
from rankings.errors import Invalid, Problem
from rankings.scoring.difference import difference
from rankings.scoring.source import RubricSource, read
from tests.small_rubric import SMALL

RUBRICS = Path(__file__).resolve().parents[2] / "fixtures" / "rubrics"
AT = datetime(2026, 1, 1, tzinfo=UTC)
HEADING = Heading("alpha", "Alpha", "ab" * 32, "1.0.1", AT)

Change = Callable[[Workbook], None]


@cache
def written() -> bytes:
    return rubric_workbook.write(SMALL, "en", HEADING)


def sent(tmp_path: Path, *changes: Change) -> RubricSource:
    """What comes back after somebody has changed the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(written()))
    for change in changes:
        change(book)
    book.save(tmp_path / "w.xlsx")
    return rubric_workbook.read(tmp_path / "w.xlsx", SMALL, HEADING)


def refused(tmp_path: Path, *changes: Change) -> list[Problem]:
    with pytest.raises(Invalid) as found:
        sent(tmp_path, *changes)
    return list(found.value.problems)


def column(page: Worksheet, key: str) -> str:
    return next(str(cell.column_letter) for cell in page[1] if cell.value == key)


def row(page: Worksheet, identity: str) -> int:
    return next(at for at, cell in enumerate(page["A"], 1) if cell.value == identity)


def put(sheet: str, identity: str, key: str, value: object) -> Change:
    """Somebody types into the cell of an entry."""

    def change(book: Workbook) -> None:
        page = book[sheet]
        page[f"{column(page, key)}{row(page, identity)}"].value = value

    return change


def add(sheet: str, **values: object) -> Change:
    """Somebody fills in the first empty row."""

    def change(book: Workbook) -> None:
        page = book[sheet]
        free = next(at for at, cell in enumerate(page["A"], 1) if at > 2 and cell.value is None)
        for key, value in values.items():
            page[f"{column(page, key)}{free}"].value = value

    return change


def version(text: str) -> Change:
    def change(book: Workbook) -> None:
        page = book["About"]
        page[f"C{row(page, 'version')}"].value = text

    return change


@pytest.mark.parametrize(("folder", "language"), [("coc-vn-1.0.0", "my"), ("kh-code-1.0.0", "en")])
def test_an_untouched_workbook_is_the_very_same_rubric(
    folder: str, language: str, tmp_path: Path
) -> None:
    source = rubric_files.source(RUBRICS / folder)
    (tmp_path / "w.xlsx").write_bytes(rubric_workbook.write(source, language, HEADING))
    back = rubric_workbook.read(tmp_path / "w.xlsx", source, HEADING)
    assert back.labels == source.labels
    assert back.document == source.document.replace('"1.0.0"', '"1.0.1"', 1)
    assert read(back).rubric == replace(read(source).rubric, version="1.0.1")


def test_a_workbook_saved_by_another_program_is_still_the_same(tmp_path: Path) -> None:
    back = sent(tmp_path)
    assert back.document == SMALL.document.replace('"1.0.0"', '"1.0.1"', 1)
    assert back.labels == SMALL.labels


def test_the_same_input_gives_the_same_bytes() -> None:
    assert rubric_workbook.write(SMALL, "en", HEADING) == written()


def test_what_is_changed_changes_and_nothing_else(tmp_path: Path) -> None:
    back = sent(
        tmp_path,
        version("2.0.0"),
        put("Articles", "a", "weight", 55),
        put("Articles", "b", "weight", "45"),
        put("Indicators", "1.1", "not_applicable", "yes"),
        put("Options", "1.1/some", "points", 40),
        put("Bands", "high", "stars", 4),
        put("Rules", "evidence.overclaim.rate_above", "value", 0.25),
        put(LABELS, "title", "vi", "Bộ quy tắc mới"),
    )
    assert {str(one) for one in difference(SMALL, back)} == {
        "evidence.overclaim.rate_above: 0.20 → 0.25",
        "nodes[a].weight: 60 → 55",
        "nodes[b].weight: 40 → 45",
        "indicators[1.1].not_applicable: – → true",
        "indicators[1.1].options[some].points: 50 → 40",
        "bands[high].stars: 5 → 4",
        "labels.vi.toml: title: Bộ quy tắc → Bộ quy tắc mới",
    }
    assert back.labels["en"] == SMALL.labels["en"]
    assert back.document.startswith("# A rubric for tests.\n")
    assert "# a: the first article\n[[nodes]]" in back.document


def test_ranges_come_and_go_with_their_cells(tmp_path: Path) -> None:
    back = sent(
        tmp_path,
        put("Rules", "ranges.draws", "value", 500),
        put("Rules", "ranges.shift.self", "value", "0.3"),
        put("Rules", "ranges.over_claimed", "value", "0.75"),
    )
    assert back.document.endswith(
        "[ranges]\ndraws = 500\nshift = { self = 0.3 }\nover_claimed = 0.75\n"
    )


def test_a_rate_may_become_lumpy(tmp_path: Path) -> None:
    heading = replace(HEADING, sha256="cd" * 32)
    rate = '[[indicators]]\nid = "v1"\nparent = "b"\ntype = "rate"\nmu = 3\nk = 1\n'
    rate += "curve = [[0, 100], [4, 0]]\n"
    head, _, tail = SMALL.document.partition('[[indicators]]\nid = "v1"')
    labels = {
        one: text.replace("{good} of {asked}", "{rate}") for one, text in SMALL.labels.items()
    }
    base = RubricSource(f"{head}{rate}\n{tail[tail.index('[[bands]]') :]}", labels)
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook.write(base, "en", heading)))
    put("Indicators", "v1", "phi", "2.5")(book)
    book.save(tmp_path / "w.xlsx")
    back = rubric_workbook.read(tmp_path / "w.xlsx", base, heading)
    assert {str(one) for one in difference(base, back)} == {"indicators[v1].phi: – → 2.5"}


def test_a_new_question_comes_with_its_answers_and_words(tmp_path: Path) -> None:
    texts = [f"indicators/1.9/{key}" for key in ("question", "guidance", "evidence")]
    texts += [f"indicators/1.9/options/{one}/{key}" for one in "an" for key in ("label", "reason")]
    back = sent(
        tmp_path,
        version("2.0.0"),
        add("Indicators", id="1.9", parent="a", type="level"),
        add("Options", id="1.9/a", points=100),
        add("Options", id="1.9/n", points=0),
        *(add(LABELS, id=path, en="A text", vi="Một câu") for path in texts),
    )
    assert difference(SMALL, back)[0].place == "indicators[1.9]"
    options = next(one for one in read(back).rubric.indicators if one.id == "1.9").rule
    assert [one.id for one in options.options] == ["n", "a"]  # type: ignore[union-attr]


def test_empty_cells_take_values_away(tmp_path: Path) -> None:
    keys = ("min_found", "rate_above", "credit_self", "ceiling")
    back = sent(
        tmp_path,
        version("2.0.0"),
        *(put("Rules", f"evidence.overclaim.{key}", "value", None) for key in keys),
    )
    assert read(back).rubric.evidence.overclaim is None


def test_text_typed_in_zawgyi_is_taken_as_unicode(tmp_path: Path) -> None:
    back = sent(tmp_path, put(LABELS, "summary", "vi", "ျမန္မာနိုင္ငံ"))
    assert read(back).labels["vi"].of("summary") == "မြန်မာနိုင်ငံ"


@pytest.mark.parametrize(
    ("change", "place", "value", "remedy"),
    [
        (put("Articles", "a", "weight", "six"), "Articles!D4", "six", "must be a number"),
        (put("Articles", "a", "weight", 61), "Articles!E3", "100", "add up to 101"),
        (put("Indicators", "v1", "p0", 2), "Indicators!L4", "2", "below 1"),
        (put("Bands", "high", "rest", "{}"), "Bands!L3", "{}", "cannot be changed here"),
        (put("Options", "1.1/some", "id", None), "Options", "1.1/some", "is missing"),
        (put("Options", "1.1/some", "id", "1.1/no"), "Options!A4", "1.1/no", "twice"),
        (put("Rules", "scale.max", "id", "scale.most"), "Rules!A", "scale.most", "no such row"),
        (put(LABELS, "title", "vi", "<b>"), "Labels!C3", "<b>", "without markup"),
        (put(LABELS, "title", "vi", None), "Labels!C3", "", "is missing"),
        (put(LABELS, "title", "vi", "=1+1"), "Labels!C3", "1+1", "formula"),
        (add(LABELS, id="title/x", en="a", vi="b"), "Labels!A", "title/x", "no such row"),
        (add(LABELS, id="bands/low", en="a", vi="b"), "Labels!A", "bands/low", "no such row"),
        (add(LABELS, id="bands/none/label", en="a", vi="b"), "Labels!B", "a", "belongs to nothing"),
        (add("Options", id="none", points=3), "Options!A", "none", "a slash"),
        (put("Other", "evidence", "text", "{}"), "Other!B", "{}", "cannot be changed here"),
        (version("one"), "About", "", "major.minor.patch"),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(
    change: Change, place: str, value: str, remedy: str, tmp_path: Path
) -> None:
    found = refused(tmp_path, change)
    said = [
        one
        for one in found
        if one.place.startswith(place) and value in one.value and remedy in one.remedy
    ]
    assert said, found


def test_the_workbook_of_another_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.xlsx"
    file.write_bytes(written())
    with pytest.raises(Invalid, match="another version"):
        rubric_workbook.read(file, SMALL, replace(HEADING, sha256="cd" * 32))


def test_what_has_no_cells_is_shown_as_text() -> None:
    page = openpyxl.load_workbook(io.BytesIO(written()))["Other"]
    shown = {line[0]: line[1] for line in page.iter_rows(min_row=3, values_only=True)}
    assert shown == {
        "languages": '["en", "vi"]',
        "evidence": '{ ageing = [{ grade = "audit", months = 24, becomes = "document" }] }',
    }


def test_only_what_can_change_is_open() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written()))
    for sheet in SHEETS:
        page = book[sheet.name]
        assert page.protection.sheet
        typed = {one.key for one in sheet.typed}
        open_cells = {cell.column for cell in page[3] if not cell.protection.locked}
        assert open_cells == {at for at, key in enumerate(sheet.keys, 1) if key in typed}


def test_choices_are_offered() -> None:
    page = openpyxl.load_workbook(io.BytesIO(written()))["Indicators"]
    rules = page.data_validations.dataValidation
    offered = {str(one.sqref).partition("3")[0]: str(one.formula1) for one in rules}
    assert offered[column(page, "parent")].startswith("Articles!")
    assert "level,numeric" in offered[column(page, "type")]
