"""Who moves between two editions: the reasons and what is left add up to the movement."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings.adapters import signature
from rankings.adapters.bundle import Bundle
from rankings.adapters.draft import Draft
from rankings.models import AssessmentCycle
from rankings.usecases import candidates, editions, movers
from rankings.usecases.movers import Mover
from tests.usecases import world
from tests.usecases.releases import Release, release

# More than three answers change.
CHANGES = [
    ("findings", world.finding("i1", "4")),
    ("findings", world.finding("i2", "1")),
    ("findings", world.finding("i4", "0")),
    ("findings", world.finding("i5", "4")),
    ("complaints", world.complaint("9", severity="minor")),
]


@pytest.fixture
def alpha(engine: Engine, tmp_path: Path) -> Release:
    return release(engine, tmp_path)


def against(alpha: Release, folder: Path) -> list[Mover]:
    """What the candidate moves, against the newest edition."""

    def question(session: Session, cycle: AssessmentCycle) -> list[Mover]:
        found, known = candidates.find(session, cycle), editions.newest_of(session, cycle)
        draft = write(folder / "draft.zip", candidates.body(session, found))
        view = Draft(draft, found.digest)
        if known is None:
            return movers.movers(None, view)
        body = editions.bundle(session, "alpha", known.digest)
        key = signature.public(alpha.desk.settings.keys, "alpha")
        return movers.movers(Bundle(write(folder / "edition.zip", body), key), view)

    return alpha.ask(question)


def write(file: Path, body: bytes) -> Path:
    file.write_bytes(body)
    return file


def test_in_the_first_edition_everybody_is_new(alpha: Release, tmp_path: Path) -> None:
    alpha.score()
    found = against(alpha, tmp_path)
    assert len(found) == 3
    assert {(one.before, one.by, one.why) for one in found} == {(None, None, ())}
    assert found[0].code == world.CODE
    assert found[0].changes_band


def test_the_reasons_and_the_rest_add_up(alpha: Release, tmp_path: Path) -> None:
    alpha.heard()
    alpha.approved()
    alpha.publish()
    alpha.desk.take(CHANGES)
    alpha.hear("Findings were forgotten.")
    alpha.score()
    (one,) = against(alpha, tmp_path)
    assert one.code == world.CODE
    assert one.by
    assert len(one.why) == movers.REASONS
    assert [abs(why.amount) for why in one.why] == sorted(
        (abs(why.amount) for why in one.why), reverse=True
    )
    assert sum(why.amount for why in one.why) + one.rest == one.by


def test_who_does_not_move_is_not_named(alpha: Release, tmp_path: Path) -> None:
    alpha.heard()
    alpha.approved()
    alpha.publish()
    alpha.hear("A word was wrong.")
    alpha.score()
    assert against(alpha, tmp_path) == []
