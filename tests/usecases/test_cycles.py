"""Cycles: what is decided when one opens stays decided."""

import pytest
from sqlalchemy import Engine

from rankings import db
from rankings.errors import Conflict, NotFound
from rankings.usecases import cycles, rubrics
from tests.usecases import steps


def test_a_cycle_is_found_by_its_slug(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.cycle(session)
    with db.reading(engine) as session:
        found = cycles.find(session, "alpha", "2026")
        assert (found.name, found.as_of) == ("Round 2026", steps.AS_OF)
        assert cycles.code_of(found).rubric.version == "1.0.0"


def test_a_later_version_of_the_rubric_changes_nothing(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.cycle(session)
    with db.transaction(engine) as session:
        rubrics.store(session, "alpha", steps.source("2.0.0", least=10), steps.ACT)
    with db.reading(engine) as session:
        found = cycles.find(session, "alpha", "2026")
        assert cycles.source_of(found) == steps.source()
        assert (found.rubric_code, found.rubric_version) == ("small", "1.0.0")


def test_even_a_rubric_changed_in_its_table_changes_nothing(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.cycle(session)
    with db.transaction(engine) as session:
        rubrics.find(session, "alpha", "small", "1.0.0").document = "changed"
    with db.reading(engine) as session:
        assert cycles.source_of(cycles.find(session, "alpha", "2026")) == steps.source()


def test_a_cycle_opens_with_the_version_it_names(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.cycle(session)
        steps.rubric(session, version="2.0.0")
        cycles.open_cycle(session, "alpha", steps.plan("2027", "2.0.0", number=2), steps.ACT)
        assert cycles.find(session, "alpha", "2027").rubric_version == "2.0.0"
        assert cycles.find(session, "alpha", "2026").rubric_version == "1.0.0"


def test_a_slug_is_taken_once(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.cycle(session)
        with pytest.raises(Conflict):
            cycles.open_cycle(session, "alpha", steps.plan(number=2), steps.ACT)


def test_two_associations_may_use_the_same_slug(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.cycle(session, "alpha")
        steps.cycle(session, "beta")
        assert cycles.find(session, "beta", "2026").association == "beta"


def test_another_associations_cycle_is_not_found(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.cycle(session, "alpha")
        steps.association(session, "beta")
        with pytest.raises(NotFound):
            cycles.find(session, "beta", "2026")


def test_a_cycle_cannot_open_with_another_associations_rubric(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.cycle(session, "alpha")
        steps.association(session, "beta")
        with pytest.raises(NotFound):
            cycles.open_cycle(session, "beta", steps.plan(number=2), steps.ACT)
