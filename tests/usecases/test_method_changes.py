"""No cycle by another version before a report says what that version does to the last edition."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, NotFound
from rankings.models import (
    AssessmentCycle,
    CalendarRule,
    JournalEntry,
    MethodReport,
    RankingEdition,
)
from rankings.scoring.source import RubricSource
from rankings.usecases import associations, calendar, cycles, method_changes, rubrics
from rankings.usecases.calendar_rules import DEFAULTS
from rankings.usecases.method_movement import Past, report
from tests.scoring.worked import record
from tests.usecases import world
from tests.usecases.method_editions import new, parts

NEW = ("worked", "2.0.0")
WORDS = world.source().document
HEAVIER = WORDS.replace('version = "1.0.0"', 'version = "2.0.0"').replace(
    'id = "P1"\nparent = "conduct"\nweight = 2', 'id = "P1"\nparent = "conduct"\nweight = 1'
)
HEAVIER = HEAVIER.replace("weight = 50\nweights_sum = 3", "weight = 50\nweights_sum = 2")
OLD_PARTS = parts(WORDS, [record(id="VN-00011"), record(id="VN-00022", marks={})])


def began(session: Session) -> AssessmentCycle:
    """Alpha with a cycle by the first version, and the second version stored."""
    cycle = world.cycle(session)
    rubrics.store(session, "alpha", RubricSource(HEAVIER), world.act())
    return cycle


def published(session: Session, cycle: AssessmentCycle, number: int = 1) -> RankingEdition:
    edition = RankingEdition(
        association=cycle.association,
        id=UUID(int=1000 * int(cycle.slug) + number),
        cycle=cycle.id,
        number=number,
        published_at=world.NOW + timedelta(days=number),
        as_of=cycle.as_of,
        reason="Why." if number > 1 else None,
        digest=f"{cycle.slug}{number}".ljust(64, "0"),
    )
    session.add(edition)
    session.flush()
    return edition


def made(session: Session, edition: RankingEdition) -> MethodReport:
    return method_changes.make(session, "alpha", *NEW, edition, OLD_PARTS.__getitem__, world.act())


def next_cycle(session: Session, version: str = "2.0.0", year: int = 2027) -> AssessmentCycle:
    plan = cycles.Plan(UUID(int=year), str(year), str(year), date(year, 6, 30), ("worked", version))
    return cycles.open_cycle(session, "alpha", plan, world.act())


def is_needed(session: Session, version: str = "2.0.0") -> bool:
    return method_changes.needed(session, "alpha", "worked", version)


def entries(session: Session) -> int:
    asked = select(JournalEntry).where(JournalEntry.action == "made a method report")
    return len(session.exec(asked).all())


def test_first_cycles_and_the_same_version_need_no_report(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = began(session)
        assert not is_needed(session)
        assert next_cycle(session, year=2028).rubric_version == "2.0.0"
        published(session, cycle)
        assert not is_needed(session, "1.0.0")
        assert next_cycle(session, "1.0.0").rubric_version == "1.0.0"


def test_no_cycle_opens_by_another_version_before_its_report_is_made(engine: Engine) -> None:
    with db.transaction(engine) as session:
        edition = published(session, began(session))
        assert is_needed(session)
        with pytest.raises(Conflict) as refused:
            next_cycle(session)
        assert str(refused.value) == method_changes.NO_REPORT
        kept = made(session, edition)
        assert kept.body["bridge"]["version"] == "2.0.0"
        assert kept.body["agencies"][0]["method"] != 0
        assert not is_needed(session)
        assert next_cycle(session).rubric_version == "2.0.0"


def test_no_cycle_is_planned_by_it_either(engine: Engine) -> None:
    with db.transaction(engine) as session:
        edition = published(session, began(session))
        rule: dict[str, Any] = {"every": "year", "time_of_day": "09:00", "days": DEFAULTS["year"]}
        rule |= {"rubric_code": "worked", "rubric_version": "2.0.0", "changed_at": world.NOW}
        session.add(CalendarRule(association="alpha", first_opens_on=date(2027, 1, 4), **rule))
        session.flush()
        with pytest.raises(Conflict):
            calendar.plan_next(session, "alpha", world.act())
        made(session, edition)
        assert calendar.plan_next(session, "alpha", world.act()) is not None


def test_after_a_correction_the_report_is_needed_again(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = began(session)
        made(session, published(session, cycle))
        again = published(session, cycle, 2)
        assert is_needed(session)
        made(session, again)
        assert not is_needed(session)


def test_the_same_report_again_changes_and_notes_nothing(engine: Engine) -> None:
    with db.transaction(engine) as session:
        edition = published(session, began(session))
        first = made(session, edition)
        at = first.made_at
        later = world.act(world.NOW + timedelta(hours=1))
        method_changes.keep(session, "alpha", first.body, later)
        assert (first.made_at, entries(session)) == (at, 1)
        other = {**first.body, "engine": "rankings of another day"}
        assert method_changes.keep(session, "alpha", other, later).made_at == later.now
        assert entries(session) == 2


def test_a_report_about_a_former_edition_is_refused(engine: Engine) -> None:
    with db.transaction(engine) as session:
        cycle = began(session)
        former = published(session, cycle)
        published(session, cycle, 2)
        with pytest.raises(Conflict) as refused:
            made(session, former)
        assert str(refused.value) == method_changes.STALE


def test_a_report_about_another_text_of_the_version_is_refused(engine: Engine) -> None:
    with db.transaction(engine) as session:
        edition = published(session, began(session))
        past = Past(1, edition.digest, OLD_PARTS.__getitem__)
        body = report(past, new(f"{HEAVIER}\n# Another text.\n"))
        with pytest.raises(Conflict):
            method_changes.keep(session, "alpha", body, world.act())


def test_nothing_can_be_reported_without_an_edition_or_about_the_very_same_version(
    engine: Engine,
) -> None:
    with db.transaction(engine) as session:
        cycle = began(session)
        body = report(Past(1, "0" * 64, OLD_PARTS.__getitem__), new(HEAVIER))
        with pytest.raises(NotFound):
            method_changes.keep(session, "alpha", body, world.act())
        assert method_changes.of(session, "alpha", *NEW) is None
        edition = published(session, cycle)
        with pytest.raises(NotFound):
            method_changes.make(
                session, "alpha", "worked", "9", edition, OLD_PARTS.__getitem__, world.act()
            )
        with pytest.raises(Conflict) as refused:
            method_changes.make(
                session, "alpha", "worked", "1.0.0", edition, OLD_PARTS.__getitem__, world.act()
            )
        assert str(refused.value) == method_changes.SAME


def test_another_association_decides_for_itself(engine: Engine) -> None:
    with db.transaction(engine) as session:
        made(session, published(session, began(session)))
        associations.add(session, "beta", "Beta", "VN", "Asia/Bangkok", world.act())
        assert not method_changes.needed(session, "beta", *NEW)
        assert method_changes.of(session, "beta", *NEW) is None
        assert method_changes.of(session, "alpha", *NEW) is not None


def test_only_the_first_cycle_by_a_version_carries_its_report_with_every_movement_split(
    engine: Engine,
) -> None:
    found = [record(id="VN-00011", answers={}), record(id="VN-00033")]
    with db.transaction(engine) as session:
        before = began(session)
        made(session, published(session, before))
        first, ranking = next_cycle(session), parts(HEAVIER, found, "2027")["ranking"]
        body = method_changes.part(session, first, ranking)
        assert body is not None
        one = next(agency for agency in body["agencies"] if agency["code"] == "VN-00011")
        assert one["method"] + one["behaviour"] == one["movement"]
        assert one["movement"] == one["after"]["score"] - one["before"]["score"]
        assert [(a["code"], a["before"] is None, a["after"] is None) for a in body["agencies"]] == [
            ("VN-00011", False, False),
            ("VN-00022", False, True),
            ("VN-00033", True, False),
        ]
        published(session, first, 2)
        assert method_changes.part(session, first, ranking) == body
        assert method_changes.part(session, before, OLD_PARTS["ranking"]) is None
        later = next_cycle(session, year=2028)
        assert method_changes.part(session, later, ranking) is None
