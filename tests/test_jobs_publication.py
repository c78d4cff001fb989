"""The jobs between the score and the publication, where a plain year does not come by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db, publishing
from rankings.adapters import signature
from rankings.models import Agency, AssessmentCycle, HearingNotice, Membership, RankingEdition
from rankings.usecases import approvals, candidates, journal, memberships
from tests import publication
from tests.jobs_house import OPENS, SIGNED, UNSIGNED, House, built, person

ORDER = publication.Order("alpha", "2027")


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> Iterator[House]:
    """On the day of the opening; editions can be signed, and the gates ask for little."""
    with built(engine, tmp_path) as found:
        signature.make(found.settings.keys, "alpha", b"a" * 32)
        found.at(OPENS)
        with db.transaction(engine) as session:
            publication.people(session, "alpha", act(found))
            publication.no_thresholds(session, "alpha", act(found))
        yield found


def act(house: House) -> journal.Act:
    return journal.Act(journal.OPERATOR, house.wall.now)


def cycle(session: Session) -> AssessmentCycle:
    return session.exec(select(AssessmentCycle)).one()


def editions(house: House) -> int:
    with db.reading(house.engine) as session:
        return len(session.exec(select(RankingEdition)).all())


def to(house: House, *steps: str) -> None:
    for one in steps:
        house.at(house.step(one))


def approve(house: House) -> None:
    """The clocks have run out; two persons stand for what is scored."""
    with db.transaction(house.engine) as session:
        publication.end_hearings(session, "alpha", act(house))
        publication.sign(session, ORDER, act(house))


def change_licence(house: House) -> None:
    """The one thing that is judged as it is now, and not as the hearing fixed it."""
    with db.transaction(house.engine) as session:
        agency = session.get_one(Agency, ("alpha", SIGNED))
        agency.licence_valid_until = None
        session.add(agency)


def test_whoever_gets_an_account_in_the_hearing_is_told_in_the_night(house: House) -> None:
    with db.transaction(house.engine) as session:
        (held,) = memberships.of(session, "alpha", person(session, "sok"))
        memberships.end(session, "alpha", held.id, act(house))
    to(house, "candidate", "hearing_opens")
    assert [who for who, _ in house.heard("hearing_opened")] == ["linh"]
    with db.transaction(house.engine) as session:
        values: dict[str, Any] = {"account": person(session, "sok"), "agency": UNSIGNED}
        values |= {"role": "agency_signatory", "granted_at": house.wall.now}
        session.add(Membership(association="alpha", id=uuid4(), **values))
    # The hearing was opened on a Saturday.
    house.at(house.wall.now + timedelta(days=4))
    assert [who for who, _ in house.heard("hearing_opened")] == ["linh", "sok"]
    with db.reading(house.engine) as session:
        key = ("alpha", cycle(session).id, 1)
        first, later = (
            session.get_one(HearingNotice, (*key, one)).ends_on for one in (SIGNED, UNSIGNED)
        )
    assert first is not None
    assert later is not None
    assert first < later


def test_a_hearing_that_somebody_opened_is_left_alone(house: House) -> None:
    to(house, "candidate")
    order = publishing.Order("alpha", "2027")
    publishing.open_hearing(house.engine, house.settings, order, None, act(house))
    to(house, "hearing_opens")
    assert house.told()["2027 hearing_opens"] == "The hearing was opened already."


def test_what_blocks_is_told_in_the_last_week_only(house: House) -> None:
    to(house, "candidate")
    planned = house.step("publication")
    house.at(planned - timedelta(days=8))
    assert house.heard("gates_red") == []
    house.at(planned - timedelta(days=5))
    told = house.heard("gates_red")
    assert len({occasion for _, occasion in told}) == 1
    assert "su" in {who for who, _ in told}


def test_a_prepared_candidate_is_not_asked_for(house: House) -> None:
    to(house, "candidate", "hearing_opens")
    approve(house)
    to(house, "approval")
    assert house.told()["2027 approval"] == "The candidate is prepared."


def test_what_changes_in_the_last_hour_makes_the_publication_void(house: House) -> None:
    to(house, "candidate", "hearing_opens")
    house.at(house.step("publication") - timedelta(hours=1))
    approve(house)
    change_licence(house)
    to(house, "publication")
    assert editions(house) == 0
    (told,) = house.told("publication").values()
    assert told == "The candidate had changed since it was approved: it is void."
    assert [who for who, _ in house.heard("candidate_void")] == ["901", "902"]
    with db.reading(house.engine) as session:
        assert not approvals.given(session, candidates.find(session, cycle(session)))
    # Approved anew it comes at once, although its planned minute is over.
    house.wall.now += timedelta(minutes=5)
    approve(house)
    house.at(house.wall.now + timedelta(minutes=1))
    assert editions(house) == 1
