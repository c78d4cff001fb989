"""Opens the database; the only file that begins or ends a transaction."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

T = TypeVar("T")
Options = Mapping[str, Any]

BUSY_MILLISECONDS = 10_000
# A server that says nothing must not keep a reader waiting.
CONNECT_SECONDS = 3
ATTEMPTS = 8
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"
# Of two who look for a row, find none and add it, the second one hears this. Asked again, the
# work finds the row, and says so in its own words.
ADDED_ALREADY = "23505"
BETWEEN = {SERIALIZATION_FAILURE, DEADLOCK, ADDED_ALREADY}

# On SQLite a transaction is begun by these statements, so no state can leak from one to the next.
_WRITING_SQLITE = ("PRAGMA query_only=OFF", "PRAGMA foreign_keys=ON", "BEGIN IMMEDIATE")
_READING_SQLITE = ("PRAGMA query_only=ON", "BEGIN")
_MIGRATING_SQLITE = ("PRAGMA query_only=OFF", "PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE")

READING: Mapping[str, Options] = {
    "sqlite": {"begin": _READING_SQLITE},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
WRITING: Mapping[str, Options] = {
    "sqlite": {"begin": _WRITING_SQLITE},
    "postgresql": {"isolation_level": "SERIALIZABLE"},
}
# Sealing takes turns by a lock, so it need not stand in the way of other writers.
SEALING: Options = {"isolation_level": "REPEATABLE READ"}
# Two numbers: the locks of migrations have one, so they never meet.
_LOCK = "SELECT pg_advisory_lock(hashtext('journal'), hashtext(%(name)s))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('journal'), hashtext(%(name)s))"


class WrittenOnce(Exception):
    """A row that never changes was about to."""


def connect(url: str) -> Engine:
    """SQLite in a file, or PostgreSQL."""
    silent = {"connect_timeout": CONNECT_SECONDS} if url.startswith("postgresql") else {}
    engine = create_engine(url, pool_pre_ping=True, connect_args=silent)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One moment of the database, and no way to change it."""
    with Session(_with(engine, READING)) as session:
        yield session


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Kept when the block ends, undone when it raises; writers take turns."""
    writer = _with(engine, WRITING)
    with Session(writer, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def sealing(engine: Engine, name: str) -> Iterator[Session]:
    """A transaction that is the only one of its name and sees all that ended before it began.

    On SQLite there is only one writer anyway.
    """
    if engine.dialect.name == "sqlite":
        with transaction(engine) as session:
            yield session
    else:
        with _locked(engine, name) as connection, Session(connection) as session, session.begin():
            yield session


def run(engine: Engine, work: Callable[[Session], T]) -> T:
    """Does the work in a transaction, again if another one came between."""
    for attempt in range(1, ATTEMPTS):
        try:
            return _once(engine, work)
        except DBAPIError as error:
            if not _came_between(error):
                raise
        time.sleep(random.uniform(0, 0.01 * 2**attempt))
    return _once(engine, work)


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction that rebuilds tables: one at a time, foreign keys checked at its end."""
    with engine.execution_options(begin=_MIGRATING_SQLITE).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('rankings'))")
        yield connection
        if engine.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"rows that point nowhere, nothing was changed: {broken[:10]}")


@contextmanager
def _locked(engine: Engine, name: str) -> Iterator[Connection]:
    """A connection with a lock that is older than the transaction to come.

    A lock taken inside of the transaction would be younger than what it sees.
    """
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql(_LOCK, {"name": name})
        connection.rollback()
        try:
            yield connection.execution_options(**SEALING)
        finally:
            # Where the connection broke, the server lets the lock go with it.
            connection.rollback()
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql(_UNLOCK, {"name": name})


def _once(engine: Engine, work: Callable[[Session], T]) -> T:
    with transaction(engine) as session:
        return work(session)


def _came_between(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in BETWEEN


def _with(engine: Engine, options: Mapping[str, Options]) -> Engine:
    return engine.execution_options(**options[engine.dialect.name])


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin anything by itself
    for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    for statement in connection.get_execution_options().get("begin", _WRITING_SQLITE):
        connection.exec_driver_sql(statement)


@event.listens_for(Session, "before_flush")
def _guard_rows(session: Session, *_: object) -> None:
    for row in (*session.dirty, *session.deleted):
        _refuse_if_written_once(row.__table__)


@event.listens_for(Session, "do_orm_execute")
def _guard_statements(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is not None:
        _refuse_if_written_once(state.bind_mapper.local_table)


def _refuse_if_written_once(table: Any) -> None:
    if table.info.get("written_once"):
        raise WrittenOnce(f"{table.name} is written once: a correction is a new edition")
