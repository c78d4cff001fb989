"""Whole tables: headers, rows, strange bytes, and what is written."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.adapters import table
from rankings.errors import Invalid
from rankings.rehearsal import Wanted, score_table
from tests.adapters.tables import LEAST, RUBRIC, SMALL, receipts, refused, small
from tests.scoring.builders import DAY, scorer_of


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("level,days", "the table needs a column id; columns are separated by commas"),
        ("", "the table needs a column id; columns are separated by commas"),
        (LEAST.replace(",extra", ""), "no column for extra; cells may be empty"),
        (LEAST.replace("level,days,", ""), "no column for level, days;"),
        (LEAST.replace("talks.asked,", ""), "talks needs both columns talks.good and talks.asked"),
        (LEAST.replace("cases.exposure", "cases.events"), "cases needs a column cases.exposure"),
        (f"{LEAST},extra", "these columns stand twice: extra"),
        (f"{LEAST},level.audited", "these columns belong to nothing in the rubric: level.audited"),
        (f"{LEAST},cases.events.huge", "nothing in the rubric: cases.events.huge"),
        (f"{LEAST},cases.exposure.2", "nothing in the rubric: cases.exposure.2"),
        (f"{LEAST},cap.K9", "nothing in the rubric: cap.K9"),
        (f"{LEAST},cap.K1.until", "nothing in the rubric: cap.K1.until"),
    ],
)
def test_a_header_that_cannot_be_right_is_refused(header: str, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        list(table.units(RUBRIC.rubric, [f"{header}\n"]))
    [problem] = refusal.value.problems
    assert problem.place == "header"
    assert words in problem.remedy


def test_the_field_that_says_who_is_a_peer_needs_a_column() -> None:
    rate = '[[indicators]]\nid = "r"\ntype = "rate"\ncurve = [[0, 100], [4, 0]]\nmu = 3\nk = 1\n'
    peers = 'peers_by = "to"\npeers = { JP = { mu = 6, k = 2 } }\n'
    rubric = scorer_of(f'{rate}{peers}[[fields]]\nid = "to"\ntype = "text"\n').rubric
    with pytest.raises(Invalid, match="no column for to, on which scores or places depend"):
        list(table.units(rubric, ["id,r.exposure\n"]))
    [unit] = table.units(rubric, ["id,r.exposure,to\n", "a,1000,JP\n"])
    assert unit.record.facts == {"to": "JP"}


def test_a_table_without_any_line_is_refused() -> None:
    assert refused("") == [
        "header: '': the table needs a column id; columns are separated by commas"
    ]


def test_a_table_without_rows_has_no_results() -> None:
    assert small(["id,x\n"]) == "id,score,band,rank,status\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,x\na,1\na,2\n", "row 3, column id: 'a': is not unique"),
        ("id,x\na,1\n a ,2\n", "row 3, column id: 'a': is not unique"),
        ("id,x\n,1\n", "row 2, column id: '': must not be empty"),
        ("id,x\na\n", "row 2, column id: '': cannot be found: the row has 1 cells, the header 2"),
        ("id,x\na,1,2\n", "row 2, column id: '': cannot be found: the row has 3 cells"),
        ("id,x\n\n\na,y\n", "row 4, column x: 'y': must be a number"),
        ('id,x,note\na,1,"two\nlines"\nb,y,\n', "row 4, column x: 'y': must be a number"),
        ("id,x\r\na,1\r\nb,y\r\n", "row 3, column x: 'y': must be a number"),
        ("id,x\na,១២\n", "row 2, column x: '១២': must be a number"),
        ('id,x\na,"1,000"\n', "row 2, column x: '1,000': must be a number"),
        ("id,x\na,1\x000\n", "row 2, column x: '1\\x000': must be a number"),
        ('id,x\na,"1\n', "cannot be read as UTF-8 CSV"),
        ('id,x\na,"1"2\n', "cannot be read as UTF-8 CSV"),
        (f"id,x\na,{'9' * 10_000_000}\n", "cannot be read as UTF-8 CSV: field larger"),
        (f"id,x\na,{'9' * 100_000}\n", f"row 2, column x: '{'9' * 60}': must be a number"),
    ],
)
def test_a_wrong_row_is_named_as_it_stands_in_the_file(text: str, problem: str) -> None:
    [found] = refused(text)
    assert problem in found


def test_a_broken_line_is_named_by_its_own_number() -> None:
    [found] = refused('id,x\na,1\nb,"2"3\nc,4\n')
    assert found.startswith("row 3:")


def test_what_the_rubric_does_not_credit_is_refused_by_row() -> None:
    out = io.StringIO()
    rows = [f"{LEAST}\n", "one,yes,,,,,\n", "two,yes,,,,,50\n"]
    score_table(RUBRIC, rows, DAY, out, Wanted())
    assert out.getvalue().count("rated") == 2
    [found] = refused("id,x,x.self\na,101,\n")
    assert found == "row 2, column x: '101': must be from 0 to 100"


def test_at_most_50_problems_are_named() -> None:
    rows = "".join(f"{at},wrong\n" for at in range(200))
    found = refused(f"id,x\n{rows}")
    assert len(found) == 50
    assert found[-1].startswith("row 51,")


def test_a_wrong_row_at_the_end_keeps_everything_from_being_written() -> None:
    rows = "".join(f"{at},1\n" for at in range(5000))
    assert len(refused(f"id,x\n{rows}last,x\n")) == 1


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    text = "\ufeffid,x\r\na,12.5\r\nb,100\r\n".encode()
    lines = io.TextIOWrapper(io.BytesIO(text), "utf-8-sig", newline="")
    assert small(lines) == "id,score,band,rank,status\na,12.5,,2,rated\nb,100.0,,1,rated\n"


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    lines = io.TextIOWrapper(io.BytesIO(b"id,x\nH\xf9ng,1\n"), "utf-8-sig", newline="")
    with pytest.raises(Invalid, match="cannot be read as UTF-8 CSV"):
        small(lines)


@pytest.mark.parametrize(
    "code",
    ["Công ty Hòa Bình", "ក្រុមហ៊ុន", "=1+1", "+84", "a,b", 'say "yes"', "two\nlines", "<b>", "﷽"]
    + ["a\x00b", "🧵", "e\u0301", "\u202eabc", "'quoted'"],
)
def test_ids_are_written_back_unchanged(code: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["id", "x"], [code, "1"]])
    text.seek(0)
    [row] = csv.DictReader(io.StringIO(small(text), newline=""))
    assert row["id"] == code


def test_rows_come_back_in_their_order_with_rank_and_state() -> None:
    result = small(["id,state,x\n", "c,,5\n", "a,under_review,9\n", "b,,7.25\n", "d,,\n"])
    assert result.splitlines() == [
        "id,score,band,rank,status",
        "c,5.0,,2,rated",
        "a,,,,under_review",
        "b,7.3,,1,rated",
        "d,,,,insufficient_evidence",
    ]


def test_nodes_adds_a_column_for_every_part_of_the_tree() -> None:
    out = io.StringIO()
    rows = [f"{LEAST},level.self\n", "one,,20,,,,37.5,yes\n", "two,,,,,,,\n"]
    score_table(RUBRIC, rows, DAY, out, Wanted(nodes=True))
    one, two = csv.DictReader(io.StringIO(out.getvalue()))
    assert list(one)[5:] == [
        *("node.total", "node.level", "node.days", "node.talks", "node.cases", "node.extra")
    ]
    assert [one[f"node.{code}"] for code in ("level", "days", "talks", "extra")] == [
        *("60.0", "50.0", "", "37.5")
    ]
    assert [value for name, value in two.items() if name.startswith("node.")] == [""] * 6


def test_explain_writes_one_line_per_unit(tmp_path: Path) -> None:
    file = tmp_path / "receipts.jsonl"
    small(["id,x,state\n", "a,12.34,\n", "b,1,under_review\n", "ទី៣,50,\n"], explain=file)
    first, unrated, last = receipts(file)
    assert unrated == {"id": "b", "status": "under_review"}
    assert (first["id"], first["score"], first["rank"], first["band"]) == ("a", "12.3", 2, None)
    assert (last["id"], last["score"], last["rank"]) == ("ទី៣", "50.0", 1)
    assert first["sums"] == {"earned": "12.3", "lost_performance": "87.7", "lost_unchecked": "0.0"}
    assert first["reachable"] == "100.0"
    assert first["indicators"] == [
        {"indicator": "x", "basis": "audit", "told": ["617/50"], "share": "1", "earned": "12.3"}
        | {"lost_performance": "87.7", "lost_unchecked": "0.0"}
    ]
    assert (first["steps"], first["limiters"]) == ([], [])


def test_explain_names_every_limiter(tmp_path: Path) -> None:
    file = tmp_path / "receipts.jsonl"
    rows = [f"{LEAST},cap.K1,previous_band\n", "one,yes,10,10,10,100000,100,2026-03-01,good\n"]
    score_table(RUBRIC, rows, DAY, io.StringIO(), Wanted(explain=file))
    [line] = receipts(file)
    assert (line["score"], line["band"]) == ("49.9", "poor")
    [limiter] = line["limiters"]
    amount = round(49.9 - float(line["points"]), 1)
    assert limiter == {"kind": "cap", "code": "K1", "of": None, "ceiling": "poor"} | {
        "amount": f"{amount}"
    }


def test_equal_rows_are_scored_alike_wherever_they_stand() -> None:
    rows = ["id,x\n", *(f"{at},{at % 3}\n" for at in range(300))]
    found = list(csv.DictReader(io.StringIO(small(rows))))
    assert {(row["score"], row["rank"]) for row in found} == {
        *(("0.0", "201"), ("1.0", "101"), ("2.0", "1"))
    }


CELLS = st.text(
    st.sampled_from('ab,";\n\r\t\x00=១\ufeffé .-0159eE') | st.characters(exclude_categories=["Cs"])
)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.sampled_from(["", "id,x\n", "id,x,state\n", f"{LEAST}\n"]), CELLS, st.booleans())
def test_any_text_is_a_table_or_invalid(header: str, text: str, wide: bool) -> None:
    out = io.StringIO(newline="")
    lines = io.StringIO(header + text, newline="")
    try:
        score_table(RUBRIC if wide else SMALL, lines, DAY, out, Wanted(nodes=True))
    except Invalid as refusal:
        assert out.getvalue() == ""
        assert all(problem.remedy for problem in refusal.problems)  # noqa: PT017


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_any_cells_are_rows_or_invalid(rows: list[tuple[str, str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("id", "x"), *rows])
    text.seek(0)
    try:
        result = small(text)
    except Invalid:
        return
    ids = [row["id"] for row in csv.DictReader(io.StringIO(result, newline=""))]
    assert ids == [code.strip() for code, _ in rows]
