"""Stored rubrics: a version is what it is, and belongs to one association."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, NotFound
from rankings.models import Rubric
from rankings.scoring.reading import RubricError
from rankings.scoring.source import RubricSource
from rankings.usecases import rubrics
from tests.usecases import steps


def stored(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Rubric)).one()


def test_a_rubric_is_kept_as_the_text_it_was_read_from(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session)
        steps.rubric(session)
    with db.reading(engine) as session:
        found = rubrics.find(session, "alpha", "small", "1.0.0")
        assert RubricSource(found.document, found.labels) == steps.source()
        assert found.digest == rubrics.digest(steps.source())


def test_the_same_text_twice_changes_nothing(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session)
        steps.rubric(session)
    later = replace(steps.ACT, now=steps.NOW.replace(year=2030))
    with db.transaction(engine) as session:
        again = rubrics.store(session, "alpha", steps.source(), later)
        assert again.stored_at.year == steps.NOW.year
        assert stored(session) == 1


def test_the_same_version_with_another_text_is_a_conflict(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session)
        steps.rubric(session)
        with pytest.raises(Conflict, match=r"small 1\.0\.0"):
            rubrics.store(session, "alpha", steps.source(least=50), steps.ACT)
    with db.reading(engine) as session:
        kept = rubrics.find(session, "alpha", "small", "1.0.0")
        assert kept.document == steps.source().document


def test_two_versions_stand_side_by_side(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session)
        steps.rubric(session)
        steps.rubric(session, version="1.1.0")
        assert stored(session) == 2


def test_an_unsound_rubric_is_not_kept(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session)
        with pytest.raises(RubricError):
            rubrics.store(session, "alpha", steps.source(least=200), steps.ACT)
        assert stored(session) == 0


def test_another_association_does_not_find_it(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session, "alpha")
        steps.association(session, "beta")
        steps.rubric(session, "alpha")
        with pytest.raises(NotFound):
            rubrics.find(session, "beta", "small", "1.0.0")


def test_two_associations_may_each_have_their_own_text(engine: Engine) -> None:
    with db.transaction(engine) as session:
        steps.association(session, "alpha")
        steps.association(session, "beta")
        steps.rubric(session, "alpha")
        rubrics.store(session, "beta", steps.source(least=50), steps.ACT)
        assert stored(session) == 2


@pytest.mark.parametrize("version", ["1.0.1", ""])
def test_an_unknown_version_is_not_found(engine: Engine, version: str) -> None:
    with db.transaction(engine) as session:
        steps.association(session)
        steps.rubric(session)
        with pytest.raises(NotFound):
            rubrics.find(session, "alpha", "small", version)


def test_a_label_decides_the_digest_with_its_language() -> None:
    english, khmer = RubricSource("", {"en": "x"}), RubricSource("", {"en": "y"})
    assert rubrics.digest(english) != rubrics.digest(khmer)
    assert rubrics.digest(RubricSource("", {"en": "x", "km": "y"})) == rubrics.digest(
        RubricSource("", {"km": "y", "en": "x"})
    )
