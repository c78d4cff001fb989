"""Databases that really do not answer, and one that keeps its caller waiting."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine


@contextmanager
def away(engine: Engine) -> Iterator[None]:
    """The database does not answer; when the block ends it does again."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        with _moved(Path(str(engine.url.database))):
            yield
    else:
        with _closed(engine):
            yield


@contextmanager
def _moved(file: Path) -> Iterator[None]:
    """The file and its journal are moved away while the application runs."""
    place = file.parent / "away"
    place.mkdir()
    moved = [one.rename(place / one.name) for one in file.parent.glob(f"{file.name}*")]
    yield
    # Whoever looked for it has made an empty one.
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()
    for one in moved:
        one.rename(file.parent / one.name)


@contextmanager
def _closed(engine: Engine) -> Iterator[None]:
    """The server ends all connections to the database and takes no new ones."""
    name, host = engine.url.database, engine.url.query["host"]
    with psycopg.connect(f"host={host} user=postgres", autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


@contextmanager
def silent() -> Iterator[tuple[str, socket.socket]]:
    """The address of a server that takes a connection and never says a word; its own socket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        yield f"postgresql+psycopg://nobody@127.0.0.1:{port}/nothing", listening
