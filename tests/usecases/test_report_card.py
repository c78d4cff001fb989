"""The association's report card: what follows from the edition, and what it states of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.canonical import canonical
from rankings.models import Complaint, CyclePlan, CycleStep, Dispute, RankingEdition
from rankings.scoring.record import Answer
from rankings.scoring.source import read
from rankings.usecases import edition_parts, report_card
from tests.usecases import cores, offices, world
from tests.usecases.cores import VN
from tests.usecases.offices import Office

AS_OF = world.AS_OF


@pytest.fixture
def held(engine: Engine) -> Office:
    return offices.office(engine)


def stated(held: Office) -> dict[str, Any]:
    with db.reading(held.engine) as session:
        return report_card.stated(session, offices.cycle(session))


def card_of(parts: cores.Parts) -> dict[str, Any]:
    rubric = read(cores.source(VN)).rubric
    ranking = parts[edition_parts.RANKING]
    tally = report_card.Tally(rubric)
    for part in cores.agencies(parts):
        tally.agency(part)
    return tally.values(ranking)


def test_coverage_and_checks_follow_from_the_parts() -> None:
    rubric = read(cores.source(VN)).rubric
    whole = cores.record(rubric, "VN-00011")
    best, second = (cores.answered(rubric, place)["2.1"][0].value for place in (-1, 0))
    claimed = dict(whole.answers) | {"2.1": [Answer(best, "self"), Answer(second, "audit")]}
    unseen = replace(whole, id="VN-00022", answers=cores.answered(rubric, -1, "self"))
    records = [
        replace(whole, answers=claimed),
        unseen,
        replace(whole, id="VN-00033", state="not_participating"),
        replace(whole, id="VN-00044", state="suspended"),
    ]
    parts = cores.parts(VN, "vidu", records)
    found = card_of(parts)
    assert found["coverage"] == {"licensed": 4, "taking_part": 2, "rated": 2}
    # The one is visited but for two numbers that nobody gave; the other one is not at all.
    assert 450 < found["checked"]["audited"] <= 500
    assert found["checked"]["found_to_claimed"] == 0
    # Where places are not printed, agencies are rated all the same.
    ranking = parts[edition_parts.RANKING]
    unplaced = [one | {"rank": None} for one in ranking["entries"]]
    assert card_of({**parts, "ranking": {**ranking, "entries": unplaced}}) == found


def test_nothing_is_divided_by_nothing() -> None:
    rubric = read(cores.source(VN)).rubric
    none = replace(cores.record(rubric, "VN-00011"), state="suspended")
    found = card_of(cores.parts(VN, "vidu", [none]))
    assert found["checked"] == {"audited": None, "found_to_claimed": None}


def test_a_card_that_says_something_else_than_the_parts_is_found() -> None:
    rubric = read(cores.source(VN)).rubric
    computed = card_of(cores.parts(VN, "vidu", [cores.record(rubric, "VN-00011")]))
    few: dict[str, Any] = {"decided": 4, "days": None, "median_days": None}
    decided: dict[str, Any] = {"decided": 2, "upheld": 1, "days": [3, 5], "median_days": "4"}
    late = {"planned_on": "2025-09-01", "published_on": "2025-09-04", "days_late": 3}
    unplanned = late | {"planned_on": None, "days_late": None}
    true: dict[str, Any] = {
        "complaints": few,
        "disputes": decided,
        "appeals": decided,
        "editions": [late, unplanned],
    }
    lies: dict[str, dict[str, Any]] = {
        "coverage": {"coverage": computed["coverage"] | {"rated": 2}},
        "complaints.days": {"complaints": few | {"decided": 5}},
        "complaints.median_days": {"complaints": few | {"median_days": "9"}},
        "disputes.days": {"disputes": decided | {"days": [5, 3]}},
        "disputes.decided": {"disputes": decided | {"upheld": 3}},
        "appeals.decided": {"appeals": decided | {"decided": 3}},
        "appeals.median_days": {"appeals": decided | {"median_days": "5"}},
        "editions.0.days_late": {"editions": [late | {"days_late": 0}]},
        "editions.1.days_late": {"editions": [late, unplanned | {"days_late": 0}]},
    }
    for named, lie in {"": {}, **lies}.items():
        card = report_card.part(computed, true) | lie
        assert list(report_card.faults(card, computed)) == ([named] if named else [])


def add(held: Office, *rows: Any) -> None:
    held.do(lambda session: session.add_all(rows))


def complaint(held: Office, number: int, days: int, **more: Any) -> Complaint:
    decided = more.pop("decided_on", AS_OF)
    usual: dict[str, Any] = {
        "association": "alpha",
        "number": str(number),
        "agency": held.agencies[0],
        "received_on": decided - timedelta(days=days),
        "category": "fees",
        "severity": "minor",
        "outcome": "substantiated",
        "decided_on": decided,
        "agency_heard": True,
        "may_count": "worker",
        "workers_affected": 1,
    }
    return Complaint(**(usual | more))


def test_complaints_that_count_are_listed_by_days_from_five_on(held: Office) -> None:
    add(held, *(complaint(held, n, days) for n, days in enumerate((40, 10, 30, 20))))
    assert stated(held)["complaints"] == {"decided": 4, "days": None, "median_days": None}
    add(
        held,
        complaint(held, 8, 55, decided_on=date(2025, 7, 1)),
        # Rejected, too old, too new: none of these is told of.
        complaint(held, 9, 1, outcome="rejected"),
        complaint(held, 10, 2, decided_on=date(2025, 6, 30)),
        complaint(held, 11, 3, decided_on=date(2026, 7, 1)),
    )
    found = {"decided": 5, "days": [10, 20, 30, 40, 55], "median_days": "30"}
    assert stated(held)["complaints"] == found


def dispute(held: Office, session: Session, days: int | None, **more: Any) -> Dispute:
    filed = datetime(2026, 3, 1, 3, tzinfo=UTC)
    usual: dict[str, Any] = {
        "association": "alpha",
        "id": uuid4(),
        "cycle": offices.cycle(session).id,
        "agency": held.agencies[0],
        "number": 1,
        "kind": "finding",
        "subject": "i1",
        "found_on": date(2026, 2, 1),
        "statement": "-",
        "filed_by": held.people["first"],
        "filed_at": filed,
        "due_on": date(2026, 4, 1),
    }
    if days is not None:
        usual |= {"decided_at": filed + timedelta(days=days), "outcome": "stands"}
    return Dispute(**(usual | more))


def edition(session: Session, cycle: UUID, **more: Any) -> RankingEdition:
    usual: dict[str, Any] = {
        "association": "alpha",
        "id": uuid4(),
        "cycle": cycle,
        "number": 1,
        "published_at": datetime(2025, 9, 3, 18, tzinfo=UTC),
        "as_of": date(2025, 6, 30),
        "digest": "0" * 64,
    }
    row = RankingEdition(**(usual | more))
    session.add(row)
    session.flush()
    return row


def test_disputes_and_appeals_are_told_apart_and_what_is_overdue_shows(held: Office) -> None:
    def work(session: Session) -> None:
        appealed = edition(session, offices.cycle(session).id, as_of=AS_OF).id
        session.add_all(
            [
                dispute(held, session, 9),
                dispute(held, session, 20, outcome="changed"),
                dispute(held, session, None),
                dispute(held, session, None, due_on=AS_OF),
                dispute(held, session, 200, outcome="withdrawn"),
                dispute(held, session, 14, outcome="withdrawn", edition=appealed),
            ]
        )

    held.do(work)
    found = stated(held)
    # Of the last two disputes one is due on the very day, the other was decided after it.
    assert found["disputes"] == {
        "decided": 2,
        "upheld": 1,
        "overdue": 2,
        "days": [9, 20],
        "median_days": "29/2",
    }
    assert (found["appeals"]["upheld"], found["appeals"]["median_days"]) == (1, "14")


def test_earlier_editions_say_how_late_they_were(held: Office) -> None:
    def work(session: Session) -> None:
        old = world.open_cycle(
            session, "alpha", "2025", date(2025, 6, 30), datetime(2025, 1, 1, tzinfo=UTC)
        )
        older = world.open_cycle(
            session, "alpha", "2024", date(2024, 6, 30), datetime(2024, 1, 1, tzinfo=UTC)
        )
        edition(session, old.id)
        edition(session, old.id, number=2, reason="An appeal.")
        edition(session, older.id, as_of=date(2024, 6, 30))
        named: dict[str, Any] = {"slug": "2025", "name": "2025", "period": 0}
        rubric: dict[str, Any] = {"rubric_code": "worked", "rubric_version": "1.0.0"}
        of: dict[str, Any] = {"association": "alpha", "as_of": date(2025, 6, 30)}
        then = datetime(2025, 1, 1, tzinfo=UTC)
        session.add(CyclePlan(id=old.id, planned_at=then, **of, **named, **rubric))
        session.flush()
        session.add(
            CycleStep(
                association="alpha",
                plan=old.id,
                step="publication",
                on_day=date(2025, 9, 1),
                time_of_day="09:00",
            )
        )

    held.do(work)
    late, unplanned = stated(held)["editions"]
    # Published on the 4th by the clock of Bangkok.
    assert late == {
        "cycle": "2025",
        "planned_on": "2025-09-01",
        "published_on": "2025-09-04",
        "days_late": 3,
    }
    assert (unplanned["cycle"], unplanned["days_late"]) == ("2024", None)


def test_a_card_is_a_part_of_an_edition_as_it_stands(held: Office) -> None:
    found = report_card.part({"coverage": {}, "checked": {}}, stated(held))
    assert canonical(found)
    assert set(found) == {
        *("coverage", "checked", "complaints", "disputes", "appeals", "editions"),
    }


@pytest.mark.parametrize(
    ("days", "middle"), [([], None), ([4], "4"), ([1, 2], "3/2"), ([1, 2, 9], "2")]
)
def test_the_median_is_exact(days: list[int], middle: str | None) -> None:
    assert report_card.median(days) == middle
