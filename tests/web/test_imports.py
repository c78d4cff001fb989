"""Files in the browser: first what they would do, then all or nothing, by one road for all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine
from sqlmodel import func, select
from werkzeug.test import TestResponse

from rankings import db
from rankings.adapters.import_columns import KINDS
from rankings.models import Complaint, Finding, ImportedFile, JournalEntry
from rankings.web import imports
from tests.adapters.hostile_workbooks import PARTS
from tests.web import desk_pages, members
from tests.web.members import CYCLE, OTHER, OURS, Members
from tests.web.serving import stop

PAGE = f"/{OURS}/staff/cycles/{CYCLE}/imports"
HEAD = "agency,indicator,found,evidence,found_on,auditor\n"
GOOD = HEAD + "".join(
    f"L-2,{code},{found},audit,2026-02-01,A1\n"
    for code, found in (
        ("1.1", "own-staff"),
        ("1.2", "late"),
    )
)
BAD = GOOD + "L-2,1.1,own-staff,document,2026-02-31,A1\nL-9,1.1,own-staff,audit,2026-02-01,A1\n"


@pytest.fixture(scope="module")
def desk(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    """For what does not depend on the database."""
    with desk_pages.desks(migrated_file, tmp_path_factory.mktemp("imports")) as found:
        yield found


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Members]:
    found = members.members(engine, tmp_path)
    yield found
    stop(found.app)


def send(
    held: Members,
    body: str | bytes,
    kind: str = "findings",
    who: str = "secretariat",
    name: str = "file.csv",
    **more: str,
) -> TestResponse:
    raw = body.encode() if isinstance(body, str) else body
    fields = {"csrf_token": held.token, "kind": kind, "file": (io.BytesIO(raw), name)}
    return held.client(who).post(PAGE, data=fields | more, buffered=True)


def shown(answer: TestResponse) -> str:
    return answer.text.partition('name="shown" value="')[2].partition('"')[0]


def stored(held: Members) -> tuple[int, int, int]:
    """Findings of files, remembered files, and entries of the journal about them."""
    with db.reading(held.engine) as session:
        findings = select(func.count()).select_from(Finding).where(Finding.auditor == "A1")
        files = select(func.count()).select_from(ImportedFile)
        entries = (
            select(func.count())
            .select_from(JournalEntry)
            .where(JournalEntry.action == "imported a file")
        )
        return (
            session.exec(findings).one(),
            session.exec(files).one(),
            session.exec(entries).one(),
        )


def test_a_dry_run_leaves_nothing_and_the_same_file_is_saved_then(held: Members) -> None:
    dry = send(held, GOOD)
    assert dry.status_code == 200
    assert "2 rows: 2 new, 0 changed, 0 unchanged, 0 with problems." in dry.text
    assert "Nothing has been saved." in dry.text
    assert stored(held) == (0, 0, 0)
    done = send(held, GOOD, then="apply", shown=shown(dry))
    assert "All of them have been saved." in done.text
    assert stored(held) == (2, 1, 1)
    with db.reading(held.engine) as session:
        entry = session.exec(
            select(JournalEntry).where(JournalEntry.action == "imported a file")
        ).one()
    assert entry.who == str(held.accounts["secretariat"])


def test_another_file_than_the_one_that_was_shown_is_not_saved(held: Members) -> None:
    dry = send(held, GOOD)
    other = send(held, GOOD.replace("late", "never"), then="apply", shown=shown(dry))
    assert other.status_code == 409
    assert "This is not the file that was checked." in other.text
    assert send(held, GOOD, then="apply").status_code == 409
    assert stored(held) == (0, 0, 0)


def test_one_bad_row_keeps_the_whole_file_out(held: Members) -> None:
    dry = send(held, BAD)
    assert dry.status_code == 422
    assert "4 rows: 2 new, 0 changed, 0 unchanged, 2 with problems." in dry.text
    assert "row 4, column found_on" in dry.text
    assert "row 5, column agency" in dry.text
    assert "row 2," not in dry.text
    assert send(held, BAD, then="apply", shown=shown(dry)).status_code == 422
    assert stored(held) == (0, 0, 0)


def test_the_file_comes_back_with_its_errors_and_is_taken_once_they_are_mended(
    desk: Members,
) -> None:
    body = send(desk, BAD, then="errors").get_data()
    book, file = openpyxl.load_workbook(io.BytesIO(body)), io.BytesIO()
    page = book["Corrections"]
    assert page.cell(1, 7).value == "errors"
    told = [str(page.cell(row, 7).value) for row in range(2, 6)]
    assert told[:2] == ["None", "None"]
    assert told[2].startswith("found_on: must be a date")
    assert told[3].startswith("agency: is not in the register")
    page["E4"], page["A5"] = "2026-02-28", "L-1"
    book.save(file)
    dry = send(desk, file.getvalue(), name="file-errors.xlsx")
    assert "4 rows: 4 new, 0 changed, 0 unchanged, 0 with problems." in dry.text


def test_hundreds_of_problems_are_counted_and_the_first_are_shown(desk: Members) -> None:
    rows = "".join(f"L-2,x{n},1,audit,2026-02-01,A1\n" for n in range(imports.MOST_SHOWN + 20))
    answer = send(desk, HEAD + rows)
    assert "The first 500 of 520 problems." in answer.text
    assert answer.text.count("<tr>") == 501


def test_each_role_takes_in_its_own_kinds(desk: Members) -> None:
    found = {
        who: {kind for kind in KINDS if send(desk, "x\ny\n", kind, who).text.count("<tr>")}
        for who in ("auditor", "lead_auditor", "case_officer", "secretariat")
    }
    assert found == {
        "auditor": {"findings", "interviews"},
        "lead_auditor": {"findings", "interviews"},
        "case_officer": {"complaints"},
        "secretariat": set(KINDS),
    }


def test_what_is_missing_is_named(desk: Members) -> None:
    answer = desk.client("auditor").post(PAGE, data={"csrf_token": desk.token, "kind": "agencies"})
    assert answer.status_code == 422
    assert "Choose what the file holds." in answer.text
    assert "Choose the file." in answer.text


def test_hostile_files_are_refused_with_their_name(desk: Members) -> None:
    for case in ("macros", "laughs", "XXE", "external link", "no workbook"):
        answer = send(desk, PARTS[case][0](), name="../../etc/<b>.xlsx")
        assert answer.status_code == 422, case
        assert "<b>" not in answer.text.partition("<main")[2].replace("<b>2026", ""), case
    for name in ("table.xls", "table", "table.php", ".csv"):
        assert send(desk, GOOD, name=name).status_code in (200, 422), name
    assert send(desk, b"\xff\xfe\x00", name="x.csv").status_code == 422
    assert stored(desk) == (0, 0, 0)


def test_too_many_rows_go_in_by_command_line(
    desk: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_ROWS", 1)
    answer = send(desk, GOOD)
    assert answer.status_code == 422
    assert "by command line" in answer.text


def test_a_register_of_complaints_with_words_of_workers_is_refused_and_kept_nowhere(
    desk: Members,
) -> None:
    head = "case,agency,received_on,category,severity,outcome,workers_affected,what_happened\n"
    story = "a-story-that-lies-nowhere"
    answer = send(desk, f"{head}1,L-1,2026-01-05,fees,minor,open,1,{story}\n", "complaints")
    assert answer.status_code == 422
    assert "no sealed place" in answer.text
    assert story not in answer.text
    with db.reading(desk.engine) as session:
        kept = session.exec(select(Complaint).where(Complaint.association == OURS)).all()
    assert not any(one.number == "1" for one in kept)
    files = [file for file in desk.data.parent.rglob("*") if file.is_file()]
    assert not any(story.encode() in file.read_bytes() for file in files)


def test_the_filled_in_questionnaire_comes_in_here(desk: Members) -> None:
    number = f"{OTHER}/ours-2"
    head = "interview,agency,interviewed_on,worker,chosen_by,v1\n"
    rows = f"{number},{OTHER},2026-02-20,abroad,association,yes\n{OTHER}/x,{OTHER},,,association,\n"
    dry = send(desk, head + rows, "interviews", "auditor")
    assert "1 rows: 1 new" in dry.text
    wrong = send(desk, head + rows.replace("-2,", "-9,", 1), "interviews", "auditor")
    assert "is in no draw of this agency" in wrong.text
