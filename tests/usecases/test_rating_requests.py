"""An agency asks for a new rating once after each edition; somebody without a tie decides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, Invalid, NotFound
from rankings.models import Message, RankingEdition, RatingRequest
from rankings.usecases import conflicts, rating_requests
from rankings.usecases.rating_requests import Decision
from tests.usecases import offices
from tests.usecases.offices import DURING, Office

CODE = offices.agency(0)


@pytest.fixture
def held(engine: Engine) -> Office:
    found = offices.office(engine)
    found.role("officer", 0, "agency_signatory")
    return found


def publish(held: Office, number: int = 1, as_of: date = date(2026, 1, 31)) -> UUID:
    """An edition, without what is in it."""

    def work(session: Session) -> UUID:
        cycle = offices.cycle(session)
        row = RankingEdition(
            association="alpha",
            id=uuid4(),
            cycle=cycle.id,
            number=number,
            published_at=DURING,
            as_of=as_of,
            reason=None if number == 1 else "An appeal was decided.",
            digest="0" * 64,
        )
        session.add(row)
        return row.id

    return held.do(work)


def ask(held: Office, reason: str = "We gave all deposits back.", **later: float) -> RatingRequest:
    act = held.act("officer", **later)
    return held.do(lambda session: rating_requests.ask(session, "alpha", CODE, reason, act))


def decide(held: Office, edition: object, outcome: str = "granted", who: str = "secretary") -> Any:
    said = Decision(str(edition), outcome, "It is worth a look.")
    return held.do(
        lambda session: rating_requests.decide(session, "alpha", CODE, said, held.act(who))
    )


def test_an_agency_asks_once_for_each_edition(held: Office) -> None:
    with pytest.raises(Conflict, match="published"):
        ask(held)
    publish(held)
    ask(held)
    ask(held)
    assert held.entries("asked for a new rating") == 1
    with pytest.raises(Conflict, match="once for each edition"):
        ask(held, "Another reason.")
    publish(held, 2)
    ask(held, "Another reason.", days=1)
    lines = held.ask(lambda session: rating_requests.waiting(session, "alpha"))
    assert [(one.edition.number, one.request.reason) for one in lines] == [
        (2, "Another reason."),
        (1, "We gave all deposits back."),
    ]


def test_a_request_without_a_reason_is_refused(held: Office) -> None:
    publish(held)
    for reason in (" ", "x" * 1001):
        with pytest.raises(Invalid, match="reason"):
            ask(held, reason)


def test_an_agency_that_the_edition_does_not_list_cannot_ask(held: Office) -> None:
    publish(held, as_of=date(1990, 1, 1))
    with pytest.raises(Conflict, match="does not list"):
        ask(held)


def test_the_decision_is_told_to_the_agency_and_stands(held: Office) -> None:
    edition = publish(held)
    ask(held)
    decide(held, edition)
    decide(held, edition)
    assert held.entries("decided about a new rating") == 1
    with pytest.raises(Conflict, match="decided already"):
        decide(held, edition, "refused")
    (told,) = held.ask(lambda session: session.exec(select(Message)).all())
    assert (told.kind, told.account) == ("rating_request_decided", held.people["officer"])
    assert told.values["outcome"] == "granted"
    assert held.ask(lambda session: rating_requests.waiting(session, "alpha")) == []
    with pytest.raises(Conflict, match="once for each edition"):
        ask(held)


def test_nobody_decides_for_an_agency_that_they_are_tied_to(held: Office) -> None:
    edition = publish(held)
    ask(held)
    held.tie("secretary")
    with pytest.raises(Conflict, match="tied") as refused:
        decide(held, edition)
    assert str(refused.value) == conflicts.WHY


def test_what_was_not_asked_is_not_there_to_decide(held: Office) -> None:
    edition = publish(held)
    for named in (edition, "nonsense"):
        with pytest.raises(NotFound):
            decide(held, named)
    ask(held)
    with pytest.raises(Invalid, match="outcome"):
        decide(held, edition, "perhaps")
    with pytest.raises(Conflict, match="published"), db.reading(held.engine) as session:
        rating_requests.ask(session, "beta", CODE, "A reason.", held.act("officer"))
