"""The outbox: a message is taken by one, tried with patience, and never sent twice by itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from rankings import db
from rankings.errors import Conflict, NotFound
from rankings.models import JournalEntry, Lease, Message
from rankings.usecases import accounts, memberships, outbox, outbox_reading
from rankings.usecases.outbox import (
    GIVEN_UP,
    SENDING,
    SENT,
    UNSURE,
    WAITING,
    End,
    Taken,
)
from tests.usecases import post
from tests.usecases.persons import NOW, OPERATOR
from tests.usecases.post import after

LATER = End(WAITING, "450 busy")


@pytest.fixture
def key(engine: Engine) -> UUID:
    """A message to Linh that waits."""
    with db.transaction(engine) as session:
        post.opened(session)
        post.tell(session, post.somebody(session, "linh", "secretariat", "auditor"))
        return session.exec(select(Message.id)).one()


def now_is(engine: Engine, key: UUID) -> Message:
    with db.reading(engine) as session:
        return session.get_one(Message, ("alpha", key))


def take(engine: Engine, key: UUID, at: datetime = NOW, fence: int = 0) -> Taken | None:
    return db.run(engine, lambda session: outbox.take(session, "alpha", key, at, fence))


def end(engine: Engine, taken: Taken | None, ended: End, at: datetime = NOW) -> bool:
    assert taken is not None
    return db.run(engine, lambda session: outbox.end(session, taken, ended, at))


def bury(engine: Engine, at: datetime, fence: int = 0) -> int:
    with db.reading(engine) as session:
        are_lost = outbox.are_lost(session, at, fence)
    many = db.run(engine, lambda session: outbox.bury(session, at, fence))
    assert are_lost == bool(many)
    return many


def again(engine: Engine, key: UUID, association: str = "alpha") -> None:
    db.run(engine, lambda session: outbox.again(session, association, key, OPERATOR))


def lease(engine: Engine, fence: int) -> None:
    with db.transaction(engine) as session:
        session.merge(Lease(name=outbox.LEASE, holder="-", fence=fence, expires_at=0))


def test_a_message_is_taken_once_and_sent(engine: Engine, key: UUID) -> None:
    taken = take(engine, key)
    assert taken is not None
    assert (taken.email, taken.language, taken.kind) == ("linh@example.org", "vi", "closed")
    assert take(engine, key) is None
    assert now_is(engine, key).state == SENDING
    assert end(engine, taken, End(SENT, "250 ok"), after(seconds=2))
    message = now_is(engine, key)
    assert (message.state, message.sent_at, message.tries) == (SENT, after(seconds=2), 1)
    assert take(engine, key, after(days=9)) is None
    assert not end(engine, taken, LATER)


def test_ten_tries_are_further_and_further_apart(engine: Engine, key: UUID) -> None:
    at, waits = NOW, []
    for _ in range(outbox.MOST_TRIES):
        assert end(engine, take(engine, key, at), LATER, at)
        message = now_is(engine, key)
        if message.state == WAITING:
            assert take(engine, key, at) is None
            waits.append((message.next_try_at - at).total_seconds() / 60)
            at = message.next_try_at
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert (message.state, message.told) == (GIVEN_UP, "450 busy")
    assert take(engine, key, after(days=9)) is None


def test_a_server_that_takes_nothing_costs_no_try(engine: Engine, key: UUID) -> None:
    assert end(engine, take(engine, key), End(WAITING, "550 not from you", is_try=False))
    assert (now_is(engine, key).tries, now_is(engine, key).next_try_at) == (0, after(minutes=2))
    db.run(engine, lambda session: outbox.postpone(session, "no connection", after(minutes=2)))
    message = now_is(engine, key)
    assert (message.state, message.tries, message.told) == (WAITING, 0, "no connection")
    assert message.next_try_at == after(minutes=4)


def test_whoever_died_leaves_a_message_in_doubt(engine: Engine, key: UUID) -> None:
    assert take(engine, key)
    assert bury(engine, after(minutes=9)) == 0
    assert bury(engine, after(minutes=10)) == 1
    assert (now_is(engine, key).state, now_is(engine, key).told) == (UNSURE, outbox.DIED)
    assert take(engine, key, after(days=9)) is None
    with db.reading(engine) as session:
        assert outbox.due(session, after(days=9), 50) == []


def test_whoever_was_thought_dead_may_still_say_what_came_of_it(engine: Engine, key: UUID) -> None:
    taken = take(engine, key)
    bury(engine, after(hours=1))
    assert end(engine, taken, End(SENT), after(hours=1))
    assert now_is(engine, key).state == SENT


def test_a_take_of_before_says_nothing_about_the_next(engine: Engine, key: UUID) -> None:
    taken = take(engine, key)
    bury(engine, after(hours=1))
    again(engine, key)
    assert take(engine, key, after(hours=1))
    assert not end(engine, taken, End(GIVEN_UP), after(hours=1))
    assert now_is(engine, key).state == SENDING


def test_who_holds_the_schedule_no_more_takes_nothing(engine: Engine, key: UUID) -> None:
    assert take(engine, key, fence=1) is None
    lease(engine, 7)
    assert take(engine, key, fence=6) is None
    assert take(engine, key, fence=7)
    assert bury(engine, NOW, fence=7) == 0
    lease(engine, 8)
    assert db.run(engine, lambda session: outbox.bury(session, after(hours=1), 7)) == 0
    assert bury(engine, NOW, fence=8) == 1


def test_only_a_person_sends_again(engine: Engine, key: UUID) -> None:
    again(engine, key)
    taken = take(engine, key)
    again(engine, key)
    assert now_is(engine, key).state == SENDING
    assert end(engine, taken, End(GIVEN_UP, "550 no such mailbox"))
    again(engine, key)
    message = now_is(engine, key)
    assert (message.state, message.tries, message.next_try_at) == (WAITING, 0, NOW)
    assert end(engine, take(engine, key), End(SENT))
    with pytest.raises(Conflict):
        again(engine, key)
    with pytest.raises(NotFound):
        again(engine, key, "beta")
    with db.reading(engine) as session:
        actions = session.exec(select(JournalEntry.action)).all()
    assert actions.count("sent a message again") == 1


def leave(session: Session) -> None:
    for one in memberships.of(session, "alpha", session.exec(select(Message.account)).one()):
        memberships.end(session, "alpha", one.id, OPERATOR)


def disable(session: Session) -> None:
    accounts.disable(session, session.exec(select(Message.account)).one(), OPERATOR)


@pytest.mark.parametrize("part", [leave, disable])
def test_who_has_gone_meanwhile_gets_nothing(
    engine: Engine, key: UUID, part: Callable[[Session], Any]
) -> None:
    db.run(engine, part)
    assert take(engine, key) is None
    assert (now_is(engine, key).state, now_is(engine, key).told) == (GIVEN_UP, outbox.NO_READER)


def test_sixteen_who_take_at_once_take_it_once(engine: Engine, key: UUID) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: take(engine, key), range(16)))
    assert len([one for one in found if one]) == 1


def test_the_secretariat_reads_its_own_messages_by_state(engine: Engine, key: UUID) -> None:
    with db.transaction(engine) as session:
        theirs = post.somebody(session, "sok", "secretariat", at="beta")
        post.tell(session, theirs, at="beta")
        linh = session.get_one(Message, ("alpha", key)).account
        for number in range(51):
            post.tell(session, linh, f"occasion {number}")
        assert outbox_reading.lines(session, "beta", "waiting").many == 1
        waiting = outbox_reading.lines(session, "alpha", "waiting", 2)
        assert (waiting.many, waiting.last, len(waiting.lines)) == (52, 2, 2)
        assert waiting.lines[0].name == "Linh"
    end(engine, take(engine, key), End(SENT))
    with db.reading(engine) as session:
        assert [one.message.id for one in outbox_reading.lines(session, "alpha", "sent").lines] == [
            key
        ]
        assert outbox_reading.lines(session, "alpha", "troubled").many == 0
