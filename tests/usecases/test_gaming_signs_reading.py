"""Signs from rows, and who may see which: nobody about their own, nothing where they are blind."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.models import Audit, Evidence, SecondOpinion, SelfAssessment
from rankings.usecases import assessments, interviews, registry
from rankings.usecases.gaming_signs import AUDITOR, BUNCHING, Round, Sign, Watched
from rankings.usecases.gaming_signs_reading import round_of, shown
from tests.usecases import offices, world
from tests.usecases.offices import DURING, TODAY, Office

CLOSES = datetime(2026, 6, 30, 17, tzinfo=UTC)


@pytest.fixture
def held(engine: Engine) -> Office:
    return offices.office(engine)


def read(held: Office) -> Round:
    with db.reading(held.engine) as session:
        return round_of(session, offices.cycle(session), CLOSES)


def seen(held: Office, who: str, signs: list[Sign], watches: bool = False) -> list[Sign]:
    with db.reading(held.engine) as session:
        person = held.people[who], watches
        return shown(session, offices.cycle(session), signs, person, TODAY)


def submit(held: Office, number: int, **said: str) -> None:
    """What an agency says; the file that it came in names no time."""

    def work(session: Session) -> None:
        licence = f"L-{number + 1}"
        rows = [world.answer(code, value, agency=licence) for code, value in said.items()]
        cycle = offices.cycle(session)
        assert assessments.save_self_assessments(session, cycle, rows, DURING).problems == []

    held.do(work)


def give(held: Office, number: int, digest: str, is_draft: bool = False) -> None:
    """The same bytes as whoever gave this digest."""

    def work(session: Session) -> None:
        of: dict[str, Any] = {
            "association": "alpha",
            "cycle": offices.cycle(session).id,
            "agency": held.agencies[number],
        }
        session.merge(SelfAssessment(**of, submitted_on=None if is_draft else TODAY))
        session.flush()
        file: dict[str, Any] = {"name": "a.pdf", "media_type": "application/pdf", "size": 1}
        session.add(
            Evidence(
                **of,
                **file,
                id=uuid4(),
                indicator="i1",
                given_sha256=digest,
                stored_sha256=digest,
                given_by=held.people["first"],
                given_at=DURING,
            )
        )

    held.do(work)


def code(number: int) -> str:
    return offices.agency(number)


def one(found: Round, number: int) -> Watched:
    return next(each for each in found.agencies if each.code == code(number))


def test_claims_and_findings_are_counted_as_they_stand(held: Office) -> None:
    submit(held, 0, i1="4", i2="4", i4="3")
    audit = held.audit(0)
    held.finding(audit, "3")
    assert read(held).checks == []
    with db.transaction(held.engine) as session:
        row = session.get_one(Audit, ("alpha", audit))
        row.closed_at, row.visited_on = DURING, TODAY
        session.add(row)
    found = read(held)
    told = one(found, 0)
    assert (told.claims, told.checked, told.lower) == (3, 1, 1)
    (check,) = found.checks
    assert (check.auditor, check.agency) == (str(held.people["first"]), code(0))
    assert check.gap < 0
    assert found.cuts["5"] == Fraction(85)


def test_workers_and_those_who_are_unhappy_are_counted(held: Office) -> None:
    def work(session: Session) -> None:
        cycle = offices.cycle(session)
        sent = world.deployments(("2026-Q1", 300), ("2023-Q1", 50), agency="L-1")
        assert registry.save_deployments(session, cycle, sent, DURING).problems == []
        said = [
            world.interview(1, "L-1", v1="yes", v2="no"),
            world.interview(2, "L-1", v1="yes", v2="yes"),
            world.interview(3, "L-1", "agency", v1="no", v2="no"),
        ]
        assert interviews.save_interviews(session, cycle, said, DURING).problems == []

    held.do(work)
    told = one(read(held), 0)
    assert (told.workers, told.asked, told.unhappy, told.complaints) == (300, 2, 1, 0)


def test_files_of_drafts_are_nobodys_business(held: Office) -> None:
    give(held, 0, "a" * 64)
    give(held, 1, "a" * 64)
    give(held, 2, "a" * 64, is_draft=True)
    assert read(held).files == {"a" * 64: [code(0), code(1)]}


def test_an_auditor_sees_signs_of_agencies_without_a_tie_only(held: Office) -> None:
    signs = [Sign("all_top", (code(0),)), Sign("same_file", (code(0), code(1)))]
    assert seen(held, "first", signs) == signs
    held.tie("first", 1)
    assert seen(held, "first", signs) == signs[:1]
    held.tie("first", 0)
    assert seen(held, "first", signs) == []
    assert seen(held, "second", signs) == signs


def test_who_owes_a_blind_second_opinion_sees_nothing_about_that_agency(held: Office) -> None:
    signs = [Sign("all_top", (code(0),)), Sign(BUNCHING, (code(0),), "4")]
    opinion = held.opinion(held.audit(0))
    assert seen(held, "second", signs) == []
    assert seen(held, "second", signs, watches=True) == []
    assert seen(held, "first", signs, watches=True) == signs
    with db.transaction(held.engine) as session:
        row = session.get_one(SecondOpinion, ("alpha", opinion))
        row.given_at, row.found = DURING, "3"
        session.add(row)
    assert seen(held, "second", signs, watches=True) == signs


def test_what_is_about_auditors_is_for_whoever_watches_over_them(held: Office) -> None:
    lead, other = str(held.people["lead"]), str(held.people["first"])
    signs = [Sign(AUDITOR, (code(0), code(1)), name) for name in (lead, other)]
    assert seen(held, "first", signs) == []
    assert [each.about for each in seen(held, "lead", signs, watches=True)] == [other]
    held.tie("lead", 0)
    (left,) = seen(held, "lead", signs, watches=True)
    assert left.agencies == (code(1),)
