"""Transactions: all or nothing, one after the other, and reading changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, select

from rankings import db
from rankings.models import Association, EditionBundle, Notice, RankingEdition, Rubric
from tests import factories, keys


def names(session: Session) -> list[str]:
    return sorted(session.exec(select(Association.name)).all())


def test_what_a_transaction_did_is_kept(engine: Engine) -> None:
    with db.transaction(engine) as session:
        factories.association(session, "alpha")
    with db.reading(engine) as session:
        assert names(session) == ["alpha"]


def test_an_error_undoes_all(engine: Engine) -> None:
    def work(session: Session) -> None:
        factories.association(session, "alpha")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.run(engine, work)
    with db.reading(engine) as session:
        assert names(session) == []


def test_reading_refuses_to_write(engine: Engine) -> None:
    with (
        db.reading(engine) as session,
        pytest.raises(DBAPIError, match=r"readonly|read-only"),
    ):
        factories.association(session)


def test_a_connection_that_read_can_write_afterwards(engine: Engine) -> None:
    with db.reading(engine) as session:
        names(session)
    with db.transaction(engine) as session:
        factories.association(session)
    with db.reading(engine) as session:
        assert names(session) == ["alpha"]


def test_a_reader_sees_one_moment(engine: Engine) -> None:
    with db.reading(engine) as session:
        assert names(session) == []
        with db.transaction(engine) as writer:
            factories.association(writer)
        assert names(session) == []


def test_writers_take_turns(engine: Engine) -> None:
    with db.transaction(engine) as session:
        factories.association(session).name = "0"

    def count(_: int) -> None:
        db.run(engine, add_one)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(40)))
    with db.reading(engine) as session:
        assert names(session) == ["40"]


def add_one(session: Session) -> None:
    row = session.get_one(Association, "alpha")
    row.name = str(int(row.name) + 1)
    session.add(row)


def test_a_conflict_is_tried_again(postgresql: Engine) -> None:
    with db.transaction(postgresql) as session:
        factories.association(session).name = "0"
    both_have_read, tries = Barrier(2), []

    def work(session: Session) -> None:
        row = session.get_one(Association, "alpha")
        tries.append(row.name)
        if len(tries) <= 2:
            both_have_read.wait(10)
        row.name = str(int(row.name) + 1)
        session.add(row)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: db.run(postgresql, work), range(2)))
    with db.reading(postgresql) as session:
        assert names(session) == ["2"]
    assert sorted(tries) == ["0", "0", "1"]


def test_other_errors_are_not_tried_again(engine: Engine) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        factories.cycle(session, whose="nobody")

    with pytest.raises(IntegrityError):
        db.run(engine, work)
    assert len(tries) == 1


def test_json_and_instants_come_back_as_they_went_in(engine: Engine) -> None:
    with db.transaction(engine) as session:
        factories.association(session)
        factories.rubric(session)
    with db.reading(engine) as session:
        row = session.exec(select(Rubric)).one()
        assert row.labels == {"vi": "Bộ quy tắc", "en": "Code"}
        assert row.stored_at == keys.THEN


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  # this is the mistake the test makes
    with (
        pytest.raises(StatementError, match="timezone"),
        db.transaction(engine) as session,
    ):
        factories.association(session).created_at = naive


def test_a_correction_says_why(engine: Engine) -> None:
    with db.transaction(engine) as session:
        factories.association(session)
        factories.cycle(session)
    with (
        pytest.raises(IntegrityError, match="correction_says_why"),
        db.transaction(engine) as session,
    ):
        factories.edition(session, number=2)


@pytest.mark.parametrize("table", [RankingEdition, EditionBundle, Notice])
def test_what_was_published_never_changes(
    engine: Engine, table: type[RankingEdition | EditionBundle | Notice]
) -> None:
    with db.transaction(engine) as session:
        factories.everything(session)
    for change in (update(table).values(association="beta"), delete(table)):
        with pytest.raises(db.WrittenOnce), db.transaction(engine) as session:
            session.exec(change)
    with pytest.raises(db.WrittenOnce), db.transaction(engine) as session:
        session.delete(session.exec(select(table)).one())
    with pytest.raises(db.WrittenOnce), db.transaction(engine) as session:
        session.exec(select(table)).one().association = "beta"
