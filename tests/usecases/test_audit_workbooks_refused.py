"""Auditors' workbooks that are refused whole: somebody else's, too late, or not theirs to judge."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from rankings import db
from rankings.errors import Conflict, NotAllowed
from rankings.models import Declaration, SecondOpinion
from tests.adapters.assessment_workbooks import edited
from tests.usecases.audits_taken_along import SECOND, Trip, account, later, problems, trip
from tests.usecases.audits_world import AUDIT, place

DAY, WAY = date(2026, 4, 20), "Visit, announced"


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Trip:
    return trip(engine, tmp_path)


OTHERS = {
    "association": "This workbook is for another association.",
    "cycle": "This workbook is for another assessment cycle.",
    "agency": "This workbook is for another agency.",
    "rubric_sha256": "The text of the code of conduct has changed. Download a new workbook.",
}


def test_the_workbook_of_something_else_is_refused(held: Trip) -> None:
    for name, told in OTHERS.items():
        other: dict[str, Any] = {name: "other"}
        assert problems(held, held.workbook(**other)) == [f"About: {told}"]


def test_the_workbook_of_another_version_is_refused(held: Trip) -> None:
    def change(book: Workbook) -> None:
        page = book["About"]
        for row in range(3, page.max_row + 1):
            if page[f"A{row}"].value == "rubric_version":
                page[f"C{row}"] = "0.9.0"

    (told,) = problems(held, edited(held.workbook(), change))
    assert "for version worked 0.9.0" in told


def test_an_audit_that_is_not_there_is_refused(held: Trip) -> None:
    told = "About: There is no such audit in this cycle. Download the workbook again."
    for text in (str(uuid4()), None, "x" * 70):

        def change(book: Workbook, text: str | None = text) -> None:
            page = book["About"]
            page[f"C{page.max_row}"] = text

        assert problems(held, edited(held.workbook(), change)) == [told]


def test_somebody_elses_audit_is_refused_but_a_lead_takes_all(held: Trip) -> None:
    file = held.workbook(audit=SECOND)
    assert problems(held, file) == ["About: This audit is not yours."]
    assert problems(held, held.workbook(), act=held.held.lead) == []


def test_a_closed_audit_and_a_cycle_that_is_over_are_refused(held: Trip) -> None:
    file = held.filled({("i1", "finding"): "4"}, visit=(DAY, WAY))
    over = later(held.held.auditor)
    assert problems(held, file, act=over) == ["About: The last day of this cycle has passed."]
    key = held.uploaded(file)
    held.held.find("i2", "4")
    held.held.visit()
    held.held.close()
    assert problems(held, file) == ["About: This audit is closed."]
    with pytest.raises(Conflict, match="closed"):
        held.apply(key)
    assert set(held.found()) == {"i2"}


def test_whoever_is_tied_to_the_agency_is_refused(held: Trip) -> None:
    file, who = held.filled({("i1", "finding"): "4"}), account(held.held.auditor)
    key = held.uploaded(file)
    with db.transaction(held.engine) as session:
        tie: dict[str, Any] = {"kind": "family", "statement": "A cousin.", "since": DAY}
        tie |= {"agency": place(session)[1].id, "account": who, "declared_by": who}
        at = held.held.auditor.now
        session.add(Declaration(association="alpha", id=uuid4(), **tie, declared_at=at))
    assert problems(held, file) == ["About: You are tied to this agency, or to one close to it."]
    with pytest.raises(Conflict, match="tied"):
        held.apply(key)


def test_whoever_owes_a_blind_opinion_is_refused(held: Trip) -> None:
    lead, at = held.held.lead, held.held.lead.now
    with db.transaction(held.engine) as session:
        whose: dict[str, Any] = {"association": "alpha", "audit": AUDIT, "auditor": account(lead)}
        session.add(SecondOpinion(**whose, id=uuid4(), indicator="i1", drawn_at=at))
    told = ["About: Give your second opinion on this audit first."]
    assert problems(held, held.workbook(), act=lead) == told


def test_an_audit_that_was_given_to_somebody_else_meanwhile_is_not_changed(held: Trip) -> None:
    key = held.uploaded(held.filled({("i1", "finding"): "4"}))
    held.give(AUDIT, held.held.lead)
    with pytest.raises(NotAllowed):
        held.apply(key)
    assert held.found() == {}
