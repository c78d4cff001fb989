"""Readers while one edition after the other is published by processes that are killed.

In a full run 50 requests a second over 100 publications.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from rankings import db
from rankings.models import RankingEdition
from tests import publication
from tests.usecases import world
from tests.web import readers, small
from tests.web.readers import Readers
from tests.web.small import CODE, FIRST, Small

ROOT = Path(__file__).resolve().parents[2]
FULL = "RANKINGS_TEST_FULL" in os.environ
EDITIONS, KILLS, A_SECOND = (100, 100, 50) if FULL else (3, 2, 20)
READERS = 8
# When a process is killed, as a share of the time that the first one took: imports are half of it.
LIFE = (0.4, 1.1)
# The shelf asks every other second whether there is something new.
SEEN_AFTER = 10
SERVER = """
import sys
from pathlib import Path
from rankings.app import create_app
from tests.web.small import known_settings
from tests.web.serving import Silent
from rankings import db
from werkzeug.serving import make_server

url, folder, port = sys.argv[1:]
app = create_app(known_settings(db.connect(url), Path(folder)))
make_server("127.0.0.1", int(port), app, threaded=True, request_handler=Silent).serve_forever()
"""
PUBLISHER = """
import sys
from datetime import datetime
from pathlib import Path
from rankings import db, publishing

from rankings.usecases.journal import SCHEDULE, Act
from tests.web.small import CODE, known_settings

url, folder, now = sys.argv[1:]
engine = db.connect(url)
settings = known_settings(engine, Path(folder))
act = Act(SCHEDULE, datetime.fromisoformat(now))
publishing.publish(engine, settings, publishing.Order(CODE, "2026"), act)
"""


@contextmanager
def running(code: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/{CODE}/en/", timeout=5).close()
            return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def approve(held: Small, number: int) -> None:
    """All agencies get the number of the edition into their names; then it waits."""
    rows = [
        small.row(n, name_vi=(f"{name} N{number}N", None))
        for n, name in enumerate(small.NAMES, start=1)
    ]
    held.register(*rows, later=number)
    reason = f"Edition {number}." if number > 1 else None
    order = publication.Order(CODE, "2026", reason)
    publication.approved(held.engine, held.settings, order, world.act(small.after(number)))


def published(engine: Engine) -> int:
    with db.reading(engine) as session:
        return len(session.exec(select(RankingEdition.id)).all())


def publish(held: Small, folder: Path, number: int, life: float | None) -> bool:
    """Let a process publish, and kill it after so many seconds; whether it was killed."""
    url = held.settings.database_url
    with running(PUBLISHER, url, folder, small.after(number).isoformat()) as process:
        try:
            process.wait(life)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if FULL else ["sqlite"], indirect=True)
def test_readers_see_one_edition_or_the_next_and_never_an_error(
    engine: Engine, tmp_path: Path
) -> None:
    held, random, killed = small.prepared(engine, tmp_path), Random(3), 0
    approve(held, 1)
    began = time.monotonic()
    assert not publish(held, tmp_path, 1, None)
    whole = time.monotonic() - began
    port = free_port()
    with running(SERVER, held.settings.database_url, tmp_path, port):
        wait_for(port)
        crowd = Readers(port, A_SECOND, READERS)
        with crowd.reading() as began:
            for number in range(2, EDITIONS + 1):
                approve(held, number)
                while published(engine) < number:
                    life = whole * random.uniform(*LIFE) if killed < KILLS else None
                    killed += publish(held, tmp_path, number, life)
            wait_until_seen(crowd)
            seconds = time.monotonic() - began
    rate = crowd.answers / seconds
    told = f"{crowd.answers} answers, {rate:.1f} a second, slowest {crowd.slowest:.2f} s, "
    told += f"{len(crowd.numbers)} editions seen, {killed} kills in {seconds:.0f} s"
    sys.stdout.write(told + "\n")
    assert crowd.wrong == []
    assert EDITIONS in crowd.numbers
    assert published(engine) == EDITIONS


def wait_until_seen(crowd: Readers) -> None:
    deadline = time.monotonic() + SEEN_AFTER
    while EDITIONS not in crowd.numbers and time.monotonic() < deadline:
        time.sleep(0.1)


def test_what_the_readers_look_for_is_there() -> None:
    """Otherwise they would find nothing wrong with anything."""
    names = "".join(f"<h1>Ví Dụ N{one}N</h1>" for one in (3, 4))
    page = f'{names} N5N <a href="/{CODE}/en/rankings/2026/editions/2">{FIRST}</a>'.encode()
    assert readers.marks(page) == {2, 3, 4, 5}
    assert readers.marks_of_agency(page) == {2, 3, 4}
    assert readers.foot(page) == {2}
