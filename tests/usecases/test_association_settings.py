"""What an association decides for itself: bounds, one editor at a time, a trace of each change."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import JournalDetail
from rankings.usecases import association_settings, associations
from rankings.usecases.association_settings import BOUNDS, Wanted
from rankings.usecases.journal import OPERATOR, Act

ACT = Act(OPERATOR, datetime(2026, 3, 1, 3, tzinfo=UTC))
DEFAULTS = Wanted(10, 20, 30, 50, 60)


@pytest.fixture
def alpha(engine: Engine) -> Engine:
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", "VN", "Asia/Bangkok", ACT)
    return engine


def token(engine: Engine) -> str:
    with db.reading(engine) as session:
        return association_settings.token(association_settings.of(session, "alpha"))


def save(engine: Engine, wanted: Wanted, seen: str | None = None) -> None:
    seen = token(engine) if seen is None else seen
    with db.transaction(engine) as session:
        association_settings.save(session, "alpha", wanted, seen, ACT)


def held(engine: Engine) -> Wanted:
    with db.reading(engine) as session:
        return association_settings.wanted(association_settings.of(session, "alpha"))


def details(engine: Engine) -> list[dict[str, object]]:
    with db.reading(engine) as session:
        return [one.details for one in session.exec(select(JournalDetail)).all()]


def test_without_a_row_the_defaults_hold(alpha: Engine) -> None:
    assert held(alpha) == DEFAULTS


def test_an_association_that_is_not_there_has_none(alpha: Engine) -> None:
    with db.reading(alpha) as session, pytest.raises(NotFound):
        association_settings.of(session, "beta")


def test_a_change_leaves_old_and_new_value(alpha: Engine) -> None:
    save(alpha, replace(DEFAULTS, hearing_days=15))
    assert held(alpha).hearing_days == 15
    assert {"hearing_days": {"was": 10, "is": 15}} in details(alpha)


def test_saving_what_holds_changes_nothing(alpha: Engine) -> None:
    before = details(alpha)
    save(alpha, DEFAULTS, "whatever")
    assert details(alpha) == before


def test_whoever_is_slower_is_told(alpha: Engine) -> None:
    seen = token(alpha)
    save(alpha, replace(DEFAULTS, dispute_days=25))
    with pytest.raises(Conflict):
        save(alpha, replace(DEFAULTS, appeal_days=60), seen)
    assert held(alpha) == replace(DEFAULTS, dispute_days=25)


def test_every_bound_is_kept(alpha: Engine) -> None:
    for name, (least, most) in BOUNDS.items():
        for wrong in (least - 1, most + 1, None):
            with pytest.raises(Invalid) as found:
                save(alpha, replace(DEFAULTS, **{name: wrong}))
            assert [one.place for one in found.value.problems] == [name]
        for right in (least, most):
            save(alpha, replace(DEFAULTS, **{name: right}))
            assert held(alpha) == replace(DEFAULTS, **{name: right})
