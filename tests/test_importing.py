"""Files in: dry first, all or none, twice is once, and every problem with its place."""

import csv
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from rankings import db, models
from rankings.adapters.import_columns import COLUMNS, KINDS
from rankings.errors import Invalid
from rankings.importing import Order, Outcome, rehearse, take
from rankings.models import Agency, Complaint
from rankings.usecases import imports
from tests.usecases import world

ROOT = Path(__file__).resolve().parents[1]
Table = list[list[Any]]

REGISTER: Table = [
    ["licensing_authority", "licence_number", "name_vi", "name_my", "licensed_on"]
    + ["licence_state", "licence_state_since", "code_signed_on"],
    ["DOLAB", "L-1", "Ví Dụ Một", None, date(2015, 5, 1), "valid", date(2015, 5, 1), None],
    ["DOLAB", "L-2", "Ví Dụ Hai", "ဥပမာ", date(2016, 5, 1), "VALID", date(2016, 5, 1), None],
]
for row in REGISTER[1:]:
    row[-1] = date(2020, 1, 1)

FILES: dict[str, Table] = {
    "agencies": REGISTER,
    "deployments": [
        ["agency", "quarter", "destination", "workers", "source", "sex"],
        ["L-1", "2026-Q1", "jp", 120, "DOLAB", "women"],
        ["VN-00020", "2026-Q1", "KR", 80, "DOLAB", None],
    ],
    "self-assessments": [
        ["agency", "submitted_on", "indicator", "answer"],
        ["L-1", date(2026, 3, 1), "i1", "3"],
        ["L-1", date(2026, 3, 1), "i2", 4],
    ],
    "findings": [
        ["agency", "indicator", "serious_finding", "found", "evidence", "found_on", "auditor"],
        ["L-1", "i1", None, "2", "audit", date(2026, 4, 1), "A1"],
        ["L-2", None, "illegal_fee", None, None, date(2026, 4, 1), "A1"],
    ],
    "interviews": [
        ["interview", "agency", "interviewed_on", "worker", "chosen_by", "v1", "v2"],
        ["I-1", "L-1", date(2026, 4, 1), "abroad", "association", "yes", None],
        ["I-2", "L-1", date(2026, 4, 1), "returned", "agency", "no", True],
    ],
    "complaints": [
        ["case", "agency", "received_on", "category", "severity", "outcome", "decided_on"]
        + ["agency_heard", "may_count", "workers_affected", "claimed", "currency"],
        ["1/26", "L-1", date(2026, 1, 5), "fees", "minor", "substantiated", date(2026, 2, 1)]
        + ["yes", "worker", 3, "1250.50", "usd"],
        ["2/26", "L-2", date(2026, 1, 5), "wages", "serious", "open", None]
        + [None, None, 1, None, None],
    ],
}
# The journal also tells of a file that changed nothing.
TABLES = [getattr(models, name) for name in models.__all__ if not name.startswith("Journal")]


def written(folder: Path, name: str, rows: Sequence[Sequence[Any]]) -> Path:
    """A table as .xlsx or .csv."""
    file = folder / name
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        return file
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(file)
    return file


def counts(engine: Engine) -> dict[str, int]:
    with db.reading(engine) as session:
        return {
            table.__name__: session.exec(select(func.count()).select_from(table)).one()
            for table in TABLES
        }


def order(kind: str, file: Path, association: str = "alpha", cycle: str = "2026") -> Order:
    return Order(kind, file, association, cycle)


@pytest.fixture
def opened(engine: Engine) -> Engine:
    """A database with an open cycle."""
    with db.transaction(engine) as session:
        world.cycle(session)
    return engine


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_all_six_kinds_come_in_and_a_second_time_change_nothing(
    opened: Engine, tmp_path: Path, ending: str
) -> None:
    for kind, rows in FILES.items():
        wanted = order(kind, written(tmp_path, kind + ending, rows))
        number = len(rows) - 1
        before = counts(opened)
        dry = rehearse(opened, wanted, world.act())
        assert str(dry) == f"{number} rows: {number} new; nothing has been saved"
        assert counts(opened) == before
        assert str(take(opened, wanted, world.act())) == f"{number} rows: {number} new; saved"
        once = counts(opened)
        again = take(opened, wanted, world.act())
        assert str(again) == f"{number} rows: {number} unchanged; saved"
        assert counts(opened) == once


def test_the_two_endings_say_the_same(opened: Engine, tmp_path: Path) -> None:
    for kind, rows in FILES.items():
        take(opened, order(kind, written(tmp_path, f"{kind}.xlsx", rows)), world.act())
        again = take(opened, order(kind, written(tmp_path, f"{kind}.csv", rows)), world.act())
        assert (again.new, again.changed, again.same) == (0, 0, len(rows) - 1), kind


def test_values_are_what_the_cells_said(opened: Engine, tmp_path: Path) -> None:
    for kind, rows in FILES.items():
        take(opened, order(kind, written(tmp_path, f"{kind}.xlsx", rows)), world.act())
    with db.reading(opened) as session:
        case = session.get(Complaint, ("alpha", "1/26"))
        agencies = session.exec(select(Agency)).all()
    assert case is not None
    assert (case.claimed, case.currency, case.agency_heard) == (125_050, "USD", True)
    assert {one.names["vi"] for one in agencies} == {"Ví Dụ Một", "Ví Dụ Hai"}


BAD = [
    *REGISTER,
    ["DOLAB", "L-3", "Ví Dụ Ba", None, "2016-13-01", "valid", date(2016, 5, 1), None],
    ["DOLAB", "L-4", None, None, date(2016, 5, 1), "asleep", None, None],
    ["DOLAB", "L-1", "Ví Dụ Một", None, date(2015, 5, 1), "valid", date(2015, 5, 1), None],
]


