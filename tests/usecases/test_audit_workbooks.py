"""Auditors' workbooks that come back: matched to their audits, compared, all or none saved."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, NotAllowed, NotFound, Problem
from rankings.models import JournalEntry
from rankings.usecases import audit_workbook_changes, audit_workbooks, audits, cycles, journal
from rankings.usecases.audit_findings import Clash
from rankings.usecases.audit_workbook_form import Sent, Upload
from tests.usecases import world
from tests.usecases.audits_taken_along import SECOND, Trip, account, problems, trip
from tests.usecases.audits_world import AUDIT

DAY, WAY = date(2026, 4, 20), "Visit, announced"


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Trip:
    return trip(engine, tmp_path)


def test_what_nobody_touched_changes_nothing(held: Trip) -> None:
    held.held.find("i1", "2", "Half of the branches.")
    held.held.visit()
    (found,) = held.compared(held.workbook())
    assert (found.changes, found.problems) == (False, ())
    assert (found.audit, found.agency) == (str(AUDIT), world.CODE)


def test_findings_and_the_visit_are_saved_together_and_once(held: Trip) -> None:
    cells = {("i1", "finding"): "4", ("i2", "finding"): "1", ("i2", "reason"): "No records."}
    key = held.uploaded(held.filled(cells, visit=(DAY, WAY)))
    assert held.found() == {}
    assert held.apply(key) == 3
    assert held.found() == {"i1": ("4", None), "i2": ("1", "No records.")}
    assert held.visit() == "2026-04-20 visit_announced"
    held.held.find("i1", "4", "Seen again.")
    assert held.apply(key) == 0
    assert held.found()["i1"] == ("4", "Seen again.")


def test_the_same_workbook_again_changes_nothing(held: Trip) -> None:
    file = held.filled({("i1", "finding"): "4"}, visit=(DAY, WAY))
    held.apply(held.uploaded(file))
    (found,) = held.compared(file)
    assert not found.changes
    assert held.apply(held.uploaded(file)) == 0


def test_what_others_saved_since_the_download_stays(held: Trip) -> None:
    held.held.find("i1", "2", "First.")
    file = held.filled({("i2", "finding"): "4"})
    held.held.find("i1", "3", "Second.", act=held.held.lead)
    held.held.visit(act=held.held.lead)
    held.apply(held.uploaded(file))
    assert held.found() == {"i1": ("3", "Second."), "i2": ("4", None)}
    assert held.visit() == "2026-04-20 visit_announced"


def test_both_changed_is_a_conflict_that_somebody_decides(held: Trip) -> None:
    held.held.find("i1", "2", "First.")
    cells = {("i1", "finding"): "1", ("i1", "reason"): "Mine.", ("i2", "finding"): "4"}
    file = held.filled(cells, visit=(DAY, WAY))
    held.held.find("i1", "3", "Theirs.", act=held.held.lead)
    held.held.visit(date(2026, 4, 21), "video", act=held.held.lead)
    (found,) = held.compared(file)
    assert found.visit
    assert found.visit.is_conflict
    assert [(one.indicator, one.is_conflict) for one in found.items] == [
        ("i2", False),
        ("i1", True),
    ]
    assert [(one.was, one.becomes, one.by) for one in found.items[1].parts] == [
        ("3", "1", "Binh"),
        ("Theirs.", "Mine.", "Binh"),
    ]
    held.apply(held.uploaded(file))
    assert held.found() == {"i1": ("3", "Theirs."), "i2": ("4", None)}
    assert held.visit() == "2026-04-21 video"
    held.apply(held.uploaded(file), "i1", "visit")
    assert held.found()["i1"] == ("1", "Mine.")
    assert held.visit() == "2026-04-20 visit_announced"


def test_a_finding_that_changes_while_the_difference_is_read_stops_everything(held: Trip) -> None:
    file = held.filled({("i1", "finding"): "4", ("i2", "finding"): "4"}, visit=(DAY, WAY))
    key = held.uploaded(file)
    held.held.find("i2", "1", "Theirs.", act=held.held.lead)
    with pytest.raises(Clash):
        held.apply(key)
    assert held.found() == {"i2": ("1", "Theirs.")}
    assert held.visit() == " "


def test_a_visit_that_changes_while_the_difference_is_read_stops_everything(held: Trip) -> None:
    key = held.uploaded(held.filled({("i1", "finding"): "4"}, visit=(DAY, WAY)))
    held.held.visit(date(2026, 4, 21), "video", act=held.held.lead)
    with pytest.raises(Conflict, match="changed the day or the method"):
        held.apply(key)
    assert held.found() == {}


def test_two_auditors_at_once_lose_nothing(held: Trip) -> None:
    """Each fills in her own half without a network; both come back."""
    ours = held.filled({("i1", "finding"): "4", ("i4", "finding"): "3"}, "ours.xlsx")
    theirs = held.filled({("i2", "finding"): "4"}, "theirs.xlsx", visit=(DAY, WAY))
    first = held.uploaded(ours)
    second = held.uploaded(theirs, act=held.held.lead)
    assert held.apply(first) == 2
    assert held.apply(second, act=held.held.lead) == 2
    assert held.found() == {"i1": ("4", None), "i2": ("4", None), "i4": ("3", None)}


def test_emptying_a_finding_takes_it_away(held: Trip) -> None:
    held.held.find("i1", "2", "First.")
    cells = {("i1", "finding"): None, ("i1", "reason"): None}
    assert held.apply(held.uploaded(held.filled(cells))) == 1
    assert held.found() == {}


def test_a_finding_that_differs_from_the_claim_needs_a_reason(held: Trip) -> None:
    told = "The finding differs from the agency's answer, or does not apply: say why."
    file = held.filled({("i1", "finding"): "1", ("i2", "finding"): "4"})
    (found,) = held.compared(file)
    assert [str(one) for one in found.problems] == [f"Findings!H3: '': {told}"]
    assert [one.indicator for one in found.items] == ["i2"]


def test_a_reason_alone_and_a_number_of_no_choice_are_problems(held: Trip) -> None:
    file = held.filled({("i1", "reason"): "Why.", ("i2", "finding"): "9"})
    assert problems(held, file) == [
        "Findings!G3: Choose a finding as well: a reason alone would be lost.",
        "Findings!G4: Choose one of the answers.",
    ]


VISITS: dict[str, tuple[Any, str | None, str]] = {
    "no method": (DAY, None, "Visit!C4: Fill in both the day and how it was checked."),
    "no day": (None, WAY, "Visit!C3: Fill in both the day and how it was checked."),
    "too early": (date(2025, 12, 31), WAY, "Visit!C3: Type a day from 2026-01-01 to 2026-05-01."),
    "tomorrow": (date(2026, 5, 2), WAY, "Visit!C3: Type a day from 2026-01-01 to 2026-05-01."),
    "other kind": (DAY, "documents", "Visit!C4: Choose from the list of the cell."),
}


def test_a_visit_that_cannot_be_is_a_problem(held: Trip) -> None:
    for day, way, told in VISITS.values():
        assert problems(held, held.filled({}, visit=(day, way))) == [told]


def test_a_visit_is_not_taken_away_by_a_workbook(held: Trip) -> None:
    held.held.visit()
    assert len(problems(held, held.filled({}, visit=(None, None)))) == 2


def test_a_finding_that_came_in_a_file_is_not_overwritten(held: Trip) -> None:
    with db.transaction(held.engine) as session:
        cycle = cycles.find(session, "alpha", "2026")
        rows = [world.finding("i1", "3")]
        assert audits.save_findings(session, cycle, rows, world.OPENED).problems == []
    file = held.filled({("i1", "finding"): "4"})
    told = "A file of the association holds a finding on this question. Empty it."
    assert problems(held, file) == [f"Findings!G3: {told}"]


def test_many_visits_come_in_one_upload_all_or_none(held: Trip) -> None:
    held.give(SECOND, held.held.auditor)
    first = held.filled({("i1", "finding"): "4"}, "a.xlsx")
    second = held.filled({("i2", "finding"): "4"}, "b.xlsx", audit=SECOND)
    key = held.uploaded(first, second)
    assert held.apply(key) == 2
    assert (set(held.found()), set(held.found(SECOND))) == ({"i1"}, {"i2"})
    bad = held.filled({("i1", "finding"): "1"}, "a.xlsx")
    good = held.filled({("i4", "finding"): "3"}, "b.xlsx", audit=SECOND)
    with pytest.raises(Conflict, match="problem"):
        held.apply(held.uploaded(bad, good))
    assert set(held.found(SECOND)) == {"i2"}


def test_two_workbooks_for_one_audit_are_not_both_taken(held: Trip) -> None:
    files = [held.filled({("i1", "finding"): "4"}, name) for name in ("a.xlsx", "b.xlsx")]
    first, second = held.compared(*files)
    assert first.items
    assert second.problems == (
        Problem("About", "", "This is for the same audit as a.xlsx. Send one of them."),
    )


def test_what_cannot_be_read_is_a_problem_of_its_file(held: Trip) -> None:
    with db.reading(held.engine) as session:
        cycle = cycles.find(session, "alpha", "2026")
        wrong = Problem("x.xlsx", "", "is damaged")
        files = [Sent("x.xlsx", "0", problems=[wrong]), Sent("x.xlsx", "0", problems=[wrong])]
        found = audit_workbook_changes.compare(session, cycle, files, held.held.auditor)
    assert [one.problems for one in found] == [(wrong,), (wrong,)]


def test_an_upload_is_read_back_as_it_was_kept(held: Trip) -> None:
    cells = {("i1", "finding"): "1", ("i2", "finding"): "4"}
    file = held.filled(cells, visit=(DAY, WAY))
    found, key = held.compared(file), held.uploaded(file)
    with db.reading(held.engine) as session:
        cycle = cycles.find(session, "alpha", "2026")
        row = audit_workbooks.find(session, cycle, key, account(held.held.auditor))
        assert audit_workbooks.read(row) == Upload(found)
        assert audit_workbooks.find(session, cycle, key, account(held.held.lead)).id == key


def test_an_upload_is_for_whoever_made_it_and_lead_auditors(held: Trip) -> None:
    key = held.uploaded(held.workbook(audit=SECOND), act=held.held.lead)
    with db.reading(held.engine) as session:
        cycle = cycles.find(session, "alpha", "2026")
        for one in (key, uuid4()):
            with pytest.raises(NotFound):
                audit_workbooks.find(session, cycle, one, account(held.held.auditor))


def test_an_auditor_sees_the_own_audits_and_a_lead_all(held: Trip) -> None:
    with db.reading(held.engine) as session:
        cycle = cycles.find(session, "alpha", "2026")
        own = audit_workbooks.audits(session, cycle, account(held.held.auditor))
        every = audit_workbooks.audits(session, cycle, account(held.held.lead))
    assert [audit.id for audit, _agency in own] == [AUDIT]
    assert {audit.id for audit, _agency in every} == {AUDIT, SECOND}


def test_the_journal_tells_of_the_upload_and_of_its_use_without_words_of_people(
    held: Trip,
) -> None:
    held.apply(held.uploaded(held.filled({("i1", "finding"): "1", ("i1", "reason"): "Secret."})))
    with db.reading(held.engine) as session:
        entries = session.exec(select(JournalEntry)).all()
        said = [(one.who, one.action) for one in entries if "workbooks" in one.action]
    who = held.held.auditor.who
    assert sorted(said) == [
        (who, "applied auditors' workbooks"),
        (who, "uploaded auditors' workbooks"),
    ]


def test_nobody_but_a_person_uploads_and_applies(held: Trip) -> None:
    key = held.uploaded(held.filled({("i1", "finding"): "4"}))
    operator = journal.Act(journal.OPERATOR, held.held.auditor.now)
    with pytest.raises(NotAllowed):
        held.apply(key, act=operator)
    with pytest.raises(NotAllowed):
        held.uploaded(held.workbook(), act=operator)
