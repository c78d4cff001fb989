"""Candidates: scored as often as wanted, the same while nothing changes, void once it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from rankings.errors import Conflict, NotFound
from rankings.models import Candidate
from rankings.usecases import approvals, candidates
from tests.usecases import world
from tests.usecases.releases import Release, release

AGENCY = f"agencies/{world.CODE}"


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> Release:
    return release(engine, tmp_path)


def last_void(alpha: Release) -> Candidate:
    return alpha.ask(candidates.former)[0]


def test_scored_again_it_is_the_same_one_on_any_day(alpha: Release) -> None:
    first = alpha.score()
    alpha.later(days=3)
    assert alpha.score().id == first.id
    assert alpha.ask(candidates.former) == []


def test_any_change_makes_it_void_and_says_where(alpha: Release) -> None:
    first = alpha.score()
    alpha.sign("prepare", "writer")
    alpha.desk.take([("findings", world.finding("i1", "0"))])
    second = alpha.score()
    gone = last_void(alpha)
    assert (gone.id, gone.void_since) == (first.id, alpha.now)
    assert gone.void_because is not None
    assert gone.void_because["heads"] == []
    assert {AGENCY, "ranking"} <= set(gone.void_because["parts"])
    assert f"agencies/{alpha.agency('L-2').code}" not in gone.void_because["parts"]
    assert alpha.ask(lambda session, _: approvals.given(session, second)) == {}
    with pytest.raises(NotFound):
        alpha.ask(lambda session, _: candidates.body(session, first))


def test_changed_back_it_is_another_candidate_that_nobody_stands_for(alpha: Release) -> None:
    first = alpha.heard()
    alpha.approved()
    act = alpha.act("lead")
    alpha.do(
        lambda session, cycle: candidates.send_back(
            session, cycle, candidates.find(session, cycle), "Not yet.", act
        )
    )
    again = alpha.score()
    assert (again.digest, again.id == first.id) == (first.digest, False)
    with pytest.raises(Conflict, match=approvals.NOT_APPROVED):
        alpha.publish()


def test_after_the_publication_nothing_is_scored_until_a_correction_begins(alpha: Release) -> None:
    alpha.heard()
    alpha.approved()
    alpha.publish()
    with pytest.raises(Conflict, match=candidates.NO_CORRECTION):
        alpha.score()
    with pytest.raises(NotFound):
        alpha.ask(candidates.find)
    alpha.hear("A name was wrong.")
    second = alpha.score()
    assert (second.number, second.reason) == (2, "A name was wrong.")


def test_what_is_published_is_byte_for_byte_what_was_approved(alpha: Release) -> None:
    found = alpha.heard()
    alpha.approved()
    edition = alpha.publish()
    manifest = alpha.desk.manifest(edition)
    assert manifest["candidate"] == found.digest
    assert {name: manifest[name] for name in found.contents} == found.contents
    people = [one["account"] for one in manifest["approvals"]]
    assert people == [str(alpha.people[who]) for who in ("writer", "other")]