@pytest.mark.parametrize(
    ("ending", "places"),
    [
        (".xlsx", ["cell E4 (licensed_on)", "cell F5 (licence_state)", "cell G5", "cell B6"]),
        (".csv", ["row 4, column licensed_on", "row 5, column licence_state", "row 5", "row 6"]),
    ],
)
def test_one_bad_row_keeps_the_whole_file_out_and_is_named(
    opened: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
    places: list[str],
) -> None:
    before, file = counts(opened), written(tmp_path, f"bad{ending}", BAD)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    outcome = take(opened, order("agencies", file), world.act())
    assert str(outcome) == "5 rows: 2 new, 3 with problems; nothing has been saved"
    found = [one.place for one in outcome.problems]
    assert len(found) == len(places)
    assert all(place.startswith(start) for place, start in zip(found, places, strict=True))
    assert all(one.remedy for one in outcome.problems)
    assert counts(opened) == before
    assert list(temporary.iterdir()) == []


def test_changed_rows_are_counted_apart(opened: Engine, tmp_path: Path) -> None:
    take(opened, order("agencies", written(tmp_path, "a.csv", REGISTER)), world.act())
    renamed = [list(row) for row in REGISTER]
    renamed[1][2] = "Ví Dụ Mới"
    outcome = take(opened, order("agencies", written(tmp_path, "b.csv", renamed)), world.act())
    assert str(outcome) == "2 rows: 1 changed, 1 unchanged; saved"


def test_last_years_file_sent_again_is_flagged(opened: Engine, tmp_path: Path) -> None:
    with db.transaction(opened) as session:
        earlier = world.OPENED.replace(year=2024)
        world.open_cycle(session, "alpha", "2025", date(2025, 6, 30), earlier)
    file = written(tmp_path, "agencies.csv", REGISTER)
    assert take(opened, order("agencies", file, cycle="2025"), world.act()).repeats == []
    same_rows = written(tmp_path, "other-name.xlsx", REGISTER)
    outcome = rehearse(opened, order("agencies", same_rows), world.act())
    assert outcome.repeats == ["2025"]


COLUMNS_OF_STORIES = ["what_happened", "name", "phone", "email", "statement"]


@pytest.mark.parametrize("column", COLUMNS_OF_STORIES)
def test_a_complaint_register_with_words_or_contacts_is_refused_with_the_reason(
    opened: Engine, tmp_path: Path, column: str
) -> None:
    rows = [[*row, "x"] for row in FILES["complaints"]]
    rows[0][-1] = column
    with pytest.raises(Invalid, match="no sealed place") as refused:
        take(opened, order("complaints", written(tmp_path, "c.csv", rows)), world.act())
    assert refused.value.problems[0].value == column
    assert counts(opened)["Complaint"] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_and_missing_columns_are_named(opened: Engine, tmp_path: Path, kind: str) -> None:
    rows = [["shoe_size", *FILES[kind][0][1:]], ["1", *FILES[kind][1][1:]]]
    with pytest.raises(Invalid) as refused:
        take(opened, order(kind, written(tmp_path, "x.csv", rows)), world.act())
    values = [one.value for one in refused.value.problems]
    assert values == ["shoe_size", FILES[kind][0][0]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_manual_names_every_column(kind: str) -> None:
    manual = (ROOT / "docs" / "files.md").read_text("utf-8")
    (section,) = [part for part in manual.split("\n## ") if part.startswith(f"{kind}:")]
    for column in COLUMNS[kind]:
        assert f"`{column.id}`" in section, column.id


def test_text_that_is_longer_than_its_column_is_refused(opened: Engine, tmp_path: Path) -> None:
    rows = [list(row) for row in REGISTER]
    rows[1][2] = "x" * 201
    outcome = take(opened, order("agencies", written(tmp_path, "a.csv", rows)), world.act())
    assert "longer than 200" in outcome.problems[0].remedy


def test_zawgyi_in_a_file_is_stored_as_unicode_beside_what_stood_there(
    opened: Engine, tmp_path: Path
) -> None:
    zawgyi = "ေ႐ႊ"
    rows = [list(row) for row in REGISTER]
    rows[1][3] = f"ဥပမာ {zawgyi}ၾကယ္"
    take(opened, order("agencies", written(tmp_path, "a.xlsx", rows)), world.act())
    with db.reading(opened) as session:
        agency = session.exec(select(Agency).where(Agency.licence_number == "L-1")).one()
    assert agency.names["my"] == "ဥပမာ ရွှေကြယ်"
    assert agency.names_as_given == {"my": rows[1][3]}


def test_nothing_is_kept_when_the_process_ends_in_the_middle(
    opened: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(BaseException):
        """As if the machine had stopped."""

    def gone(session: Session, *_: object) -> None:
        raise Gone

    file = written(tmp_path, "a.csv", REGISTER)
    before = counts(opened)
    monkeypatch.setattr(imports, "note", gone)
    with pytest.raises(Gone):
        take(opened, order("agencies", file), world.act())
    assert counts(opened) == before


def test_another_association_gets_its_own_rows(opened: Engine, tmp_path: Path) -> None:
    with db.transaction(opened) as session:
        world.cycle(session, "beta")
    file = written(tmp_path, "a.csv", REGISTER)
    for association in ("alpha", "beta"):
        outcome: Outcome = take(opened, order("agencies", file, association), world.act())
        assert outcome.new == 2
    with db.reading(opened) as session:
        codes = session.exec(select(Agency.association, Agency.code)).all()
    assert sorted(codes) == [
        (association, code)
        for association in ("alpha", "beta")
        for code in ("VN-00011", "VN-00020")
    ]
