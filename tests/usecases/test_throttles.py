"""Windows of tries: where they begin, where they end, and that no try is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from rankings import db
from rankings.errors import TooMany
from rankings.usecases import throttles
from tests.usecases.persons import NOW

LENGTH = timedelta(minutes=5)


def counted(engine: Engine, key: str, seconds: float, limit: int = 3) -> int:
    """0 where the try is heard, else how many seconds to wait."""
    moment = NOW + timedelta(seconds=seconds)

    def work(session: Session) -> None:
        throttles.count(session, key, limit, LENGTH, moment)

    try:
        db.run(engine, work)
    except TooMany as refusal:
        return refusal.seconds
    return 0


def test_a_window_begins_at_its_first_try_and_tells_how_long_to_wait(engine: Engine) -> None:
    waits = [
        counted(engine, "k", seconds) for seconds in (0, 10, 20, 30, 299.5, 300, 300, 300, 301)
    ]
    assert waits == [0, 0, 0, 270, 1, 0, 0, 0, 299]


def test_keys_are_counted_apart(engine: Engine) -> None:
    assert [counted(engine, key, 0, limit=1) for key in ("a", "b", "a")] == [0, 0, 300]


def test_tries_at_the_same_moment_all_count(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: counted(engine, "k", 0, limit=5), range(8)))
    assert sorted(waits) == [0] * 5 + [300] * 3


def test_keys_follow_from_the_secret() -> None:
    one, other = throttles.Caller(b"one", ""), throttles.Caller(b"other", "")
    assert one.key("a", "b") == one.key("a", "b") != other.key("a", "b")
    assert one.key("a", "b") != one.key("ab")


def test_windows_that_ended_are_forgotten(engine: Engine) -> None:
    counted(engine, "k", 0, limit=1)
    with db.transaction(engine) as session:
        throttles.forget(session, NOW + timedelta(days=1))
    assert counted(engine, "k", 0, limit=1) == 300
    with db.transaction(engine) as session:
        throttles.forget(session, NOW + timedelta(days=3))
    assert counted(engine, "k", 0, limit=1) == 0


@pytest.mark.parametrize("limits", [throttles.SIGN_IN, throttles.SECOND_FACTOR])
def test_limits_grow_with_their_windows(limits: throttles.Limits) -> None:
    assert list(limits) == sorted(limits, key=lambda each: each[1])
    assert [limit for limit, _ in limits] == sorted(limit for limit, _ in limits)
