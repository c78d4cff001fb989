"""New versions of a rubric: the number tells how far a change reaches, ids never come back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import JournalDetail, JournalEntry, Rubric
from rankings.scoring.source import RubricSource
from rankings.usecases import associations, rubric_editing
from rankings.usecases.journal import OPERATOR, Act
from rankings.usecases.rubric_editing import Draft
from tests.small_rubric import HEAVIER, SMALL, changed
from tests.usecases import world

ACT = Act(OPERATOR, datetime(2026, 3, 1, 3, tzinfo=UTC))
FIRST = ("small", "1.0.0")
# A band that goes, and comes back.
GONE = ('[[bands]]\nid = "high"\nat_least = 70\nstars = 5\nnodes_at_least = { b = 50 }\n\n', "")


@pytest.fixture
def alpha(engine: Engine) -> Engine:
    with db.transaction(engine) as session:
        associations.add(session, "alpha", "Alpha", "VN", "Asia/Bangkok", ACT)
        rubric_editing.adopt(session, "alpha", SMALL, ACT)
    return engine


def compare(engine: Engine, new: RubricSource, base: tuple[str, str] = FIRST) -> Draft:
    with db.reading(engine) as session:
        return rubric_editing.compare(session, "alpha", base, new)


def keep(engine: Engine, new: RubricSource, base: tuple[str, str] = FIRST) -> Draft:
    seen = rubric_editing.token(compare(engine, new, base))
    with db.transaction(engine) as session:
        return rubric_editing.keep(session, "alpha", base, new, seen, ACT)


def remedies(engine: Engine, new: RubricSource, base: tuple[str, str] = FIRST) -> str:
    with pytest.raises(Invalid) as found:
        compare(engine, new, base)
    return str(found.value)


def without_high() -> RubricSource:
    source = changed(GONE)
    old = '[bands.high]\nlabel = "High"\nmeaning = "Good"\n\n'
    return replace(
        source, labels={one: text.replace(old, "") for one, text in SMALL.labels.items()}
    )


def test_a_new_version_is_kept_with_what_it_changed(alpha: Engine) -> None:
    draft = keep(alpha, changed(*HEAVIER))
    assert [one.place for one in draft.changes] == ["nodes[a].weight", "nodes[b].weight"]
    with db.reading(alpha) as session:
        found = rubric_editing.versions(session, "alpha")
        told = [one.details for one in session.exec(select(JournalDetail)).all()]
    assert [(one.version, one.cycles) for one in found] == [("2.0.0", ()), ("1.0.0", ())]
    assert {
        "from": "small 1.0.0",
        "changes": 2,
        "first": ["nodes[a].weight: 60 → 55", "nodes[b].weight: 40 → 45"],
    } in told


def test_a_copy_needs_a_higher_number_only(alpha: Engine) -> None:
    assert compare(alpha, changed(version="1.0.1")).changes == ()


def test_the_number_is_raised_as_far_as_the_change_reaches(alpha: Engine) -> None:
    for version in ("1.0.0", "0.9.9"):
        assert "must be above 1.0.0" in remedies(alpha, changed(*HEAVIER, version=version))
    for version in ("1.0.1", "1.9.9"):
        assert "must be at least 2.0.0" in remedies(alpha, changed(*HEAVIER, version=version))


def test_numbers_are_compared_as_numbers(alpha: Engine) -> None:
    keep(alpha, changed(version="1.0.10"))
    assert "must be above 1.0.10" in remedies(alpha, changed(version="1.0.9"))
    with db.reading(alpha) as session:
        assert rubric_editing.proposed(session, "alpha", "small") == "1.0.11"
        assert rubric_editing.previous(session, "alpha", "small", "1.0.10") == "1.0.0"


def test_a_version_may_be_made_of_an_old_one(alpha: Engine) -> None:
    keep(alpha, changed(*HEAVIER))
    assert compare(alpha, changed(version="2.0.1")).changes == ()


def test_an_id_that_was_given_up_does_not_come_back(alpha: Engine) -> None:
    keep(alpha, without_high())
    back = remedies(alpha, changed(version="3.0.0"), ("small", "2.0.0"))
    assert "bands[high]" in back
    assert "was in 1.0.0" in back


def test_what_is_unsound_is_named_by_place(alpha: Engine) -> None:
    said = remedies(alpha, changed(("weight = 60", "weight = 61")))
    assert "total.weights_sum" in said
    assert "add up to 101" in said


def test_a_kept_version_never_changes(alpha: Engine) -> None:
    keep(alpha, changed(*HEAVIER))
    with db.reading(alpha) as session:
        row = session.get_one(Rubric, ("alpha", *FIRST))
        assert (row.document, row.labels) == (SMALL.document, SMALL.labels)


def test_what_was_not_looked_at_is_not_kept(alpha: Engine) -> None:
    seen = rubric_editing.token(compare(alpha, changed(*HEAVIER)))
    other = changed(("weight = 60", "weight = 50"), ("weight = 40", "weight = 50"))
    with db.transaction(alpha) as session, pytest.raises(Conflict):
        rubric_editing.keep(session, "alpha", FIRST, other, seen, ACT)


def test_another_code_begins_with_its_own_number(alpha: Engine) -> None:
    new = changed(('code = "small"', 'code = "other"'), *HEAVIER, version="0.1.0")
    assert keep(alpha, new).code == "other"


def test_adopting_the_same_twice_changes_nothing(alpha: Engine) -> None:
    with db.transaction(alpha) as session:
        rubric_editing.adopt(session, "alpha", SMALL, ACT)
    with db.reading(alpha) as session:
        done = [one.action for one in session.exec(select(JournalEntry)).all()]
    assert done.count("adopted a rubric") == 1


def test_what_is_not_stored_is_not_found(alpha: Engine) -> None:
    with pytest.raises(NotFound):
        compare(alpha, changed(), ("small", "9.0.0"))


def test_cycles_are_named_beside_the_version_that_they_use(engine: Engine) -> None:
    with db.transaction(engine) as session:
        world.cycle(session)
    with db.reading(engine) as session:
        (one,) = rubric_editing.versions(session, "alpha")
    assert (one.code, one.version, one.cycles) == ("worked", "1.0.0", ("2026",))
