"""The schedule's page: whether it runs, what comes next, what failed and can be tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.models import JournalEntry, Lease, Occurrence
from rankings.usecases import leases
from tests.web import members
from tests.web.members import OURS, Members
from tests.web.members_schedule import FAILED
from tests.web.serving import stop

PAGE = f"/{OURS}/staff/schedule/"
LIFE = timedelta(seconds=60)


@pytest.fixture
def held(engine: Engine, tmp_path: Path) -> Iterator[Members]:
    found = members.members(engine, tmp_path)
    yield found
    stop(found.app)


def page(held: Members, who: str = "secretariat") -> str:
    answer = held.client(who).get(PAGE)
    assert answer.status_code == 200
    return answer.text


def again(held: Members, job: str, key: str) -> int:
    sent = {"csrf_token": held.token, "job": job, "key": key}
    return held.client("secretariat").post(f"{PAGE}again", data=sent).status_code


def test_it_says_whether_anything_runs(held: Members) -> None:
    assert "It has never run." in page(held)
    with db.transaction(held.engine) as session:
        fence = leases.take(session, "a process", LIFE)
    assert fence is not None
    shown = page(held)
    assert "The schedule runs." in shown
    assert "a process" in shown
    with db.transaction(held.engine) as session:
        leases.give_back(session, fence)
    assert "Nothing has run since" in page(held)
    with db.transaction(held.engine) as session:
        assert session.get_one(Lease, leases.SCHEDULE).fence == fence


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_says_what_comes_next_what_failed_and_why(held: Members) -> None:
    for who in ("secretariat", "lead_auditor", "regulator"):
        shown = page(held, who)
        coming = shown[shown.index("What comes next") : shown.index("What ran last")]
        # One night, and the steps of the cycle that is planned.
        assert 3 <= coming.count("<tr>") <= 6
        assert "Cycle 2027: the cycle opens" in coming
        assert "Nightly: the number of new complaints goes into the journal" in coming
        assert "2:00" in coming
        assert "Cycle 2026: the cycle opens" in shown
        assert "Given up after 8 tries." in shown
        assert shown.count("Try again now") == (2 if who == "secretariat" else 0)


def test_what_failed_can_be_tried_again_now(held: Members) -> None:
    for _ in range(2):
        assert again(held, FAILED["job"], FAILED["key"]) == 303
    with db.reading(held.engine) as session:
        row = session.get_one(Occurrence, (OURS, FAILED["job"], FAILED["key"]))
        asked = session.exec(
            select(JournalEntry).where(JournalEntry.action == "asked to try a job again")
        ).all()
    assert (row.state, row.tries, row.next_try_at) == ("failed", 0, held.now)
    assert [one.about for one in asked] == ["steps 2026 opens"]
    assert "It is tried again now." in page(held)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_done_or_not_there_cannot_be_tried_again(held: Members) -> None:
    assert again(held, "steps", "2025 closes") == 409
    assert again(held, "steps", "\0") == 404
    assert again(held, "nothing", "2025 closes") == 404
    assert again(held, "", "") == 422
