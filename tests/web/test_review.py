"""What the association's staff sees of a self-assessment, and what agencies never see."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.models import Evidence
from rankings.usecases import evidence, journal, self_assessments
from rankings.usecases.evidence import Handed
from tests.web import members
from tests.web.members import CYCLE, INDICATOR, OTHER, OURS, OWN, TODAY, Members, address
from tests.web.serving import stop

SAME = "The same file came from"
REVIEW = f"/{OURS}/staff/cycles/{CYCLE}/agencies/{OWN}/"


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Members]:
    found = members.members(engine, tmp_path)
    with db.transaction(engine) as session:
        for agency in (OWN, OTHER):
            hand_in(session, found, agency)
    yield found
    stop(found.app)


def hand_in(session: Session, held: Members, agency: str) -> None:
    """The same bytes from any agency."""
    file = Handed("proof.pdf", "application/pdf", 1, "a" * 64, "b" * 64, True)
    act = journal.Act(str(held.accounts["agency_member"]), TODAY)
    place = self_assessments.find(session, OURS, CYCLE, agency)
    evidence.add(session, *place, INDICATOR, file, act)


def test_an_auditor_sees_answers_notes_and_that_it_is_a_draft(held: Members) -> None:
    page = held.client("auditor").get(REVIEW).text
    assert "This is a draft." in page
    assert "ours" in page
    held.submit_all()
    assert "Submitted on" in held.client("auditor").get(REVIEW).text


def test_a_file_of_two_agencies_is_flagged_to_auditors_only(held: Members) -> None:
    for role in ("auditor", "lead_auditor", "secretariat"):
        page = held.client(role).get(REVIEW).text
        assert f"{SAME} {OTHER} {CYCLE} {INDICATOR}" in page
        assert f"{SAME} {OWN}" not in page
    for place in (address(""), address("questions", INDICATOR), address("check")):
        page = held.client("agency_signatory").get(place).text
        assert SAME not in page
        assert OTHER not in page


def test_a_file_with_scripts_is_flagged_and_makes_its_article_a_problem(held: Members) -> None:
    assert "Holds scripts" in held.client("auditor").get(REVIEW).text
    assert "There is a problem" in held.client("agency_member").get(address("")).text


def test_who_handed_a_file_in_is_told_on_the_question(held: Members) -> None:
    page = held.client("agency_signatory").get(address("questions", INDICATOR)).text
    assert "proof.pdf" in page
    assert "agency_member" in page


def test_the_overview_counts_what_was_answered_handed_in_and_submitted(held: Members) -> None:
    page = held.client("regulator").get(f"/{OURS}/staff/cycles/{CYCLE}/").text
    assert "0 of 2 submitted" in page
    assert REVIEW not in page
    held.submit_all()
    assert (
        "2 of 2 submitted" in held.client("secretariat").get(f"/{OURS}/staff/cycles/{CYCLE}/").text
    )


def test_files_of_other_associations_are_never_compared(held: Members) -> None:
    with db.transaction(held.engine) as session:
        place = self_assessments.find(session, members.THEIRS, CYCLE, OTHER)
        row = Evidence(
            association=members.THEIRS,
            id=uuid4(),
            cycle=place[0].id,
            agency=place[1].id,
            indicator=INDICATOR,
            name="theirs.pdf",
            media_type="application/pdf",
            size=1,
            given_sha256="a" * 64,
            stored_sha256="b" * 64,
            given_by=held.accounts["theirs"],
            given_at=TODAY,
        )
        session.add(row)
    assert held.client("auditor").get(REVIEW).text.count(SAME) == 1
